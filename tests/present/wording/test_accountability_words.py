"""Sentences that call the last quarter's forecast to account."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.models.accountability import AGEING, REFITTED, STORED, Account
from analysis.present.wording import accountability

V = dt.date(2026, 6, 30)
TOTALS = pd.DataFrame(
    {
        "group": ["all"], "customers": [5000], "expected": [200.0], "left": [210], "ratio": [1.05], "low": [0.92],
        "high": [1.19], "masked": [False],
    }
)  # fmt: skip
NOBODY = TOTALS.head(0)


def account(basis: str, *, met: int, scored: int) -> Account:
    return Account(basis, pd.DataFrame({"left": [0] * met}), scored)


def test_the_bottom_line_sets_what_was_foretold_beside_what_came():
    got = accountability.bottom_line(TOTALS, period="2026-Q3")
    assert got == (
        "Foretold was that 4.0 % of 5,000 customers would leave in Q3 2026; 4.2 % did, 1.05 times as many "
        "(0.92 to 1.19): within chance."
    )
    more = accountability.bottom_line(TOTALS.assign(low=1.01), period="2026-Q3")
    fewer = accountability.bottom_line(TOTALS.assign(ratio=0.8, low=0.7, high=0.95), period="2026-Q3")
    assert more.endswith("more than chance explains.") and fewer.endswith("fewer than chance explains.")


def test_without_an_account_the_bottom_line_says_why():
    assert accountability.bottom_line(NOBODY, period="2026-Q3") == accountability.NONE
    hidden = TOTALS.assign(ratio=float("nan"), masked=True)
    assert accountability.bottom_line(hidden, period="2026-Q3").startswith("Too few left in Q3 2026")
    assert "Nothing was foretold" in accountability.total_words(NOBODY, period="2026-Q3")["finding"]


def test_it_is_said_whose_forecast_it_was_and_whom_the_extracts_lost():
    stored = accountability.which(account(STORED, met=95, scored=110), landmark=V, smallest=11)
    assert "the report of the quarter before printed" in stored and "do not show 15 customers of it" in stored
    few = accountability.which(account(STORED, met=108, scored=110), landmark=V, smallest=11)
    assert "fewer than 11 customers" in few
    anew = accountability.which(account(REFITTED, met=100, scored=100), landmark=V, smallest=11)
    assert "learned anew from what was known on 30 June 2026" in anew and "do not show" not in anew
    none = accountability.which(Account(REFITTED, pd.DataFrame(columns=["left"]), 0), landmark=V, smallest=11)
    assert none.startswith("Once a quarter has passed")


def test_the_classes_least_explained_by_chance_come_first_and_masked_ones_not_at_all():
    classes = pd.DataFrame(
        {
            "dimension": "contract", "label": "Contract", "class": ["a", "b", "c"], "p_value": [0.3, 0.001, 0.0001],
            "beyond": [0, 1, 1], "masked": [False, False, True],
        }
    )  # fmt: skip
    assert accountability.class_rows(classes)["class"].tolist() == ["b", "a"]
    assert accountability.class_words(classes)["finding"] == "The forecast missed “b” by more than chance"
    calm = accountability.class_words(classes.assign(beyond=0))["finding"]
    assert calm == "Of none of 2 classes did more or fewer leave than chance explains"
    assert "No class" in accountability.class_words(classes.assign(masked=True))["finding"]


def test_arms_are_read_by_whoever_was_held_out():
    edges = {"low": [0.9, 0.6], "high": [1.1, 0.8]}
    arms = pd.DataFrame({"arm": ["held_out", "contacted"], "ratio": [1.02, 0.7], "masked": False} | edges)
    got = accountability.arm_words(arms, landmark=V, horizon=12)
    assert got["finding"] == "Left ÷ foretold: held out by lot 1.02 and contacted 0.70"
    alike = accountability.arm_words(arms.assign(high=1.2), landmark=V, horizon=12)["finding"]
    assert alike.startswith("Left ÷ foretold, no clear difference between who was called and who was not: held out")
    assert "for 12 months without a new contact" in got["subtitle"]
    assert "nobody called them" in accountability.held_out_note(arms)
    assert "cannot be told apart" in accountability.held_out_note(arms.tail(1))
    assert "With campaigns" in accountability.held_out_note(arms.head(0))
    hidden = accountability.arm_words(arms.assign(masked=True), landmark=V, horizon=12)["finding"]
    assert hidden == "Too few left to tell those approached from the others"
    assert "No retention campaign" in accountability.arm_words(arms.head(0), landmark=V, horizon=12)["finding"]


def test_a_model_that_ages_is_told_by_the_quarters_it_missed():
    ageing = pd.DataFrame(
        {
            "landmark": pd.to_datetime(["2026-03-31", "2026-06-30"]), "customers": 5000, "expected": 100.0, "left": 90,
            "ratio": [0.9, 0.7], "low": [0.8, 0.6], "high": [1.1, 0.9],
        }
    )  # fmt: skip
    rows = accountability.ageing_rows(ageing, smallest=11)
    assert rows["quarter"].tolist() == ["2026-Q2", "2026-Q3"]
    got = accountability.ageing_words(rows)
    assert got["finding"] == "A model that never learns anew missed 1 of 2 quarters by more than chance"
    assert "Q2 2026 0.90 and Q3 2026 0.70" in got["alt"]
    assert accountability.ageing_words(rows.head(1))["finding"].startswith("A model learned 3 months ago still")
    assert accountability.ageing_rows(ageing.assign(left=5), smallest=11).empty
    assert "cannot be told yet" in accountability.ageing_words(pd.DataFrame(columns=AGEING))["finding"]
