"""Sentences of the forecast."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.measures.leavers_ahead import LeaversAhead
from analysis.present.columns import CANDIDATES
from analysis.present.page import Caution, Note
from analysis.present.table import table
from analysis.present.wording import prediction

V = dt.date(2025, 9, 30)
AHEAD = {
    "churn_3m": LeaversAhead(7_600, 318.4, 281.0, 355.8),
    "voluntary_3m": LeaversAhead(7_600, 240.2, 208.0, 272.0),
}


def candidates(*rows: dict) -> pd.DataFrame:
    plain = {
        "ibs": 0.030, "ibs_low": 0.028, "ibs_high": 0.032, "difference": -0.002, "difference_low": -0.003,
        "difference_high": -0.001, "auc": 0.75, "auc_low": 0.72, "auc_high": 0.78, "slope": 1.0, "slope_low": 0.9,
        "slope_high": 1.1, "ratio": 1.04, "ratio_low": 0.97, "ratio_high": 1.12, "chosen": 0, "suspect": None,
    }  # fmt: skip
    return pd.DataFrame([plain | {"place": place} | row for place, row in enumerate(rows)])


NULL = {"candidate": "kaplan_meier", "ibs": 0.032, "difference": 0.0, "difference_low": 0.0, "difference_high": 0.0}
COX = {"candidate": "cox", "chosen": 1}
BOOSTING = {"candidate": "boosting", "ibs": 0.0299}
NOBODY = {"churn_3m": LeaversAhead(0, 0.0, 0.0, 0.0)}
NEVER = {"said": "not_judged", "landmark": None, "horizon": None}
JUDGED = {"said": "chosen", "landmark": V, "horizon": 12}


def test_the_bottom_line_tells_how_many_will_leave_and_with_what_interval():
    assert prediction.bottom_line(AHEAD, period="2026-Q3", said="chosen") == (
        "Of 7,600 active customers 318 are expected to leave in Q4 2026 (281 to 356), 4.2 %; 240 of them by choice."
    )
    unknown = {"churn_3m": AHEAD["churn_3m"]}
    assert prediction.bottom_line(unknown, period="2026-Q4", said="chosen").endswith(
        "leave in Q1 2027 (281 to 356), 4.2 %."
    )


def test_where_nobody_is_active_nobody_is_expected_to_leave():
    got = prediction.bottom_line(NOBODY, period="2026-Q3", said="chosen")
    assert got == "Nobody is active at quarter end: nobody can be expected to leave."


def test_where_no_forecast_is_made_the_reason_is_told_and_no_model_is_named():
    got = prediction.bottom_line(NOBODY, period="2026-Q3", said="nobody_left")
    assert got == (
        "No forecast is made: nobody is known to have left while under observation, and nothing tells who will."
    )
    assert "so few are active" in prediction.bottom_line(NOBODY, period="2026-Q3", said="too_few")
    told = prediction.verdict(candidates(NULL).head(0), **NEVER | {"said": "too_few"})
    assert told == ["No model was tried. The survival curve above says what was observed, and of how many customers."]


def test_the_verdict_tells_the_model_the_period_the_gain_and_the_agreement():
    assert prediction.verdict(candidates(NULL, COX), **JUDGED) == [
        "The forecast is made by a Cox regression.",
        (
            "Judged on the 12 months after 30 September 2025, of which it had seen nothing, "
            "its error was 6.3 % smaller than that of time with the company alone (3.1 to 9.4 %)."
        ),
        "For every 100 leavers it predicted for those 12 months, 104 left (97 to 112).",
    ]


def test_a_null_that_is_not_beaten_is_said_so():
    got = prediction.verdict(candidates(NULL | {"chosen": 1}, COX), **JUDGED | {"said": "null_not_beaten"})
    assert got[0].startswith("No model foretold who would leave in the 12 months after 30 September 2025 clearly")
    assert got[1].endswith("customers of equal tenure are given equal probabilities.")
    near = candidates(NULL, COX | {"difference_high": 0.001})
    said = prediction.reason_for_choice(near, said="null_not_beaten")
    assert said.startswith("Cox regression came nearest: its error differs")
    assert "−0.0020 (−0.0030 to 0.0010)" in said
    level = prediction.reason_for_choice(candidates(NULL, COX | {"slope_low": -0.5}), said="null_not_beaten")
    assert level == (
        "Cox regression erred less by its level alone: it ranks nobody (slope 1.00, interval −0.50 to 1.10)."
    )
    only = prediction.reason_for_choice(candidates(NULL), said="null_not_beaten")
    assert only == "No model but the life table could be fitted."


def test_too_little_history_is_not_judged():
    got = prediction.verdict(candidates(NULL).head(0), **NEVER)
    assert got[0].startswith("Not judged: too little history.")
    nothing = pd.DataFrame(columns=["candidate", "place", "chosen"])
    assert prediction.reason_for_choice(nothing, said="not_judged") == "No model was compared with another."
    shown = table(prediction.candidate_rows(nothing), CANDIDATES, finding="None", subtitle="–", source="–")
    assert repr(shown) == "None"
    words = prediction.candidate_words(nothing, landmark=None, horizon=None)
    assert words["finding"] == "No model was judged: too little history, or too few left"


def test_the_reason_for_the_choice_is_computed_from_the_figures():
    got = prediction.reason_for_choice(candidates(NULL, COX), said="chosen")
    assert got == (
        "Cox regression erred least of 2 models, and its probabilities are as far apart as they should be "
        "(slope 1.00, interval 0.90 to 1.10; right is 1)."
    )
    tied = prediction.reason_for_choice(candidates(NULL, COX, BOOSTING), said="chosen")
    assert tied == (
        "Boosted trees erred least, but a simpler model keeps nearly all that it gains; in use is a Cox regression."
    )
    flat = prediction.reason_for_choice(candidates(NULL, COX, BOOSTING | {"slope_low": -0.1}), said="chosen")
    assert "by its level alone: it ranks nobody (slope 1.00, interval −0.10 to 1.10); in use" in flat
    tame = prediction.reason_for_choice(candidates(NULL, COX | {"slope": 1.1, "slope_low": 1.05}), said="chosen")
    assert "nearly as far apart as they should be (slope 1.10, interval 1.05 to 1.10" in tame
    wrong = prediction.reason_for_choice(candidates(NULL, COX | {"slope_low": 0.5, "slope_high": 0.7}), said="chosen")
    assert wrong.endswith("interval 0.50 to 0.70; right is 1), and that has been put right.")
    weak = prediction.reason_for_choice(candidates(NULL, COX, BOOSTING | {"difference_high": 0.001}), said="chosen")
    assert "not clearly less than time with the company alone; in use is a Cox regression" in weak
    off = BOOSTING | {"slope": 0.6, "slope_low": 0.5, "slope_high": 0.7}
    refused = prediction.reason_for_choice(candidates(NULL, COX, off), said="chosen")
    assert "its probabilities are not to be trusted (slope 0.60, interval 0.50 to 0.70; right is 1)" in refused


def test_the_candidates_stand_in_order_of_simplicity_with_the_one_in_use_marked():
    got = prediction.candidate_rows(candidates(NULL, COX, BOOSTING).iloc[::-1])
    assert got["name"].tolist() == ["Tenure alone (life table)", "Cox regression", "Boosted trees"]
    assert got["used"].tolist() == ["", "yes", ""]
    assert got["difference"].isna().tolist() == [True, False, False]


def test_a_model_that_ranks_too_well_is_a_caution():
    assert isinstance(prediction.suspicion(candidates(NULL, COX)), Note)
    assert repr(prediction.suspicion(pd.DataFrame(columns=["chosen"]))).startswith("No model was judged")
    got = prediction.suspicion(candidates(NULL, COX | {"suspect": "A concordance of 0.87 is suspect."}))
    assert isinstance(got, Caution)
    assert repr(got) == "A concordance of 0.87 is suspect."


def test_a_level_that_was_clearly_off_is_a_caution_and_one_that_chance_explains_is_none():
    far = {"ratio": 1.6, "ratio_low": 1.4, "ratio_high": 1.9}
    got = prediction.suspicion(candidates(NULL, COX | far))
    assert isinstance(got, Caution)
    assert repr(got).startswith("In the period judged, 160 left for every 100 predicted (140 to 190). Either leaving")
    assert isinstance(prediction.suspicion(candidates(NULL, COX | far | {"ratio_low": 1.1})), Note)
    few = {"ratio": 0.5, "ratio_low": 0.4, "ratio_high": 0.7}
    assert isinstance(prediction.suspicion(candidates(NULL, COX | few)), Caution)


@pytest.mark.parametrize(
    ("candidate", "said"), [("cox", "a Cox regression"), ("aft", "an accelerated failure time model")]
)
def test_a_model_is_named_inside_a_sentence_as_a_reader_writes_it(candidate, said):
    chosen = candidates(NULL, COX | {"candidate": candidate})
    assert prediction.verdict(chosen, **JUDGED)[0] == f"The forecast is made by {said}."


def test_the_months_left_are_told_with_their_horizon_and_what_nobody_was_observed_to_do():
    got = prediction.months_left((25.12, 24.0, 26.0), beyond=0.061, horizon=36)
    assert got.startswith("An active customer is expected to stay 25.1 of the next 36")
    assert "(24.0 to 26.0)" in got
    assert "6.1" in got
    assert "all of it lies" in prediction.months_left((25.12, 24.0, 26.0), beyond=0.0, horizon=36)
    nothing = float("nan")
    assert "not told" in prediction.months_left((nothing, nothing, nothing), beyond=nothing, horizon=36)
