"""A customer's months by hand."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pyarrow as pa
import pytest

from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.spells import spells

OBSERVATION = Observation(dt.date(2024, 3, 31), dt.date(2024, 1, 1))


@pytest.fixture
def of(contract, rows):
    def made(customers: list[dict], observation: Observation = OBSERVATION, **tables) -> list[dict]:
        known = {"customers": contract("customers", *customers)} | tables
        return rows(months(spells(known, observation), known, observation))

    return made


def bill(customer: str, month: str, amount: float, kind: str | None = "recurring") -> dict:
    return {
        "invoice_id": f"{customer}{month}{amount}",
        "customer_id": customer,
        "month": month,
        "amount": amount,
        "kind": kind,
    }


def test_a_month_counts_the_days_a_customer_was_there_without_the_day_of_leaving(of):
    got = of(
        [
            {"customer_id": "a", "signup_date": "2020-01-01"},
            {"customer_id": "b", "signup_date": "2024-02-01", "churn_date": "2024-03-31"},
            {"customer_id": "c", "signup_date": "2024-01-10", "churn_date": "2024-01-20"},
        ]
    )
    assert [(r["customer_id"], r["month"], r["days"], r["share"]) for r in got] == [
        ("a", "2024-01-01", 31, 1), ("a", "2024-02-01", 29, 1), ("a", "2024-03-01", 31, 1),
        ("b", "2024-02-01", 29, 1), ("b", "2024-03-01", 30, 30 / 31),
        ("c", "2024-01-01", 10, 10 / 31),
    ]  # fmt: skip


def test_revenue_is_what_was_billed_for_the_month_with_credits_subtracted(of, contract):
    invoices = contract(
        "invoices",
        bill("a", "2024-01-01", 30),
        bill("a", "2024-01-01", 4.5, "usage"),
        bill("a", "2024-01-01", -2, "credit"),
        bill("a", "2024-02-01", 30, None),
    )
    got = of([{"customer_id": "a", "signup_date": "2020-01-01"}], invoices=invoices)
    assert [(r["revenue"], r["recurring"], r["usage"], r["credit"]) for r in got] == [
        (32.5, 30, 4.5, -2), (30, 30, 0, 0), (None, None, None, None),
    ]  # fmt: skip


def test_a_last_bill_after_leaving_is_revenue_too(of, contract):
    customers = [{"customer_id": "a", "signup_date": "2020-01-01", "churn_date": "2024-01-20"}]
    got = of(customers, invoices=contract("invoices", bill("a", "2024-02-01", 7)))
    assert [(r["month"], r["days"], r["revenue"]) for r in got] == [
        ("2024-01-01", 19, None), ("2024-02-01", 0, 7),
    ]  # fmt: skip


def test_without_invoices_revenue_is_fees_less_discounts_by_days_held(of, contract):
    line = {
        "customer_id": "a",
        "product": "broadband",
        "monthly_fee": 31,
        "discount": 10,
        "discount_end_date": "2024-02-01",
    }
    lines = contract("subscriptions", {**line, "subscription_id": "1", "start_date": "2024-01-22"})
    got = of([{"customer_id": "a", "signup_date": "2024-01-22"}], subscriptions=lines)
    assert [r["revenue"] for r in got] == [pytest.approx(6.77), 31, 31]


def test_who_left_pays_no_more_where_only_the_account_tells_it(of, contract):
    seen = Observation(dt.date(2024, 3, 31), dt.date(2024, 1, 1), leaving_told_by="accounts")
    line = {"subscription_id": "1", "customer_id": "a", "product": "broadband", "monthly_fee": 31}
    lines = contract("subscriptions", {**line, "start_date": "2020-01-01"}, account_id=pa.string())
    lines = lines.with_columns(account_id=nw.col("customer_id"))
    left = [{"customer_id": "a", "signup_date": "2020-01-01", "churn_date": "2024-01-11"}]
    assert [(r["month"], r["revenue"]) for r in of(left, seen, subscriptions=lines)] == [("2024-01-01", 10)]


def test_a_discount_counts_for_the_days_before_it_ends(of, contract):
    line = {
        "customer_id": "a",
        "product": "broadband",
        "monthly_fee": 30,
        "discount": 10,
        "discount_end_date": "2024-03-03",
    }
    lines = contract("subscriptions", {**line, "subscription_id": "1", "start_date": "2020-01-01"})
    got = of([{"customer_id": "a", "signup_date": "2020-01-01"}], subscriptions=lines)
    assert [r["revenue"] for r in got] == [20, 20, pytest.approx(30 - 10 * 2 / 31, abs=0.005)]


def test_before_a_whole_month_was_observed_there_is_none(of):
    observation = Observation(dt.date(2024, 3, 31), dt.date(2024, 3, 2))
    assert of([{"customer_id": "a", "signup_date": "2020-01-01"}], observation) == []


def test_revenue_is_missing_where_no_table_tells_it(of):
    assert [r["revenue"] for r in of([{"customer_id": "a", "signup_date": "2020-01-01"}])] == [None, None, None]


def test_a_first_month_observed_in_part_is_left_out(of):
    observation = Observation(dt.date(2024, 3, 31), dt.date(2024, 1, 15))
    got = of([{"customer_id": "a", "signup_date": "2020-01-01"}], observation)
    assert [r["month"] for r in got] == ["2024-02-01", "2024-03-01"]


def test_bills_from_before_they_are_covered_are_not_half_counted(of, contract):
    observation = Observation(dt.date(2024, 3, 31), dt.date(2024, 1, 1), covers_from={"invoices": dt.date(2024, 2, 1)})
    invoices = contract("invoices", bill("a", "2024-01-01", 30), bill("a", "2024-02-01", 30))
    got = of([{"customer_id": "a", "signup_date": "2020-01-01"}], observation, invoices=invoices)
    assert [r["revenue"] for r in got] == [None, 30, None]


def test_use_stands_beside_the_bill(of, contract):
    usage = contract("usage", {"customer_id": "a", "month": "2024-02-01", "download_gb": 12.5})
    got = of([{"customer_id": "a", "signup_date": "2020-01-01"}], usage=usage)
    assert [r["download_gb"] for r in got] == [None, 12.5, None]
