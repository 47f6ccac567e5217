from __future__ import annotations

import numpy as np
import pytest

from analysis.models.clusters.unimodality import dip
from analysis.models.clusters.valleys import passage


def test_two_points_far_apart_have_the_largest_dip():
    got = dip(np.repeat([0.0, 1.0], 500) + np.linspace(0, 1e-6, 1000))
    assert got == pytest.approx(0.25, abs=0.01)


def test_evenly_spread_values_have_next_to_none():
    assert dip(np.linspace(0, 1, 1000)) == pytest.approx(1 / 2000)


def test_equal_values_have_none():
    assert dip(np.ones(50)) == 0


def test_two_crowds_dip_more_than_one():
    random = np.random.default_rng(1)
    one, two = random.standard_normal(2000), random.standard_normal(2000) + np.repeat([0, 4], 1000)
    assert dip(one) * np.sqrt(2000) < 0.5 < 1.5 < dip(two) * np.sqrt(2000)


def test_the_crowd_thins_out_between_two_groups_and_not_where_a_line_cuts_one():
    random = np.random.default_rng(1)
    cloud = random.standard_normal((2000, 2))
    apart = cloud + np.repeat([[0, 0], [8, 0]], 1000, axis=0)
    assert passage(apart, np.repeat([False, True], 1000)) < 0.2
    assert passage(cloud, cloud[:, 0] > 0) > 0.8
