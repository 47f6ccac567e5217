"""Sentences about warning signs: which earn their place, whom they flag, and what cannot be told."""

from __future__ import annotations

import pandas as pd

from analysis.measures.class_rules import Condition
from analysis.measures.risk_figures import FIGURES
from analysis.measures.risk_overlap import ANY
from analysis.measures.risk_rules import Unavailable, risk_rule
from analysis.present.risk_columns import NOW, SIGNS
from analysis.present.table import texts
from analysis.present.wording import risk_rules as wording

NONE = float("nan")
RULES = {
    "ends": risk_rule(
        "ends", {"promotion_months_left": Condition(bounds={"at_most": 3})},
        label="Promotion about to end", version=2, says="It ends soon.",
    ),
    "fades": risk_rule(
        "fades", {"app_logins_3m": Condition(bounds={"below": 0.7}, of="app_logins_previous_3m")},
        label="Falling logins", version=1, says="Less use.",
    ),
}  # fmt: skip
ENDS = ("ends", 8, 900, 0.05, 0.09, 0.07, 0.11, 0.12, 0.2, 0.15, 0.25, 0.03, 3.0, 2.4, 3.7, False, "earns")
FADES = ("fades", 8, 900, 0.05, 0.031, 0.02, 0.045, NONE, 0.1, 0.05, 0.2, 0.03, 1.0, 0.7, 1.5, False, "few")
HIDDEN = ("fades", 8, *[NONE] * 13, True, "few")


def figures(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(FIGURES))


def test_the_bottom_line_counts_signs_and_names_the_best():
    assert wording.bottom_line(figures(FADES, ENDS), RULES, by_choice=True) == (
        "1 of 2 warning signs that can be read earns its place; “Promotion about to end” most: 9.0 % of those flagged "
        "left by choice within the quarter, 3.0 times as many as of all."
    )
    assert wording.bottom_line(figures(FADES), RULES, by_choice=True) == (
        "None of 1 warning sign that can be read has been shown to earn its place."
    )
    assert wording.bottom_line(figures(HIDDEN), RULES, by_choice=True) == (
        "None of 1 warning sign that can be read can be judged: too few were flagged, or too few left."
    )
    assert "the source tells none" in wording.bottom_line(figures(), RULES, by_choice=True)


def test_the_title_holds_the_best_sign_against_all_customers():
    got = wording.chart_words(figures(ENDS, FADES), RULES, by_choice=False)
    assert got["finding"] == "Promotion about to end tells most: 9.0 % of those flagged left, 3.0 % of all"
    assert got["alt"].endswith("Promotion about to end 9.0 % and Falling logins 3.1 %; of all customers 3.0 %.")
    none = wording.chart_words(figures(FADES), RULES, by_choice=True)
    assert none["finding"] == "No warning sign has been shown to tell who leaves"


def test_signs_that_do_not_earn_their_place_are_grey():
    assert wording.earning(figures(ENDS, FADES)) == ["ends"]
    assert wording.named(["ends"], RULES) == ["Promotion about to end"]
    assert wording.named([], RULES) == [""]
    assert wording.chart_rows(figures(FADES, ENDS), RULES)["label"].tolist() == [
        "Promotion about to end", "Falling logins"
    ]  # fmt: skip
    assert (wording.usual(figures(ENDS)), wording.usual(figures(HIDDEN))) == (0.03, None)


def test_figures_and_verdicts_stand_in_a_table_and_few_are_masked():
    rows = wording.sign_rows(figures(ENDS, HIDDEN), RULES)
    assert texts(rows, SIGNS)[0] == [
        "Promotion about to end", "9.0 %", "7.0 to 11.0 %", "12.0 %", "20 %", "15 to 25 %", "3.0", "2.4 to 3.7",
        "earns its place",
    ]  # fmt: skip
    assert texts(rows, SIGNS)[1][1:3] == ["masked", "masked"]
    assert texts(rows, SIGNS)[1][-1] == "too few to say"
    assert "masked where too few" in wording.sign_words(figures(HIDDEN), by_choice=True)["subtitle"]


def test_who_is_flagged_now_stands_beside_how_the_sign_is_told():
    shared = pd.DataFrame(
        [("ends", 200, 0.4, False, False), (ANY, 300, 0.3, False, False)],
        columns=["rule", "flagged", "in_top", "flagged_masked", "in_top_masked"],
    )
    rows = texts(wording.now_rows(figures(ENDS, FADES), shared, RULES), NOW)
    assert rows[0] == [
        "Promotion about to end", "200", "40 %",
        "It ends soon. Flagged where promotion months left is at most 3.", "2",
    ]  # fmt: skip
    assert rows[1][:3] == ["Falling logins", "0", "–"]
    assert rows[2][:3] == ["Any of the signs", "300", "30 %"]
    assert wording.now_words(shared)["finding"] == (
        "300 active customers are flagged now, 30 % of them among the tenth that the model ranks first"
    )
    assert wording.now_words(shared.head(0))["finding"] == "Whom the signs flag now"
    assert wording.now_rows(figures(), shared.head(0), RULES).empty


def test_what_the_signs_add_to_the_model_is_said_or_why_not():
    found = {
        "customers": 5000, "leavers": 150, "held": 0.3, "extra": 800, "found": 0.2, "rate": 0.0375, "usual": 0.03,
        "next": 0.25,
    }  # fmt: skip
    assert wording.beside_the_model(found, by_choice=True) == (
        "Of the customers who left by choice in the last quarter, the model had 30 % in the tenth it ranked first. The "
        "signs that earn their place flagged 800 customers beside that tenth, of whom 3.8 % left by choice (3.0 % of "
        "all): 20 % of the leavers, whom the model had not named. As many customers next in the model’s own order held "
        "25 %."
    )
    assert "cannot be told" in wording.beside_the_model(None, by_choice=True)


def test_signs_that_cannot_be_read_are_listed_with_the_reason():
    missing = {
        "fades": Unavailable(("app_logins_3m", "app_logins_previous_3m")),
        "ends": Unavailable(("promotion_months_left",), "Written on leaving."),
    }
    fades, ends = wording.not_available(missing, RULES)
    assert fades == (
        "Falling logins: not available, the source does not tell app logins, last 3 months and app logins, 3 months "
        "before those."
    )
    assert ends == (
        "Promotion about to end: not available, for promotion months left cannot be believed. Written on leaving."
    )
