"""From text, and from what is typed already, to the contract's types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.mark.parametrize("blank", ["", '""', " ", "\t", "\u3000"])
def test_only_blanks_are_missing(taken: Callable[..., Any], blank: str) -> None:
    got = taken({"customers.csv": f"customer_id,region,industry\nA,{blank},NA\nB,None,n/a\n"})
    assert got.column("customers", "region") == [None, "None"]
    assert got.column("customers", "industry") == ["NA", "n/a"]


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u3000"])
def test_blanks_around_a_value_change_nothing(taken: Callable[..., Any], blank: str) -> None:
    head = "invoice_id,customer_id,month,kind,amount,paid_date\n"
    plain = "I1,A,2024-01,credit,-5,2024-01-03\nI2,B,2024-02-01,usage,1.5,2024-02-03\n"
    around = "\n".join(",".join(f"{blank}{cell}{blank}" for cell in line.split(",")) for line in plain.splitlines())
    got, same = taken({"invoices.csv": f"{head}{around}\n"}), taken({"invoices.csv": head + plain})
    pd.testing.assert_frame_equal(got.accepted("invoices"), same.accepted("invoices"))
    assert (len(got.accepted("invoices")), got.rules()) == (2, [])


def test_a_value_is_told_without_the_blanks_around_it(taken: Callable[..., Any]) -> None:
    got = taken({"usage.csv": "customer_id,month,download_gb\nA,2024-01,  -5 \nB,2024-01,3\n"})
    assert got.extracts.quarantine["usage"].collect("pyarrow").to_native()["found"].to_pylist() == ["-5"]


@pytest.mark.parametrize("text", ["007", "12E5", "123456789012345678", "None", "NA", "é-1"])
def test_an_id_stays_as_it_is_written(taken: Callable[..., Any], text: str) -> None:
    got = taken({"customers.csv": f"customer_id\n{text}\n"})
    assert got.column("customers", "customer_id") == [text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-03-05", dt.date(2024, 3, 5)),
        ("2024-03-05 00:00:00", dt.date(2024, 3, 5)),
        ("2024-03-05 09:30:00", None),
        ("2024-13-01", None),
        ("2024-02-30", None),
        ("1900-01-00", None),
        ("24-03-05", None),
        ("05.03.2024", None),
        ("2024-03-05x", None),
    ],
)
def test_a_date_is_read_as_declared_or_set_aside(taken: Callable[..., Any], text: str, value: dt.date | None) -> None:
    got = taken({"customers.csv": f"customer_id,signup_date\nA,{text}\nB,2024-01-01\n"})
    assert got.set_aside("customers") == ({} if value else {2: "type:signup_date"})
    assert got.column("customers", "signup_date")[:-1] == ([pd.Timestamp(value)] if value else [])


@pytest.mark.parametrize(
    ("form", "text"), [('"%d.%m.%Y"', "05.03.2024"), ('"%Y%m%d"', "20240305"), ('"%d %b %Y"', "05 Mar 2024")]
)
def test_a_date_format_of_the_source_is_used(taken: Callable[..., Any], form: str, text: str) -> None:
    got = taken({"customers.csv": f"customer_id,signup_date\nA,{text}\n"}, csv=f"{{date_format: {form}}}")
    assert got.column("customers", "signup_date") == [pd.Timestamp("2024-03-05")]


@pytest.mark.parametrize("text", ["2024-03-05 09:30:00", "2024-03-05T09:30:00"])
def test_a_time_is_a_date_with_or_without_a_time_of_day(taken: Callable[..., Any], text: str) -> None:
    got = taken({"tickets.csv": f"ticket_id,opened_at\nT1,{text}\nT2,2024-03-06\nT3,09:30\n"})
    assert got.column("tickets", "opened_at") == [pd.Timestamp("2024-03-05 09:30"), pd.Timestamp("2024-03-06")]
    assert got.set_aside("tickets") == {4: "type:opened_at"}


def test_a_month_is_its_first_day(taken: Callable[..., Any]) -> None:
    rows = "customer_id,month\nA,2024-01\nB,2024-02-01\nC,2024-02-02\nD,2024-14\nE,202401\n"
    got = taken({"usage.csv": rows})
    assert got.column("usage", "month") == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")]
    assert got.set_aside("usage") == {4: "type:month", 5: "type:month", 6: "type:month"}


@pytest.mark.parametrize(
    ("decimal", "text", "value"),
    [
        (".", "29.90", "29.9000"),
        (".", "-5", "-5.0000"),
        (".", "+5.5", "5.5000"),
        (".", '"1,234.50"', "1234.5000"),
        (".", '"1,234,567"', "1234567.0000"),
        (".", '"12,34.50"', None),
        (".", "1_000", None),
        (".", "29.90 EUR", "29.9000"),
        (".", "€ 29.90", "29.9000"),
        (".", "-€29.90", "-29.9000"),
        (".", "２９．９０", "29.9000"),
        (".", "$29.90", None),
        (".", "29.90 GBP", None),
        (".", "€", None),
        (".", "0x10", None),
        (",", '"29,90"', "29.9000"),
        (",", '"1.234,50"', "1234.5000"),
        (",", "1.234", "1234.0000"),
        (",", '"74,70-"', "-74.7000"),  # as SAP prints it
        (",", '"1.234,70 -"', "-1234.7000"),
        (",", '"74,70- EUR"', "-74.7000"),
        (".", "74.70-", "-74.7000"),
        (".", "-74.70-", None),
        (".", "74-", None),
        (",", '"€1.234,50"', "1234.5000"),
        (",", '"1\u00a0234,50"', "1234.5000"),  # as Poland, France and Sweden write it
        (",", '"-1\u202f234\u202f567,50"', "-1234567.5000"),
        (",", '"1 234,50 EUR"', "1234.5000"),
        (".", "1'234.50", "1234.5000"),  # as Switzerland does
        (".", "1\u2019234", "1234.0000"),
        (".", "12 34.50", None),
        (".", '"1 234,567.50"', None),
        (".", "1  234", None),
    ],
)
def test_an_amount_is_read_by_the_decimal_sign(
    taken: Callable[..., Any], decimal: str, text: str, value: str | None
) -> None:
    rows = f"invoice_id,customer_id,month,amount\nI1,A,2024-01,{text}\nI2,A,2024-01,7\n"
    got = taken({"invoices.csv": rows}, csv=f'{{decimal: "{decimal}"}}')
    assert got.set_aside("invoices") == ({} if value else {2: "type:amount"})
    assert got.column("invoices", "amount")[0] == float(Decimal(value or "7"))
    assert ("written:amount" in got.rules()) == (value is not None and text not in ("29.90", "-5", "+5.5", '"29,90"'))


def test_a_minus_behind_a_number_without_decimals_is_named(taken: Callable[..., Any]) -> None:
    got = taken({"invoices.csv": "invoice_id,customer_id,month,amount\nI1,A,2024-01,74-\nI2,A,2024-01,7\n"})
    assert "A minus stands behind the number: put it before it in" in got.sentence("type:amount")


@pytest.mark.parametrize(
    ("true", "false"), [("J", "N"), ("ja", "nein"), ("Oui", "Non"), ("sí", "no"), ("是", "否"), ("tak", "nie")]
)
def test_yes_and_no_are_read_in_several_languages(taken: Callable[..., Any], true: str, false: str) -> None:
    head = "ticket_id,opened_at,is_complaint\n"
    got = taken({"tickets.csv": f"{head}T1,2024-01-01,{true}\nT2,2024-01-01,{false}\n"})
    assert got.column("tickets", "is_complaint") == [True, False]


@pytest.mark.parametrize("text", ["inf", "-Infinity", "nan", "NaN", "1e308", "1e400"])
def test_a_number_that_is_none_is_set_aside(taken: Callable[..., Any], text: str) -> None:
    got = taken({"usage.csv": f"customer_id,month,download_gb\nA,2024-01,{text}\nB,2024-01,1e3\n"})
    assert got.set_aside("usage") == {2: "type:download_gb"}
    assert got.column("usage", "download_gb") == [1000.0]


def test_a_whole_number_may_have_a_zero_behind_its_point(taken: Callable[..., Any]) -> None:
    got = taken({"usage.csv": "customer_id,month,active_days\nA,2024-01,12\nB,2024-01,12.0\nC,2024-01,12.5\n"})
    assert got.column("usage", "active_days") == [12, 12]
    assert got.set_aside("usage") == {4: "type:active_days"}


def test_yes_and_no_are_read_in_many_ways(taken: Callable[..., Any]) -> None:
    words = ["true", "T", "Yes", "y", "1", "FALSE", "f", "no", "N", "0", "maybe"]
    body = "".join(f"T{n},2024-01-01,{word}\n" for n, word in enumerate(words))
    got = taken({"tickets.csv": f"ticket_id,opened_at,is_complaint\n{body}"})
    assert got.column("tickets", "is_complaint") == [True] * 5 + [False] * 5
    assert got.set_aside("tickets") == {12: "type:is_complaint"}


def test_what_a_parquet_file_has_typed_is_taken_as_it_is(taken: Callable[..., Any], folder: Path) -> None:
    rows = pa.table(
        {
            "ticket_id": pa.array([1, 2]),
            "opened_at": pa.array([dt.datetime(2024, 3, 5, 23, 30, tzinfo=dt.UTC), None], pa.timestamp("us", "UTC")),
            "cost": pa.array([1.25, 2.5]),
            "handle_minutes": pa.array([3, None], pa.int32()),
            "is_complaint": pa.array([True, False]),
        }
    )
    pq.write_table(rows, folder / "raw" / "tickets.parquet")
    got = taken({}, format="parquet")
    assert got.column("tickets", "ticket_id") == ["1"]
    assert got.column("tickets", "opened_at") == [pd.Timestamp("2024-03-06 00:30")]  # Berlin's clock
    assert got.column("tickets", "cost") == [1.25]
    assert got.column("tickets", "handle_minutes") == [3.0]
    assert got.set_aside("tickets") == {2: "not_null:opened_at"}


def test_a_typed_number_that_is_none_is_set_aside(taken: Callable[..., Any], folder: Path) -> None:
    rows = {"customer_id": ["A", "B"], "month": [dt.date(2024, 1, 1)] * 2, "download_gb": [1.5, float("nan")]}
    pq.write_table(pa.table(rows), folder / "raw" / "usage.parquet")
    assert taken({}, format="parquet").set_aside("usage") == {2: "type:download_gb"}


def test_a_typed_month_must_be_a_first_day(taken: Callable[..., Any]) -> None:
    select = "SELECT id AS customer_id, CAST(day AS DATE) AS month, _file, _line FROM meter"
    got = taken({"meter.csv": "id,day\nA,2024-01-01\nA,2024-02-09\n"}, selects={"usage": select})
    assert got.set_aside("usage") == {3: "type:month"}
