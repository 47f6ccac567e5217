from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.restricted import differences, observed_until, restricted_means


def counted(*rows):
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "n"])


def half_leave_at_two():
    """Of four two leave after two months; the others are seen for six."""
    return counted((0, 2, 1, 2), (0, 6, 0, 2))


def test_the_mean_is_the_area_under_the_curve():
    got = restricted_means(half_leave_at_two(), [1, 2, 4, 6])
    assert got["mean"].tolist() == pytest.approx([1, 2, 2 + 2 / 2, 2 + 4 / 2])
    assert got["at_risk"].tolist() == [4, 4, 2, 2]


def test_the_error_is_the_area_still_to_come_at_each_leaving():
    got = restricted_means(half_leave_at_two(), [6]).iloc[0]
    error = np.sqrt((4 / 2) ** 2 * 2 / (4 * 2))
    assert got["se"] == pytest.approx(error)
    assert (got["low"], got["high"]) == pytest.approx((4 - 1.959964 * error, 4 + 1.959964 * error))


def test_an_interval_ends_where_the_stretch_does():
    got = restricted_means(counted((0, 1, 1, 1), (0, 6, 0, 2)), [6]).iloc[0]
    assert got["mean"] + 1.96 * got["se"] > 6
    assert got["high"] == 6


def test_the_end_and_the_order_of_ends_are_as_asked_for():
    got = restricted_means(half_leave_at_two(), [6, 1])
    assert got["months"].tolist() == [6, 1]
    assert got["mean"].tolist() == pytest.approx([4, 1])
    assert got["at_risk"].tolist() == [2, 4]


def test_where_nobody_left_all_months_were_stayed_and_the_spread_is_not_known():
    got = restricted_means(counted((0, 9, 0, 50)), [6]).iloc[0]
    assert (got["mean"], got["se"]) == (6, 0)
    assert np.isnan([got["low"], got["high"]]).all()


def test_beyond_what_was_observed_nothing_is_told():
    got = restricted_means(half_leave_at_two(), [6, 7])
    assert got["mean"].isna().tolist() == [False, True]
    assert got.loc[1, ["mean", "low", "high", "se"]].isna().all()
    assert got.loc[1, "at_risk"] == 0


def test_a_class_that_nobody_was_seen_to_join_has_no_mean():
    """All of them were customers for a year before they came in view: the curve stands at 1 for want of data."""
    assert restricted_means(counted((12, 15, 1, 20), (12, 36, 0, 80)), [6, 24])["mean"].isna().all()


def test_a_gap_on_the_way_ends_what_is_told():
    rows = counted((0, 4, 0, 20), (5, 9, 0, 20))
    assert observed_until(rows) == 4
    assert restricted_means(rows, [4, 8])["mean"].isna().tolist() == [False, True]


def test_fewer_than_asked_for_at_risk_on_the_way_are_too_few():
    rows = counted((0, 4, 1, 5), (0, 9, 0, 20), (0, 3, 0, 30))
    assert observed_until(rows, smallest=25) == 4
    assert observed_until(rows, smallest=26) == 3
    assert observed_until(rows, smallest=56) == 0
    assert restricted_means(rows, [3, 4], smallest=26)["mean"].isna().tolist() == [False, True]


def test_when_all_have_left_the_rest_is_known_to_be_nothing():
    rows = counted((0, 2, 1, 20), (0, 3, 1, 20))
    got = restricted_means(rows, [12], smallest=11).iloc[0]
    assert (observed_until(rows, smallest=11), got["mean"]) == (float("inf"), 2.5)
    assert got["se"] == pytest.approx(np.sqrt(0.5**2 * 20 / (40 * 20)))


def test_the_last_of_a_few_does_not_settle_it_for_all():
    """One of two left early, then the other; who entered later was never seen to be so new."""
    rows = counted((0, 1, 1, 1), (0, 2, 1, 1), (5, 30, 0, 500))
    assert observed_until(rows, smallest=11) == 0


def test_classes_differ_by_the_difference_of_their_means():
    longer = restricted_means(counted((0, 3, 1, 1), (0, 4, 0, 8)), [4])
    means = {"short": restricted_means(half_leave_at_two(), [4]), "long": longer}
    got = differences(means, to="long").set_index("class")
    gap = 3 - (4 - 1 / 9)
    reach = 1.959964 * np.sqrt(1**2 * 2 / (4 * 2) + (8 / 9) ** 2 * 1 / (9 * 8))
    expected = [gap, gap - reach, gap + reach]
    assert got.loc["short", ["difference", "difference_low", "difference_high"]].tolist() == pytest.approx(expected)
    assert got.loc["long"].drop("months").isna().all()


def test_a_difference_to_a_class_that_nobody_left_has_no_interval():
    means = {"short": restricted_means(half_leave_at_two(), [4]), "long": restricted_means(counted((0, 4, 0, 9)), [4])}
    got = differences(means, to="long").set_index("class").loc["short"]
    assert got["difference"] == -1
    assert np.isnan([got["difference_low"], got["difference_high"]]).all()


def test_where_nobody_was_under_observation_all_is_missing():
    got = restricted_means(counted(), [12, 24])
    assert got["months"].tolist() == [12, 24]
    assert got["mean"].isna().all() and got["high"].isna().all()
    assert got["at_risk"].tolist() == [0, 0]
    assert observed_until(counted()) == 0
