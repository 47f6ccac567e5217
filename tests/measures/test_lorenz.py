"""The Lorenz curve and the Gini coefficient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.lorenz import gini, lorenz_curve

VALUES = st.lists(st.floats(0.01, 10_000), min_size=2, max_size=200)


def only(values: list[float]) -> np.ndarray:
    return np.array([values], dtype=float)


def test_the_coefficient_of_three_by_hand() -> None:
    # All differences of pairs, ÷ 2 n² mean: (1 + 1 + 2) · 2 ÷ (2 · 9 · 2)
    assert gini(only([1, 2, 3]))[0] == pytest.approx(8 / 36)


def test_one_who_holds_everything_takes_it_near_one() -> None:
    assert gini(only([0] * 99 + [50]))[0] == pytest.approx(0.99)


@given(st.floats(0.01, 1e6), st.integers(1, 300))
def test_equal_values_have_a_coefficient_of_nothing(value: float, count: int) -> None:
    assert gini(only([value] * count))[0] == pytest.approx(0, abs=1e-9)


@given(VALUES, st.floats(0.1, 100))
def test_the_coefficient_knows_no_currency_and_no_order(values: list[float], rate: float) -> None:
    got = gini(only(values))[0]
    assert got + 1e-12 >= 0 and got < 1
    assert gini(only([rate * value for value in reversed(values)]))[0] == pytest.approx(got, abs=1e-9)


@given(VALUES)
def test_the_coefficient_is_twice_the_area_between_curve_and_diagonal(values: list[float]) -> None:
    # Of a curve with a point per customer: trapezes under it are exact.
    known = np.sort(values)
    curve = np.append(0.0, known.cumsum()) / known.sum()
    under = float(((curve[1:] + curve[:-1]) / 2).mean())
    assert gini(only(values))[0] == pytest.approx(1 - 2 * under, abs=1e-9)


@given(st.lists(st.floats(0.01, 10_000), min_size=10, max_size=400))
def test_the_curve_rises_from_nothing_to_everything_under_the_diagonal(values: list[float]) -> None:
    got = lorenz_curve(np.array(values))
    assert got.iloc[0].tolist() == [0, 0]
    assert got.iloc[-1].tolist() == pytest.approx([1, 1])
    assert got["value"].diff().sum() == pytest.approx(1)
    assert (got["value"] <= got["customers"] + 1e-9).all()
    slope = (got["value"].diff() / got["customers"].diff()).dropna()
    assert (slope.diff().dropna() >= -1e-9).all()


def test_the_interval_is_as_wide_as_the_draws_spread() -> None:
    worth = np.array([[1, 2, 3], [2, 2, 2], [0, 0, 6]], dtype=float)
    middle, low, high = gini(worth)
    assert high - middle == pytest.approx(1.959964 * np.std([0, 2 / 3], ddof=1))
    assert middle - low == pytest.approx(high - middle)
    assert np.isnan(gini(worth[:1])[1])


def test_who_has_no_value_is_left_out_and_nothing_at_all_has_no_coefficient() -> None:
    assert gini(only([np.nan, 1, 2, 3]))[0] == pytest.approx(8 / 36)
    for nothing in ([], [np.nan], [0, 0], [1, -2]):
        assert np.isnan(gini(only(nothing))).all()
        assert lorenz_curve(np.array(nothing * 20, dtype=float)).empty


def test_every_step_of_the_curve_holds_enough_customers() -> None:
    got = lorenz_curve(np.arange(1.0, 401.0), smallest=11)
    assert (got["customers"].diff().dropna() * 400).round(6).min() == 11
    assert lorenz_curve(np.arange(1.0, 100.0), smallest=11).empty
    assert len(lorenz_curve(np.arange(1.0, 5001.0), smallest=11)) == 101
