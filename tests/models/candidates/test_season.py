from __future__ import annotations

import numpy as np
import pytest

from analysis.models.candidates.season import Excess, excess, expected_excess


def past(values: list[float], *, leavers: float = 500.0) -> Excess:
    return Excess(np.arange(100, 100 + len(values)), np.array(values), np.full(len(values), 1 / leavers))


def test_the_excess_of_a_quarter_is_the_log_of_leavers_over_expected():
    got = excess(np.array([8, 8, 9]), left=np.array([60.0, 60.0, 100.0]), expected=np.array([50.0, 50.0, 100.0]))
    assert got.quarter.tolist() == [8, 9]
    assert got.value.tolist() == pytest.approx([np.log(1.2), 0], abs=0.006)
    assert got.variance.tolist() == pytest.approx([1 / 100.5] * 2)


def test_the_excess_is_zero_on_average_where_as_many_leave_as_expected():
    left = np.random.default_rng(1).poisson(12.0, size=20_000).astype(float)
    got = excess(np.arange(len(left)), left=left, expected=np.full(len(left), 12.0))
    assert got.value.mean() == pytest.approx(0, abs=0.01)


def test_a_quarter_without_leavers_is_no_quarter_of_eternal_life():
    got = excess(np.array([8]), left=np.zeros(1), expected=np.full(1, 2.0))
    assert np.isfinite(got.value).all()


def test_an_excess_that_never_changes_is_expected_again():
    mean, deviation, _ = expected_excess(past([0.2] * 12), 112)
    assert mean == pytest.approx(0.2, abs=0.02)
    assert deviation < 0.1


def test_a_season_seen_three_times_is_expected_again_and_only_in_its_quarter():
    values = [0.4, 0.0, 0.0, 0.0] * 3
    assert expected_excess(past(values, leavers=2000), 112)[0] == pytest.approx(0.4, abs=0.08)
    assert expected_excess(past(values, leavers=2000), 113)[0] == pytest.approx(0.0, abs=0.08)


def test_without_a_season_quarters_of_a_kind_are_told_apart_by_luck_alone():
    values = [0.4, 0.0, 0.0, 0.0] * 3
    got = [expected_excess(past(values, leavers=2000), quarter, seasonal=False)[0] for quarter in (112, 113)]
    assert got == pytest.approx([0.1, 0.1], abs=0.02)


def test_a_single_jump_is_mostly_taken_for_luck():
    mean, *_ = expected_excess(past([0, 0, 0, 0, 0.4, 0, 0, 0]), 108)
    assert mean < 0.2


def test_with_few_leavers_little_is_made_of_a_quarter():
    values = [0.4, 0.0, 0.0, 0.0] * 2
    few, many = (expected_excess(past(values, leavers=n), 108)[0] for n in (5, 5000))
    assert few < many - 0.1


def test_a_drift_is_followed_in_part():
    mean, *_ = expected_excess(past([0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35], leavers=5000), 108)
    assert 0.2 < mean < 0.4


def test_without_a_past_nothing_is_expected():
    nothing = Excess(np.array([], dtype=np.int64), np.array([]), np.array([]))
    assert expected_excess(nothing, 112) == (0.0, 0.0, 0.0)
