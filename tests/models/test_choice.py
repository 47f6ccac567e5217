from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.choice import Outcome, choice, needs_recalibration
from analysis.models.forecast import GRID

MONTHS = np.array(GRID, dtype=float)


@pytest.fixture(scope="module")
def base():
    """1,500 customers with hazards of their own, followed for a year, and those hazards."""
    random = np.random.default_rng(4)
    hazard = 0.02 * np.exp(random.normal(size=1500))
    time = random.exponential(size=1500) / hazard
    outcome = Outcome(np.minimum(time, 12), (time <= 12).astype(float), np.arange(1500))
    return outcome, hazard


def risk(hazard: np.ndarray, power: float = 1.0) -> np.ndarray:
    """Risk by each month of the grid; a power above 1 makes it too extreme."""
    level = hazard.mean()
    return 1 - np.exp(-(level * (hazard / level) ** power)[:, None] * MONTHS)


def flat(hazard: np.ndarray) -> np.ndarray:
    share = (1 - np.exp(-hazard[:, None] * MONTHS)).mean(axis=0)
    return np.tile(share, (len(hazard), 1))


def test_a_model_that_tells_leavers_apart_beats_the_null(base):
    outcome, hazard = base
    got = choice({"kaplan_meier": flat(hazard), "logistic": risk(hazard)}, outcome, horizon=12)
    assert (got.name, got.verdict) == ("logistic", "chosen")
    row = got.candidates.set_index("candidate").loc["logistic"]
    assert row["difference_high"] < 0
    assert row["chosen"] == 1
    assert row["slope_low"] < 1 < row["slope_high"]


def test_the_null_stands_where_nothing_is_clearly_nearer_and_the_verdict_says_so(base):
    outcome, hazard = base
    luck = np.random.default_rng(5).permutation(hazard)
    got = choice({"kaplan_meier": flat(hazard), "boosting": risk(luck)}, outcome, horizon=12)
    assert (got.name, got.verdict) == ("kaplan_meier", "null_not_beaten")
    assert got.candidates.set_index("candidate")["chosen"].to_dict() == {"kaplan_meier": 1, "boosting": 0}


def test_of_two_that_cannot_be_told_apart_the_simpler_is_taken(base):
    outcome, hazard = base
    random = np.random.default_rng(6)
    nearly = risk(hazard * np.exp(0.01 * random.normal(size=len(hazard))))
    models = {"kaplan_meier": flat(hazard), "cox": nearly, "boosting": risk(hazard)}
    assert choice(models, outcome, horizon=12).name == "cox"


def test_a_clearly_better_model_is_taken_though_it_is_less_simple(base):
    outcome, hazard = base
    random = np.random.default_rng(6)
    worse = risk(hazard * np.exp(random.normal(size=len(hazard))))
    models = {"kaplan_meier": flat(hazard), "cox": worse, "boosting": risk(hazard)}
    assert choice(models, outcome, horizon=12).name == "boosting"


def test_a_model_whose_probabilities_are_too_extreme_gives_way_to_one_that_is_fit_for_use(base):
    outcome, hazard = base
    some = hazard * np.exp(0.5 * np.random.default_rng(7).normal(size=len(hazard)))
    models = {"kaplan_meier": flat(hazard), "logistic": risk(some, 0.8), "boosting": risk(hazard, 1.8)}
    got = choice(models, outcome, horizon=12)
    rows = got.candidates.set_index("candidate")
    assert rows.loc["boosting", "slope_high"] < 0.8
    assert got.name == "logistic"


def test_the_table_counts_the_customers_judged_and_those_who_left_within_the_horizon(base):
    outcome, hazard = base
    got = choice({"kaplan_meier": flat(hazard), "cox": risk(hazard)}, outcome, horizon=3).candidates
    assert got["rows"].tolist() == [1500, 1500]
    assert got["events"].tolist() == [int(((outcome.left == 1) & (outcome.time <= 3)).sum())] * 2
    assert got["place"].tolist() == [1, 2]


def test_only_an_interval_that_clearly_misses_good_calibration_calls_for_recalibration():
    good = {"slope_low": 0.7, "slope_high": 0.9}
    assert not needs_recalibration(pd.Series(good))
    assert needs_recalibration(pd.Series(good | {"slope_high": 0.79}))
    assert needs_recalibration(pd.Series({"slope_low": 1.26, "slope_high": 1.5}))
    assert not needs_recalibration(pd.Series(dict.fromkeys(good, float("nan"))))


def test_a_simpler_model_that_keeps_half_of_the_gain_is_not_taken_though_luck_could_explain_the_rest(base):
    """A small provider can seldom prove a difference; its customers are scored by the likelier model all the same."""
    outcome, hazard = base
    few = np.arange(300)
    some = hazard * np.exp(0.9 * np.random.default_rng(8).normal(size=len(hazard)))
    models = {"kaplan_meier": flat(hazard), "cox": risk(some, 0.6), "boosting": risk(hazard)}
    small = Outcome(outcome.time[few], outcome.left[few], outcome.customer[few])
    got = choice({name: one[few] for name, one in models.items()}, small, horizon=12)
    gain = -got.candidates.set_index("candidate")["difference"]
    assert 0 < gain["cox"] < 0.95 * gain["boosting"]
    assert got.name == "boosting"


def test_a_model_that_gains_by_its_level_alone_is_not_chosen(base):
    outcome, hazard = base
    luck = np.random.default_rng(9).permutation(hazard)
    low = {"kaplan_meier": flat(0.3 * hazard), "aft": risk(luck, 0.02)}
    got = choice(low, outcome, horizon=12)
    row = got.candidates.set_index("candidate").loc["aft"]
    assert row["difference_high"] < 0
    assert row["slope_low"] <= 0
    assert (got.name, got.verdict) == ("kaplan_meier", "null_not_beaten")
