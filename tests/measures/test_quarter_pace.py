"""The pace of quarters: what level, season, luck and drift let expect, by hand and beside draws."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.measures.quarter_pace import averaged, covariances, excess, outlook, series, weights


def test_a_rate_has_the_level_of_all_its_quarters_and_excess_over_it():
    got = series(np.array([40.0, 60.0]), np.array([1000.0, 1000.0]))
    assert got.level == pytest.approx(0.05, rel=0.01)
    assert got.value == pytest.approx(np.log([40 / 50, 60 / 50]), abs=0.02)
    assert got.variance == pytest.approx([0.95 / 50] * 2, rel=0.02)


def test_a_quarter_without_customers_tells_nothing():
    value, variance = excess(np.array([0.0, 5.0]), np.array([0.0, 100.0]), level=0.05)
    assert value[0] == 0
    assert variance[0] > 1e5 > variance[1]


def test_the_log_excess_of_few_leavers_is_right_on_average():
    rng = np.random.default_rng(2)
    value, variance = excess(rng.poisson(8, 200_000).astype(float), np.full(200_000, 8e4), level=1e-4)
    assert value.mean() == pytest.approx(0, abs=0.01)
    assert value.var() == pytest.approx(variance.mean(), rel=0.2)


def test_quarters_a_year_apart_share_their_season_and_drift_grows_with_time():
    (got,) = covariances(6, np.array([[0.1, 0.2, 0.3]]))
    assert got[0, 4] == pytest.approx(0.1**2)
    assert got[1, 2] == pytest.approx(0.3**2)
    assert got[5, 5] == pytest.approx(0.1**2 + 0.2**2 + 5 * 0.3**2)


def test_what_lies_ahead_is_conditioned_as_a_regression_would():
    rng = np.random.default_rng(3)
    root = rng.normal(size=(4, 4))
    covariance, variance = root @ root.T, np.array([0.2, 0.3, 0.4])
    got = outlook(covariance[None], np.arange(3), value=np.array([1.0, -1.0, 0.5]), variance=variance)
    weight = np.linalg.solve(covariance[:3, :3] + np.diag(variance), covariance[:3, 3])
    assert got.mean[0, 0] == pytest.approx(weight @ [1.0, -1.0, 0.5])
    assert got.covariance[0, 0, 0] == pytest.approx(covariance[3, 3] - weight @ covariance[:3, 3])


def test_what_is_left_out_is_what_the_others_let_expect():
    covariance, variance = 1.0 + covariances(5, np.array([[0.1, 0.2, 0.05]])), np.full(5, 0.04)
    value = np.array([0.3, -0.1, 0.2, 0.1, -0.4])
    whole = outlook(covariance, np.arange(5), value=value, variance=variance)
    others = np.array([0, 1, 3, 4])
    alone = outlook(covariance, others, value=value[others], variance=variance[others])
    mean, spread = whole.left_out[0, 2]
    assert mean == pytest.approx(alone.mean[0, 0])
    assert spread == pytest.approx(alone.covariance[0, 0, 0] + 0.04)


def test_readings_are_averaged_with_what_sets_them_apart():
    weight = weights(np.log([1.0, 3.0]))
    mean, variance = averaged(weight, np.array([0.0, 4.0]), np.array([1.0, 1.0]))
    assert (mean, variance) == (pytest.approx(3.0), pytest.approx(1 + 3.0))
