"""What is said of bills that are not paid, of who may stop paying, and of what the base rests on."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.frames.open_bills import Payments
from analysis.measures.ageing import Owed
from analysis.measures.composition import Composition
from analysis.measures.exposure import Limits
from analysis.measures.holdings import Accounts
from analysis.measures.largest import Largest
from analysis.measures.ratio import Ratio
from analysis.models.credit import Back, Loss
from analysis.models.default_study import Overlap
from analysis.models.payment_default import Judged
from analysis.present.wording import composition as base
from analysis.present.wording import credit, default

NONE = (float("nan"),) * 3
OWED = Owed(70_000.0, 60_000.0, 30_000.0, 500, 400, 100)
PARTS = pd.DataFrame({"part": ["1-30", "left"], "customers": [400, 100], "owed": [40_000.0, 30_000.0], "masked": False})


def loss(whole=(20_000.0, 18_000.0, 22_000.0), here=(5_000.0, 4_000.0, 6_000.0), months: int | None = 12) -> Loss:
    return Loss(PARTS, whole, here, months, None, 0.0)


def said(owed: Owed = OWED, found: Loss | None = None) -> str:
    return credit.bottom_line(owed, found or loss(), smallest=11, currency="EUR")


def test_what_is_owed_overdue_and_lost_is_one_sentence() -> None:
    assert said() == (
        "€70,000 is owed, €60,000 of it past its due date; €20,000 (€18,000 to €22,000) is expected never to be paid, "
        "€5,000 of it by customers who are still here."
    )


def test_without_history_no_loss_is_told() -> None:
    assert said(found=loss(NONE, NONE, None)).endswith("cannot be told yet, for want of history.")


@pytest.mark.parametrize(
    ("owed", "words"),
    [
        (Owed(70.0, 60.0, 0.0, 10, 9, 0), "Fewer than 11 customers owe anything; how much is not told."),
        (Owed(0.0, 0.0, 0.0, 0, 0, 0), "Nothing is owed: every bill was paid, or is set off against credits."),
    ],
)
def test_a_sum_that_few_are_behind_is_not_told(owed: Owed, words: str) -> None:
    assert said(owed) == words


def test_a_difference_that_would_tell_what_few_who_left_owe_is_not_told() -> None:
    few = OWED._replace(gone=10)
    assert "still here" not in said(few)
    assert "left" not in credit.part_words(few, loss(), smallest=11, currency="EUR")["finding"]
    assert "past its due date" not in said(OWED._replace(late=10))


def test_a_sum_that_would_give_few_away_is_in_no_sentence() -> None:
    hidden = OWED._replace(overdue_told=False)
    assert "past its due date" not in said(hidden)
    assert "€" not in said(OWED._replace(told=False))
    for owed in (hidden, OWED._replace(told=False)):
        assert "%" not in credit.part_words(owed, loss(), smallest=11, currency="EUR")["finding"]


def test_the_table_of_debts_says_where_most_of_it_is() -> None:
    words = {"smallest": 11, "currency": "EUR"}
    told = credit.part_table_words(OWED, loss(), **words)["finding"]
    assert told == "Most is owed under “1 to 30 days overdue”: €40,000"
    assert "€" not in credit.part_table_words(OWED._replace(told=False), loss(), **words)["finding"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (Payments(0, 0, 0, 0, 0, None, None), "there are no bill lines"),
        (Payments(9, 0, 5, 0, 0, None, None), "no bill has a due date"),
        (Payments(9, 9, 0, 9, 0, None, None), "It does not mean that nobody paid"),
        (Payments(9, 9, 1, 9, 1, None, None), "only 11 % of what was due long ago has a payment date"),
    ],
)
def test_why_nothing_is_told(told: Payments, why: str) -> None:
    assert why in credit.absent({"invoices": None}, told)
    assert "gives no invoices" in credit.absent({}, None)


def back(low: float, high: float, unpaid: int = 50) -> Back:
    middle = (low + high) / 2
    return Back(dt.date(2025, 9, 30), (1_000.0, 900.0, 1_100.0), 1_000 * middle, Ratio(middle, low, high, 300), unpaid)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.9, 1.2, "as expected, but for chance"),
        (1.1, 1.4, "more than chance would add"),
        (0.5, 0.9, "less than chance would leave"),
        (0.9, 0.999, "as expected, but for chance"),
    ],
)
def test_whether_the_loss_came_is_told_beside_chance(low: float, high: float, verdict: str) -> None:
    got = credit.loss_told(None, back(low, high), followed=12, smallest=11, currency="EUR")
    assert len(got) == 1 and verdict in got[0] and "30 September 2025" in got[0]


def test_what_few_have_not_paid_is_not_told() -> None:
    paid = (Ratio(0.002, 0.001, 0.003, 900), 10)
    [got] = credit.loss_told(paid, back(0.9, 1.2, unpaid=10), followed=12, smallest=11, currency="EUR")
    assert "fewer than 11 customers have not paid" in got and "times as much" not in got
    first, _ = credit.loss_told((paid[0], 11), None, followed=6, smallest=11, currency="EUR")
    assert first.startswith("Of everything billed in an earlier year, 0.20 %")


def test_the_fees_of_few_are_not_told() -> None:
    assert "Fewer than 11" in credit.risk_told(10, 400.0, smallest=11, currency="EUR")
    assert credit.risk_told(0, 0.0, smallest=11, currency="EUR") == "No customer is more than 60 days overdue."
    assert "€400.00 of monthly fees" in credit.risk_told(12, 400.0, smallest=11, currency="EUR")


def test_payments_that_end_long_before_the_as_of_date_are_mentioned() -> None:
    late = Payments(9, 9, 8, 9, 8, dt.date(2025, 1, 1), dt.date(2026, 6, 30))
    assert "30 June 2026" in " ".join(credit.how_counted(late, loss(), as_of=dt.date(2026, 9, 30)))
    assert "30 June 2026" not in " ".join(credit.how_counted(late, loss(), as_of=dt.date(2026, 7, 31)))


def judged(used: str, *, came: int = 30) -> Judged:
    figures = {"auc": 0.9, "auc_low": 0.85, "auc_high": 0.95, "brier": 0.01, "brier_low": 0.0, "brier_high": 0.02}
    figures |= {
        "ratio": 1.1,
        "ratio_low": 0.8,
        "ratio_high": 1.4,
        "better": 0.001,
        "better_low": 0,
        "better_high": 0.002,
    }
    table = pd.DataFrame([{"way": way} | figures for way in ("model", "rule", "nothing")])
    rows = pd.DataFrame({"score": 0.01, "default": [1] * came + [0] * (1000 - came)})
    return Judged(dt.date(2026, 6, 30), rows, table, used)


def test_the_verdict_says_when_the_plain_rule_is_as_good() -> None:
    assert "better than the plain rule" in default.verdict(judged("model"))
    assert "So the rule is used." in default.verdict(judged("rule"))
    assert default.verdict(None) == default.UNJUDGED
    assert default.verdict(None, told=False) == default.UNTOLD


def test_the_chances_that_came_true_are_told_of_the_likeliest() -> None:
    groups = pd.DataFrame({"name": ["The likeliest tenth"], "predicted": [0.1], "observed": [0.12]})
    told = default.tenth_words(judged("model"), groups)["finding"]
    assert told == "The likeliest tenth: 10.0 % were foretold to fall behind, 12.0 % did"
    assert "%" not in default.tenth_words(judged("model"), groups.assign(observed=float("nan")))["finding"]


def test_where_a_debt_begins_to_stick_is_told_of_late_too() -> None:
    rows = {"state": ["1-30", "31-60"], "next": "current", "rate": [0.67, 0.33], "rate_quarter": [0.7, float("nan")]}
    rolls = pd.DataFrame(rows)
    assert credit.roll_words(rolls, 12)["finding"] == (
        "67 % of those 1 to 30 days overdue have nothing overdue any more a month later, 33 % of those 31 to 60 days "
        "overdue"
    )
    got = credit.roll_table_words(rolls, 12)["finding"]
    assert got.startswith("In the last quarter 70 % of those 1 to 30 days overdue") and "67 % over 12 months" in got
    assert "%" not in credit.roll_table_words(rolls.tail(1), 12)["finding"]


def test_the_number_of_defaults_is_told_unless_few() -> None:
    assert "of whom 30 fell" in default.way_words(judged("model"), smallest=11)["subtitle"]
    assert "of whom fewer than 11 fell" in default.way_words(judged("model", came=10), smallest=11)["subtitle"]


@pytest.mark.parametrize(
    ("both", "words"),
    [
        (Overlap(0.3, 0.2, 0.4, 100), "more than the 10"),
        (Overlap(0.12, 0.08, 0.16, 100), "not clearly other"),
        (Overlap(0.05, 0.03, 0.08, 400), "fewer than the 10"),
        (Overlap(0.05, 0.03, 0.08, 100), "too few"),
        (Overlap(0.95, 0.9, 0.98, 100), "Nearly all"),
    ],
)
def test_how_far_not_paying_and_leaving_meet(both: Overlap, words: str) -> None:
    assert words in default.overlap_told(both, smallest=11)


def composed(**how: object) -> Composition:
    tops = pd.DataFrame(
        {"accounts": [11, 22], "share": [0.2, 0.3], "share_low": 0.1, "share_high": 0.4, "masked": False}
    )
    quarter = {"period": [1], "quarter": ["2026-Q3"], "classes": [3], "customers": [500], "others": [300]}
    region = pd.DataFrame(
        quarter | {"hhi": [0.4], "hhi_low": [0.38], "hhi_high": [0.42], "hhi_error": [0.01], "dominated": False}
    )
    accounts = Largest(tops, pd.DataFrame(columns=["hhi"]), pd.DataFrame(), 0.03, 800, 1e6)
    joined = Accounts(pd.DataFrame({"customer_id": list("abcd"), "account": list("aacc")}), 0)
    held = {
        "holding": ["account", "accounts", "region"], "name": ["", "11", "north"], "share": [float("nan"), 0.2, 0.5],
        "low": [float("nan"), 0.1, 0.48], "high": [float("nan"), 0.3, 0.52], "band_low": [0.02, None, None],
        "band_high": [0.05, None, None], "status": ["within", "near", "beyond"],
    }  # fmt: skip
    made = Composition(["2026-Q3"], {"region": region}, accounts, joined, pd.DataFrame(held), Limits())
    return made._replace(**how)


def test_what_is_beyond_its_limit_comes_first() -> None:
    assert base.bottom_line(composed()) == (
        "The largest region (north) is beyond the limit. The 11 largest accounts bring 20.0 % of the "
        "revenue of the one quarter billed as a whole."
    )
    assert "the 3 quarters billed" in base.bottom_line(composed(quarters=["2026-Q1", "2026-Q2", "2026-Q3"]))
    assert "the last four quarters" in base.bottom_line(composed(quarters=["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]))
    assert base.bottom_line(None) == base.ABSENT


def test_what_is_near_its_limit_is_named_where_nothing_is_beyond() -> None:
    held = composed().exposures
    assert base.exposure_words(held)["finding"] == "Beyond the limit: 1 of 3"
    near = base.exposure_words(held.assign(status=["within", "near", "within"]))["finding"]
    assert near == "Nothing is beyond its limit; near it: the 11 largest accounts together"
    assert base.exposure_words(held.assign(status="within"), quarters=2)["finding"] == "Nothing is beyond its limit"
    assert "2 quarters billed" in base.exposure_words(held, quarters=2)["subtitle"]


def test_one_account_is_told_in_a_band_only() -> None:
    rows = base.exposure_rows(composed().exposures)
    assert rows["name"].tolist() == ["Largest account", "11 largest accounts together", "Largest region (north)"]
    assert rows["told"].tolist() == [
        "2 % to 5 %", "20.0 %", "50.0 %",
    ]  # fmt: skip


def test_the_index_is_said_in_plain_words_with_its_limit() -> None:
    [got] = base.equal_number(composed(), smallest=11)
    assert got == (
        "The revenue of 3 regions is as concentrated as if 2.5 (2.4 to 2.6) equal ones shared it; the index is 0.40, "
        "beyond its limit of 0.25."
    )


def test_the_loss_is_told_as_a_share_of_a_years_bills() -> None:
    [got] = credit.of_bills(OWED, (5_000.0, 4_000.0, 6_000.0), 1_000_000.0, smallest=11)
    assert "0.50 % (0.40 to 0.60 %) of what was billed" in got
    assert credit.of_bills(OWED._replace(gone=3), (5_000.0, 4_000.0, 6_000.0), 1_000_000.0, smallest=11) == []
    assert credit.of_bills(OWED, NONE, 1_000_000.0, smallest=11) == []


def test_few_joined_customers_are_not_counted() -> None:
    text = " ".join(base.how_joined(composed(), smallest=11))
    assert "fewer than 11 customers" in text and "2 accounts" not in text


def test_one_quarter_tells_no_drift() -> None:
    rows = base.drift_rows(composed(), smallest=11)
    assert base.drift_words(composed(), rows)["finding"] == "How concentrated the revenue is, by quarter"
    assert base.drift_rows(composed(), smallest=400).empty
