"""The model beside simple rules: by hand, and what is told when a rule is nearer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.value_backtest import by_class, by_tenth, compared


def year(model: list[float], received: list[float], **rules: list[float]) -> pd.DataFrame:
    rows = pd.DataFrame({"customer_id": [f"c{n:03d}" for n in range(len(model))], "model": model, "received": received})
    nothing = [float("nan")] * len(model)
    return rows.assign(**{name: rules.get(name, nothing) for name in ("average_life", "last_year", "rfm")})


def test_errors_ratios_and_ranks_by_hand():
    rows = year([10, 20, 30], [12, 18, 40], last_year=[30, 20, 10])
    got = compared(rows).set_index("rule")
    assert list(got.index) == ["model", "last_year"]  # what cannot be told is no row
    assert got.loc["model", "error"] == pytest.approx(14 / 3)
    assert got.loc["last_year", "error"] == pytest.approx((18 + 2 + 30) / 3)
    assert got.loc["last_year", "difference"] == pytest.approx(36 / 3)
    assert got["rank"].tolist() == pytest.approx([1, -1])
    assert got["ratio"].tolist() == pytest.approx([70 / 60, 70 / 60])
    assert np.isnan(got.loc["model", "difference"])


def test_a_rule_that_is_the_same_for_all_ranks_nobody():
    got = compared(year([10, 20], [12, 18], average_life=[15, 15])).set_index("rule")
    assert np.isnan(got.loc["average_life", "rank"])


def test_the_difference_is_below_zero_with_its_interval_where_a_rule_is_nearer():
    random = np.random.default_rng(3)
    came = random.gamma(4, 10, 400)
    rows = year(list(came + random.normal(0, 10, 400)), list(came), last_year=list(came + random.normal(0, 2, 400)))
    got = compared(rows).set_index("rule").loc["last_year"]
    assert got["difference_high"] < 0
    assert got["difference_low"] < got["difference"] < got["difference_high"]


def test_the_interval_of_the_ratio_holds_the_truth_as_often_as_it_says():
    random, held = np.random.default_rng(5), 0
    for _ in range(300):
        said = random.gamma(4, 10, 150)
        row = compared(year(list(said), list(said * random.exponential(1.1, 150)))).iloc[0]
        held += row["ratio_low"] <= 1.1 <= row["ratio_high"]
    assert 0.91 < held / 300 < 0.985


def test_tenths_go_from_the_most_valuable_down_and_equal_ones_by_id():
    rows = year([5.0] * 10 + [7.0] * 10, list(np.arange(20.0)))
    got = by_tenth(rows.sample(frac=1, random_state=1))
    assert got["tenth"].tolist() == list(range(1, 11))
    assert got["customers"].tolist() == [2] * 10
    assert got["expected"].tolist() == [7.0] * 5 + [5.0] * 5
    assert got["received"].tolist() == [10.5, 12.5, 14.5, 16.5, 18.5, 0.5, 2.5, 4.5, 6.5, 8.5]


def test_nothing_is_told_of_few_customers():
    rows = year([5.0] * 30, [5.0] * 30)
    assert by_tenth(rows, smallest=11).empty
    assert compared(rows.head(10), smallest=11).empty
    assert compared(rows.iloc[:0]).empty
    assert len(by_tenth(rows, smallest=3)) == 10


def test_small_classes_are_masked_with_one_that_would_give_them_away():
    rows = year([10.0] * 60, [11.0] * 60)
    classes = rows[["customer_id"]].assign(contract_class=["long"] * 30 + ["short"] * 25 + ["none"] * 5)
    got = by_class(rows, classes, ["contract", "unknown"], smallest=11).set_index("class")
    assert got["masked"].sum() == 2
    assert got.loc["none", "masked"]
    assert got.loc["long", "ratio"] == pytest.approx(1.1)
    assert np.isnan(got.loc["none", "ratio"])


def test_customers_without_a_class_table_row_are_left_out():
    rows = year([10.0] * 30, [11.0] * 30)
    got = by_class(rows, rows[["customer_id"]].head(20).assign(contract_class="long"), ["contract"], smallest=11)
    assert got["customers"].tolist() == [20]
    assert by_class(rows, rows[["customer_id"]], ["contract"], smallest=11).empty
