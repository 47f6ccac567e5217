from __future__ import annotations

import numpy as np
import pytest

from analysis.models.clusters.mixtures import Mixture, fitted_again, fitted_anew, refitted

TWO = Mixture(np.array([0.5, 0.5]), np.array([[0.0, 0.0], [6.0, 2.0]]), np.array([np.eye(2)] * 2), np.arange(2), False)


def crowd(customers: int = 2000, *, seed: int = 1):
    random = np.random.default_rng(seed)
    truth = random.random(customers) < 0.2
    points = random.standard_normal((customers, 3)) * np.where(truth[:, None], 0.4, 1.0)
    return points + np.where(truth[:, None], [5.0, 0.0, 0.0], 0.0), truth


def test_belonging_is_even_half_way_and_sums_to_one():
    got = TWO.belonging(np.array([[3.0, 1.0], [0.0, 0.0]]))
    assert got[0].tolist() == pytest.approx([0.5, 0.5])
    assert got.sum(axis=1).tolist() == pytest.approx([1.0, 1.0])


def test_the_group_of_a_customer_is_told_by_all_its_parts():
    three = Mixture(
        np.array([0.4, 0.3, 0.3]), np.array([[0.0], [1.0], [1.2]]), np.ones((3, 1, 1)), np.array([0, 1, 1]), True
    )
    assert three.belonging(np.array([[0.5]]))[0].argmax() == 0
    assert three.group_of(np.array([[0.5]])).tolist() == [1]


def test_a_mixture_in_some_variables_is_that_of_these_alone():
    assert TWO.of([1]).group_of(np.array([[0.0], [2.0]])).tolist() == [0, 1]


def test_as_many_parts_are_found_as_there_are_and_each_its_own_spread():
    points, truth = crowd()
    got = fitted_anew(points, seed=1)
    assert (len(got.weights), got.alike) == (2, False)
    assert ((got.group_of(points) == got.group_of(points)[truth.argmax()]) == truth).mean() > 0.99


def test_parts_keep_their_groups_whatever_they_are_fitted_to():
    points, _ = crowd()
    mixture = fitted_anew(points, seed=1)
    other, _ = crowd(seed=2)
    for again in (refitted(other, mixture), fitted_again(other, mixture, seed=7)):
        assert (again.group_of(other) == mixture.group_of(other)).mean() > 0.99
