"""Sentences on newcomers, on value by plan and channel, and on what the value depends on."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.measures.value_groups import COLUMNS, OTHER
from analysis.models.newcomer import Newcomer
from analysis.present.wording import value_depends as wording

PATH = pd.DataFrame(
    {"month": [1, 2, 3], "margin": [12.0, 18.5, 15.0], "low": [11.0, 18.0, 14.0], "high": [13.0, 19.0, 16.0]}
)
NEWCOMER = Newcomer(700.0, 680.0, 720.0, 28.4, 887, PATH)
WHOLE = {"mean": 900.0, "mean_low": 802.0, "mean_high": 998.0}
NEVER = replace(NEWCOMER, mean=float("nan"), low=float("nan"), high=float("nan"), by_month=PATH.head(0))


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def finding(newcomer: Newcomer, whole: dict[str, float] = WHOLE) -> str:
    return said(wording.newcomer_finding(newcomer, whole, currency="EUR", smallest=11))


def test_a_newcomer_is_told_beside_the_base() -> None:
    assert finding(NEWCOMER) == (
        "A customer who joins now is worth €700 (€680 to €720, an 80 % interval), before what it costs to win one: "
        "less than a customer of today’s base, €900 on average."
    )
    assert "more than a customer" in finding(replace(NEWCOMER, low=990.0, mean=1000.0, high=1010.0))
    assert "not clearly other than" in finding(replace(NEWCOMER, high=900.0))
    alone = finding(NEWCOMER, {"mean": float("nan"), "mean_low": float("nan"), "mean_high": float("nan")})
    assert alone.endswith("before what it costs to win one.")


def test_newcomers_who_are_few_or_unknown_are_not_told() -> None:
    for nothing in (NEVER, replace(NEWCOMER, joined=10), replace(NEWCOMER, joined=0)):
        assert finding(nothing).startswith(
            "What a newcomer is worth cannot be told: fewer than 11 of today’s customers"
        )
        assert wording.newcomer_rows(nothing, WHOLE, stay=29.0, smallest=11).empty
        assert wording.newcomer_path(nothing, smallest=11).empty
        words = wording.newcomer_words(nothing, currency="EUR", smallest=11)
        assert words["finding"] == "What a newcomer brings month by month cannot be told"
        caption = wording.newcomer_table_words(nothing, horizon=36, smallest=11)
        assert caption["finding"] == "There is no newcomer to put beside the base"


def test_the_base_has_an_interval_of_the_same_level() -> None:
    rows = wording.newcomer_rows(NEWCOMER, WHOLE, stay=29.0, smallest=11)
    assert rows["name"].tolist() == [wording.NEWCOMER, wording.BASE]
    assert rows.loc[1, ["mean", "stay"]].tolist() == [900, 29]
    assert 900 - rows.loc[1, "low"] == pytest.approx(98 * 1.281552 / 1.959964, rel=1e-5)
    few = wording.newcomer_table_words(replace(NEWCOMER, joined=12), horizon=36, smallest=11)["subtitle"]
    assert "the fees of the active customers who joined within the last four quarters;" in said(few)
    assert few.endswith("products added later are not counted")
    assert "of about 890 active customers" in said(
        wording.newcomer_table_words(NEWCOMER, horizon=36, smallest=11)["subtitle"]
    )


def test_the_months_of_a_newcomer_are_told_by_their_first_best_and_last() -> None:
    words = wording.newcomer_words(NEWCOMER, currency="EUR", smallest=11)
    assert said(words["finding"]) == (
        "A newcomer brings €12.00 in the first month, most in month 2 (€18.50), €15.00 in month 3"
    )
    falling = replace(NEWCOMER, by_month=PATH.assign(margin=[18.0, 17.0, 16.0]))
    assert said(wording.newcomer_words(falling, currency="EUR", smallest=11)["finding"]) == (
        "A newcomer brings €18.00 in the first month, €16.00 in month 3"
    )


EFFECTS = pd.DataFrame(
    {
        "figure": ["gross_margin", "churn"], "total": 5_000_000.0, "lower": [-500_000.0, 90_000.0],
        "higher": [500_000.0, -88_000.0],
    }
)  # fmt: skip


def test_the_figure_that_matters_most_is_the_title() -> None:
    words = wording.tornado_words(EFFECTS, horizon=36, currency="EUR")
    assert said(words["finding"]) == (
        "The value depends most on the gross margin: 10 % more of it changes it by +€500,000 (+10.0 %)"
    )
    assert said(words["alt"]).endswith(
        "Churn (every month’s hazard): +€90,000 (+1.8 %) when lower, −€88,000 (−1.8 %) when higher."
    )
    first = wording.tornado_words(EFFECTS.iloc[::-1], horizon=36, currency="EUR")["finding"]
    assert said(first).startswith("The value depends most on churn: 10 % more of it changes it by −€88,000")
    assert wording.tornado_rows(EFFECTS)["name"].tolist() == ["Gross margin", "Churn (every month’s hazard)"]
    nothing = wording.tornado_words(EFFECTS.head(0), horizon=36, currency="EUR")
    assert nothing["finding"] == "What the value depends on cannot be told: nobody has one"


def test_a_year_less_is_told_in_money_and_per_cent() -> None:
    got = said(wording.horizon_sentence((24, 3_600_000.0, -0.27), currency="EUR"))
    assert got.startswith("With 24 months looked ahead, a year less, the base would be worth €3,600,000 (−27.0 %).")
    assert "cannot be told" in wording.horizon_sentence(None, currency="EUR")


def test_all_others_are_no_finding_and_divisions_are_named() -> None:
    rows = pd.DataFrame(
        {
            "dimension": "plan", "label": "Plan", "class": ["a", "b", OTHER], "customers": [50, 40, 60],
            "mean": [500.0, 300.0, 9.0], "masked": False,
        }
    )  # fmt: skip
    values = rows.assign(low=rows["mean"] - 5, high=rows["mean"] + 5)
    words = wording.group_words(values, horizon=36, currency="EUR", smallest=11)
    assert said(words["finding"]) == "Value differs most by plan: a customer of “a” is worth €500, of “b” €300"
    assert wording.group_table_words(values)["finding"] == "Value by plan"
    subtitle = wording.group_table_words(values)["subtitle"]
    assert subtitle.endswith(
        "not told: behaviour, channel and area (not given, of one class, or of too many small ones)"
    )
    nothing = pd.DataFrame(columns=list(COLUMNS))
    assert wording.group_table_words(nothing)["finding"].startswith("No value by behaviour, plan, channel or area")
    assert wording.group_words(nothing, horizon=36, currency="EUR", smallest=11)["finding"] == (
        "What a class is worth cannot be told"
    )
