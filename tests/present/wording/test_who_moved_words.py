"""Sentences about who moved: who, from where, to where, what they pay, and why there are none."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.measures.class_rules import Dimension
from analysis.present.columns import STEPS_MOVED
from analysis.present.table import texts
from analysis.present.wording import who_moved

NOW = Quarter(2026, 3)
TOLD = pd.DataFrame({"joiners_masked": [False]})
RULES = {
    "tier": Dimension("tier", "Tier", column="bandwidth_mbps", bands={"low": None, "high": 100}),
    "margin": Dimension("margin", "Margin band", column="monthly_margin", bands={"low": None, "high": 30}),
    "stage": Dimension("stage", "Stage", column="tenure_months", bands={"new": None, "old": 12}),
}
COLUMNS = ["dimension", "label", "from", "to", "customers", "share", "change", "low", "high", "masked"]
NONE = float("nan")


def pairs(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


UP = ("tier", "Tier", "low", "high", 1240, 0.1, 3.1, 2.6, 3.6, False)
DOWN = ("tier", "Tier", "high", "low", 60, 0.05, -4.0, -5.0, -3.0, False)
STILL = ("tier", "Tier", "low", "low", 9000, 0.9, 0.1, 0.05, 0.15, False)
CAME = ("tier", "Tier", "joined", "low", 300, 1.0, NONE, NONE, NONE, False)
RICHER = ("margin", "Margin band", "low", "high", 2000, 0.2, 20.0, 19.0, 21.0, False)
OLDER = ("stage", "Stage", "new", "old", 2500, 0.2, 20.0, 19.0, 21.0, False)


def test_a_move_says_who_from_where_to_where_and_what_they_pay_now():
    got = who_moved.largest(pairs(DOWN, UP, STILL, CAME), RULES, currency="EUR")
    assert got == [
        "Tier: 1,240 customers moved from “low” to “high” and pay €3.10 more a month (€2.60 to €3.60).",
        "Tier: 60 customers moved from “high” to “low” and pay €4.00 less a month (€3.00 to €5.00).",
    ]


def test_a_change_that_chance_explains_is_told_as_none():
    unclear = ("tier", "Tier", "low", "high", 40, 0.1, 0.5, -0.25, 1.25, False)
    assert who_moved.largest(pairs(unclear), RULES, currency="EUR") == [
        "Tier: 40 customers moved from “low” to “high”; what they pay did not clearly change (−€0.25 to €1.25 a month)."
    ]


def test_without_money_a_move_is_told_by_its_customers():
    bare = ("tier", "Tier", "low", "high", 40, 0.1, NONE, NONE, NONE, False)
    assert who_moved.largest(pairs(bare), RULES, currency="EUR") == ["Tier: 40 customers moved from “low” to “high”."]


def test_moves_made_of_money_or_of_time_are_told_only_where_there_are_no_others():
    assert len(who_moved.largest(pairs(RICHER, OLDER, UP), RULES, currency="EUR")) == 1
    assert who_moved.drawn(pairs(RICHER, OLDER, UP), RULES)["dimension"].tolist() == ["tier"]
    assert who_moved.drawn(pairs(OLDER, RICHER), RULES)["dimension"].tolist() == ["stage"]
    assert len(who_moved.largest(pairs(RICHER, OLDER), RULES, currency="EUR")) == 2


def test_the_picture_has_the_largest_classes_and_always_who_joined_and_left():
    rows = [("tier", "Tier", f"c{i}", f"c{i}", 100 - i, 0.9, 0, 0, 0, False) for i in range(9)]
    moves = ("tier", "Tier", "c0", "c1", 50, 0.1, 1, 0.5, 1.5, False)
    got = who_moved.drawn(pairs(*rows, moves, ("tier", "Tier", "joined", "c0", 2, 1, 0, 0, 0, False)), RULES)
    assert set(got["from"]) == {*(f"c{i}" for i in range(7)), "joined"}


def test_the_title_is_the_largest_move_and_the_text_for_who_cannot_see_lists_them():
    steps = pd.DataFrame({"dimension": ["tier"], "direction": ["changed"], "share": [0.1234]})
    got = who_moved.matrix_words(pairs(UP, DOWN, STILL), steps, why="", currency="EUR")
    assert got["finding"] == "1,240 customers moved from “low” to “high” and pay €3.10 more a month (€2.60 to €3.60)"
    assert got["subtitle"].startswith("Tier: customers by class at the quarter’s start")
    assert "12.3 % of the customers changed their class." in got["alt"]
    assert "Moved: 1,240 from low to high and 60 from high to low." in got["alt"]


FIRST = "Who moved between classes is told from the second quarter on: Q3 2026 is the first that was observed"
SNAPSHOT = "Who moved between classes cannot be told: the source shows one day, and no quarter before it"
FEW = "Too few customers joined, left or stayed to tell who moved between classes"


@pytest.mark.parametrize(
    ("quarters", "base", "snapshot", "why"),
    [
        ([NOW.previous, NOW], TOLD, False, ""),
        ([NOW], TOLD, False, FIRST),
        ([NOW], TOLD, True, SNAPSHOT),
        ([NOW.previous, NOW], ~TOLD, False, FEW),
    ],
    ids=["told", "first", "snapshot", "few"],
)
def test_where_nothing_can_be_told_the_section_says_why(quarters, base, snapshot, why):
    assert who_moved.absent(quarters, base, snapshot=snapshot) == why
    got = who_moved.matrix_words(pairs(), pd.DataFrame(), why=why, currency="EUR")
    assert got["finding"] == (why or "No move between classes is large enough to be told")


def test_both_quarters_must_be_billed():
    assert who_moved.both_billed(pd.DataFrame({"quarter": ["2026-Q2", "2026-Q3"]}), NOW)
    assert not who_moved.both_billed(pd.DataFrame({"quarter": ["2026-Q1", "2026-Q3"]}), NOW)
    assert who_moved.both_billed(pd.DataFrame({"quarter": []}), NOW)


def test_where_nobody_moved_there_is_no_largest_move():
    assert who_moved.largest(pairs(STILL), RULES, currency="EUR") == ["None can be told."]


def test_the_table_says_where_most_moved():
    tier = {"dimension": "tier", "label": "Tier", "of": 1000, "low": 0.01, "high": 0.1}
    counts = {"changed": 50, "up": 20, "down": 30}
    rows = [{**tier, "direction": way, "customers": n, "share": n / 1000} for way, n in counts.items()]
    steps = pd.DataFrame([*rows, {**rows[0], "dimension": "x", "label": "Region", "share": 0.002}])
    assert who_moved.step_words(steps)["finding"] == (
        "Tier moved most: 5.0 % of the customers changed class; Region least, 0.2 %"
    )
    got = texts(who_moved.step_rows(steps), STEPS_MOVED)
    assert [row[1] for row in got] == ["to another class", "up", "down", "to another class"]
    assert who_moved.step_words(steps.iloc[0:0])["finding"] == "In which dimensions customers moved cannot be told"


def test_how_it_was_counted_says_what_is_masked():
    got = who_moved.how(pairs(UP, (*DOWN[:-1], True)), smallest=11)
    assert "both quarters from the first day" in got
    assert got.endswith("Moves of fewer than 11 customers are masked, and what would give them away.")
    assert who_moved.how(pairs(UP), smallest=11).endswith("by definition.")
    assert who_moved.how(pairs(), smallest=11) == "Customers are followed from one quarter’s end to the next."
