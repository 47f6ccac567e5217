"""Sentences about what customers say."""

from __future__ import annotations

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.class_rules import Dimension
from analysis.measures.survey_rows import Surveys
from analysis.measures.survey_scores import CHANGES, LEVELS
from analysis.models.after_answer import RATES, After, Hazards
from analysis.present.wording import survey_after, survey_scores

NONE = float("nan")
NOW = Quarter(2026, 3)
ANSWERS = pd.DataFrame({"nps": [9.0]})
SURVEYS = Surveys(True, None, ANSWERS, ANSWERS, ("age_class",), ("age_class",), (NOW, NOW.previous))  # type: ignore[arg-type]
RULES = {"age": Dimension("age", "Age band")}
LEVELS_NOW = pd.DataFrame(
    [
        ("2026-Q3", "nps", "answered", 9.0, 1.0, 17.0, 334, 334.0),
        ("2026-Q3", "nps", "weighted", 4.9, -3.9, 13.5, 334, 314.7),
    ],
    columns=list(LEVELS),
)
RESPONSES = pd.DataFrame(
    [("2026-Q3", 1317.0, 343.0, 0.26, 0.24, 0.28, False), ("2026-Q2", 1304.0, 341.0, 0.27, 0.24, 0.29, False)],
    columns=["quarter", "sent", "answered", "response", "low", "high", "masked"],
)


def moved(change, low, high):
    return pd.DataFrame(
        [("nps", "weighted", "before", change, low, high, 30), ("nps", "weighted", "year", 1.0, -9.0, 11.0, 12)],
        columns=list(CHANGES),
    )


def after(ratio, low, high, reason=""):
    rates = pd.DataFrame([(3, "promoter", 900.0, 0.03, 0.02, 0.04, False)], columns=list(RATES))
    return After(rates, Hazards(ratio, low, high, 353, 4324, reason), by_choice=True)


def test_the_bottom_line_tells_both_scores_and_only_clear_moves():
    assert survey_scores.bottom_line(SURVEYS, LEVELS_NOW, moved(-0.8, -12.0, 11.0)) == (
        "The net promoter score (NPS) in Q3 2026 is 4.9 for all customers (−3.9 to 13.5), 9.0 as answered. "
        "It is not clearly different from the quarter before or a year ago."
    )
    clear = survey_scores.bottom_line(SURVEYS, LEVELS_NOW, moved(-20.0, -31.0, -9.0))
    assert "It fell by 20.0 since the quarter before (−31.0 to −9.0)." in clear
    assert clear.endswith("It is not clearly different from a year ago.")
    assert survey_scores.bottom_line(SURVEYS, LEVELS_NOW, moved(0, 0, 0).iloc[:0]).endswith("can be compared with.")


def test_without_surveys_or_answers_the_reason_is_told():
    nothing = Surveys(False, None, pd.DataFrame(), pd.DataFrame(), (), (), (NOW,))  # type: ignore[arg-type]
    empty, changes = LEVELS_NOW.iloc[:0], moved(0, 0, 0).iloc[:0]
    assert survey_scores.bottom_line(nothing, empty, changes) == f"{survey_scores.NO_SURVEYS}."
    assert "Too few answered" in survey_scores.bottom_line(SURVEYS, empty, changes)
    assert survey_scores.trend_words(nothing, empty, changes)["finding"] == survey_scores.NO_SURVEYS
    assert survey_scores.use_bullets(nothing, empty, RESPONSES, RULES) == []
    assert survey_scores.score_rows(empty, changes, now=str(NOW)).empty
    assert survey_scores.trend_rows(empty).empty


def test_it_is_told_which_score_to_use_and_what_the_weights_cost():
    told = survey_scores.use_bullets(SURVEYS, LEVELS_NOW, RESPONSES, RULES)
    assert told[0].startswith("Use the weighted score")
    assert "age band" in told[1]
    assert "The 334 answers tell as much as 315 of equal weight." in told[1]
    assert told[2] == (
        "26.0 % of the 1,317 surveys sent in the quarter were answered by its end (24.0 to 28.0 %), 27.0 % in the "
        "quarter before."
    )
    rows = survey_scores.score_rows(LEVELS_NOW, moved(-0.8, -12.0, 11.0), now=str(NOW))
    assert rows["before"].tolist() == ["–", "−0.8"]
    assert survey_scores.score_words(SURVEYS, LEVELS_NOW)["finding"] == (
        "Weighted to all customers the score is 4.1 points lower than as answered"
    )


def test_classes_are_named_only_where_they_stand_out():
    rows = pd.DataFrame(
        [("age", "old", 20.0, "above", False), ("age", "young", -20.0, "below", False), ("age", "few", NONE, "", True)],
        columns=["dimension", "class", "nps", "stands_out", "masked"],
    )
    assert survey_after.class_words(rows)["finding"] == "Clearly lowest: young (−20), highest: old (20)"
    calm = rows.assign(stands_out="")
    assert "No class of customers is clearly" in survey_after.class_words(calm)["finding"]
    assert "too few answered" in survey_after.class_words(rows.iloc[:0])["finding"]
    assert survey_after.class_rows(rows)["said"].tolist() == ["clearly higher", "clearly lower", ""]


def test_what_comes_of_answers_is_told_as_far_as_it_is_clear():
    assert survey_after.after_words(after(2.0, 1.5, 2.6))["finding"] == (
        "Detractors leave 2.00 times as fast as promoters (1.50 to 2.60)"
    )
    unclear = after(1.0, 0.78, 1.31)
    assert "do not clearly leave faster" in survey_after.after_words(unclear)["finding"]
    assert "more than 1.31 times can be ruled out" in survey_after.after_bullets(unclear)[1]
    few = after(NONE, NONE, NONE, "too few left after an answer")
    assert survey_after.after_bullets(few) == [
        "How much faster detractors leave cannot be told: too few left after an answer."
    ]


def test_reasons_are_those_of_the_chapter_on_groups():
    kpis = pd.DataFrame(
        [("nps_per_outage_hour", None, -0.12, -0.2, -0.04), ("drivers_fit", None, 0.09, 0.05, 0.12)],
        columns=["metric", "class", "value", "low", "high"],
    )
    told = survey_after.reason_bullets(kpis)
    assert told[0].startswith("One more hour of outage a month goes with −0.12 on the scale from 0 to 10")
    assert "9 %" in told[1]
    assert survey_after.reason_bullets(kpis.iloc[:0]) == ["What drives the answers is not known of this run."]


def test_changes_within_customers_warn_of_the_way_back_to_the_middle():
    pairs = pd.DataFrame(
        [(None, 530, -5.1, -12.5, 2.3), ("promoter", 200, -56.0, -66.0, -46.0), ("detractor", 140, 64.0, 52.0, 76.0)],
        columns=["then", "customers", "change", "low", "high"],
    )
    told = survey_after.repeated_bullets(pairs)
    assert "did not clearly change" in told[0]
    assert told[1].startswith(
        "Who was a detractor the first time moved by +64.0 points on average, who was a promoter by −56.0."
    )
    assert "towards the middle" in told[1]
    assert survey_after.repeated_bullets(pairs.iloc[:0]) == [
        "Too few customers answered twice to tell how their own answers changed."
    ]


def test_of_classes_that_are_all_hidden_none_is_drawn():
    hidden = pd.DataFrame({"class": ["a", "b"], "answers": NONE, "nps": NONE, "masked": True})
    assert survey_after.drawn(hidden).empty
