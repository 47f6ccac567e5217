"""What refuses a source: all of it at once, as far as one table's trouble lets the others be looked at."""

from __future__ import annotations

from collections.abc import Callable


def test_what_refuses_several_tables_is_told_in_one_go(refused: Callable[..., str]) -> None:
    got = refused(
        {
            "customers.csv": "customer_id,signup_date\nA,05/03/2024\n",
            "usage.csv": "customer_id,download_gb\nA,5\n",
            "invoices.csv": b"invoice_id,customer_id,month,amount\nI1,\xe4,2024-01,5\n",
            "tickets.csv": "ticket_id,opened_at\nT1,2024-01-01\n",
        }
    )
    told = got.splitlines()
    assert len(told) == 3
    assert told[0].startswith("customers.csv, line 2: expected signup_date as a date")
    assert any(line.startswith("usage.csv: expected a column month") for line in told)
    assert any("invoices.csv" in line and "utf-8" in line.lower() for line in told)


def test_a_file_that_two_tables_need_is_refused_once(refused: Callable[..., str]) -> None:
    selects = {
        "customers": "SELECT id AS customer_id FROM book",
        "subscriptions": "SELECT id AS subscription_id, id AS customer_id, 'tv' AS product, '1' AS monthly_fee, "
        "'2024-01-01' AS start_date FROM book",
    }
    assert len(refused({"book.csv": b"id\n\xe4\n"}, selects=selects).splitlines()) == 1
