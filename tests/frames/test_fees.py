"""Fees, discounts and what became of them, by hand."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from analysis.frames.fees import fee_lines, fee_margins, fees_then_and_now, monthly_margins, running_discounts
from analysis.frames.observation import Observation

THEN, NOW = dt.date(2024, 3, 31), dt.date(2025, 3, 31)
OBSERVATION = Observation(NOW, dt.date(2024, 1, 1))
SHARES = {"default": 0.5, "broadband": 0.6, "tv": 0.3}


def line(number: int, customer: str = "a", product: str = "broadband", **rest) -> dict:
    return {
        "subscription_id": str(number), "customer_id": customer, "product": product, "monthly_fee": 30,
        "start_date": "2020-01-01",
    } | rest  # fmt: skip


@pytest.fixture
def lines(contract):
    def held(day: dt.date, *rows: dict, observation: Observation = OBSERVATION):
        return fee_lines(day, {"subscriptions": contract("subscriptions", *rows)}, observation)

    return held


@pytest.fixture
def later(lines, rows):
    """`later(row, …)`: expected and actual fees of the customers, from the lines held then and now."""

    def compared(*given: dict) -> dict:
        got = rows(fees_then_and_now(lines(THEN, *given), lines(NOW, *given)))
        return {row["customer_id"]: (row["expected"], row["actual"]) for row in got}

    return compared


def test_a_product_is_held_from_its_start_to_the_day_before_its_end(lines, rows):
    got = rows(
        lines(
            NOW,
            line(1, start_date="2025-03-31"),
            line(2, start_date="2025-04-01"),
            line(3, end_date="2025-03-31"),
            line(4, end_date="2025-04-01"),
        ).select("subscription_id")
    )
    assert [row["subscription_id"] for row in got] == ["1", "4"]


def test_what_the_products_own_costs_leave_goes_by_product_whatever_its_case(lines, rows):
    held = lines(NOW, line(1), line(2, product="TV", monthly_fee=10), line(3, product="Fax", monthly_fee=4))
    got = rows(fee_margins(held, gross_margin=SHARES))
    assert got == [
        {
            "customer_id": "a",
            "fee": 44,
            "fee_margin": pytest.approx(18 + 3 + 2),
            "share": pytest.approx(1.4 / 3, abs=1e-6),
        }
    ]


def test_discounts_stand_by_the_day_they_end_on(lines, rows):
    held = lines(
        NOW,
        line(1, discount=5, discount_end_date="2025-05-01"),
        line(2, product="tv", discount=2, discount_end_date="2025-05-01"),
        line(3, product="voice", discount=1),
        line(4, "b", discount=9, discount_end_date="2025-03-31"),
        line(5, "c", discount=9, discount_end_date="2025-04-01"),
    )
    got = rows(
        running_discounts(held, gross_margin=SHARES).select("customer_id", "months", "discount", "discount_margin")
    )
    assert [tuple(row.values()) for row in got] == [
        ("a", pytest.approx(30 / 30.4375), 7, pytest.approx(3.6)), ("a", None, 1, 0.5), ("c", 0, 9, pytest.approx(5.4)),
    ]  # fmt: skip


def test_where_only_accounts_tell_who_left_their_products_end_with_them(contract, rows):
    seen = Observation(NOW, dt.date(2024, 1, 1), leaving_told_by="accounts")
    tables = {
        "subscriptions": contract(
            "subscriptions",
            line(1, account_id="a"),
            line(2, "b", account_id="b"),
            account_id=pa.string(),
        ),
        "customers": contract("customers", {"customer_id": "a", "churn_date": "2025-01-31"}, {"customer_id": "b"}),
    }
    assert [row["customer_id"] for row in rows(fee_lines(NOW, tables, seen).select("customer_id"))] == ["b"]


def test_a_product_not_known_to_be_held_then_has_no_fee(lines):
    seen = Observation(NOW, dt.date(2024, 1, 1), known_at={"product": "snapshot"}, snapshot_date=dt.date(2025, 3, 31))
    counted = [len(lines(day, line(1), observation=seen).collect()) for day in (THEN, NOW)]
    assert counted == [0, 1]


def test_a_price_that_rose_on_the_same_plan_counts(later):
    old = line(1, plan="M", end_date="2024-07-01")
    new = line(2, plan="M", monthly_fee=33, start_date="2024-07-01")
    assert later(old, new) == {"a": (30, 33)}


def test_a_discount_that_ended_as_agreed_is_no_rise(later):
    ended = line(1, discount=5, discount_end_date="2024-09-01")
    runs_on = line(2, "b", discount=5, discount_end_date="2025-09-01")
    assert later(ended, runs_on) == {"a": (30, 30), "b": (25, 25)}


def test_a_discount_granted_since_lowers_what_is_paid(later):
    old = line(1, end_date="2024-07-01")
    new = line(2, discount=6, discount_end_date="2025-07-01", start_date="2024-07-01")
    assert later(old, new) == {"a": (30, 24)}


def test_a_product_given_up_by_who_stayed_pays_nothing(later):
    assert later(line(1), line(2, product="tv", monthly_fee=10, end_date="2025-01-01")) == {"a": (40, 30)}


def test_who_left_or_came_is_not_compared(later):
    assert later(line(1, end_date="2025-01-01"), line(2, "b", start_date="2024-06-01")) == {}


def test_a_product_sold_since_is_none_that_was_held(later):
    assert later(line(1), line(2, product="tv", start_date="2024-06-01")) == {"a": (30, 30)}


def test_a_further_line_was_sold_and_its_product_is_left_out(later):
    second = [line(1, product="mobile"), line(2, product="mobile", start_date="2024-07-01")]
    assert later(*second, line(3)) == {"a": (30, 30)}


@pytest.mark.parametrize("fee", [20, 45])
def test_a_plan_that_was_changed_is_another_product(later, fee):
    changed = [line(1, plan="M", end_date="2024-07-01"), line(2, plan="L", monthly_fee=fee, start_date="2024-07-01")]
    assert later(*changed) == {}
    assert later(*changed, line(3, product="tv")) == {"a": (30, 30)}


def test_without_names_of_plans_every_change_of_the_fee_counts(later):
    assert later(line(1, end_date="2024-07-01"), line(2, monthly_fee=45, start_date="2024-07-01")) == {"a": (30, 45)}


def test_one_line_of_two_given_up_is_a_loss(later):
    two = [line(1, product="mobile", plan="S"), line(2, product="mobile", plan="M", end_date="2024-07-01")]
    assert later(*two) == {"a": (60, 30)}


@pytest.fixture
def margins(contract, engine, rows):
    """`margins(row, …)`: customer → monthly margin of the products held on the second day, at 2 a month to serve."""

    def made(*lines: dict) -> dict[str, float]:
        keys = engine.table(pa.table({"customer_id": ["a", "b"], "landmark": pa.array([NOW, NOW], pa.date32())}))
        tables = {"subscriptions": contract("subscriptions", *lines, account_id=pa.string())}
        got = rows(monthly_margins(keys, tables, OBSERVATION, gross_margin=SHARES, per_month=2.0))
        return {row["customer_id"]: row["monthly_margin"] for row in got}

    return made


def test_the_monthly_margin_is_fees_less_running_discounts_at_gross_margin_less_the_cost_to_serve(margins):
    over = line(3, discount=5, discount_end_date="2025-03-31")
    runs = line(1, discount=10, discount_end_date="2025-04-01")
    assert margins(runs) == {"a": pytest.approx(20 * 0.6 - 2)}
    assert margins(over, line(2, product="TV", monthly_fee=10)) == {"a": pytest.approx(18 + 3 - 2)}


def test_the_monthly_margin_of_who_pays_by_use_alone_is_that_of_what_was_billed(contract, engine, rows):
    keys = engine.table(pa.table({"customer_id": ["a", "b"], "landmark": pa.array([NOW, NOW], pa.date32())}))
    held = contract("subscriptions", line(1, monthly_fee=0, product="tv"), line(2, "b"), account_id=pa.string())
    lines = [
        {"invoice_id": "1", "customer_id": name, "month": "2025-03-01", "kind": "usage", "amount": 20} for name in "ab"
    ]
    tables = {"subscriptions": held, "invoices": contract("invoices", *lines, account_id=pa.string())}
    got = rows(monthly_margins(keys, tables, OBSERVATION, gross_margin=SHARES, per_month=2.0))
    margins = {row["customer_id"]: row["monthly_margin"] for row in got}
    assert margins == {"a": pytest.approx(20 * 0.3 - 2), "b": pytest.approx(30 * 0.6 - 2)}


def test_who_holds_nothing_with_a_fee_has_no_monthly_margin(margins):
    assert margins(line(1, end_date="2025-03-31"), line(2, "b", monthly_fee=None)) == {}
