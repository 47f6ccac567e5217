"""Columns that are wrong as a whole stop the intake at once, in words that say what to set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Refused = Callable[..., str]


def test_a_missing_required_column_names_the_closest(refused: Refused) -> None:
    got = refused({"usage.csv": "Customer Ident,month,download_gb\nA,2024-01,1\n"})
    assert got == (
        "usage.csv: expected a column customer_id, found columns 'Customer Ident', 'month', 'download_gb', '_file', "
        "'_line'. Closest: 'Customer Ident'. Select the right one AS customer_id in params/sources/acme/usage.sql."
    )


def test_a_select_without_a_required_column_is_named(refused: Refused) -> None:
    got = refused({"crm.csv": "id,day\nA,2024-01\n"}, selects={"usage": "SELECT id AS customer_id, day FROM crm"})
    assert got.startswith("params/sources/acme/usage.sql: expected a column month, found columns 'customer_id', 'day'.")


def test_an_empty_file_is_refused(refused: Refused) -> None:
    assert refused({"usage.csv": ""}).startswith("usage.csv: expected a header line and rows, found an empty file.")


def test_a_required_column_of_a_wrong_type_says_what_to_set(refused: Refused) -> None:
    got = refused({"usage.csv": "customer_id,month\nA,01/02/2024\nB,01/03/2024\n"})
    assert got == (
        "usage.csv, line 2: expected month as a month written YYYY-MM, or its first day, found '01/02/2024', and no "
        "good value in 2 rows. It is not guessed whether the day or the month comes first: ask who made the extract, "
        'then write `csv: {date_format: "%d/%m/%Y"}` or `csv: {date_format: "%m/%d/%Y"}` in '
        "params/sources/acme/source.yml, or map the right column in params/sources/acme/usage.sql."
    )


@pytest.mark.parametrize(
    ("decimal", "text"),
    [(".", "1.234,56"), (".", "29,90"), (",", "1,234.56"), (",", "29.90"), (".", "1.234.567,8"), (".", "1 234,5")],
)
def test_a_column_with_numbers_of_both_notations_is_refused(refused: Refused, decimal: str, text: str) -> None:
    rows = f'invoice_id,customer_id,month,amount\nI1,A,2024-01,7\nI2,A,2024-01,"{text}"\nI3,A,2024-01,"{text}"\n'
    other = "," if decimal == "." else "."
    assert refused({"invoices.csv": rows}, csv=f'{{decimal: "{decimal}"}}') == (
        f"invoices.csv, line 3: expected amount with '{decimal}' before its decimals, found '{text}', and 2 rows like "
        f"it. Set `csv: {{decimal: \"{other}\"}}` in params/sources/acme/source.yml if '{other}' stands before the "
        "decimals everywhere, or translate the column in params/sources/acme/invoices.sql: it is not guessed."
    )


def test_a_stray_number_of_the_other_notation_is_set_aside(taken: Callable[..., Any]) -> None:
    body = "".join(f"I{n},A,2024-01,{n}\n" for n in range(1, 102))
    got = taken({"invoices.csv": f'invoice_id,customer_id,month,amount\n{body}I0,A,2024-01,"29,90"\n'})
    assert got.set_aside("invoices") == {103: "type:amount"}


def test_grouped_numbers_beside_one_of_the_other_notation_are_in_doubt(refused: Refused) -> None:
    body = "".join(f"I{n},A,2024-01,{n}\n" for n in range(1, 200))
    rows = f'invoice_id,customer_id,month,amount\n{body}I0,A,2024-01,"29,90"\nI0,A,2024-01,"1,234"\n'
    assert "found '29,90', and 1 row like it" in refused({"invoices.csv": rows})


def test_amounts_in_the_other_notation_say_what_to_set(refused: Refused) -> None:
    rows = 'invoice_id,customer_id,month,amount\nI1,A,2024-01,"29,90"\nI2,A,2024-01,"9,90"\n'
    got = refused({"invoices.csv": rows})
    assert got.startswith(
        "invoices.csv, line 2: expected amount as an amount with '.' before its decimals, found '29,90', and no good "
        "value in 2 rows. Set `csv: {decimal: …}` in params/sources/acme/source.yml"
    )


def test_a_required_column_of_words_for_yes_and_no(refused: Refused) -> None:
    rows = "customer_id,channel,granted,changed_at\nA,mail,vielleicht,2024-01-01\n"
    got = refused({"consents.csv": rows})
    assert got == (
        "consents.csv, line 2: expected granted as true or false, yes or no (ja or nein, oui or non, sí or no, 是 or "
        "否), 1 or 0, found 'vielleicht', and no good value in 1 row. Map the right column in "
        "params/sources/acme/consents.sql."
    )


def test_a_required_column_without_any_value_is_refused(refused: Refused) -> None:
    got = refused({"usage.csv": "customer_id,month\n,2024-01\n,2024-02\n"})
    assert got == (
        "usage.csv: expected values in customer_id, found none in any row. "
        "Select the right column AS customer_id in params/sources/acme/usage.sql."
    )


def test_an_optional_column_misread_throughout_is_refused(refused: Refused) -> None:
    rows = "customer_id,signup_date\n" + "".join(f"C{n},5 March 2024\n" for n in range(10))
    got = refused({"customers.csv": rows})
    assert got.startswith(
        "customers.csv, line 2: expected signup_date as a date written %Y-%m-%d, found '5 March 2024', and no good "
        "value in 10 rows. Set `csv: {date_format: …}`"
    )


def test_an_optional_column_of_unknown_words_is_refused(refused: Refused) -> None:
    rows = "customer_id,status\n" + "".join(f"C{n},Stayed\n" for n in range(12))
    got = refused({"customers.csv": rows})
    assert got == (
        "customers.csv, line 2: expected status to be one of active, suspended, churned, test, staff, internal, found "
        "'Stayed', and no good value in 12 rows. Translate it with CASE in params/sources/acme/customers.sql."
    )


def test_a_few_bad_values_of_an_optional_column_refuse_no_source(taken: Callable[..., Any]) -> None:
    rows = "customer_id,churn_date\n" + "".join(f"C{n},{'soon' if n < 9 else ''}\n" for n in range(12))
    assert taken({"customers.csv": rows}).door("customers") == (12, 3, 9, 0, 0)


def test_a_column_that_is_open_throughout_is_not_misread(taken: Callable[..., Any]) -> None:
    rows = "customer_id,churn_date\n" + "".join(f"C{n},9999-12-31\n" for n in range(12))
    assert taken({"customers.csv": rows}).door("customers") == (12, 12, 0, 0, 0)


def test_a_select_without_rows_is_refused(refused: Refused) -> None:
    select = "SELECT customer_id FROM crm WHERE customer_id = 'X'"
    got = refused({"crm.csv": "customer_id\nA\n"}, selects={"customers": select})
    assert got == (
        "params/sources/acme/customers.sql: expected rows, found none. "
        "Check the WHERE and JOIN of params/sources/acme/customers.sql."
    )


@pytest.mark.parametrize("column", ["month", "birth_year"])
def test_a_customers_key_mapped_to_a_wrong_column_is_not_shown(refused: Refused, column: str) -> None:
    table = "usage" if column == "month" else "customers"
    select = f"SELECT id AS customer_id, id AS {column}, _file, _line FROM crm"
    rows = "id\n" + "".join(f"CANARY-{n}\n" for n in range(12))
    got = refused({"crm.csv": rows}, selects={table: select})
    assert got.startswith(f"crm.csv, line 2: expected {column} as")
    assert "CANARY" not in got


def test_a_month_and_a_year_are_told_how_to_be_declared(refused: Callable[..., str]) -> None:
    text = {"usage.csv": "customer_id,month\nA,01/2024\nA,02/2024\n"}
    assert refused(text) == (
        "usage.csv, line 2: expected month as a month written YYYY-MM, or its first day, found '01/2024', and no good "
        'value in 2 rows. It looks like a month and a year: write `csv: {date_format: {month: "%m/%Y"}}` in '
        "params/sources/acme/source.yml, or map the right column in params/sources/acme/usage.sql."
    )


def test_a_month_declared_without_its_day_is_its_first(taken: Callable[..., Any]) -> None:
    text = {"usage.csv": "customer_id,month\nA,02/2024\nA,2024-03\n"}
    got = taken(text, csv='{date_format: {usage.month: "%m/%Y"}}')
    assert [str(day)[:10] for day in got.column("usage", "month")] == ["2024-02-01", "2024-03-01"]
