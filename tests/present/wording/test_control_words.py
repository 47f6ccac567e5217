"""Sentences about quarters out of the ordinary: the base, its classes, and why it cannot be told."""

from __future__ import annotations

import pandas as pd

from analysis.measures.class_rules import Dimension
from analysis.measures.control import HISTORY, JUDGED, Control
from analysis.present.wording import control as wording

RULES = {"contract": Dimension("contract", "Contract"), "region": Dimension("region", "Region")}
QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")
BASE = ("", "", 9000, 270, 0.03, 0.031, 0.027, 0.035, "", False, 0.6)
CALM = ("region", "north", 2000, 60, 0.03, 0.03, 0.022, 0.039, "", False, 0.9)
ROSE = ("contract", "one year", 2000, 120, 0.06, 0.03, 0.022, 0.039, "rise", False, 0.00001)
FELL = ("region", "south", 2000, 40, 0.02, 0.03, 0.022, 0.039, "fall", False, 0.04)
ALONG = ("region", "west", 2000, 80, 0.04, 0.03, 0.022, 0.045, "", True, 0.2)
NO_CAUSES = pd.DataFrame(columns=["dimension", "class", "told_by", "cause", "share", "usual"])


def found(*rows: tuple, quarters: tuple[str, ...] = QUARTERS) -> Control:
    return Control(quarters, pd.DataFrame(rows, columns=JUDGED), pd.DataFrame(columns=HISTORY))


def test_too_few_quarters_are_said_with_how_many_are_needed():
    assert wording.bottom_line(found(quarters=QUARTERS[:2])) == (
        "Whether this quarter is out of the ordinary can be told once 4 quarters before it are observed whole: "
        "so far 1 is."
    )
    assert wording.bottom_line(found(quarters=QUARTERS[:1])).endswith("so far none is.")
    assert "nobody could be followed" in wording.bottom_line(found(quarters=()))
    part = Control(QUARTERS, pd.DataFrame(columns=JUDGED), pd.DataFrame(columns=HISTORY), whole=False)
    assert wording.bottom_line(part).endswith("cannot be told: part of it lies outside the data.")
    assert "too few customers leave" in wording.bottom_line(found())


def test_the_bottom_line_says_base_classes_and_chance():
    assert wording.bottom_line(found(BASE, CALM, ROSE, FELL)) == (
        "The base as a whole is not: 3.0 % left in Q1 2026, 2.7 to 3.5 % was to be expected. "
        "Of 3 classes judged 1 is above and 1 is below the limits; by chance alone about 0.2 would be beyond them."
    )
    assert wording.bottom_line(found(BASE, CALM)).endswith(
        "None of 1 class judged is beyond its limits; by chance alone about 0.1 would be."
    )


def test_a_base_beyond_its_limits_is_said_so_and_classes_are_judged_beside_it():
    high = (*BASE[:4], 0.04, *BASE[5:8], "rise", False, 0.001)
    got = wording.bottom_line(found(high))
    assert got == (
        "The base as a whole is: 4.0 % left in Q1 2026, more than the 2.7 to 3.5 % to be expected. Classes are judged "
        "beside that. No class has leavers enough to be judged."
    )
    assert wording.bottom_line(found(CALM)).startswith("None of 1 class")


def test_the_title_is_the_strongest_signal_or_that_there_is_none():
    assert wording.chart_words(found(BASE, ROSE), RULES)["finding"] == (
        "“one year” (Contract) left more often than expected; of 1 class judged about 0.1 would stand out by chance"
    )
    both = wording.chart_words(found(BASE, FELL, ROSE), RULES)
    assert both["finding"].endswith(
        "than expected, and 1 class more; of 2 classes judged about 0.1 would stand out by chance"
    )
    assert "Region: south: 2.0 %, limits 2.2 to 3.9 %." in both["alt"]
    assert wording.chart_words(found(BASE, CALM), RULES)["finding"] == "Nothing in this quarter is out of the ordinary"
    moved = found((*BASE[:8], "fall", False, 0.01))
    assert wording.chart_words(moved, RULES)["finding"] == "The whole base moved, and no class beside it"


def test_a_signal_is_told_with_how_far_and_what_grew():
    causes = pd.DataFrame(
        [
            ("contract", "one year", "kind", "voluntary", 0.04, 0.015),
            ("contract", "one year", "reason", "price too high", 0.02, 0.005),
        ],
        columns=NO_CAUSES.columns,
    )
    (got,) = wording.sentences(found(BASE, ROSE), causes, RULES)
    assert got == (
        "“one year” (Contract): a rise to 6.0 %, 2.00 times the 3.0 % expected; the limits are 2.2 to 3.9 %. What grew "
        "with it, as a share of its customers: left by choice 4.0 %, usually 1.5 % and reason “price too high” 2.0 %, "
        "usually 0.5 %."
    )


def test_what_moved_with_all_is_no_signal_and_is_named():
    got = wording.sentences(found(BASE, FELL, ALONG), NO_CAUSES, RULES)
    assert got[0].endswith("No kind of leaving, or stated reason, that can be told fell clearly with it.")
    assert got[1] == (
        "“west” (Region) is beyond what the past alone lets expect, but moved as all did: no signal by itself."
    )
    many = [("region", f"r{place}", *ALONG[2:]) for place in range(9)]
    assert "and 3 more are beyond" in wording.sentences(found(BASE, *many), NO_CAUSES, RULES)[0]


def test_chance_is_told_as_one_in_so_many():
    rows = wording.table_rows(found(BASE, FELL, ROSE), RULES)
    assert rows[["label", "way", "often"]].values.tolist() == [
        ["Contract", "rise", "less than 1 in 1,000"],
        ["Region", "fall", "1 in 25"],
    ]
