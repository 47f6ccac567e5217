"""What a message says where something plain would put the rows right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CUSTOMERS = "customer_id\n" + "".join(f"0000{n:04d}\n" for n in range(1, 11))
USAGE = "customer_id,month,download_gb\n"


def test_orphans_that_lost_their_leading_zeros_are_told_so_and_how_to_pad_them(taken: Callable[..., Any]) -> None:
    rows = "".join(f"{n},2024-01-01,5\n" for n in range(1, 10)) + "00000010,2024-01-01,5\n77,2024-01-01,5\n"
    got = taken({"customers.csv": CUSTOMERS, "usage.csv": USAGE + rows}).sentence("relationships:customer_id")
    assert (
        "found one that it does not hold; 9 of 10 would match without leading zeros (length 1 here, 8 in customers)."
    ) in got
    assert "write lpad(customer_id, 8, '0') in params/sources/acme/usage.sql." in got
    assert "Complete customers" not in got


def test_orphans_that_no_zeros_explain_are_told_as_before(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS, "usage.csv": f"{USAGE}77,2024-01-01,5\n00000001,2024-01-01,5\n"})
    assert "Complete customers" in got.sentence("relationships:customer_id")


def tickets(*days: tuple[str, str]) -> dict[str, str]:
    head = "ticket_id,opened_at,closed_at\n"
    return {"tickets.csv": head + "".join(f"T{n},{opened},{closed}\n" for n, (opened, closed) in enumerate(days))}


def test_dates_that_exchanging_day_and_month_puts_in_order_hint_at_date_order(taken: Callable[..., Any]) -> None:
    swapped = [(f"2024-0{month}-02", f"2024-02-0{month + 1}") for month in range(4, 9)]
    got = taken(tickets(*swapped, ("2024-05-05", "2024-05-04"))).sentence("dates:closed_at")
    assert "; 5 of 6 would be in order with day and month exchanged" in got
    assert "`date_order: {column: opened_at, by: ticket_id}` in source.yml" in got


def test_dates_that_stay_in_the_wrong_order_hint_at_nothing(taken: Callable[..., Any]) -> None:
    got = taken(tickets(*[("2024-05-25", f"2024-05-{day}") for day in range(14, 20)])).sentence("dates:closed_at")
    assert "date_order" not in got
