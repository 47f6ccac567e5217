from __future__ import annotations

import numpy as np
import pytest

from analysis.models.differences import (
    Means,
    adjusted,
    detectable,
    interaction_chance,
    mean_difference,
    ratio_chance,
    share_difference,
    shares_of,
)


def test_one_stratum_gives_newcombes_interval():
    """Newcombe (1998), table II, method 10: 56 of 70 against 48 of 80."""
    got = share_difference(shares_of(56, 70), shares_of(48, 80), [1.0])
    assert got.value == pytest.approx(0.2)
    assert (round(got.low, 4), round(got.high, 4)) == (0.0524, 0.3339)


def test_strata_are_weighted_and_a_larger_one_counts_more():
    treated, control = shares_of([10, 30], [100, 100]), shares_of([20, 30], [100, 100])
    assert share_difference(treated, control, [3, 1]).value == pytest.approx(-0.075)
    halves = share_difference(treated, control, [1, 1])
    assert halves.value == pytest.approx(-0.05)
    assert halves.low < -0.05 < halves.high
    assert np.isnan(share_difference(treated, control, [0, 0]).value)


def test_means_differ_as_welch_has_it():
    """1, 2, 3 against 2, 4, 6, 8: variances of the means 1/3 and 5/3, 4.08 degrees of freedom."""
    treated, control = Means(*np.array([[3.0], [6.0], [14.0]])), Means(*np.array([[4.0], [20.0], [120.0]]))
    got = mean_difference(treated, control)
    assert got.value == pytest.approx(-3)
    assert got.error == pytest.approx(np.sqrt(2))
    assert got.high - got.value == pytest.approx(2.756 * np.sqrt(2), rel=1e-3)


def test_one_customer_tells_no_spread():
    one = Means(np.array([1.0]), np.array([5.0]), np.array([25.0]))
    assert np.isnan(mean_difference(one, one).low)


def test_what_could_be_found_is_two_point_eight_errors():
    assert detectable(0.01) == pytest.approx(0.02802, abs=1e-5)


def test_sizes_of_arms_are_held_against_equal_ones_or_against_other_rounds():
    assert ratio_chance([500, 500]) == pytest.approx(1)
    assert ratio_chance([460, 540]) == pytest.approx(0.01141, abs=1e-5)  # chi-square 6.4
    assert ratio_chance([[340, 660], [34, 66]]) == pytest.approx(1)
    assert ratio_chance([[500, 500], [340, 660]]) < 1e-9
    assert np.isnan(ratio_chance([700]))


def test_effects_that_agree_do_not_interact():
    assert interaction_chance([0.1, 0.1], [0.02, 0.05]) == pytest.approx(1)
    assert interaction_chance([0.1, -0.1], [0.05, 0.05]) == pytest.approx(0.004678, abs=1e-5)  # Q = 8
    assert np.isnan(interaction_chance([0.1, np.nan], [0.05, 0.05]))


def test_chances_grow_with_how_often_was_looked():
    """Holm: 0.01 · 3, 0.02 · 2, 0.9."""
    np.testing.assert_allclose(adjusted([0.02, 0.01, np.nan, 0.9]), [0.04, 0.03, np.nan, 0.9])
    assert len(adjusted([])) == 0
