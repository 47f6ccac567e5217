"""Late bills before a landmark, by hand: a payment that comes later is not known yet."""

from __future__ import annotations

import datetime as dt

from analysis.frames.observation import Observation

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))


def test_a_bill_is_overdue_from_the_day_after_it_was_due_until_it_is_paid(at, contract):
    table = contract(
        "invoices",
        {
            "invoice_id": "1",
            "customer_id": "a",
            "month": "2024-05-01",
            "amount": 9,
            "issued_on": "2024-05-31",
            "due_date": "2024-06-14",
            "paid_date": "2024-07-10",
        },
        {
            "invoice_id": "1",
            "customer_id": "a",
            "month": "2024-05-01",
            "amount": 1,
            "issued_on": "2024-05-31",
            "due_date": "2024-06-14",
            "paid_date": "2024-07-10",
        },
    )
    days = ("2024-06-14", "2024-06-15", "2024-07-09", "2024-07-10")
    assert [at(day, invoices=table)["overdue_bills"] for day in days] == [0, 1, 1, 0]


def test_a_bill_issued_more_than_three_months_before_is_no_recent_debt(at, contract):
    bill = {"invoice_id": "1", "customer_id": "a", "month": "2024-05-01", "amount": 9, "due_date": "2024-06-14"}
    table = contract("invoices", {**bill, "issued_on": "2024-05-31"})
    assert [at(day, invoices=table)["overdue_bills"] for day in ("2024-08-30", "2024-08-31")] == [1, 0]


def test_a_bill_was_late_when_paid_after_it_was_due_as_far_as_the_landmark_knows(at, contract):
    bill = {"customer_id": "a", "month": "2024-05-01", "amount": 9, "issued_on": "2024-05-31", "due_date": "2024-06-14"}
    table = contract(
        "invoices",
        {**bill, "invoice_id": "on its day", "paid_date": "2024-06-14"},
        {**bill, "invoice_id": "a day late", "paid_date": "2024-06-15"},
        {**bill, "invoice_id": "never"},
        {**bill, "invoice_id": "never"},
        {**bill, "invoice_id": "next year", "paid_date": "2025-01-01"},
        {**bill, "invoice_id": "not due", "due_date": "2025-01-01"},
    )
    days = ("2024-06-14", "2024-06-15", "2024-11-29", "2024-12-01")
    assert [at(day, invoices=table)["late_bills_6m"] for day in days] == [None, None, 3, 0]
    old = Observation(OBSERVATION.as_of, dt.date(2023, 1, 1))
    days = ("2024-06-14", "2024-06-15", "2024-06-16", "2024-06-30")
    assert [at(day, observation=old, invoices=table)["late_bills_6m"] for day in days] == [0, 3, 3, 3]
