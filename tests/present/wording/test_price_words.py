from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.price_fit import FitRules
from analysis.models.price_effect import PriceEffect
from analysis.models.price_payback import payback
from analysis.models.price_study import Asked, Fit, Study
from analysis.present.wording import price_fit as fit_words
from analysis.present.wording import price_rises as rise_words

ASKED = Asked(FitRules(), 0.8, 3, 11)
NAN = float("nan")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def groups(*rows):
    columns = ["fit", "customers", "change", "share", "rate", "rate_low", "rate_high"]
    data = pd.DataFrame(rows, columns=columns)
    return data.assign(
        low=data["share"] - 0.01, high=data["share"] + 0.01, masked=data["share"].isna(), rate_masked=False
    )


GROUPS = groups(
    ("over-buyer", 200, -1000.0, 0.2, 0.05, 0.04, 0.06), ("fits", 700, 0.0, 0.7, 0.02, 0.015, 0.03),
    ("under-buyer", 60, 300.0, 0.06, 0.02, 0.01, 0.05), ("near cap", 40, 100.0, 0.04, 0.03, 0.01, 0.07),
)  # fmt: skip
PLANS = pd.DataFrame(
    {
        "product": "broadband", "plan": ["A", "A", "B", "B"], "fit": ["over-buyer", "fits", "fits", "under-buyer"],
        "customers": [40, 60, 90, 10], "share": [0.4, 0.6, 0.9, 0.1],
    }
)  # fmt: skip
CAPS = pd.DataFrame(
    {"months": [1, 2, 3], "customers": 500.0, "near_share": [0.5, 0.4, 0.3], "near_low": 0.2, "near_high": 0.4}
)
GAPS = pd.DataFrame(
    {
        "product": "broadband", "plan": ["A", "B"], "target": ["B", "C"], "fee_gap": [10.0, 20.0],
        "size_gap": [250.0, NAN],
        "size_unit": "Mbit/s", "use_ratio": [1.5, 1.0], "use_low": [1.2, 0.9], "use_high": [1.9, 1.1],
        "churn_gap": [-0.012, NAN], "churn_low": [-0.02, NAN], "churn_high": [-0.004, NAN],
        "verdict": ["uses more", "no clear difference"],
    }
)  # fmt: skip
FIT = Fit(GROUPS, PLANS, CAPS, GAPS, (2_000.0, 50.0), None)  # type: ignore[arg-type]
EFFECT = PriceEffect(
    "", 12.0, 9.0, 15.0, 0.02,
    pd.DataFrame({"begins": [0, 0.04], "ends": [0.04, np.inf], "share": [0.02, 0.06], "ratio": [1.3, 2.0],
                  "low": [1.1, 1.6], "high": [1.5, 2.5], "leavers": [100, 90]}),
    pd.DataFrame({"month": [0, 1, 2], "ratio": 1.3, "low": 1.1, "high": 1.5, "leavers": 50}),
    190, 400, (60.0, 45.0, 75.0), 5_000, 8_000, 9_000, 9_000, 0.7, True,
)  # fmt: skip


def study(effect: PriceEffect | None = EFFECT, fit: Fit | None = FIT, lack: str = "") -> Study:
    paid = payback(effect, share=0.05, fees=40.0, value=500.0) if effect else None
    return Study(lack, fit, effect, paid, ASKED)


def test_the_bottom_line_tells_shares_and_what_moving_all_would_change():
    got = plain(fit_words.bottom_line(study(), currency="EUR"))
    assert got == (
        "Of the customers with a data plan 20.0 % use less than their plan is for, 6.0 % use more and 4.0 % are near "
        "their data cap. Moved to plans that fit, the first would cost €1,000 of fees a month: more than the €400 that "
        "the others would bring."
    )


def test_a_masked_group_is_told_neither_alone_nor_in_a_sum():
    hidden = GROUPS.assign(masked=[False, True, True, False])
    hidden.loc[[1, 2], ["customers", "change", "share"]] = np.nan
    masked = study(fit=FIT._replace(groups=hidden))
    got = plain(fit_words.bottom_line(masked, currency="EUR"))
    assert (
        got
        == "Of the customers with a data plan 20.0 % use less than their plan is for and 4.0 % are near their data cap."
    )
    assert not any("under-buyers" in said for said in fit_words.stakes(masked, currency="EUR"))


@pytest.mark.parametrize(
    ("lack", "said"), [("usage", "no usage"), ("plans", "a speed or a data cap"), ("use", "three whole")]
)
def test_what_is_missing_is_said(lack, said):
    got = fit_words.bottom_line(study(fit=None, lack=lack), currency="EUR")
    assert got.startswith("Whether plans fit what is used cannot be told: ") and said in got


def test_the_worst_fitting_plan_comes_first():
    assert fit_words.plan_rows(FIT)["plan"].unique().tolist() == ["A", "B"]
    words = fit_words.plan_words(FIT, asked_low=0.5, asked_high=0.9)
    assert plain(words["finding"]) == "Plans fit least on A, where 40 % use less than it is for"
    none = fit_words.plan_words(FIT._replace(plans=PLANS.iloc[:0]), asked_low=0.5, asked_high=0.9)
    assert none["finding"].startswith("On no plan")


def test_over_buyers_who_leave_clearly_more_are_the_finding():
    assert (
        plain(fit_words.group_words(FIT)["finding"])
        == "Over-buyers left more often: 5.0 % a quarter, 2.0 % where the plan fits"
    )
    alike = FIT._replace(groups=GROUPS.assign(rate_low=0.0, rate_high=0.1))
    assert "did not clearly leave more or less" in fit_words.group_words(alike)["finding"]


def test_price_gaps_that_use_does_not_match_are_named_the_largest_first():
    assert (
        fit_words.gap_words(FIT, currency="EUR")["finding"] == "C costs €20.00 more than B and is not clearly used more"
    )
    matched = FIT._replace(gaps=GAPS.head(1))
    assert "matched by demand" in fit_words.gap_words(matched, currency="EUR")["finding"]
    rows = fit_words.gap_rows(FIT, currency="EUR")
    assert rows["churn"].tolist() == ["−1.2", "–"]
    assert rows["churn_between"].tolist() == ["−2.0 to −0.4", "–"]
    assert [plain(one) for one in rows["size"]] == ["+250 Mbit/s", "–"]


def test_a_clear_effect_is_told_with_its_interval():
    got = plain(rise_words.finding(study()))
    assert got == (
        "After a rise of 5 % of the fees customers left by choice × 1.82 as fast as otherwise (1.57 to 2.12) for 3 "
        "months."
    )


def test_an_effect_that_may_be_chance_is_told_as_none():
    got = plain(rise_words.finding(study(EFFECT._replace(slope=1.0, low=-2.0, high=4.0))))
    assert got.startswith("Price rises did not clearly make customers leave")


@pytest.mark.parametrize("lack", ["few leavers", "all at once", "no maximum"])
def test_an_effect_that_is_not_identified_has_a_warning_and_no_figure(lack):
    one = study(EFFECT._replace(lack=lack))
    assert rise_words.finding(one).startswith("What price rises did is not identified: ")
    assert "No figure is given" in rise_words.warning(one)
    assert rise_words.how_told(one) == []
    assert rise_words.payback_rows(one, currency="EUR").empty


def test_without_rises_or_subscriptions_it_is_said():
    assert "no fee is seen to rise" in rise_words.finding(study(EFFECT._replace(lack="no rise")))
    assert "no subscriptions" in rise_words.finding(study(None))


def test_the_table_tells_what_a_rise_costs_and_brings():
    rows = rise_words.payback_rows(study(), currency="EUR").set_index("name")
    extra = 1_000 * 130 / 8_000 * (np.exp(0.6) - 1)
    assert rows.loc["Extra leavers of 1,000 customers", "value"] == f"{extra:.1f}"
    assert plain(rows.loc["More leaving per 1 % of price", "value"]) == "12.7 %"
    assert plain(rise_words.payback_words(study())["finding"]).startswith("What a rise of 5 % brings makes up for")


def test_where_kinds_are_not_told_all_leaving_is_counted_and_that_is_said():
    one = study(EFFECT._replace(kinds=False))
    assert "customers left ×" in plain(rise_words.finding(one))
    assert rise_words.how_told(one)[-1] == "The source does not tell why customers left: all leaving is counted."
