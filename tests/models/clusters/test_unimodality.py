from __future__ import annotations

import numpy as np
import pytest

from analysis.models.clusters.judging import ONE_PEAK, TWO_PEAKS
from analysis.models.clusters.unimodality import dip


def test_two_points_far_apart_have_the_largest_dip():
    got = dip(np.repeat([0.0, 1.0], 500) + np.linspace(0, 1e-6, 1000))
    assert got == pytest.approx(0.25, abs=0.01)


def test_evenly_spread_values_have_next_to_none():
    assert dip(np.linspace(0, 1, 1000)) == pytest.approx(1 / 2000)


def test_equal_values_have_none():
    assert dip(np.ones(50)) == 0


@pytest.mark.parametrize("customers", [300, 3000])
def test_marks_are_those_of_crowds_without_a_valley(customers: int):
    random = np.random.default_rng(5)
    flat = [dip(random.random(customers)) * np.sqrt(customers) for _ in range(300)]
    assert np.median(flat) == pytest.approx(ONE_PEAK, abs=0.03)
    assert np.quantile(flat, 0.99) < TWO_PEAKS


def test_two_crowds_dip_more_than_one():
    random = np.random.default_rng(1)
    one, two = random.standard_normal(2000), random.standard_normal(2000) + np.repeat([0, 4], 1000)
    assert dip(one) * np.sqrt(2000) < 0.5 < 1.5 < dip(two) * np.sqrt(2000)
