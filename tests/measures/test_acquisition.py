"""What winning customers costs and brings, by hand."""

from __future__ import annotations

import datetime as dt
import math

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.frames.fees import EXACT
from analysis.measures.acquisition import UNTOLD, channel_values, cost_told, received_margin, with_channel, won_lately
from analysis.measures.channels import Active, Seen, acquisition
from analysis.measures.margin import Costs

COSTS = Costs({"default": 0.5}, per_month=2.0, per_contact=6.0)
YEAR = [dt.date(2025, month, 1) for month in range(1, 13)]
SEEN = Seen(dt.date(2025, 12, 31), YEAR)


def lately(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "channel", "cost", "received"])


def ids(*names: str) -> pd.Series:
    return pd.Series(list(names), dtype=object)


NOBODY = {"customer_id": ids(), "worth": np.zeros((1, 0))}
TWO = lately(("a", "web", 50, 20), ("b", "web", 30, 40), ("c", "shop", 100, 60))


def test_a_customer_won_brings_what_was_received_and_what_is_expected_of_who_is_there() -> None:
    got = channel_values(TWO, customer_id=ids("a", "c", "old"), worth=np.array([[300.0, 140.0, 9e9]]))
    whole, web, shop = got.to_dict("records")
    assert (web["channel"], web["cost"], web["value"], web["ratio"]) == ("web", 40, 180, 4.5)  # (320 + 40) / 2; b left
    assert (shop["cost"], shop["value"], shop["ratio"]) == (100, 200, 2)
    assert (whole["channel"], whole["cost"], whole["value"]) == (None, 60, pytest.approx(560 / 3))
    assert got["share"].tolist() == [1, pytest.approx(2 / 3), pytest.approx(1 / 3)]


def test_who_holds_nothing_with_a_fee_is_expected_to_bring_nothing() -> None:
    got = channel_values(TWO.head(1), customer_id=ids("a"), worth=np.array([[np.nan]]))
    assert got["value"].tolist() == [20, 20]


def test_without_a_forecast_there_is_a_cost_and_no_value() -> None:
    got = channel_values(TWO, **NOBODY)
    assert got["cost"].tolist() == [60, 40, 100]
    assert got[["value", "ratio", "ratio_low"]].isna().all(axis=None)


def test_what_costs_nothing_has_no_ratio() -> None:
    got = channel_values(lately(("a", "referral", 0, 20)), customer_id=ids("a"), worth=np.array([[5.0]]))
    assert (got["cost"].iloc[0], got["value"].iloc[0]) == (0, 25)
    assert math.isnan(got["ratio"].iloc[0])


def test_intervals_hold_chance_among_customers_and_the_models_draws() -> None:
    rows = lately(*[(f"c{i}", "web", 40 + i, 100 + 7 * (i % 3)) for i in range(20)])
    worth = np.array([np.full(20, 200.0 + shift) for shift in (0, -30, 30)])
    got = channel_values(rows, customer_id=rows["customer_id"], worth=worth).iloc[0]
    value = rows["received"] + 200
    spread = 30 * np.sqrt(2)
    error = np.hypot(value.std(ddof=1) / np.sqrt(20), spread)
    assert got["value_high"] - got["value"] == pytest.approx(1.959964 * error)
    ratio = value.mean() / rows["cost"].mean()
    residuals = value - ratio * rows["cost"]
    error = np.hypot(np.sqrt((residuals**2).sum() / 19 / 20), spread) / rows["cost"].mean()
    assert got["ratio_high"] - got["ratio"] == pytest.approx(1.959964 * error)


def test_the_ratio_of_known_laws_is_covered_as_often_as_promised() -> None:
    random, covered = np.random.default_rng(5), 0
    for _ in range(400):
        cost = random.uniform(40, 80, 120)
        rows = lately(*[(f"c{i}", "web", one, 0) for i, one in enumerate(cost)])
        worth = (3 * cost + random.normal(0, 90, 120))[None, :]
        got = channel_values(rows, customer_id=rows["customer_id"], worth=worth).iloc[0]
        covered += got["ratio_low"] <= 3 <= got["ratio_high"]
    assert 0.92 < covered / 400 < 0.98


@pytest.fixture
def table(engine):
    def made(rows: list[tuple], *columns: str) -> nw.LazyFrame:
        data = pd.DataFrame(rows, columns=list(columns))
        days = [name for name in columns if name in ("start", "month")]
        money = [name for name in columns if name in ("cost", "margin", "revenue", "share", "contacts")]
        lazy = engine.table(data.assign(**{name: pd.to_datetime(data[name]) for name in days}))
        texts = [nw.col(name).cast(nw.String) for name in columns if name in ("channel", "customer_id")]
        casts = [nw.col(*days).cast(nw.Date), nw.col(*money).cast(EXACT)]
        return lazy.with_columns(*casts, *texts)

    return made


def customers(table, *rows: tuple) -> nw.LazyFrame:
    return table(list(rows), "customer_id", "start", "channel", "cost")


def margins(table, *rows: tuple) -> nw.LazyFrame:
    return table(list(rows), "customer_id", "month", "margin")


def test_margin_received_is_revenue_at_the_gross_margin_less_service_and_contacts(table) -> None:
    received = table([("a", "2025-01-01", 60, 0.5, 7)], "customer_id", "month", "revenue", "share", "contacts")
    for gross, expected in ((0.6, 60 * 0.6 - 1 - 7), (float("nan"), 60 * 0.5 - 1 - 7)):
        got = received_margin(received, costs=COSTS, gross_margin=gross).collect("pandas").to_native()
        assert float(got["margin"].iloc[0]) == pytest.approx(expected)


def test_who_joined_in_the_last_four_quarters_counts_with_all_that_was_received(table) -> None:
    won = customers(
        table, ("a", "2025-01-01", "web", 50), ("b", "2024-12-31", "web", 50), ("c", "2025-12-31", "web", 50)
    )
    got = won_lately(won, margins(table, ("a", "2025-01-01", 10), ("a", "2025-02-01", 5)), as_of=SEEN.as_of)
    assert got[["customer_id", "received"]].to_dict("list") == {"customer_id": ["a", "c"], "received": [15, 0]}


def test_customers_whose_cost_is_not_told_are_left_out_and_counted(table) -> None:
    won = customers(table, ("a", "2025-01-01", None, 50), ("b", "2025-01-01", "web", None))
    assert cost_told(won) == 0.5
    assert with_channel(won).collect("pandas").to_native()["channel"].tolist() == [UNTOLD]
    assert math.isnan(cost_told(customers(table, ("a", "2025-01-01", "web", 1.0)).filter(nw.col("customer_id") == "z")))


def of(table, won: list[tuple], received: list[tuple], *, seen: Seen = SEEN, smallest: int = 5):
    """Everybody five times, for no smaller group is published."""
    five = [(f"{one[0]}{copy}", *one[1:]) for one in won for copy in range(5)]
    brought = [(f"{one[0]}{copy}", *one[1:]) for one in received for copy in range(5)]
    active = Active(ids(*[one[0] for one in five]), np.full((1, len(five)), 100.0))
    return acquisition(customers(table, *five), margins(table, *brought), seen=seen, active=active, smallest=smallest)


def test_everything_is_told_by_channel_and_by_the_quarter_of_joining(table) -> None:
    won = [("a", "2025-01-10", "web", 50), ("b", "2025-05-10", "shop", 20)]
    received = [(one, month, 20) for one in ("a", "b") for month in YEAR if month >= dt.date(2025, 5, 1) or one == "a"]
    got = of(table, won, received)
    assert (got.told, got.horizon) == (1, 6)
    assert got.paid["months"].tolist() == [2, 1, 3]  # all, shop, web
    assert got.cohorts[["cohort", "months"]].to_dict("list") == {"cohort": ["2025-Q1", "2025-Q2"], "months": [3, 1]}
    assert set(got.courses["channel"]) == {"web", "shop"}
    assert got.channels["value"].tolist() == [(240 + 160) / 2 + 100, 160 + 100, 240 + 100]


def test_a_small_channel_is_masked_with_the_next_smallest_everywhere(table) -> None:
    sizes = {"web": 6, "shop": 3, "fair": 1}  # times five
    won = [(f"{channel}{i}-", "2025-01-10", channel, 20) for channel, n in sizes.items() for i in range(n)]
    got = of(table, won, [(one[0], month, 20) for one in won for month in YEAR], smallest=11)
    assert set(got.courses["channel"]) == {"web"}
    for rows, figures in ((got.paid, ["months", "net", "cost"]), (got.channels, ["share", "cost", "value", "ratio"])):
        hidden = rows[rows["masked"]]
        assert set(hidden["channel"]) == {"shop", "fair"}
        assert hidden[["customers", *figures]].isna().all(axis=None)


def test_costs_that_are_all_zero_are_taken_as_not_told(table) -> None:
    free = of(table, [("a", "2025-01-10", "web", 0), ("b", "2025-01-10", "shop", None)], [("a", YEAR[0], 20)])
    assert (free.free, free.told) == (True, 0)
    assert all(rows.empty for rows in (free.channels, free.paid, free.cohorts, free.courses))
    some = of(table, [("a", "2025-01-10", "referral", 0), ("b", "2025-01-10", "web", 5)], [("a", YEAR[0], 20)])
    assert (some.free, some.told) == (False, 1)
    assert some.channels["cost"].tolist() == [2.5, 0, 5]


def test_without_costs_or_without_bills_nothing_false_is_told(table) -> None:
    nothing = of(table, [("a", "2025-01-10", "web", None)], [("a", YEAR[0], 20)])
    assert (nothing.told, nothing.free) == (0, False)
    assert all(rows.empty for rows in (nothing.channels, nothing.paid, nothing.cohorts, nothing.courses))
    unbilled = of(table, [("a", "2025-01-10", "web", 50)], [], seen=Seen(SEEN.as_of, []))
    assert (unbilled.horizon, unbilled.channels["cost"].tolist()) == (0, [50, 50])
    assert unbilled.channels["value"].isna().all()
    assert unbilled.paid.empty
