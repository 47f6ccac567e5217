from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sksurv.metrics import brier_score, cumulative_dynamic_auc, integrated_brier_score
from sksurv.util import Surv

from analysis.basis.errors import AnalysisFailed
from analysis.models.brier import auc, brier, integrated_brier, outcome_auc

GRID = (1, 3, 6, 9, 12)


def customers(n, *, seed, whole_months=False):
    """Customers with a risk of their own, some lost to sight early, all at 14 months; risks with ties."""
    rng = np.random.default_rng(seed)
    hazard = 0.05 * np.exp(rng.normal(size=n))
    life, lost = rng.exponential(1 / hazard), np.minimum(rng.uniform(0, 30, n), 14)
    time, event = np.minimum(life, lost), (life <= lost).astype(int)
    risk = np.round(1 - np.exp(-hazard[:, None] * np.array(GRID) * rng.uniform(0.5, 2)), 2)
    return (np.ceil(time) if whole_months else time), event, risk


def seen_by_others(time, event, *, tied):
    """What scikit-survival must be given to agree on ties: who is lost at a time is lost an instant later."""
    return Surv.from_arrays(event == 1, time + 1e-4 * (event == 0) * tied)


# ------------------------------------------------------------------------------------------------------------ by hand


def test_the_score_is_the_mean_squared_distance_where_everyone_is_known():
    assert brier([1, 5, 5], [1, 0, 0], [0.8, 0.1, 0.4], 3) == pytest.approx((0.04 + 0.01 + 0.16) / 3)


def test_who_is_lost_counts_through_the_others():
    assert brier([1, 2, 5, 5], [1, 0, 0, 0], [0.5, 0.9, 0.1, 0.3], 3) == pytest.approx((0.25 + 1.5 * (0.01 + 0.09)) / 4)


def test_leaving_at_the_horizon_counts_and_being_lost_there_does_not():
    assert brier([3, 3], [1, 0], [1, 0], 3) == 0


def test_the_integral_is_the_trapezoid_between_the_months():
    time, event, risk = [2, 9], [1, 0], np.array([[0.5, 0.6, 0.8], [0.1, 0.2, 0.3]])
    at = [brier(time, event, risk[:, place], month) for place, month in enumerate((1, 3, 6))]
    expected = ((at[0] + at[1]) / 2 * 2 + (at[1] + at[2]) / 2 * 3) / 5
    assert integrated_brier(time, event, risk, (1, 3, 6)) == pytest.approx(expected)


def test_over_one_month_the_integral_is_the_score_there():
    assert integrated_brier([1, 5], [1, 0], [[0.7], [0.2]], [3]) == brier([1, 5], [1, 0], [0.7, 0.2], 3)


def test_a_leaver_ranked_above_two_of_three_stayers():
    assert auc([1, 5, 5, 5], [1, 0, 0, 0], [0.5, 0.7, 0.1, 0.2], 3) == pytest.approx(2 / 3)


def test_equal_risks_win_half():
    assert auc([1, 5, 5], [1, 0, 0], [0.5, 0.5, 0.1], 3) == 0.75


def test_no_leaver_or_no_stayer_leaves_the_auc_missing():
    assert np.isnan(auc([5, 5], [1, 0], [0.1, 0.2], 3))
    assert np.isnan(auc([1, 2], [1, 1], [0.1, 0.2], 3))
    assert np.isnan(outcome_auc([1, 1], [0.1, 0.2]))


def test_without_follow_up_to_the_horizon_the_scores_are_missing():
    assert np.isnan(brier([1, 2], [1, 0], [0.5, 0.5], 3))
    assert np.isnan(auc([1, 2], [1, 0], [0.5, 0.4], 3))
    assert np.isnan(integrated_brier([1, 2], [1, 0], [[0.5, 0.5]] * 2, (1, 3)))


def test_a_score_without_leavers_is_what_was_foretold_squared():
    assert brier([5, 5], [0, 0], [0.2, 0.4], 3) == pytest.approx((0.04 + 0.16) / 2)


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ((3, 1), "expected months above 0, each later than the one before, found 3, 1. Sort the grid."),
        ((), "found none"),
        ((0, 3), "found 0, 3"),
        ((1, 3, 6), "expected a column of risk for each of 3 months, found columns: 2."),
    ],
)
def test_an_impossible_grid_is_refused(grid, words):
    with pytest.raises(AnalysisFailed) as refusal:
        integrated_brier([1, 5], [1, 0], [[0.1, 0.2]] * 2, grid)
    assert words in str(refusal.value)


# ------------------------------------------------------------------------------------------------------ outside truth


@pytest.mark.parametrize("whole_months", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_scores_equal_those_of_scikit_survival(seed, whole_months):
    time, event, risk = customers(700, seed=seed, whole_months=whole_months)
    seen = seen_by_others(time, event, tied=whole_months)
    expected = brier_score(seen, seen, 1 - risk, GRID)[1]
    got = [brier(time, event, risk[:, place], month) for place, month in enumerate(GRID)]
    assert got == pytest.approx(expected, abs=1e-12)
    integral = integrated_brier_score(seen, seen, 1 - risk, GRID)
    assert integrated_brier(time, event, risk, GRID) == pytest.approx(integral, abs=1e-12)


@pytest.mark.parametrize("whole_months", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_auc_equals_that_of_scikit_survival(seed, whole_months):
    time, event, risk = customers(700, seed=seed, whole_months=whole_months)
    seen = seen_by_others(time, event, tied=whole_months)
    expected = cumulative_dynamic_auc(seen, seen, risk, GRID)[0]
    got = [auc(time, event, risk[:, place], month) for place, month in enumerate(GRID)]
    assert got == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_auc_of_complete_outcomes_equals_that_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    left, score, weights = rng.integers(0, 2, 300), rng.integers(0, 25, 300), rng.integers(0, 4, 300)
    assert outcome_auc(left, score) == pytest.approx(roc_auc_score(left, score), abs=1e-12)
    weighted = roc_auc_score(left, score, sample_weight=weights)
    assert outcome_auc(left, score, weights=weights) == pytest.approx(weighted, abs=1e-12)


# --------------------------------------------------------------------------------------------------------- identities


def test_a_customer_who_counts_twice_is_two_customers():
    time, event, risk = customers(200, seed=4, whole_months=True)
    times = np.random.default_rng(4).integers(0, 4, 200)
    twice = [np.repeat(column, times, axis=0) for column in (time, event, risk)]
    assert integrated_brier(time, event, risk, GRID, times) == pytest.approx(integrated_brier(*twice, GRID), abs=1e-12)
    got = auc(time, event, risk[:, -1], 12, times)
    assert got == pytest.approx(auc(twice[0], twice[1], twice[2][:, -1], 12), abs=1e-12)


def test_losing_customers_at_random_does_not_move_the_scores():
    rng = np.random.default_rng(6)
    hazard = 0.05 * np.exp(rng.normal(size=200_000))
    life, lost = rng.exponential(1 / hazard), rng.uniform(0, 20, 200_000)
    risk = 1 - np.exp(-hazard * 12)
    seen = (np.minimum(life, lost), life <= lost)
    everyone = (np.minimum(life, 13), life <= 13)
    assert brier(*seen, risk, 12) == pytest.approx(brier(*everyone, risk, 12), abs=0.002)
    assert auc(*seen, risk, 12) == pytest.approx(auc(*everyone, risk, 12), abs=0.005)
