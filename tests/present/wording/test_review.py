"""The words about last quarter's actions and about thresholds: what is told, what is missing, what is proposed."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.measures.class_rules import Condition
from analysis.measures.risk_rules import risk_rule
from analysis.policy.review import published, review
from analysis.policy.review_rows import Came, Orders
from analysis.policy.review_study import NO_LIST, NO_LOT, NO_REPORT, NOBODY, TOO_EARLY, HeldBefore, Reviewed
from analysis.policy.table import Policy
from analysis.policy.threshold_signs import Signs
from analysis.policy.thresholds import COLUMNS
from analysis.present.review_page import actions_page, thresholds_page
from analysis.present.wording import review as words
from analysis.present.wording import thresholds

BEFORE = Quarter(2026, 2)
NOTHING = pd.DataFrame(columns=["policy", "masked", "verdict"])
MONEY = {"currency": "EUR", "smallest": 11}


def done(left: int, control_left: int, *, cost: float = 10.0, counts: Orders | None = None) -> Reviewed:
    rows = pd.DataFrame(
        {
            "policy": "price", "arm": ["act"] * 2_000 + ["control"] * 1_000, "cost": cost, "expected_benefit": 30.0,
            "left": [1.0] * left + [0.0] * (2_000 - left) + [1.0] * control_left + [0.0] * (1_000 - control_left),
            "clv": 1_000.0,
        }
    )  # fmt: skip
    found = review(rows, ["price"])
    came = Came(pd.DataFrame(), True, 500, 10_000)
    return Reviewed("", published(found, smallest=11), found, came, counts, 2_000, 1_000, 20_000.0, 60_000.0)


def test_a_clear_effect_is_told_with_its_money():
    got = words.finding(done(100, 100), before=BEFORE, **MONEY).replace("\u00a0", " ")
    assert got.startswith(
        "Of the customers to be approached after Q2 2026, 5.0 % left by choice within the quarter, of those held out "
        "10.0 %: the actions kept 5.0 % of them (3.0 to 7.2 %). After their cost that is €80,000 ("
    )
    assert got.endswith("): they paid.")


def test_what_may_be_chance_is_said_to_be():
    got = words.finding(done(100, 51), before=BEFORE, **MONEY)
    assert ", which may be chance." in got
    assert got.endswith("whether they paid cannot be told.")


def test_too_few_leavers_are_not_published_and_it_says_what_could_have_been_seen():
    got = words.finding(done(100, 5), before=BEFORE, **MONEY).replace("\u00a0", " ")
    assert "too few of them left or stayed for a comparison" in got
    # Of both arms 105 of 3,000 left.
    assert got.endswith(
        "would show an effect of 2.0 points of leaving or more, and hardly a smaller one; of both together 3.5 % left "
        "by choice."
    )
    assert "5.0 %" not in got


def test_a_list_that_cannot_show_anything_is_said_to_be_one():
    got = words.finding(done(15, 5), before=BEFORE, **MONEY).replace("\u00a0", " ")
    assert "an effect of 0.9 points of leaving or more, and hardly a smaller one: more than the 0.7 % of both" in got
    assert got.endswith("a larger hold-out or several quarters together can.")
    few = words.finding(done(5, 5), before=BEFORE, **MONEY)
    assert "for a comparison. This list with so many held out cannot show whether it works;" in few
    assert "points" not in few


@pytest.mark.parametrize(
    ("lack", "said"),
    [
        (NO_REPORT, "Make it with the same params, “quarter: 2026-Q2”"),
        (TOO_EARLY, "the source was not observed in all of that quarter. The next report tells"),
        (NO_LIST, "proposed no action for customers"),
        (NO_LOT, "“holdout” in the params"),
        (NOBODY, "none of them is in these extracts"),
    ],
)
def test_what_is_missing_is_said_in_a_line(lack, said):
    got = words.finding(Reviewed(lack, NOTHING), before=BEFORE, **MONEY)
    assert said in got
    assert "\n" not in got
    assert ("Make it" in got) == (lack == NO_REPORT)


def test_orders_are_counted_unless_few_are_of_an_outcome():
    told = done(100, 100, counts=Orders({"done": 1_500, "refused": 300, "open": 0, "never": 200}, 3))
    said = words.bullets(told, **MONEY)
    assert said[1] == (
        "By the source's work orders: 1,500 done, 300 refused, 0 still open and 200 never handed out, as far as is on "
        "record. Fewer than 11 customers held out got one all the same."
    )
    few = done(100, 100, counts=Orders({"done": 1_990, "refused": 5, "open": 0, "never": 5}, 0))
    assert "too few to say how many" in words.bullets(few, **MONEY)[1]
    assert "is not known" in words.bullets(done(100, 100), **MONEY)[1]


def test_what_was_expected_stands_beside_what_was_measured():
    said = words.bullets(done(100, 100), **MONEY)[0]
    assert said.startswith("Expected was to keep €60,000 of value for €20,000")
    assert "measured are €100,000" in said
    (nothing,) = words.bullets(Reviewed(NO_REPORT, NOTHING), **MONEY)
    assert nothing.startswith("Nothing to tell")


def test_the_table_has_a_row_per_action_and_one_for_all():
    call = Policy("price", "price call", "an offer", "retention", "phone", 0.2, 7, {})
    block = actions_page(done(100, 100), [call], before=BEFORE, source="Source: demo", **MONEY)
    html = block._repr_html_()
    assert "Price call" in html
    assert "All together" in html
    assert "Actions that paid: 1; that did not: 0" in html
    hidden = actions_page(done(100, 5), [call], before=BEFORE, source="Source: demo", **MONEY)
    assert "<table" not in hidden._repr_html_()


RULES = {
    "complains": risk_rule(
        "complains", {"complaints_3m": Condition(bounds={"at_least": 1})}, label="Complains", version=1, says="Words."
    )
}


def judged(**changes: object) -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS, float("nan")) | {
        "rule": "complains", "column": "complaints_3m", "bound": "at_least", "of": None, "now": 1.0, "best": 3.0,
        "gain": 5_000.0, "low": 1_000.0, "high": 9_000.0, "verdict": "change",
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def test_a_change_is_proposed_with_the_line_of_the_params_and_never_made():
    told = thresholds.proposals(
        judged(), Signs({}, {}, {"named": "no policy"}), {**RULES, "named": RULES["complains"]}, currency="EUR"
    )
    assert told[0] == (
        "Proposal: raise the threshold of complains from at least 1 to at least 3. In the last 2 quarters it would "
        "have brought €5,000 more (€1,000 to €9,000). In the params: “risk_rules: {complains: {when: {complaints_3m: "
        "{at_least: 3}}}}”."
    )
    assert "Nothing is changed by itself." in told[1]
    assert "Not judged: complains (no policy answers to it)." in told[1]
    assert thresholds.finding(judged()).startswith("1 change of a threshold proposed")


def test_without_a_clear_gain_it_says_that_no_change_is_supported():
    assert thresholds.finding(judged(verdict="no case")).startswith(
        "No change of a threshold is supported: of 1 warning"
    )
    assert thresholds.finding(judged(verdict="short")).startswith("No threshold of a warning sign can be judged")
    assert len(thresholds.proposals(judged(verdict="no case"), Signs({}, {}, {}), RULES, currency="EUR")) == 1


def test_the_table_of_thresholds_says_what_follows():
    html = thresholds_page(judged(), RULES, source="Source: demo", **MONEY)._repr_html_()
    assert "at least 3" in html
    assert "a change is proposed" in html
    assert "<table" not in thresholds_page(judged().iloc[:0], RULES, source="Source: demo", **MONEY)._repr_html_()


def test_what_paid_on_no_earlier_quarter_is_told_beside_what_it_brought_since():
    never = judged(verdict="never", best=float("nan"), gain=float("nan"), money=772.0)
    few = judged(verdict="few", gain=float("nan"))
    both = pd.concat([never, few])
    said = thresholds.finding(both)
    assert "of 1 warning sign that can be judged (2 were tried), none would" in said
    assert said.endswith(
        "By every one of them, approaching everybody flagged cost more than it brought on the earlier quarters, with "
        "every threshold tried; 1 brought more than it cost in the last 2 quarters."
    )
    assert thresholds.finding(judged(verdict="never", money=-5.0)).endswith("with every threshold tried.")
    told = thresholds.rows(both, RULES)
    assert told["tried"].tolist() == ["–", "–"]
    assert told["said"].iloc[0].endswith("in the last 2 quarters is not enough to go by")
    assert thresholds.words(both)["finding"].startswith("For none of 1 warning sign that can be judged did another")
    assert thresholds.words(few)["finding"] == "No threshold of a warning sign can be judged"


@pytest.mark.parametrize(
    ("held", "asked", "said"),
    [
        (200, 40, "Of the 200 customers held out by lot after Q2 2026, 40 are on this list."),
        (200, 0, "after Q2 2026, none are on this list."),
        (200, 200, "after Q2 2026, all are on this list."),
        (200, 10, "after Q2 2026, fewer than 11 are on this list."),
        (200, 190, "after Q2 2026, more than 189 are on this list."),
        (10, 4, "Fewer than 11 customers were held out by lot after Q2 2026: how many of them are on this list is not"),
    ],
)
def test_how_many_of_those_held_out_are_asked_now_is_told_unless_few_are_or_are_not(held, asked, said):
    (got,) = words.held_again(HeldBefore(held, asked), before=BEFORE, smallest=11)
    assert said in got
    assert got.endswith("Their quarter is over and compared above; each quarter's lot is drawn anew.")


def test_without_anybody_held_out_nothing_is_said_of_them():
    assert words.held_again(HeldBefore(0, 0), before=BEFORE, smallest=11) == []
