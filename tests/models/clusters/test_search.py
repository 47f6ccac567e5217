from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from tests.truth.clusters import SHAPES, clouds, planted, scaled

from analysis.models.clusters.search import FEWEST, grouping, nearest


@pytest.mark.parametrize(("groups", "shape"), [(3, "noise"), (4, "no noise"), (5, "noise that hangs together")])
def test_planted_groups_are_found_whatever_noise_is_beside_them(groups: int, shape: str):
    points, truth = planted(groups, SHAPES[shape], seed=100 * groups, customers=6000)
    got = grouping(points)
    assert len(got.centres) == groups
    assert adjusted_rand_score(truth, nearest(points @ got.axes, got.centres)) >= 0.9


@pytest.mark.parametrize("name", ["ball", "long", "cube", "bow", "heavy tails"])
def test_a_cloud_without_groups_is_said_to_have_none(name: str):
    got = grouping(scaled(clouds(3, customers=4500)[name]))
    assert (got.centres, got.reason) == (None, "one_crowd")
    assert not got.tried["chosen"].any()


def test_too_few_customers_are_not_grouped():
    got = grouping(np.random.default_rng(1).standard_normal((FEWEST - 1, 3)))
    assert (got.axes, got.reason) == (None, "few")


def test_customers_who_are_all_alike_are_not_grouped():
    got = grouping(np.zeros((1000, 3)))
    assert (got.axes, got.reason) == (None, "unvaried")
