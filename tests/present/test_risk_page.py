"""The page on warning signs: whole, with too few to judge, and where the source tells nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.class_rules import Condition
from analysis.measures.risk_figures import FIGURES
from analysis.measures.risk_rules import Unavailable, risk_rule
from analysis.measures.risk_watch import Watch
from analysis.present.risk_page import risk_page

NONE = float("nan")
RULES = {
    "ends": risk_rule(
        "ends", {"promotion_months_left": Condition(bounds={"at_most": 3})},
        label="Promotion about to end", version=1, says="It ends soon.",
    )
}  # fmt: skip
TOLD = ("ends", 8, 900, 0.05, 0.09, 0.07, 0.11, 0.12, 0.2, 0.15, 0.25, 0.03, 3.0, 2.4, 3.7, False, "earns")
HIDDEN = ("ends", 8, *[NONE] * 13, True, "few")
NOW = pd.DataFrame(columns=["rule", "flagged", "in_top", "flagged_masked", "in_top_masked"])


@pytest.fixture
def page(engine_free_watch):
    def made(*rows: tuple) -> str:
        figures = pd.DataFrame(rows, columns=list(FIGURES))
        watch = (
            engine_free_watch
            if rows
            else Watch({}, {"ends": Unavailable(("promotion_months_left",))}, None, None, True)
        )
        return risk_page(
            watch, figures, overlap=NOW, beside=None, rules=RULES, smallest=11, source="Source: here."
        ).html

    return made


@pytest.fixture
def engine_free_watch() -> Watch:
    return Watch(RULES, {}, None, None, True)


def test_signs_that_can_be_judged_have_a_picture_and_two_tables(page):
    got = page(TOLD)
    assert got.count("<figure") == 1 and got.count("<table") == 2
    assert "Flagged where promotion months left is at most 3." in got


def test_signs_of_which_too_few_left_have_the_table_of_who_is_flagged_alone(page):
    got = page(HIDDEN)
    assert "<figure" not in got and got.count("<table") == 1
    assert "can be judged: too few were flagged" in got


def test_where_the_source_tells_nothing_the_signs_are_listed_and_no_more(page):
    got = page()
    assert "<figure" not in got and "<table" not in got
    assert "Promotion about to end: not available, the source does not tell promotion months left." in got
