from __future__ import annotations

import numpy as np
import pytest

from analysis.models.cox_sums import risk_sets


@pytest.fixture
def four():
    """Two strata: leaving times 2 and 5 in the first, 3 in the second; the last row comes and goes between."""
    return risk_sets(
        entry=np.array([0.0, 0, 2, 1, 3]),
        stop=np.array([2.0, 5, 5, 3, 4]),
        left=np.array([True, True, True, True, False]),
        stratum=np.array([0, 0, 0, 1, 1]),
    )


def brute_force(sets, entry, stop, stratum, values):
    at_risk = (entry[:, None] < sets.time) & (stop[:, None] >= sets.time) & (stratum[:, None] == sets.stratum)
    return values @ at_risk


def test_a_stratum_has_its_leaving_times_and_one_slot_beyond(four):
    assert four.time.tolist() == [2, 5, np.inf, 3, np.inf]
    assert four.stratum.tolist() == [0, 0, 0, 1, 1]


def test_who_enters_at_a_leaving_time_is_not_at_risk_then_and_who_exits_is(four):
    assert four.at_risk(np.array([1.0, 10, 100, 1000, 1e6])).tolist() == [11, 110, 0, 1000, 0]


def test_leavers_are_summed_at_their_own_time_and_stratum(four):
    assert four.leaving(np.array([1.0, 10, 100, 1000, 1e6])).tolist() == [1, 110, 0, 1000, 0]


def test_those_who_leave_together_count_as_gone_one_after_the_other(four):
    assert four.leaver_slot.tolist() == [0, 1, 1, 3]
    assert four.fraction.tolist() == [0, 0, 0.5, 0]


def test_a_row_collects_the_slots_it_is_at_risk_at(four):
    assert four.while_at_risk(np.array([1.0, 10, 100, 1000, 1e4])).tolist() == [1, 11, 10, 1000, 0]


def test_sums_are_those_of_every_row_asked_at_every_time():
    rng = np.random.default_rng(2)
    stratum = np.sort(rng.integers(0, 4, 600))
    entry = rng.integers(0, 30, 600).astype(float)
    stop = entry + rng.integers(1, 20, 600)
    values = rng.normal(size=600)
    sets = risk_sets(entry, stop, rng.random(600) < 0.3, stratum)
    got = sets.at_risk(values)
    assert got == pytest.approx(brute_force(sets, entry, stop, stratum, values), abs=1e-12)


def test_the_last_customer_at_risk_is_no_difference_of_large_numbers():
    """After 100,000 customers with a hazard of a thousand one remains, with a hazard of a millionth."""
    stop = np.append(np.tile([1.0, 2, 3], 33_000), 50.0)
    values = np.append(np.full(99_000, 1000 / 3), 1e-6)
    sets = risk_sets(np.zeros(99_001), stop, np.full(99_001, True), np.zeros(99_001, dtype=np.int64))
    assert sets.at_risk(values)[-2] == 1e-6


def test_a_stratum_that_nobody_left_has_no_leaving_time():
    nobody = np.array([False, True])
    sets = risk_sets(np.zeros(2), np.array([4.0, 4]), nobody, np.array([0, 1]))
    assert sets.time.tolist() == [np.inf, 4, np.inf]
    assert sets.at_risk(np.ones(2)).tolist() == [0, 1, 0]
