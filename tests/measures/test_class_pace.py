"""The pace of a class beside the rest of the base."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.measures.class_pace import class_paces, whole_pace

PAST = 9


def base(last: float, *, wave: float = 0.05, size: float = 50_000.0) -> tuple[np.ndarray, np.ndarray]:
    """Customers and leavers of ten quarters of 3 %, the last one at another rate."""
    rate = 0.03 * (1 + wave * np.sin(np.arange(PAST + 1) * 2.3))
    rate[-1] = last
    return np.full(PAST + 1, size), np.round(size * rate)


def paces(last_of_base: float, *, share: float = 0.1):
    n, x = base(last_of_base)
    common = whole_pace(n, x)[1]
    mine = (n * share, np.round(n * share * 0.06))
    return class_paces(mine[0][None], mine[1][None], whole=np.stack([n, x]), common=common, dimensions=1)[0]


def test_the_base_is_expected_at_its_level_whatever_the_quarter_brought():
    calm, raised = (whole_pace(*base(last))[0] for last in (0.03, 0.06))
    assert (calm.level, calm.alone, calm.usual) == (raised.level, raised.alone, raised.usual)
    assert calm.level * np.exp(calm.alone[0]) == pytest.approx(0.03, rel=0.03)


def test_a_class_is_expected_to_move_with_the_rest_as_far_as_quarters_usually_share():
    calm, moved = paces(0.03), paces(0.0315)
    assert not moved.rest_out
    assert moved.alone[0] == pytest.approx(calm.alone[0])
    assert calm.usual[0] < moved.usual[0] < calm.usual[0] + np.log(1.05)
    assert moved.usual[1] < moved.alone[1]


def test_where_the_rest_went_beyond_its_limits_all_of_it_may_be_common():
    got = paces(0.06, share=0.02)
    assert got.rest_out
    assert got.open[0] > got.usual[0]
    assert got.open[0] == pytest.approx(np.log(2), abs=0.2)


def test_what_a_small_rest_says_of_all_is_less_sure():
    small, large = paces(0.04, share=0.05), paces(0.04, share=0.45)
    assert small.rest_out
    assert small.open[1] < large.open[1]
