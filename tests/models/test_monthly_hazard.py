from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.monthly_hazard import around_a_day, by_tenure, monthly_hazards


def counted(*rows):
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "n"])


def constant(rate, *, customers=20_000, months=24, seed=4):
    """Customers who leave at one pace; half of them come in view after five months."""
    random = np.random.default_rng(seed)
    entry = np.where(random.random(customers) < 0.5, 150, 0)
    life = entry + np.ceil(random.exponential(30 / rate, customers))
    end = np.minimum(life, months * 30)
    return pd.DataFrame({"entry": entry / 30, "exit": end / 30, "event": (life <= months * 30) * 1, "n": 1})


def test_a_hazard_is_leavers_over_months_lived_through():
    """In the first month all 100 are there for a half, then 80; in the second 20 more enter."""
    rows = counted((0, 0.5, 1, 20), (0, 1.5, 1, 40), (0, 2, 0, 40), (1, 2, 0, 20))
    got = monthly_hazards(rows, [0, 1, 2])
    assert got["leavers"].tolist() == [20, 40]
    assert got["lived"].tolist() == [20 * 0.5 + 80, 40 * 0.5 + 60]
    assert got["hazard"].tolist() == pytest.approx([20 / 90, 40 / 80])


def test_the_interval_is_the_exact_one_of_a_count():
    """Garwood's table: of 10 leavers, 4.7954 to 18.3904."""
    got = monthly_hazards(counted((0, 1, 1, 10), (0, 1, 0, 90)), [0, 1], smallest=5).iloc[0]
    assert [got["low"] * 100, got["high"] * 100] == pytest.approx([4.7954, 18.3904], abs=1e-4)


def test_who_leaves_at_an_edge_belongs_to_the_band_before_it():
    assert monthly_hazards(counted((0, 1, 1, 20), (0, 2, 1, 30)), [0, 1, 2])["leavers"].tolist() == [20, 30]


def test_bands_with_few_leavers_are_joined_with_the_next_and_the_last_with_the_one_before():
    rows = counted((0, 1, 1, 4), (0, 2, 1, 7), (0, 3, 1, 12), (0, 4, 1, 3), (0, 5, 0, 90))
    got = monthly_hazards(rows, [0, 1, 2, 3, 4, 5])
    assert got[["begins", "ends", "leavers"]].to_numpy().tolist() == [[0, 2, 11], [2, 5, 15]]


def test_where_few_or_none_left_there_is_no_band():
    assert monthly_hazards(counted((0, 3, 1, 10), (0, 5, 0, 90)), [0, 1, 5]).empty
    assert monthly_hazards(counted((0, 5, 0, 90)), [0, 1, 5]).empty


def test_leavers_outside_the_edges_do_not_count():
    got = monthly_hazards(counted((0, 1, 1, 50), (0, 4, 1, 20), (0, 9, 1, 30)), [2, 5])
    assert got[["leavers", "lived"]].to_numpy().tolist() == [[20, 20 * 2 + 30 * 3]]


def test_a_month_in_which_many_leave_stands_out():
    rows = pd.concat([constant(0.01), counted((0, 12, 1, 200))])
    got = monthly_hazards(rows, np.arange(0.5, 24))
    assert got.loc[got["stands_out"] == 1, "begins"].tolist() == [11.5]


def test_a_pace_that_falls_steadily_has_no_peak_though_the_first_months_are_far_above_the_last():
    rows = counted(*((0, month + 1, 1, round(3000 * 0.7**month)) for month in range(12)), (0, 12, 0, 500))
    assert not monthly_hazards(rows, range(13))["stands_out"].any()


def test_a_peak_on_a_pace_that_falls_is_found():
    rows = counted(
        *((0, month + 1, 1, round(3000 * 0.7**month)) for month in range(12)), (0, 6, 1, 800), (0, 12, 0, 500)
    )
    got = monthly_hazards(rows, range(13))
    assert got.loc[got["stands_out"] == 1, "ends"].tolist() == [6]


def test_intervals_hold_the_truth_and_an_even_pace_seldom_seems_to_have_a_peak():
    found = [monthly_hazards(constant(0.02, customers=3000, seed=seed), range(25)) for seed in range(60)]
    held = np.concatenate([(one["low"] <= 0.02) & (one["high"] >= 0.02) for one in found])
    assert 0.93 <= held.mean() <= 0.99
    assert sum(one["stands_out"].any() for one in found) <= 7


def test_by_tenure_a_band_lies_around_each_whole_month():
    got = by_tenure(counted((0, 0.4, 1, 20), (0, 11.6, 1, 20), (0, 12.4, 1, 20), (0, 13, 1, 20), (0, 60, 0, 900)))
    assert got[["begins", "ends", "leavers"]].to_numpy().tolist() == [[0, 0.5, 20], [0.5, 12.5, 40], [12.5, 52.5, 20]]


def test_around_a_day_its_month_is_zero():
    """Counted from six and a half months before the day: twenty leave a week before it, others two months after."""
    got = around_a_day(counted((0, 6.25, 1, 20), (0, 8.5, 1, 20), (0, 9, 0, 400)))
    assert got[["begins", "ends", "leavers"]].to_numpy().tolist() == [[-6.5, 0.5, 20], [0.5, 2.5, 20]]


def test_around_a_day_no_other_month_is_asked_whether_it_stands_out():
    rows = counted(*((0, month + 1, 1, 300 if month in (2, 6) else 20) for month in range(9)), (0, 9, 0, 9000))
    got = around_a_day(rows)
    assert got.loc[got["stands_out"] == 1, "ends"].tolist() == [0.5]
    assert monthly_hazards(rows, range(10))["stands_out"].sum() == 2


def test_where_nobody_was_observed_there_is_no_band():
    assert by_tenure(counted()).empty
    assert around_a_day(counted()).empty
