"""When winning customers is paid back, by hand."""

from __future__ import annotations

import datetime as dt
import math

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from analysis.frames.fees import EXACT
from analysis.measures.payback import followed_months, net_after, net_of_channels, net_of_cohorts, payback

YEAR = [dt.date(2025, month, 1) for month in range(1, 13)]


@pytest.fixture
def won(engine):
    def made(*rows: tuple[str, str, str, float]) -> nw.LazyFrame:
        data = pd.DataFrame(rows, columns=["customer_id", "start", "channel", "cost"])
        table = engine.table(data.assign(start=pd.to_datetime(data["start"])))
        return table.with_columns(nw.col("start").cast(nw.Date), nw.col("cost").cast(EXACT))

    return made


@pytest.fixture
def received(engine):
    def made(*rows: tuple[str, str, float]) -> nw.LazyFrame:
        data = pd.DataFrame(rows, columns=["customer_id", "month", "margin"])
        table = engine.table(data.assign(month=pd.to_datetime(data["month"])))
        return table.with_columns(nw.col("month").cast(nw.Date), nw.col("margin").cast(EXACT))

    return made


def monthly(customer: str, first: int, last: int, margin: float) -> list[tuple[str, str, float]]:
    return [(customer, f"2025-{month:02}-01", margin) for month in range(first, last + 1)]


def test_a_customer_pays_back_in_the_month_in_which_margins_reach_the_cost(won, received) -> None:
    got = net_after(won(("a", "2025-01-20", "web", 50)), received(*monthly("a", 1, 12, 20)), by="channel", horizon=4)
    assert got["net"].tolist() == [-30, -10, 10, 30]
    assert payback(got, by="channel")["months"].tolist() == [3]


def test_who_left_stays_in_the_count_with_what_was_received(won, received) -> None:
    customers = won(("a", "2025-01-02", "web", 50), ("b", "2025-01-02", "web", 50))
    margins = received(*monthly("a", 1, 12, 20), *monthly("b", 1, 1, 20))
    got = net_after(customers, margins, by="channel", horizon=6)
    assert got["net"].tolist() == [-30, -20, -10, 0, 10, 20]
    assert payback(got, by="channel")["months"].tolist() == [4]


def test_who_was_never_billed_costs_all_the_same(won, received) -> None:
    customers = won(("a", "2025-01-02", "web", 40), ("b", "2025-01-02", "web", 60))
    assert net_after(customers, received(*monthly("a", 1, 2, 10)), by="channel", horizon=2)["net"].tolist() == [
        -45,
        -40,
    ]


def test_months_are_counted_from_each_ones_joining(won, received) -> None:
    customers = won(("a", "2024-12-31", "web", 0), ("b", "2025-02-01", "web", 0))
    margins = received(("a", "2024-12-01", 2), *monthly("a", 1, 1, 4), *monthly("b", 2, 3, 6), *monthly("b", 1, 1, 99))
    assert net_after(customers, margins, by="channel", horizon=2)["net"].tolist() == [4, 9]


def test_what_is_not_paid_back_has_no_month_and_what_falls_below_again_is_not_paid_back_before(won, received) -> None:
    customers = won(("a", "2025-01-02", "web", 50), ("b", "2025-01-02", "shop", 10))
    margins = received(
        *monthly("a", 1, 3, 10), ("b", "2025-01-01", 15), ("b", "2025-02-01", -10), ("b", "2025-03-01", 9)
    )
    got = payback(net_after(customers, margins, by="channel", horizon=3), by="channel").set_index("channel")
    assert math.isnan(got.at["web", "months"])
    assert got.at["shop", "months"] == 3
    assert (got.at["web", "net"], got.at["web", "followed"]) == (-20, 3)


def test_the_interval_is_that_of_a_mean_and_the_months_those_of_its_ends(won, received) -> None:
    margin = np.array([10.0, 14.0, 9.0, 15.0, 12.0])
    customers = won(*[(f"c{i}", "2025-01-02", "web", 40) for i in range(5)])
    margins = received(*[line for i, one in enumerate(margin) for line in monthly(f"c{i}", 1, 8, one)])
    nets = net_after(customers, margins, by="channel", horizon=8)
    reach = student.ppf(0.975, 4) * margin.std(ddof=1) / np.sqrt(5) * nets["month"]
    assert nets["low"].tolist() == pytest.approx((12 * nets["month"] - 40 - reach).tolist())
    assert nets["high"].tolist() == pytest.approx((12 * nets["month"] - 40 + reach).tolist())
    (got,) = payback(nets, by="channel").to_dict("records")
    assert (got["months_low"], got["months"], got["months_high"]) == (3, 4, 5)


def test_channels_hold_only_whom_all_months_were_seen_of(won, received) -> None:
    early, late = ("a", "2025-07-31", "web", 10), ("b", "2025-08-01", "web", 99)
    before = ("c", "2024-12-31", "web", 99)
    got = net_of_channels(won(early, late, before), received(*monthly("a", 7, 12, 5)), billed=YEAR, horizon=6)
    assert got["customers"].tolist() == [1] * 12
    assert got["channel"].isna().tolist() == [True] * 6 + [False] * 6
    assert got["net"].tolist() == 2 * [-5, 0, 5, 10, 15, 20]


def test_a_cohort_is_followed_as_long_as_its_last_joiner_may_be(won, received) -> None:
    customers = won(("a", "2025-01-02", "web", 10), ("b", "2025-09-30", "web", 10), ("c", "2025-12-31", "web", 10))
    got = net_of_cohorts(customers, received(*monthly("a", 1, 12, 5)), billed=YEAR, horizon=6)
    assert got.groupby("cohort")["month"].max().to_dict() == {"2025-Q1": 6, "2025-Q3": 4, "2025-Q4": 1}


def test_a_quarter_that_began_before_the_bills_is_no_cohort(won, received) -> None:
    got = net_of_cohorts(won(("a", "2025-03-02", "web", 10)), received(), billed=YEAR[1:], horizon=5)
    assert got.empty


def test_half_the_billed_months_are_followed_and_two_years_at_most() -> None:
    assert followed_months([]) == 0
    assert followed_months(YEAR[:1]) == 0
    assert followed_months(YEAR[:7]) == 3
    long = [dt.date(2018 + number // 12, number % 12 + 1, 1) for number in range(90)]
    assert followed_months(long) == 24


def test_nobody_won_gives_tables_without_rows(won, received) -> None:
    nobody = won(("a", "2024-01-02", "web", 10))
    got = net_of_channels(nobody, received(*monthly("a", 1, 2, 5)), billed=YEAR, horizon=3)
    assert got.empty
    assert payback(got, by="channel").empty
