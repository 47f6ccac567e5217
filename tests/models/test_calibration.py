from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from analysis.models.calibration import calibration


@pytest.fixture(scope="module")
def r_says():
    return json.loads((Path(__file__).parent / "yardsticks" / "validation.json").read_text())["calibration"]


@pytest.fixture(scope="module")
def simulated():
    """A hundred thousand customers whose risk is known, a third of them lost before the twelve months are over."""
    rng = np.random.default_rng(8)
    hazard = 0.02 * np.exp(0.8 * rng.normal(size=100_000))
    life, lost = rng.exponential(1 / hazard), np.minimum(rng.uniform(0, 36, 100_000), 12)
    return np.minimum(life, lost), (life <= lost).astype(int), hazard


def risk_of(hazard):
    return 1 - np.exp(-12 * hazard)


# ------------------------------------------------------------------------------------------------------------ by hand


def twenty(left, stayed, risk):
    """Customers of whom some left in the second month and the others were still there in the sixth."""
    return np.repeat([2.0, 6.0], [left, stayed]), np.repeat([1, 0], [left, stayed]), risk


def test_the_ratio_is_leavers_over_expected_leavers():
    assert calibration(*twenty(10, 10, np.full(20, 0.4)), 3).ratio == pytest.approx(10 / 8)


def test_the_intercept_moves_the_log_odds_to_what_was_observed():
    got = calibration(*twenty(10, 30, np.full(40, 0.4)), 3)
    assert got.intercept == pytest.approx(logit(0.25) - logit(0.4))


def test_equal_predictions_have_no_slope_and_their_distance_is_that_of_the_shares():
    got = calibration(*twenty(10, 30, np.full(40, 0.4)), 3)
    assert np.isnan(got.slope)
    assert got.ici == pytest.approx(0.15)


def test_two_predictions_have_the_slope_through_both_shares():
    risk = np.concatenate([np.repeat([0.2, 0.6], [10, 20]), np.repeat([0.2, 0.6], [30, 20])])
    got = calibration(*twenty(30, 50, risk), 3)
    assert got.slope == pytest.approx((logit(0.5) - logit(0.25)) / (logit(0.6) - logit(0.2)))
    assert got.ici == pytest.approx((40 * 0.05 + 40 * 0.1) / 80)


def test_with_fewer_than_ten_leavers_everything_is_missing():
    assert np.isnan(calibration(*twenty(9, 30, np.linspace(0.1, 0.9, 39)), 3)).all()


def test_with_fewer_than_ten_stayers_only_the_ratio_is_left():
    got = calibration(*twenty(30, 9, np.linspace(0.1, 0.9, 39)), 3)
    assert got.ratio == pytest.approx(30 / (39 * 0.5))
    assert np.isnan(got[1:]).all()


def test_without_follow_up_to_the_horizon_everything_is_missing():
    assert np.isnan(calibration(*twenty(20, 20, np.linspace(0.1, 0.9, 40)), 9)).all()


def test_a_forecast_that_separates_leavers_from_stayers_has_no_line():
    got = calibration(*twenty(20, 20, np.linspace(0.9, 0.1, 40)), 3)
    assert got.ratio == pytest.approx(1)
    assert np.isnan([got.slope, got.ici]).all()


def test_a_prediction_of_nought_or_one_is_nearly_that():
    risk = np.tile([0.0, 1.0, *np.linspace(0.05, 0.95, 18)], 4)
    assert np.isfinite(calibration(*twenty(40, 40, risk), 3)).all()


def test_nobody_expected_to_leave_has_no_ratio():
    assert np.isnan(calibration(*twenty(10, 30, np.zeros(40)), 3).ratio)


# ------------------------------------------------------------------------------------------------------ outside truth


@pytest.mark.parametrize("figure", ["ratio", "intercept", "slope", "ici"])
def test_each_figure_equals_that_of_r(r_says, figure):
    rows = pd.DataFrame(r_says["rows"])
    got = calibration(np.where(rows["left"] == 1, 2, 6), rows["left"], rows["risk"], 3, rows["n"])
    assert getattr(got, figure) == pytest.approx(r_says[figure], rel=1e-7)


def test_a_forecast_that_is_right_is_calibrated(simulated):
    time, event, hazard = simulated
    got = calibration(time, event, risk_of(hazard), 12)
    assert got.ratio == pytest.approx(1, abs=0.02)
    assert got.intercept == pytest.approx(0, abs=0.025)
    assert got.slope == pytest.approx(1, abs=0.025)
    assert got.ici < 0.004


def test_a_forecast_of_twice_the_hazard_expects_twice_the_leavers_or_nearly(simulated):
    time, event, hazard = simulated
    got = calibration(time, event, risk_of(2 * hazard), 12)
    assert got.ratio == pytest.approx(risk_of(hazard).mean() / risk_of(2 * hazard).mean(), abs=0.01)
    assert 0.5 < got.ratio < 0.62
    assert got.intercept < -0.6
    assert got.ici == pytest.approx((risk_of(2 * hazard) - risk_of(hazard)).mean(), abs=0.005)


def test_a_forecast_of_half_the_hazard_finds_twice_the_leavers_or_nearly(simulated):
    time, event, hazard = simulated
    got = calibration(time, event, risk_of(hazard / 2), 12)
    assert got.ratio == pytest.approx(risk_of(hazard).mean() / risk_of(hazard / 2).mean(), abs=0.04)
    assert 1.7 < got.ratio < 2


def test_a_forecast_of_doubled_log_odds_has_half_the_slope(simulated):
    time, event, hazard = simulated
    got = calibration(time, event, expit(2 * logit(risk_of(hazard))), 12)
    assert got.slope == pytest.approx(0.5, abs=0.0125)


def test_to_ignore_that_customers_were_lost_gives_another_ratio(simulated):
    time, event, hazard = simulated
    ignored = event.sum() / risk_of(hazard).sum()
    assert ignored < 0.9 < calibration(time, event, risk_of(hazard), 12).ratio


# --------------------------------------------------------------------------------------------------------- identities


def test_a_customer_who_counts_twice_is_two_customers(simulated):
    time, event, hazard = (column[:600] for column in simulated)
    times = np.random.default_rng(4).integers(1, 4, 600)
    twice = calibration(*(np.repeat(column, times) for column in (time, event, risk_of(hazard))), 12)
    got = calibration(time, event, risk_of(hazard), 12, times)
    assert got[:3] == pytest.approx(twice[:3], abs=1e-9)
