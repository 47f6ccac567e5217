"""The law beyond the tenures observed, against laws that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import WeibullFitter

from analysis.models.tail import Tail, fitted_tail


def counted(*rows):
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "n"]).astype(float)


def weibull_lives(*, shape, scale, size, seed):
    """Customers who come in view at any tenure up to 60 months and are followed for at most 30."""
    random = np.random.default_rng(seed)
    life, entry = scale * random.weibull(shape, size), random.uniform(0, 60, size)
    kept = life > entry
    stop = np.minimum(life, entry + 30)[kept]
    return pd.DataFrame({"entry": entry[kept], "exit": stop, "event": (life[kept] <= stop).astype(float), "n": 1.0})


def test_a_constant_hazard_is_leavers_over_months_lived():
    got = fitted_tail(counted((0, 10, 1, 4), (5, 10, 0, 12)), until=10)
    assert got == Tail(pytest.approx(4 / (40 + 60)), 1.0)


def test_where_nobody_left_nobody_lives_for_ever():
    got = fitted_tail(counted((0, 10, 0, 20)), until=10)
    assert got == Tail(pytest.approx(0.5 / 200), 1.0)


def test_a_slope_that_is_there_is_found():
    got = fitted_tail(weibull_lives(shape=0.7, scale=50, size=40_000, seed=1), until=0.0)
    assert got.shape == pytest.approx(0.7, abs=0.03)
    hazard = got.rate * got.shape * 30 ** (got.shape - 1)
    assert hazard == pytest.approx(50**-0.7 * 0.7 * 30**-0.3, rel=0.03)


def test_a_slope_that_is_not_there_is_not():
    slopes = [fitted_tail(weibull_lives(shape=1, scale=50, size=3_000, seed=seed), until=0.0) for seed in range(10)]
    assert sum(got.shape != 1 for got in slopes) <= 2


def test_the_slope_equals_that_of_lifelines_with_late_entry():
    rows = weibull_lives(shape=1.4, scale=40, size=3_000, seed=2)
    other = WeibullFitter().fit(rows["exit"], rows["event"], entry=rows["entry"])
    got = fitted_tail(rows, until=0.0)
    assert got.shape == pytest.approx(other.rho_, rel=1e-4)
    assert got.rate == pytest.approx(other.lambda_**-other.rho_, rel=1e-3)


def test_only_the_last_stretch_tells_the_law():
    early, late = counted((0, 5, 1, 900)), counted((25, 30, 1, 150), (25, 45, 0, 600))
    assert fitted_tail(pd.concat([early, late]), until=40) == fitted_tail(late, until=0)


def test_a_stretch_with_few_leavers_begins_earlier():
    early, late = counted((0, 5, 1, 300)), counted((25, 40, 1, 20), (25, 40, 0, 500))
    got = fitted_tail(pd.concat([early, late]), until=40)
    assert got.shape < 1  # those who left at five months count: afterwards leaving was rarer
    assert fitted_tail(late, until=40) == Tail(pytest.approx(20 / (15 * 520)), 1.0)


def test_the_order_of_rows_changes_nothing():
    rows = weibull_lives(shape=0.8, scale=50, size=500, seed=3)
    got, other = fitted_tail(rows, until=40), fitted_tail(rows.sample(frac=1, random_state=1), until=40)
    assert got == pytest.approx(other, rel=1e-6)
