"""Limits beside the binomial law, and what they do when quarters differ by more than chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from analysis.measures.control_limits import beyond, limits

NONE = np.array(0.0)


@pytest.mark.parametrize(("leavers", "customers", "rate"), [(45, 1000, 0.04), (0, 50, 0.02), (50, 50, 0.9)])
def test_without_luck_it_is_the_binomial_law_with_an_equal_number_counted_by_half(leavers, customers, rate):
    got = beyond(leavers, customers, rate=np.array(rate), deviation=NONE)
    law = binom(customers, rate)
    assert got == pytest.approx(law.sf(leavers) + law.pmf(leavers) / 2)


def test_the_limits_leave_the_chance_that_was_asked_for_on_either_side():
    low, high = limits(np.array([2000.0]), rate=np.array([0.03]), deviation=np.array([0.05]), chance=0.05)
    for edge, tail in ((low, 0.975), (high, 0.025)):
        assert beyond(edge, [2000.0], rate=np.array([0.03]), deviation=np.array([0.05])) == pytest.approx(
            tail, abs=1e-4
        )


def test_quarters_that_differ_widen_the_limits_and_draws_stay_within_as_often_as_promised():
    wide = limits(np.array([5000.0]), rate=np.array([0.04]), deviation=np.array([0.1]), chance=0.05)
    narrow = limits(np.array([5000.0]), rate=np.array([0.04]), deviation=NONE[None], chance=0.05)
    assert wide[0] < narrow[0] < 200 < narrow[1] < wide[1]
    rng = np.random.default_rng(1)
    drawn = rng.binomial(5000, 0.04 * np.exp(rng.normal(0, 0.1, 200_000)))
    assert ((drawn < wide[0]) | (drawn > wide[1])).mean() == pytest.approx(0.05, abs=0.003)
