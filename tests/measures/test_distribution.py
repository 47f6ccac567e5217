"""Bins that can be counted by hand, and small ones that are not shown."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.measures.distribution import binned, median


@pytest.fixture
def customers(engine):
    def made(*tenures: float | None, state: str = "active"):
        return engine.table(pd.DataFrame({"tenure": pd.Series(tenures, dtype=float), "state": state}))

    return made


def test_a_value_on_an_edge_is_in_the_bin_that_begins_there(customers):
    got = binned(
        customers(*[0.0] * 20, *[5.9] * 10, *[6.0] * 15, *[12.0] * 11), value="tenure", edges=(0, 6, 12), smallest=11
    )
    assert got["customers"].tolist() == [30, 15, 11]
    assert got[["low", "high"]].iloc[:2].values.tolist() == [[0, 6], [6, 12]]
    assert not got["masked"].any()


def test_the_last_bin_is_open(customers):
    got = binned(customers(*[1.0] * 12, *[999.0] * 12), value="tenure", edges=(0, 6), smallest=11)
    assert got["customers"].tolist() == [12, 12]
    assert math.isnan(got["high"].iloc[-1])


def test_empty_bins_at_the_end_are_left_out_and_those_between_are_kept(customers):
    got = binned(customers(*[1.0] * 12, *[13.0] * 12), value="tenure", edges=(0, 6, 12, 18, 24), smallest=11)
    assert got["low"].tolist() == [0, 6, 12]
    assert got["customers"].tolist() == [12, 0, 12]
    assert got["high"].iloc[-1] == 18


def test_a_small_bin_is_masked_with_another_that_would_give_it_away(customers):
    got = binned(customers(*[1.0] * 30, *[7.0] * 20, *[13.0] * 4), value="tenure", edges=(0, 6, 12), smallest=11)
    assert got["masked"].tolist() == [False, True, True]
    assert got["customers"].isna().tolist() == [False, True, True]


def test_only_active_customers_with_a_value_are_counted(customers, engine):
    import narwhals as nw

    both = nw.concat([customers(*[1.0] * 12, None), customers(*[1.0] * 50, state="left")])
    assert binned(both, value="tenure", edges=(0, 6), smallest=11)["customers"].tolist() == [12]


def test_nobody_is_in_no_bin(customers):
    assert binned(customers(None), value="tenure", edges=(0, 6), smallest=11).empty


def test_the_median_is_the_middle_of_active_customers_who_have_a_value(customers):
    assert median(customers(*range(1, 12), None), value="tenure", smallest=11) == 6


def test_too_few_customers_have_no_median(customers):
    assert math.isnan(median(customers(*range(10)), value="tenure", smallest=11))
