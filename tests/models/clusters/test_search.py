from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from tests.truth.clusters import SHAPES, clouds, found_groups, planted, scaled, three_or_four

from analysis.models.clusters.search import FEWEST, Before, evened, grouping


def were(told, points=None) -> Before:
    """Groups of the quarter before, a part each."""
    return Before(np.eye(told.max() + 1)[told], np.arange(told.max() + 1), points=points)


@pytest.mark.parametrize(("groups", "shape"), [(3, "noise"), (4, "no noise"), (5, "noise that hangs together")])
def test_planted_groups_are_found_whatever_noise_is_beside_them(groups: int, shape: str):
    points, truth = planted(groups, SHAPES[shape], seed=100 * groups, customers=6000)
    got = grouping(points)
    assert found_groups(got) == groups
    assert adjusted_rand_score(truth, got.mixture.group_of(points)) >= 0.9


@pytest.mark.parametrize("name", ["ball", "long", "cube", "bow", "half ring", "heavy tails"])
def test_a_cloud_without_groups_is_said_to_have_none(name: str):
    got = grouping(scaled(clouds(3, customers=4500)[name]))
    assert (got.mixture, got.reason) == (None, "one_crowd")
    assert not got.tried["chosen"].any()


def test_too_few_customers_are_not_grouped():
    got = grouping(np.random.default_rng(1).standard_normal((FEWEST - 1, 3)))
    assert (got.mixture, got.reason) == (None, "few")


def test_customers_who_are_all_alike_are_not_grouped():
    got = grouping(np.zeros((1000, 3)))
    assert (got.mixture, got.reason) == (None, "unvaried")


def test_groups_of_the_quarter_before_stay_where_a_first_search_finds_too_little():
    points, truth = three_or_four(apart=2.5, newcomers=0.0, seed=4)
    assert grouping(points).mixture is None
    got = grouping(points, before=were(truth))
    assert got.tried.loc[got.tried["chosen"], ["groups", "held"]].values.tolist() == [[3, 3]]
    assert adjusted_rand_score(truth, got.mixture.group_of(points)) >= 0.5


def test_groups_of_which_nothing_is_left_are_not_kept():
    ball = np.random.default_rng(2).standard_normal((4000, 4))
    got = grouping(ball, before=were((ball[:, 0] > 0).astype(int) + (ball[:, 0] > 1)))
    assert (got.mixture, got.reason) == (None, "one_crowd")


def test_a_crowd_that_was_not_there_is_a_further_group():
    then, _ = three_or_four(apart=4.0, newcomers=0.0, seed=5)
    now, truth = three_or_four(apart=4.0, newcomers=0.1, seed=6)
    got = grouping(now, before=were(np.where(truth == 3, 0, truth), then))
    assert found_groups(got) == 4
    assert adjusted_rand_score(truth, got.mixture.group_of(now)) >= 0.85


def test_a_crowd_that_was_there_within_a_group_takes_no_name_away():
    then, _ = three_or_four(apart=4.0, newcomers=0.1, seed=5)
    now, truth = three_or_four(apart=4.0, newcomers=0.1, seed=6)
    told = np.where(truth == 3, 0, truth)
    got = grouping(now, before=were(told, then))
    assert found_groups(got) == 3
    assert got.tried["fault"].tolist()[-1] == "old"
    assert found_groups(grouping(now, before=were(told))) == 4


def test_where_two_groups_become_one_the_others_stay():
    points, truth = three_or_four(apart=4.0, newcomers=0.0, seed=7)
    halves = np.where((truth == 0) & (points[:, 4] > 0), 3, truth)
    got = grouping(points, before=were(halves, points))
    assert found_groups(got) == 3


def test_groups_in_a_single_variable_are_found_and_a_single_crowd_in_one_is_none():
    random = np.random.default_rng(3)
    apart = np.concatenate([random.normal(-4, 1, 1500), random.normal(4, 1, 1500)])
    random.shuffle(apart)
    got = grouping(apart[:, None])
    assert got.tried.loc[got.tried["chosen"], "groups"].tolist() == [2]
    assert grouping(random.normal(0, 1, (3000, 1))).reason is not None


def test_a_new_crowd_does_not_pull_apart_the_groups_that_were_there():
    then, _ = three_or_four(apart=4.0, newcomers=0.0, seed=8)
    now, truth = three_or_four(apart=4.0, newcomers=0.15, seed=9)
    told = np.where(truth == 3, 0, truth)
    before = were(told, then)
    got = grouping(now, before=Before(before.belonging, before.groups, True, then, now[:, 2] > 2.5))
    assert got.tried.loc[got.tried["chosen"], ["groups", "held"]].values.tolist() == [[4, 3]]
    assert adjusted_rand_score(truth, got.mixture.group_of(now)) >= 0.85


def test_whole_numbers_are_no_groups():
    counts = np.random.default_rng(4).poisson(2, (5000, 4))
    got = grouping(np.log1p(counts))
    assert (got.mixture, got.reason) == (None, "one_crowd")


def test_equal_values_are_spread_over_the_room_between_those_beside_them():
    got = evened(np.array([[0.0], [0.0], [1.0], [5.0], [5.0]]), seed=1)[:, 0]
    assert np.abs(got - [0, 0, 1, 5, 5]).max() <= 2
    assert got[2] == 1
    assert len(set(got)) == 5
