from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.models.censoring import checked_scores, checked_weights, follow_up
from analysis.models.survival import kaplan_meier, survival_at

ONES = np.ones(6)


def six():
    """Two leave (at 1 and 3), one is lost at 1 and one at 2, two are still there at 4, the end."""
    return follow_up([1, 1, 2, 3, 4, 4], [1, 0, 0, 1, 0, 0])


def test_the_chance_of_being_observed_falls_only_where_somebody_is_lost():
    got = six().observed_chance(ONES)
    assert got.tolist() == pytest.approx([1, 4 / 5, 4 / 5 * 3 / 4, 3 / 5, 0])


def test_whoever_is_still_there_stands_for_who_was_lost():
    got = six().known(3, ONES)
    assert got.left.tolist() == [1, 0, 0, 1, 0, 0]
    assert got.weight.tolist() == pytest.approx([1, 0, 0, 5 / 3, 5 / 3, 5 / 3])


def test_who_leaves_at_the_horizon_has_left_and_who_is_lost_there_has_stayed():
    got = follow_up([2, 2, 5], [1, 0, 0]).known(2, np.ones(3))
    assert got.left.tolist() == [1, 0, 0]
    assert got.weight.tolist() == [1, 1, 1]


def test_everyone_may_be_lost_at_the_horizon():
    got = follow_up([1, 2, 2, 2], [1, 0, 0, 0]).known(2, np.ones(4))
    assert got.weight.tolist() == [1, 1, 1, 1]


def test_leaving_comes_before_losing_sight_at_the_same_time():
    got = follow_up([1, 1, 3], [1, 0, 0]).known(2, np.ones(3))
    assert got.weight.tolist() == [1, 0, 2]


def test_a_horizon_that_a_rounding_error_missed_counts_as_reached():
    got = follow_up([1, 12 - 1e-12, 12 + 1e-12], [1, 0, 1]).known(12, np.ones(3))
    assert got.left.tolist() == [1, 0, 1]
    assert got.weight.tolist() == [1, 1, 1]


def test_the_weights_are_missing_where_nobody_was_followed_so_far():
    assert np.isnan(follow_up([1, 2, 3], [1, 0, 0]).known(4, np.ones(3)).weight).all()


def test_the_outcome_is_complete_where_everyone_left_early():
    got = follow_up([1, 2], [1, 1]).known(4, np.ones(2))
    assert (got.left.tolist(), got.weight.tolist()) == ([1, 1], [1, 1])


def test_weighting_a_row_is_repeating_it():
    time, event, times = [1, 1, 2, 3, 4, 4], [1, 0, 0, 1, 0, 0], np.array([2, 1, 3, 1, 1, 2])
    repeated = follow_up(np.repeat(time, times), np.repeat(event, times)).known(3, np.ones(times.sum()))
    got = follow_up(time, event).known(3, times.astype(float))
    assert got.weight.tolist() == pytest.approx((repeated.weight[times.cumsum() - 1] * times).tolist())


def test_the_weighted_share_of_leavers_is_that_of_kaplan_and_meier():
    rng = np.random.default_rng(5)
    time, event = rng.integers(1, 13, 500).astype(float), rng.integers(0, 2, 500)
    curve = kaplan_meier(pd.DataFrame({"entry": 0, "exit": time, "event": event, "n": 1}))
    for month in (1, 3, 6, 12):
        known = follow_up(time, event).known(month, np.ones(500))
        gone = 1 - survival_at(curve, month)["survival"].iloc[0]
        assert (known.weight * known.left).sum() / 500 == pytest.approx(gone, abs=1e-12)
        assert known.weight.sum() == pytest.approx(500, abs=1e-9)


def test_cut_follow_up_ends_at_the_horizon():
    got = six().until(2)
    assert got.time.tolist() == [1, 1, 2, 2, 2, 2]
    assert got.event.tolist() == [1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("time", "event", "words"),
    [
        ([], [], "expected the same customers in every column, at least one, found 0 rows beside 0"),
        ([1, 2], [1], "found 2 rows beside 1"),
        ([1, -2], [1, 0], "expected times of 0 or more months, found -2; such values: 1. Check the dates."),
        ([1, np.nan], [1, 0], "expected times of 0 or more months, found nan"),
        ([1, 2], [1, 2], "expected event 0 or 1, found 2"),
        ([0, 2], [1, 0], "expected leavings after the forecast, found 0; such values: 1. Leave out who left before"),
    ],
)
def test_impossible_follow_up_is_refused(time, event, words):
    with pytest.raises(AnalysisFailed) as refusal:
        follow_up(time, event)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("scores", "probability", "words"),
    [
        ([0.1] * 5 + [1.2], True, "expected probabilities from 0 to 1, found 1.2"),
        ([0.1] * 5 + [np.nan], False, "expected a score for every customer, found nan"),
        ([0.1] * 5, True, "found 5 rows beside 6"),
    ],
)
def test_impossible_scores_are_refused(scores, probability, words):
    with pytest.raises(AnalysisFailed) as refusal:
        checked_scores(scores, like=six(), probability=probability)
    assert words in str(refusal.value)


@pytest.mark.parametrize(("weights", "found"), [([1] * 5 + [-1], "-1"), ([0] * 6, "0"), ([1] * 5 + [np.inf], "inf")])
def test_impossible_weights_are_refused(weights, found):
    with pytest.raises(AnalysisFailed) as refusal:
        checked_weights(weights, like=six())
    assert f"expected weights of 0 or more, not all 0, found {found}" in str(refusal.value)
