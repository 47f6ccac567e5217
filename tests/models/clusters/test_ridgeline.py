from __future__ import annotations

import numpy as np
import pytest

from analysis.models.clusters.mixtures import Mixture
from analysis.models.clusters.ridgeline import between_groups, gathered, passages


def mixture(*means: tuple[float, float], weights=None, spreads=None) -> Mixture:
    parts = len(means)
    shares = np.full(parts, 1 / parts) if weights is None else np.array(weights)
    covariances = np.array([np.eye(2) * spread for spread in (spreads or [1.0] * parts)])
    return Mixture(shares, np.array(means), covariances, np.arange(parts), alike=False)


def test_the_valley_between_two_equal_parts_is_the_density_half_way():
    # half way each gives exp(-8), at a centre one gives 1 and the other exp(-32)
    assert passages(mixture((0, 0), (8, 0)))[0, 1] == pytest.approx(2 * np.exp(-8), rel=1e-6)


def test_there_is_no_valley_between_two_parts_less_than_two_spreads_apart():
    assert passages(mixture((0, 0), (1.9, 0)))[0, 1] == 1
    assert passages(mixture((0, 0), (2.6, 0)))[0, 1] < 1


def test_what_is_thinly_spread_over_all_is_no_bridge_and_no_group():
    got = gathered(mixture((0, 0), (8, 0), (3, 0), weights=[0.6, 0.3, 0.1], spreads=[1.0, 1.0, 30.0]))
    assert got.groups.tolist() == [0, 1, 0] or got.groups.tolist() == [0, 1, 1]
    assert between_groups(got)[0, 1] < 0.2


def test_a_bridge_of_customers_joins_two_groups():
    got = between_groups(mixture((0, 0), (4.6, 0), (2.3, 0)).grouped(np.array([0, 1, 0])))
    assert got.tolist() == [[0.0, got[0, 1]], [got[0, 1], 0.0]]
    assert got[0, 1] > 0.8
