"""Proportional odds beside the likelihood written out, and its check of the one slope."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from analysis.models.drivers.ordinal import categories, fit_ordinal


def drawn(size: int, *, second: float = 0.8, seed: int = 3):
    """Categories by two borders of a logistic score: 0.8 at the first border, `second` at the other."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=size)
    luck = rng.random(size)
    above_first, above_second = expit(1 + 0.8 * x), expit(-1 + second * x)
    return x[:, None], (luck < above_first).astype(int) + (luck < np.minimum(above_second, above_first))


def test_categories_are_those_of_the_score():
    assert categories(np.array([0.0, 6, 7, 8, 9, 10])).tolist() == [0, 0, 1, 1, 2, 2]


def test_slope_and_shares_are_those_of_the_likelihood():
    values, category = drawn(800)

    def loss(p):
        ends = np.column_stack([np.full(800, -np.inf), p[0] - p[2] * values[:, 0], p[1] - p[2] * values[:, 0]])
        ends = expit(np.column_stack([ends, np.full(800, np.inf)]))
        return -np.log(np.diff(ends, axis=1)[np.arange(800), category]).sum()

    best = minimize(loss, [-1, 1, 0.5], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-8}).x
    got = fit_ordinal(values, category, np.arange(800), places=[0], steps=np.array([0.5]))
    assert got.slope[0] == pytest.approx(best[2], rel=1e-4)
    change = expit(best[2] * (values + 0.5) - best[1]) - expit(best[2] * values - best[1])
    assert got.promoters[0, 0] == pytest.approx(change.mean(), rel=1e-3)
    assert got.promoters[0, 1] < got.promoters[0, 0] < got.promoters[0, 2]
    assert got.detractors[0, 0] < 0


def test_one_slope_for_both_borders_is_kept_where_it_holds_and_refused_where_it_does_not():
    held, broken = drawn(3_000), drawn(3_000, second=0.1)
    steps = {"places": [0], "steps": np.ones(1)}
    assert fit_ordinal(*held, np.arange(3_000), **steps).proportional > 0.05
    assert fit_ordinal(*broken, np.arange(3_000), **steps).proportional < 0.001


def test_too_few_of_a_category_say_nothing_of_the_borders():
    values, category = drawn(300)
    rare = np.where(category == 2, 1, category)
    rare[:9] = 2
    got = fit_ordinal(values, rare, np.arange(300), places=[0], steps=np.ones(1))
    assert np.isnan(got.proportional)
