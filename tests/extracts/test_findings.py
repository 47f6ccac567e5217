"""The words of the checks: where, what was expected, what was found, what to do; and never a customer's key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CANARY = "CANARY-7590"
BILLS = "invoice_id,customer_id,month,kind,amount\n"


def test_a_negative_bill_line_gives_the_model_sentence(taken: Callable[..., Any]) -> None:
    body = "".join(f"INV-{n},A,2024-01,recurring,{'-35.90' if n % 3 == 0 else '9'}\n" for n in range(1, 37))
    got = taken({"invoices.csv": BILLS + body})
    assert got.sentence("range:amount") == (
        "invoices.csv, line 4: expected a recurring amount ≥ 0, found -35.90 (invoice INV-3). "
        "12 rows like it are set aside (a run writes them to quarantine/invoices.parquet). "
        "If these are credit notes, give them kind = 'credit' in params/sources/acme/invoices.sql."
    )


def test_a_line_beyond_a_thousand_has_a_comma_and_one_row_is_one_row(taken: Callable[..., Any]) -> None:
    body = "".join(f"I{n},A,2024-01,recurring,9\n" for n in range(1202)) + "INV-88213,A,2024-01,recurring,-35.90\n"
    got = taken({"invoices.csv": BILLS + body}).sentence("range:amount")
    assert got.startswith(
        "invoices.csv, line 1,204: expected a recurring amount ≥ 0, found -35.90 (invoice INV-88213)."
    )
    assert "This row is set aside (a run writes it to quarantine/invoices.parquet)." in got


def test_without_lines_the_key_of_a_bill_says_where(taken: Callable[..., Any]) -> None:
    select = "SELECT invoice_id, customer_id, month, kind, amount FROM bills"
    body = "I2,A,2024-01,recurring,-2\nI1,A,2024-01,recurring,-1\nI3,A,2024-01,recurring,9\n"
    got = taken({"bills.csv": BILLS + body}, selects={"invoices": select}).sentence("range:amount")
    assert got.startswith("invoices, invoice I1: expected a recurring amount ≥ 0, found -1. 2 rows like it are")


SIGNED = "customer_id,signup_date"
GONE = "active, suspended, churned, test, staff or internal"
SQL = "params/sources/acme/{table}.sql."


@pytest.mark.parametrize(
    ("text", "rule", "words", "advice"),
    [
        (
            f"{SIGNED}\n{CANARY},05/03/2024\nB,2024-01-01\n",
            "type:signup_date",
            "signup_date as a date written %Y-%m-%d, found '05/03/2024'",
            f"Correct it there, or translate it in {SQL}",
        ),
        (
            "customer_id,region\n,North\nB,South\n",
            "not_null:customer_id",
            "a customer_id, found none",
            f"Map the right column in {SQL}",
        ),
        (
            "customer_id,region\nNULL,North\nB,South\n",
            "not_null:customer_id",
            "a customer_id, found a placeholder",
            f"Map the right column in {SQL}",
        ),
        (
            f"customer_id\n{CANARY}\u200b\nB\n",
            "type:customer_id",
            "customer_id as an id of visible characters, found a value that is none",
            f"Correct it there, or translate it in {SQL}",
        ),
        (
            f"customer_id,status\n{CANARY},gone\nB,active\n",
            "accepted_values:status",
            f"status to be {GONE}, found 'gone'",
            f"Translate it with CASE in {SQL}",
        ),
        (
            f"customer_id,month,active_days\n{CANARY},2024-01,40\nB,2024-01,4\n",
            "range:active_days",
            "active_days between 0 and 31, found 40",
            f"Correct it there, or leave it missing in {SQL}",
        ),
        (
            f"customer_id,month,download_gb\n{CANARY},2024-01,-1\nB,2024-01,4\n",
            "range:download_gb",
            "download_gb ≥ 0, found -1",
            f"Correct it there, or leave it missing in {SQL}",
        ),
        (
            f"{SIGNED},churn_date\n{CANARY},2024-02-01,2024-01-01\n",
            "dates:churn_date",
            "churn_date on or after signup_date, found 2024-01-01, before 2024-02-01",
            f"Correct it there, or in {SQL}",
        ),
    ],
)
def test_each_rule_says_where_what_and_what_to_do(
    taken: Callable[..., Any], text: str, rule: str, words: str, advice: str
) -> None:
    table = "usage" if "month" in text else "customers"
    got = taken({f"{table}.csv": text})
    aside = f"This row is set aside (a run writes it to quarantine/{table}.parquet)."
    assert got.sentence(rule) == f"{table}.csv, line 2: expected {words}. {aside} {advice.format(table=table)}"
    assert CANARY not in got.extracts.findings.to_csv()


def test_rows_of_one_key_that_differ_are_told_together(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": f"customer_id,region\n{CANARY},North\n{CANARY},South\n"})
    assert got.sentence("unique:customer_id") == (
        "customers.csv, line 2: expected each customer_id once, found rows of one key that differ. "
        "2 rows like it are set aside (a run writes them to quarantine/customers.parquet). "
        f"Keep the right one in {SQL.format(table='customers')[:-1]}, e.g. with QUALIFY, or by `keep` in source.yml."
    )
    assert CANARY not in got.extracts.findings.to_csv()


def test_an_orphan_is_told_without_its_key(taken: Callable[..., Any]) -> None:
    got = taken(
        {
            "customers.csv": "customer_id\nA\n",
            "tickets.csv": f"ticket_id,opened_at,customer_id\nT1,2024-01-01,{CANARY}\n",
        }
    )
    assert got.sentence("relationships:customer_id") == (
        "tickets.csv, line 2: expected a customer_id that customers holds, "
        "found one that it does not hold (ticket T1). "
        "This row is set aside (a run writes it to quarantine/tickets.parquet). "
        "Complete customers."
    )


def test_a_row_of_a_customer_who_was_set_aside_is_told_apart_from_an_orphan(taken: Callable[..., Any]) -> None:
    files = {
        "customers.csv": f"customer_id,status\nA,active\n{CANARY},strange\n",
        "tickets.csv": f"ticket_id,opened_at,customer_id\nT1,2024-01-01,{CANARY}\n",
    }
    assert taken(files).sentence("follows:customer_id") == (
        "tickets.csv, line 2: expected a customer_id whose own row in customers is used, "
        "found one whose own row was set aside (ticket T1). "
        "This row is set aside (a run writes it to quarantine/tickets.parquet). "
        "It comes back with that row: mend it in customers."
    )


def test_a_customers_key_in_a_wrong_column_is_not_shown(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": f"customer_id,birth_year\n{CANARY},1970\nB,{CANARY}\n"})
    assert "found a customer's key." in got.sentence("type:birth_year")


def test_a_hostile_value_is_shown_short_and_without_control_characters(taken: Callable[..., Any]) -> None:
    hostile = "\x1b[31m" + "x" * 500
    got = taken({"customers.csv": f"customer_id,status\nA,{hostile}\nB,active\n"}).sentence("accepted_values:status")
    assert "\x1b" not in got
    assert len(got) < 400


def test_repairs_are_told_and_counted(taken: Callable[..., Any]) -> None:
    got = taken({"invoices.csv": BILLS + 'I1,A,2024-01,recurring,"1,234.50"\nI2,A,2024-01,recurring,5\n'})
    [row] = got.extracts.findings.to_dict("records")
    assert (row["severity"], row["rows"], row["column"]) == ("fixed", 1, "amount")
    assert got.sentence("written:amount") == (
        "invoices: expected plain numbers, found thousands separated, a currency sign, a minus behind or full-width "
        "digits. Read as the numbers they say."
    )


def test_a_column_without_any_value_is_mentioned(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": "customer_id,region\nA,\nB,\n"})
    assert got.sentence("empty:region") == (
        "customers: expected values, found none. What needs it is left out of the report."
    )


def test_a_column_of_leavers_without_any_value_is_right_while_nobody_has_left(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": "customer_id,signup_date,churn_date\nA,2024-01-01,\n"})
    assert got.sentence("empty:churn_date") == (
        "customers: expected values, found none. "
        "That is right while nobody has left; else map the column that says who did."
    )


def test_an_unknown_header_that_looks_like_a_column_is_asked_about(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": "customer_id,Signup\nA,2024-01-01\n"})
    assert got.sentence("ignored") == (
        "customers: expected columns of the contract, found one it does not know. It is ignored. "
        "If it is signup_date, select it as signup_date; else, to keep it, select it as attr_signup."
    )
    given = taken({"customers.csv": "customer_id,signup_date,Signup\nA,2024-01-01,x\n"})
    assert given.sentence("ignored").endswith("It is ignored. To keep it, select it as attr_signup.")


def test_findings_do_not_depend_on_how_many_threads_there_are(taken: Callable[..., Any]) -> None:
    files = {"usage.csv": "customer_id,month,download_gb\n" + "".join(f"C{n},2024-01,{-n}\n" for n in range(3000))}
    first = taken(files).extracts.findings.to_csv()
    assert taken(files).extracts.findings.to_csv() == first
    assert "line 3:" not in first
    assert "usage.csv, line 3" in first
