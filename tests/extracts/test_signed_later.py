"""Signups that a renewal wrote over: the customer is there, whatever the signup says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CUSTOMERS = "customer_id,signup_date\nA,2025-02-01\nB,2025-02-01\nC,2023-05-01\n"
HELD = "subscription_id,customer_id,product,monthly_fee,start_date\nS1,A,tv,5,2023-05-01\nS2,B,tv,5,2025-02-01\n"
BILLS = "invoice_id,customer_id,month,amount\nI1,A,2024-10,5\nI2,B,2024-12,5\n"
RULE = "later:signup_date"


def test_who_held_a_product_before_the_signup_is_a_customer_from_then_on(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS, "subscriptions.csv": HELD})
    assert got.column("customers", "customer_id") == ["A", "C"]
    assert got.column("customers", "signup_date")[0] is None
    assert got.extracts.doors.set_index("table").loc["customers", "later"] == 1
    assert got.sentence(RULE).startswith(
        "customers: expected a signup_date by 2024-12-31 of who held a product, or was billed, by then, found 1 later. "
        "Read as unknown"
    )


def test_without_subscriptions_a_bill_for_a_month_that_is_over_tells_it(taken: Callable[..., Any]) -> None:
    """A first bill may go out in the month before joining."""
    got = taken({"customers.csv": CUSTOMERS, "invoices.csv": BILLS})
    assert got.column("customers", "customer_id") == ["A", "C"]
    assert got.column("customers", "signup_date")[0] is None


def test_who_signs_up_later_and_held_nothing_before_is_not_known_yet(taken: Callable[..., Any]) -> None:
    later = HELD.replace("S1,A,tv,5,2023-05-01\n", "")
    got = taken(
        {"customers.csv": CUSTOMERS, "subscriptions.csv": later, "tickets.csv": "ticket_id,opened_at\nT,2024-01-01\n"}
    )
    assert got.column("customers", "customer_id") == ["C"]
    assert RULE not in got.rules()
    assert RULE not in taken({"customers.csv": CUSTOMERS}).rules()
