"""Printed parts add up to the printed whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.basis.rounding import half_up
from analysis.measures.rounded import rounded_parts

AMOUNTS = st.lists(st.floats(-50, 50, allow_nan=False, width=32), min_size=1, max_size=12)


def test_what_rounding_takes_goes_to_the_part_that_lost_most() -> None:
    assert rounded_parts([0.334, 0.333, 0.333], total=1.0, places=2) == [0.34, 0.33, 0.33]
    assert rounded_parts([1.006, -0.003, -0.003], total=1.0, places=2) == [1.0, 0.0, 0.0]
    assert rounded_parts([-0.334, -0.333, -0.333], total=-1.0, places=2) == [-0.34, -0.33, -0.33]


def test_a_part_of_nothing_stays_nothing() -> None:
    assert rounded_parts([0.0, 0.5049], total=0.51, places=2) == [0.0, 0.51]


def test_a_currency_without_cents_is_rounded_to_whole_units() -> None:
    assert rounded_parts([1.4, 1.4, -0.2], total=2.6, places=0) == [2.0, 1.0, 0.0]


@given(AMOUNTS, st.sampled_from([0, 2, 3]))
def test_the_parts_add_up_to_the_total_and_none_is_off_by_a_step(amounts: list[float], places: int) -> None:
    total = sum(amounts)
    got = rounded_parts(amounts, total=total, places=places)
    assert half_up(sum(got), places) == half_up(total, places)
    assert all(abs(shown - amount) < 10.0**-places + 1e-9 for shown, amount in zip(got, amounts, strict=True))
