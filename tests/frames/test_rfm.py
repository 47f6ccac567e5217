"""Recency, frequency and monetary value by hand: month by month, and order by order."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.rfm import rfm, sold_once
from analysis.frames.spells import spells

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2025, 1, 1))
LONG_AGO = {"signup_date": "2020-01-01"}


@pytest.fixture
def of(contract, engine, rows):
    """`of("2026-09-30", invoices=[…], usage=[…])`: customer → its values at a landmark."""

    def made(landmark: str, *customers: str, seen: Observation = SEEN, **given: list[dict]) -> dict[str, dict]:
        names = customers or ("a",)
        known = {"customers": contract("customers", *({"customer_id": name, **LONG_AGO} for name in names))}
        known |= {name: contract(name, *lines) for name, lines in given.items()}
        keys = engine.table(pd.DataFrame({"customer_id": names, "landmark": pd.Timestamp(landmark)}))
        keys = keys.with_columns(nw.col("landmark").cast(nw.Date))
        told = rfm(keys, months(spells(known, seen), known, seen), known, seen)
        return {row.pop("customer_id"): row for row in rows(told)}

    return made


def bill(month: str, amount: float, customer: str = "a", kind: str = "recurring", **rest: str) -> dict:
    line = {"invoice_id": f"{customer} {month} {amount}", "customer_id": customer, "month": f"{month}-01"}
    return line | {"amount": amount, "kind": kind} | rest


def order(day: str, amount: float, customer: str = "a", kind: str = "one_off", number: int = 0) -> dict:
    name = f"{customer} {day} {number}"
    return bill(day[:7], amount, customer, kind, issued_on=day, invoice_id=name)


def test_recency_is_the_whole_months_since_the_last_that_was_billed_or_used(of):
    billed = [bill("2026-05", 30), bill("2026-09", 0)]
    used = [{"customer_id": "b", "month": "2026-08-01", "download_gb": 1.0}]
    got = of("2026-09-30", "a", "b", "c", invoices=[*billed, bill("2026-04", 20, "c")], usage=used)
    assert {name: row["recency"] for name, row in got.items()} == {"a": 4, "b": 1, "c": 5}
    assert got["a"]["recency_months"] == 4.0


def test_a_month_under_way_at_the_landmark_is_not_known_yet(of):
    billed = [bill("2026-07", 30), bill("2026-08", 50)]
    assert of("2026-08-15", invoices=billed)["a"]["recency"] == 0
    assert of("2026-08-15", invoices=billed)["a"]["monetary"] == 30
    assert of("2026-08-31", invoices=billed)["a"]["monetary"] == 40


def test_frequency_counts_the_last_twelve_months_and_money_is_their_mean(of):
    billed = [bill("2025-09", 1000), bill("2025-10", 10), bill("2026-01", 20), bill("2026-01", 30, kind="usage")]
    got = of("2026-09-30", invoices=billed)["a"]
    assert (got["frequency"], got["recency"]) == (2, 8)
    assert (got["monetary"], got["monetary_month"]) == (30, 30)


def test_who_paid_nothing_for_a_year_is_told_by_the_money_before(of):
    got = of("2026-09-30", invoices=[bill("2025-02", 90), bill("2025-03", 70)])["a"]
    assert (got["frequency"], got["recency"], got["monetary"]) == (0, 18, 80)


def test_who_bought_nothing_yet_has_no_recency_and_no_money(of):
    got = of("2026-09-30", "a", "b", invoices=[bill("2026-09", 5, "b")])["a"]
    assert (got["recency"], got["frequency"], got["monetary"]) == (None, 0, None)


def test_a_year_that_reaches_before_the_extract_is_missing_not_short(of):
    short = Observation(dt.date(2026, 9, 30), dt.date(2025, 10, 2))
    got = of("2026-09-30", seen=short, invoices=[bill("2026-09", 5)])["a"]
    assert (got["frequency"], got["recency"]) == (None, 0)
    enough = Observation(dt.date(2026, 9, 30), dt.date(2025, 10, 1))
    assert of("2026-09-30", seen=enough, invoices=[bill("2026-09", 5)])["a"]["frequency"] == 1


def test_without_invoices_the_fees_of_the_products_held_are_what_was_paid(of):
    line = {"subscription_id": "1", "customer_id": "a", "product": "broadband", "monthly_fee": 30}
    held = [line | {"start_date": "2026-01-01", "end_date": "2026-05-01"}]
    got = of("2026-09-30", subscriptions=held)["a"]
    assert (got["recency"], got["frequency"], got["monetary"]) == (5, 4, 30)


def test_orders_are_counted_by_the_day_and_their_amounts_added(of):
    orders = [order("2026-06-30", 12), order("2026-06-30", 77, number=2), order("2026-08-01", 11.5)]
    got = of("2026-09-30", "a", "b", invoices=[*orders, order("2026-10-01", 99), order("2026-09-30", 8, "b")])
    assert (got["a"]["recency"], got["a"]["frequency"], got["a"]["monetary"]) == (60, 3, 100.5)
    assert got["a"]["recency_months"] == pytest.approx(60 / 30.4375)
    assert got["a"]["monetary_month"] == pytest.approx(100.5 / (92 / 30.4375), abs=1e-6)
    assert got["b"]["monetary_month"] == 8  # not a day has passed: counted as a month


def test_lines_of_one_order_are_one_and_credits_lower_the_amount_only(of):
    orders = [order("2026-06-30", 12), order("2026-06-30", 3), order("2026-09-30", -5, kind="credit")]
    got = of("2026-09-30", "a", "b", invoices=[*orders, order("2026-07-01", -1, "b", "credit")])
    assert (got["a"]["recency"], got["a"]["frequency"], got["a"]["monetary"]) == (92, 1, 10)
    assert (got["b"]["recency"], got["b"]["frequency"], got["b"]["monetary"]) == (None, 0, None)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [(["one_off", "credit"], True), (["one_off", "recurring"], False), ([None, "one_off"], False), (["credit"], False)],
)
def test_a_source_sells_once_where_nothing_recurs(contract, kinds, expected):
    lines = [bill("2026-01", 3) | {"kind": kind} for kind in kinds]
    assert sold_once({"invoices": contract("invoices", *lines)}) is expected
    assert not sold_once({})
