"""The small pictures of rates and limits, and the page they stand on."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.class_rules import Dimension
from analysis.measures.control import HISTORY, JUDGED, Control
from analysis.present import theme
from analysis.present.charts.control import control_chart
from analysis.present.control_page import control_page

QUARTERS = ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
RULES = {"contract": Dimension("contract", "Contract")}


@pytest.fixture
def history() -> pd.DataFrame:
    """All customers, and a class whose last rate is above its limits."""
    calm = pd.DataFrame(
        {"quarter": QUARTERS, "churn_rate": [0.03, 0.031, None, 0.03, 0.032], "dimension": "", "class": ""}
    )
    raised = calm.assign(churn_rate=[0.03, 0.03, 0.03, 0.03, 0.06], dimension="contract", **{"class": "one year"})
    both = pd.concat([calm, raised], ignore_index=True).assign(low=0.025, high=0.037, name="x")
    return both.assign(signal=(both["churn_rate"] > 0.037) & (both["quarter"] == "2026-Q3"))


def drawn(data: pd.DataFrame, words: dict[str, str]):
    named = data.assign(name=data["class"].replace("", "All customers"))
    ends = {"low": "low", "high": "high", "signal": "signal", "unit": "share"}
    return control_chart(named, "name", "quarter", "churn_rate", **ends, **words)


def test_the_signalled_quarter_has_the_colour_and_no_other(history, pen, words):
    assert drawn(history, words).svg
    assert [dot["color"] for dot in pen["dot"]] == [theme.INK, theme.FOCUS]
    assert len(pen["band"]) == 2
    texts = [text["words"] for text in pen["text"]]
    assert "All customers" in texts and "one year" in texts
    assert "3.2\N{NO-BREAK SPACE}%" in texts and "6.0\N{NO-BREAK SPACE}%" in texts


def test_two_stand_side_by_side_and_a_third_below(history, words):
    three = pd.concat([history, history[history["class"] != ""].assign(**{"class": "two years"})])
    one, two, more = (drawn(rows, words) for rows in (history.head(5), history, three))
    assert two.height < one.height < more.height
    assert drawn(history, words).svg == two.svg


def test_nothing_known_is_a_note(history, words):
    assert not drawn(history.head(0), words).svg
    assert not drawn(history.assign(churn_rate=float("nan")), words).svg


def page(found: Control, history: pd.DataFrame) -> str:
    none = pd.DataFrame(columns=["dimension", "class", "told_by", "cause", "share", "usual"])
    return control_page(found, history, none, rules=RULES, source="Source: here.").html


def test_too_short_a_history_is_one_sentence(history):
    got = page(
        Control(tuple(QUARTERS[:2]), pd.DataFrame(columns=JUDGED), pd.DataFrame(columns=HISTORY)), history.head(0)
    )
    assert got.count("<p") == 1 and "<figure" not in got and "<table" not in got


def test_a_judged_quarter_has_picture_sentences_and_table(history):
    row = {
        "dimension": "contract", "class": "one year", "customers": 2000, "leavers": 120, "churn_rate": 0.06,
        "expected": 0.03, "low": 0.025, "high": 0.037, "side": "rise", "with_all": False, "rarity": 0.0001,
    }  # fmt: skip
    judged = pd.DataFrame([row], columns=JUDGED)
    got = page(Control(tuple(QUARTERS), judged, history[HISTORY]), history)
    assert got.count("<figure") == 1 and got.count("<table") == 1 and "<ul>" in got
    calm = page(Control(tuple(QUARTERS), judged.assign(side=""), history[HISTORY]), history)
    assert "<figure" in calm and "<table" not in calm
