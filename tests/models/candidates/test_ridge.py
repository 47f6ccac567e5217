from __future__ import annotations

import numpy as np
import pytest

from analysis.models.candidates.ridge import Problem, log_odds, ridge


def problem(rows: int, *, effects: list[float], seed: int = 1) -> Problem:
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, len(effects)))
    odds = -2 + features @ np.array(effects)
    left = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(float)
    group = np.zeros(len(effects), dtype=np.int64)
    return Problem(np.column_stack([np.ones(rows), features]), left, np.ones(rows), np.zeros(rows), group)


def test_with_many_rows_the_data_speak_and_the_guess_is_forgotten():
    got = ridge(problem(40_000, effects=[1.0, -0.5]), np.array([5.0, 3.0, 3.0]))
    assert got.coefficients.tolist() == pytest.approx([-2, 1, -0.5], abs=0.05)


def test_features_that_tell_nothing_are_drawn_to_the_guess():
    got = ridge(problem(300, effects=[0.0] * 30), np.zeros(31))
    assert np.abs(got.coefficients[1:]).max() < 0.1
    assert got.pull[1:].min() > 100


def test_effects_that_are_there_are_hardly_shrunk():
    got = ridge(problem(5_000, effects=[1.0] * 5), np.zeros(6))
    assert got.pull[1:].max() < 10
    assert got.coefficients[1:].tolist() == pytest.approx([1] * 5, abs=0.15)


def test_a_group_that_tells_nothing_is_drawn_in_while_another_is_left_free():
    told = problem(4_000, effects=[1.0] * 3 + [0.0] * 30)
    got = ridge(told._replace(group=np.repeat([0, 1], [3, 30])), np.zeros(34))
    assert got.coefficients[1:4].tolist() == pytest.approx([1] * 3, abs=0.15)
    assert np.abs(got.coefficients[4:]).max() < 0.05
    assert got.pull[1] < 10 < 100 < got.pull[-1]


def test_the_gradient_of_what_is_maximised_is_zero_at_the_solution():
    told = problem(2_000, effects=[0.5, 0.0])
    guess = np.array([-2.0, 0.1, 0.1])
    got = ridge(told, guess)
    probability = 1 / (1 + np.exp(-log_odds(told, got.coefficients)))
    slope = told.design.T @ (told.left - probability) - got.pull * (got.coefficients - guess)
    assert np.abs(slope).max() < 1e-6


def test_rows_that_all_stay_leave_finite_coefficients():
    told = problem(200, effects=[1.0])._replace(left=np.zeros(200))
    got = ridge(told, np.array([-2.0, 0.0]))
    assert np.isfinite(got.coefficients).all()
    assert got.coefficients[0] < -2


def test_a_weight_of_two_is_as_good_as_two_rows():
    told = problem(500, effects=[1.0])
    twice = Problem(*(np.concatenate([each, each]) for each in told[:4]), told.group)
    got, expected = ridge(told._replace(weight=2 * told.weight), np.zeros(2)), ridge(twice, np.zeros(2))
    assert got.coefficients.tolist() == pytest.approx(expected.coefficients.tolist(), abs=1e-8)
