from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.measures.interval import clearly_different, mean_interval, share_interval, standard_normal_quantile


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_have_the_intervals_of_newcombe_1998(count, n, low, high):
    assert share_interval(count, n) == pytest.approx((low, high), abs=5e-5)


def test_the_edges_of_none_and_all_are_exact():
    sizes = np.arange(1, 500)
    assert (share_interval(0, sizes)[0] == 0).all()
    assert (share_interval(sizes, sizes)[1] == 1).all()


def test_none_and_all_mirror_each_other():
    low, high = share_interval(0, 20)[1], share_interval(20, 20)[0]
    assert low == pytest.approx(1 - high)


def test_columns_give_columns():
    rows = pd.DataFrame({"leavers": [81, 0, 0], "customers": [263, 20, 0]})
    low, high = share_interval(rows["leavers"], rows["customers"])
    assert low[:2].tolist() == [share_interval(81, 263)[0], 0]
    assert high[:2].tolist() == [share_interval(81, 263)[1], share_interval(0, 20)[1]]
    assert np.isnan([low[2], high[2]]).all()


def test_one_total_serves_a_whole_column():
    low, _ = share_interval(pd.Series([81, 15]), 263)
    assert low.tolist() == [share_interval(81, 263)[0], share_interval(15, 263)[0]]


def test_a_table_without_rows_has_intervals_without_rows():
    low, high = share_interval(pd.Series([], dtype=float), 0)
    assert (len(low), len(high)) == (0, 0)


@pytest.mark.parametrize(("count", "n"), [(0, 0), (float("nan"), 20)])
def test_without_customers_there_is_no_share(count, n):
    assert np.isnan(share_interval(count, n)).all()


@pytest.mark.parametrize(("count", "n", "found"), [(8, 7, "8 of 7"), (-1, 7, "-1 of 7")])
def test_an_impossible_count_is_refused(count, n, found):
    with pytest.raises(AnalysisFailed) as refusal:
        share_interval([1, count], n)
    assert str(refusal.value) == f"share_interval: expected 0 <= count <= n, found {found}. Count again."


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_outside_0_to_1_is_refused(level):
    words = f"interval: expected a level between 0 and 1, found {level:g}. Write 95 % as 0.95."
    for call in (lambda: share_interval(1, 2, level), lambda: mean_interval(1, 2, 3, level)):
        with pytest.raises(AnalysisFailed) as refusal:
            call()
        assert str(refusal.value) == words


def test_a_mean_has_students_interval():
    # Student's own data: hours of sleep gained by ten patients under one drug over the other.
    gained = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    got = mean_interval(gained.mean(), gained.std(ddof=1), 10)
    assert got == pytest.approx((0.7001142, 2.4598858), abs=1e-7)


def test_the_mean_of_one_customer_has_no_interval():
    low, high = mean_interval(pd.Series([3.0, 3.0]), pd.Series([0.0, 1.0]), pd.Series([1, 2]))
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False]


def test_a_negative_deviation_is_refused():
    with pytest.raises(AnalysisFailed) as refusal:
        mean_interval(3.0, -1.0, 10)
    assert str(refusal.value) == "mean_interval: expected a deviation of 0 or more, found -1. Compute it again."


def test_a_higher_level_reaches_further():
    assert standard_normal_quantile(0.95) == pytest.approx(1.959963984540054)
    assert share_interval(15, 148, 0.8)[0] > share_interval(15, 148)[0]
    assert mean_interval(1, 2, 9, 0.8)[0] > mean_interval(1, 2, 9)[0]


def test_two_shares_differ_clearly_when_the_score_test_says_so():
    # 60 and 40 of 200 customers: z = 0.1 / sqrt(0.25 * 0.75 * 2 / 200) = 2.31; 58 and 42: z = 1.85.
    assert clearly_different(60 / 200, 200, 40 / 200, 200)
    assert clearly_different(40 / 200, 200, 60 / 200, 200)
    assert not clearly_different(58 / 200, 200, 42 / 200, 200)
    assert not clearly_different(60 / 200, 200, 40 / 200, 200, level=0.99)


@pytest.mark.parametrize(("share", "n", "before"), [(0.0, 90, 0.0), (1.0, 90, 1.0), (0.5, 0, 0.1), (np.nan, 90, 0.1)])
def test_shares_that_are_the_same_or_missing_do_not_differ(share, n, before):
    assert not clearly_different(share, n, before, 90)
