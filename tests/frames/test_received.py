"""What customers were billed in a window, by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.received import Window, received
from analysis.frames.spells import spells

OBSERVATION = Observation(dt.date(2024, 6, 30), dt.date(2024, 1, 1))


def bill(customer: str, month: str, amount: float, kind: str = "recurring") -> dict:
    return {
        "invoice_id": f"{customer}{month}{kind}",
        "customer_id": customer,
        "month": month,
        "amount": amount,
        "kind": kind,
    }


@pytest.fixture
def of(contract, rows):
    def made(window: Window, *bills: dict, tickets=None) -> dict[str, dict]:
        known = {
            "customers": contract(
                "customers",
                {"customer_id": "a", "signup_date": "2020-01-01"},
                {"customer_id": "b", "signup_date": "2020-01-01", "churn_date": "2024-04-16"},
            ),
            "invoices": contract("invoices", *bills),
        }
        monthly = months(spells(known, OBSERVATION), known, OBSERVATION)
        return {row["customer_id"]: row for row in rows(received(monthly, tickets, window))}

    return made


BILLS = (
    bill("a", "2024-03-01", 99), bill("a", "2024-04-01", 30), bill("a", "2024-04-01", 50, "one_off"),
    bill("a", "2024-05-01", -5, "credit"), bill("a", "2024-06-01", 30), bill("b", "2024-04-01", 15),
)  # fmt: skip


def test_a_window_holds_its_months_without_one_off_charges(of):
    got = of(Window(dt.date(2024, 3, 31), 2), *BILLS)
    assert (got["a"]["revenue"], got["a"]["share"], got["a"]["contacts"]) == (25, 2, 0)
    assert (got["b"]["revenue"], got["b"]["share"]) == (15, 0.5)


def test_money_and_months_are_worth_less_the_later_they_come(of):
    got = of(Window(dt.date(2024, 3, 31), 3, discount_rate=0.44), *BILLS)
    worth = [1.44 ** (-month / 12) for month in (1, 2, 3)]
    assert got["a"]["revenue"] == pytest.approx(30 * worth[0] - 5 * worth[1] + 30 * worth[2])
    assert got["a"]["share"] == pytest.approx(sum(worth))


def test_a_ticket_costs_in_the_month_of_its_day_and_not_before_the_window(of, engine):
    import pandas as pd

    days = [dt.date(2024, 3, 31), dt.date(2024, 4, 1), dt.date(2024, 5, 31), dt.date(2024, 6, 1)]
    tickets = engine.table(pd.DataFrame({"customer_id": "a", "day": days, "cost": [8.0, 4.0, 2.0, 1.0]}))
    got = of(Window(dt.date(2024, 3, 31), 2, discount_rate=0.44), *BILLS, tickets=tickets)
    assert got["a"]["contacts"] == pytest.approx(4 * 1.44 ** (-1 / 12) + 2 * 1.44 ** (-2 / 12))
