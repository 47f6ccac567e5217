"""ARPU by hand."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.measures.arpu import published_arpu, quarterly_arpu

Q3 = Quarter(2024, 3)
MONTHS = ("2024-07-01", "2024-08-01", "2024-09-01")


@pytest.fixture
def of(engine):
    def made(*rows: tuple) -> pd.DataFrame:
        data = pd.DataFrame(rows, columns=["customer_id", "month", "share", "revenue"])
        table = engine.table(data.assign(month=pd.to_datetime(data["month"])))
        typed = table.with_columns(nw.col("month").cast(nw.Date), nw.col("revenue").cast(nw.Decimal(18, 4)))
        return quarterly_arpu(typed, [Quarter(2024, 2), Q3])

    return made


def test_arpu_is_revenue_by_customer_months_each_counted_by_its_share_of_days(of):
    stays = [("a", month, 1.0, 30.0) for month in MONTHS]
    joins = [("b", MONTHS[0], 0.5, 10.0), ("b", MONTHS[1], 1.0, 20.0), ("b", MONTHS[2], 1.0, 20.0)]
    got = of(*stays, *joins).iloc[0]
    assert (got["quarter"], got["revenue"], got["customer_months"], got["customers"]) == ("2024-Q3", 140, 5.5, 2)
    assert got["arpu"] == pytest.approx(140 / 5.5)


def test_one_off_charges_and_credits_are_told_apart_where_the_bills_have_kinds(engine):
    rows = [("a", month, 1.0, 40.0, 30.0, 15.0, -5.0) for month in MONTHS]
    columns = ["customer_id", "month", "share", "revenue", "recurring", "one_off", "credit"]
    data = pd.DataFrame(rows, columns=columns)
    table = engine.table(data.assign(month=pd.to_datetime(data["month"])))
    got = quarterly_arpu(table.with_columns(nw.col("month").cast(nw.Date)), [Q3]).iloc[0]
    assert (got["arpu"], got["occasional"]) == (40.0, 10.0)


def test_without_kinds_nothing_is_occasional(of):
    assert of(*[("a", month, 1.0, 30.0) for month in MONTHS])["occasional"].tolist() == [0.0]


def test_arpu_and_revenue_of_too_few_customers_are_not_told(of):
    whole = of(*[(f"c{i}", month, 1.0, 30.0) for i in range(10) for month in MONTHS])
    assert published_arpu(whole, smallest=11).empty
    pd.testing.assert_frame_equal(published_arpu(whole, smallest=10), whole)


def test_the_order_of_the_rows_changes_no_digit(of):
    random = np.random.default_rng(1)
    rows = [
        (f"c{place}", month, days / 31, round(float(bill), 2))
        for place in range(400)
        for month, days, bill in zip(MONTHS, random.integers(1, 32, 3), random.gamma(2, 20, 3), strict=True)
    ]
    one = of(*rows)
    for _ in range(5):
        random.shuffle(rows)
        pd.testing.assert_frame_equal(of(*rows), one, check_exact=True)


def test_a_quarter_billed_in_part_has_no_arpu(of):
    assert of(("a", MONTHS[0], 1.0, 30.0), ("a", MONTHS[1], 1.0, 30.0), ("a", MONTHS[2], 1.0, None)).empty


def test_a_last_month_that_few_were_billed_for_yet_leaves_the_quarter_without_arpu(of):
    whole = [(f"c{i}", month, 1.0, 30.0) for i in range(20) for month in MONTHS[:2]]
    early = [(f"c{i}", MONTHS[2], 1.0, 30.0 if i == 0 else None) for i in range(20)]
    assert of(*whole, *early).empty
    nearly = [(f"c{i}", MONTHS[2], 1.0, 30.0 if i else None) for i in range(20)]
    assert of(*whole, *nearly)["customers"].tolist() == [20]


def test_the_interval_is_that_of_a_ratio_of_sums(of):
    revenue = np.array([10.0, 20.0, 30.0, 40.0])
    got = of(*[(f"c{i}", month, 1.0, r) for i, r in enumerate(revenue) for month in MONTHS]).iloc[0]
    error = 3 * revenue.std(ddof=1) * np.sqrt(4) / 12  # all were there for three months: the error of a mean
    assert got["high"] - got["arpu"] == pytest.approx(1.959964 * error, rel=1e-6)
    assert got["arpu"] - got["low"] == pytest.approx(1.959964 * error, rel=1e-6)
