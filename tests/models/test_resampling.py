from __future__ import annotations

import numpy as np
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.models.resampling import canonical_order, percentile_interval, resamples


def test_rows_are_put_in_the_order_of_what_they_hold():
    order, members = canonical_order([np.array([2.0, 1, 2, 0]), np.array([5.0, 9, 4, 9])])
    assert order.tolist() == [3, 1, 2, 0]
    assert members.tolist() == [0, 1, 2, 3]


def test_rows_of_a_customer_are_put_together():
    order, members = canonical_order([np.array([3.0, 2, 1, 0])], cluster=["b", "a", "b", "c"])
    assert order.tolist() == [1, 2, 0, 3]
    assert members.tolist() == [0, 1, 1, 2]


def test_a_row_without_a_customer_is_refused():
    with pytest.raises(AnalysisFailed) as refusal:
        canonical_order([np.zeros(3)], cluster=["a", None, "b"])
    assert "expected a customer for each of 3 rows, found 2. Name the customer of every row." in str(refusal.value)


def test_each_draw_has_as_many_customers_as_there_are():
    assert {times.sum() for times in resamples(np.arange(50), draws=20, seed=1)} == {50}


def test_rows_of_a_customer_are_drawn_together():
    for times in resamples(np.array([0, 0, 1, 2, 2]), draws=20, seed=1):
        assert times[0] == times[1]
        assert times[3] == times[4]
        assert times[[0, 2, 3]].sum() == 3


def test_a_seed_gives_the_same_draws_and_another_seed_others():
    first, again, other = (np.array(list(resamples(np.arange(9), draws=5, seed=seed))) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_a_customer_is_drawn_once_on_average_with_a_variance_of_one():
    drawn = np.array(list(resamples(np.arange(200), draws=500, seed=3)))
    assert drawn.mean() == 1
    assert drawn.var() == pytest.approx(1 - 1 / 200, abs=0.03)


def test_the_interval_leaves_a_fortieth_of_the_draws_on_either_side():
    low, high = percentile_interval(np.arange(201.0)[:, np.newaxis])
    assert (low[0], high[0]) == pytest.approx((5, 195))


def test_a_figure_that_a_tenth_of_the_draws_lacks_still_has_an_interval_and_one_that_more_lack_has_none():
    values = np.tile(np.arange(100.0)[:, np.newaxis], 3)
    values[:10, 0] = values[:11, 1] = values[:, 2] = np.nan
    low, high = percentile_interval(values)
    assert np.isfinite(low).tolist() == np.isfinite(high).tolist() == [True, False, False]
