from __future__ import annotations

import math

import pytest

from analysis.basis.rounding import half_up


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (2.5, 0, 3.0),
        (3.5, 0, 4.0),
        (0.125, 2, 0.13),
        (2.675, 2, 2.68),
        (-2.5, 0, -3.0),
        (1234.5, -2, 1200.0),
        (7, 1, 7.0),
    ],
)
def test_a_half_goes_away_from_zero_as_it_is_written(value: float, places: int, rounded: float) -> None:
    assert half_up(value, places) == rounded


def test_missing_and_infinite_stay_so() -> None:
    assert math.isnan(half_up(math.nan, 1))
    assert half_up(math.inf, 1) == math.inf
    assert half_up(-math.inf, 1) == -math.inf


def test_large_and_small_numbers_are_not_written_with_an_exponent_first() -> None:
    assert half_up(1e16, 0) == 1e16
    assert half_up(1.5e-7, 7) == 2e-7
