"""Least squares beside the formulas of the books, written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtrit

from analysis.models.drivers.linear import fit_linear


@pytest.fixture
def rows():
    rng = np.random.default_rng(1)
    values = rng.normal(size=(120, 2))
    outcome = 1 + values @ np.array([0.5, -0.2]) + rng.normal(size=120) * (1 + np.abs(values[:, 0]))
    return values, outcome


def test_hc3_is_the_sandwich_with_residuals_over_one_less_their_leverage(rows):
    values, outcome = rows
    x = np.column_stack([np.ones(120), values])
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ outcome
    leverage = np.einsum("ij,jk,ik->i", x, bread, x)
    scaled = x * ((outcome - x @ beta) / (1 - leverage))[:, None]
    got = fit_linear(values, outcome)
    assert got.errors == "HC3"
    assert got.slope == pytest.approx(beta[1:])
    assert got.covariance == pytest.approx((bread @ scaled.T @ scaled @ bread)[1:, 1:])
    assert got.freedom == 117


def test_few_clusters_are_left_out_one_by_one(rows):
    values, outcome = rows
    clusters = np.arange(120) % 8
    x = np.column_stack([np.ones(120), values])

    def beta(kept):
        return np.linalg.lstsq(x[kept], outcome[kept], rcond=None)[0]

    moved = np.stack([beta(clusters != one) for one in range(8)]) - beta(clusters >= 0)
    got = fit_linear(values, outcome, clusters)
    assert (got.errors, got.freedom, got.clusters) == ("jackknife", 7, 8)
    assert got.covariance == pytest.approx((7 / 8 * moved.T @ moved)[1:, 1:])


def test_many_clusters_are_summed_over(rows):
    rng = np.random.default_rng(2)
    values = rng.normal(size=(900, 1))
    outcome = values[:, 0] + rng.normal(size=900)
    clusters = np.arange(900) // 3
    x = np.column_stack([np.ones(900), values])
    bread = np.linalg.inv(x.T @ x)
    residual = outcome - x @ (bread @ x.T @ outcome)
    sums = np.stack([np.bincount(clusters, weights=column * residual) for column in x.T], axis=1)
    plain = bread @ sums.T @ sums @ bread
    got = fit_linear(values, outcome, clusters)
    assert got.errors == "cluster"
    assert got.covariance[0, 0] == pytest.approx(plain[1, 1] * 300 / 299 * 899 / 898)


def test_rows_that_are_each_a_cluster_stand_for_themselves(rows):
    values, outcome = rows
    assert fit_linear(values, outcome, np.arange(120)).errors == "HC3"


def test_an_interval_of_a_step_is_the_slope_times_the_step_and_t(rows):
    values, outcome = rows
    got = fit_linear(values, outcome, np.arange(120) % 8)
    value, low, high = got.intervals(np.array([[10.0, 0.0]]))
    assert 4 < got.freedoms(np.array([[1.0, 0.0]]))[0] < 7
    reach = stdtrit(got.freedoms(np.array([[1.0, 0.0]]))[0], 0.975) * 10 * np.sqrt(got.covariance[0, 0])
    assert (value[0], low[0], high[0]) == pytest.approx(
        (10 * got.slope[0], 10 * got.slope[0] - reach, 10 * got.slope[0] + reach), abs=1e-3
    )


def test_an_effect_that_a_single_cluster_tells_rests_on_hardly_any():
    """A flag that only one of twenty clusters has, in part: nineteen clusters tell nothing of it."""
    rng = np.random.default_rng(4)
    clusters = np.arange(400) % 20
    flag = ((clusters == 0) & (np.arange(400) < 200)) * 1.0
    got = fit_linear(np.column_stack([flag, rng.normal(size=400)]), rng.normal(size=400), clusters)
    rare, spread_out = got.freedoms(np.eye(2))
    assert rare < 2
    assert spread_out > 12
