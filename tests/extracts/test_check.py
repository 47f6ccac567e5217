"""Rules, one by one, on rows a reader can judge by eye."""

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

from analysis.extracts.engine import to_pandas

CUSTOMERS = "customer_id\nA\nB\n"


def test_a_row_is_set_aside_once_under_the_first_rule_it_breaks(taken: Callable[..., Any]) -> None:
    rows = "customer_id,month,download_gb,active_days\nA,2024-01,-1,40\nA,x,-1,40\n,x,-1,40\nA,2024-02,1,1\n"
    got = taken({"usage.csv": rows})
    assert got.set_aside("usage") == {2: "range:download_gb", 3: "type:month", 4: "not_null:customer_id"}
    assert got.door("usage") == (4, 1, 3, 0, 0)


def test_a_row_set_aside_keeps_its_line_its_key_and_itself(taken: Callable[..., Any]) -> None:
    got = taken({"usage.csv": "customer_id,month,download_gb\nA,2024-01,-1\nB,2024-01,2\n"})
    [row] = to_pandas(got.extracts.quarantine["usage"]).to_dict("records")
    assert row == {
        "rule": "range:download_gb",
        "column": "download_gb",
        "file": "usage.csv",
        "line": 2,
        "key": "A|2024-01-01",
        "found": "-1",
        "row": '{"customer_id":"A","month":"2024-01","download_gb":"-1","_file":"usage.csv","_line":2}',
    }


@pytest.mark.parametrize("blank", ["", '""', " ", "\t", "\u3000"])
def test_only_blanks_are_missing(taken: Callable[..., Any], blank: str) -> None:
    got = taken({"customers.csv": f"customer_id,region,industry\nA,{blank},NA\nB,None,n/a\n"})
    assert got.column("customers", "region") == [None, "None"]
    assert got.column("customers", "industry") == ["NA", "n/a"]


@pytest.mark.parametrize("text", ["007", "12E5", "123456789012345678", "None", "NA", "é-1"])
def test_an_id_stays_as_it_is_written(taken: Callable[..., Any], text: str) -> None:
    got = taken({"customers.csv": f"customer_id\n{text}\n"})
    assert got.column("customers", "customer_id") == [text]


@pytest.mark.parametrize("text", ["NULL", "null", "N/A", "0", "test", " Test "])
def test_an_id_that_stands_for_none_is_set_aside(taken: Callable[..., Any], text: str) -> None:
    got = taken({"customers.csv": f"customer_id\nA\n{text}\n"})
    assert got.set_aside("customers") == {3: "not_null:customer_id"}


def test_an_id_with_invisible_characters_is_set_aside(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": "customer_id\nA\nA\u200b\nB\x07\nC\n"})
    assert got.set_aside("customers") == {3: "type:customer_id", 4: "type:customer_id"}


def test_keys_are_compared_without_the_blanks_around_them(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS, "usage.csv": "customer_id,month\n A ,2024-01\n"})
    assert got.column("usage", "customer_id") == ["A"]


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
def test_a_date_is_read_as_declared_or_set_aside(
    taken: Callable[..., Any], text: str, value: dt.date | None
) -> None:
    got = taken({"customers.csv": f"customer_id,signup_date\nA,{text}\nB,2024-01-01\n"})
    assert got.set_aside("customers") == ({} if value else {2: "type:signup_date"})
    assert got.column("customers", "signup_date")[:-1] == ([pd.Timestamp(value)] if value else [])


@pytest.mark.parametrize(("form", "text"), [('"%d.%m.%Y"', "05.03.2024"), ('"%Y%m%d"', "20240305"), ('"%d %b %Y"', "05 Mar 2024")])
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
        (".", '"29,90"', None),
        (".", "1_000", None),
        (".", "29.90 EUR", None),
        (".", "0x10", None),
        (",", '"29,90"', "29.9000"),
        (",", '"1.234,50"', "1234.5000"),
        (",", "1.234", "1234.0000"),
        (",", "29.90", None),
        (",", '"1,234.50"', None),
    ],
)
def test_an_amount_is_read_by_the_decimal_sign(
    taken: Callable[..., Any], decimal: str, text: str, value: str | None
) -> None:
    rows = f"invoice_id,customer_id,month,amount\nI1,A,2024-01,{text}\nI2,A,2024-01,7\n"
    got = taken({"invoices.csv": rows}, csv=f'{{decimal: "{decimal}"}}')
    assert got.set_aside("invoices") == ({} if value else {2: "type:amount"})
    assert got.column("invoices", "amount")[0] == float(Decimal(value or "7"))
    assert ("grouping:amount" in got.rules()) == (value is not None and abs(float(value)) > 1000)


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


def test_a_date_that_means_no_end_is_read_as_open_and_counted(taken: Callable[..., Any]) -> None:
    rows = "customer_id,signup_date,churn_date\nA,2024-01-01,9999-12-31\nB,2024-01-01,2099-12-31\nC,2024-01-01,2024-05-01\n"
    got = taken({"customers.csv": rows})
    assert got.column("customers", "churn_date") == [None, None, pd.Timestamp("2024-05-01")]
    [finding] = got.extracts.findings.to_dict("records")
    assert (finding["rule"], finding["severity"], finding["rows"]) == ("sentinel:churn_date", "fixed", 2)


def test_a_value_the_contract_does_not_know_is_set_aside(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": "customer_id,status\nA,active\nB,gone\nC,\n"})
    assert got.set_aside("customers") == {3: "accepted_values:status"}


def test_a_score_outside_its_scale_is_set_aside(taken: Callable[..., Any]) -> None:
    rows = "survey_id,customer_id,sent_at,nps_score,csat_score\nS1,A,2024-01-01,10,5\nS2,A,2024-01-01,11,5\nS3,A,2024-01-01,0,0\n"
    got = taken({"surveys.csv": rows})
    assert got.set_aside("surveys") == {3: "range:nps_score", 4: "range:csat_score"}


def test_a_bill_line_below_zero_must_say_that_it_is_a_credit(taken: Callable[..., Any]) -> None:
    rows = "invoice_id,customer_id,month,kind,amount\nI1,A,2024-01,credit,-5\nI2,A,2024-01,recurring,-5\nI3,A,2024-01,,-5\n"
    got = taken({"invoices.csv": rows})
    assert got.set_aside("invoices") == {3: "range:amount", 4: "range:amount"}


def test_a_source_without_kinds_may_bill_below_zero(taken: Callable[..., Any]) -> None:
    got = taken({"invoices.csv": "invoice_id,customer_id,month,amount\nI1,A,2024-01,-5\n"})
    assert got.door("invoices") == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("table", "head", "good", "bad"),
    [
        ("customers", "customer_id,signup_date,churn_date", "A,2024-01-02,2024-01-02", "B,2024-01-02,2024-01-01"),
        ("subscriptions", "subscription_id,customer_id,product,monthly_fee,start_date,end_date", "S,A,tv,1,2024-01-02,2024-01-02", "T,A,tv,1,2024-01-02,2024-01-01"),
        ("tickets", "ticket_id,opened_at,closed_at", "T,2024-01-02 09:00:00,2024-01-02", "U,2024-01-02,2024-01-01"),
        ("surveys", "survey_id,customer_id,sent_at,answered_at", "S,A,2024-01-02 09:00:00,2024-01-02", "T,A,2024-01-02,2024-01-01"),
        ("work_orders", "work_order_id,customer_id,opened_at,closed_at", "W,A,2024-01-02,2024-01-02", "X,A,2024-01-02,2024-01-01"),
        ("contacts", "campaign_id,customer_id,arm,contacted_at,converted_at", "C,A,control,2024-01-02,2024-01-02", "C,A,control,2024-01-02,2024-01-01"),
    ],
)  # fmt: skip
def test_what_ends_before_it_begins_is_set_aside(
    taken: Callable[..., Any], table: str, head: str, good: str, bad: str
) -> None:
    got = taken({f"{table}.csv": f"{head}\n{good}\n{bad}\n"})
    assert got.set_aside(table) == {3: f"dates:{head.split(',')[-1]}"}


def test_a_bill_paid_before_it_was_issued_is_fine(taken: Callable[..., Any]) -> None:
    rows = "invoice_id,customer_id,month,amount,issued_on,paid_date\nI1,A,2024-01,5,2024-01-05,2024-01-04\n"
    assert taken({"invoices.csv": rows}).door("invoices") == (1, 1, 0, 0, 0)


def test_of_equal_rows_of_one_key_the_first_is_kept(taken: Callable[..., Any]) -> None:
    rows = "customer_id,region,shoe\nA,North,1\nB,South,1\nA,North,2\nA , North,3\n"
    got = taken({"customers.csv": rows})
    assert got.column("customers", "_line") == [2, 3]
    assert got.door("customers") == (4, 2, 0, 2, 0)
    assert got.sentence("duplicate") == (
        "customers.csv, line 4: expected each customer_id once, found the same row again. "
        "2 rows equal in every column to another were left out."
    )


def test_rows_of_one_key_that_differ_are_all_set_aside(taken: Callable[..., Any]) -> None:
    rows = "customer_id,month,download_gb\nA,2024-01,1\nA,2024-01,1\nA,2024-01-01,2\nA,2024-02,2\n"
    got = taken({"usage.csv": rows})
    assert got.set_aside("usage") == dict.fromkeys((2, 3, 4), "unique:customer_id,month")
    assert got.door("usage") == (4, 1, 3, 0, 0)


def test_a_defective_row_makes_no_good_one_a_duplicate(taken: Callable[..., Any]) -> None:
    got = taken({"usage.csv": "customer_id,month,download_gb\nA,2024-01,1\nA,2024-01,-1\n"})
    assert got.door("usage") == (2, 1, 1, 0, 0)


def test_a_table_without_a_key_keeps_equal_rows(taken: Callable[..., Any]) -> None:
    line = "I1,A,2024-01,5\n"
    got = taken({"invoices.csv": f"invoice_id,customer_id,month,amount\n{line}{line}"})
    assert got.door("invoices") == (2, 2, 0, 0, 0)


def test_a_row_of_nobody_is_set_aside_where_customers_are_given(taken: Callable[..., Any]) -> None:
    files = {
        "customers.csv": "customer_id,signup_date,status\nA,2024-01-01,active\nB,2030-01-01,active\nC,2024-01-01,gone\nD,,\n",
        "tickets.csv": "ticket_id,opened_at,customer_id\n"
        "T1,2024-02-01,A\nT2,2024-02-01,B\nT3,2024-02-01,C\nT4,2024-02-01,Z\nT5,2024-02-01,\n",
    }
    got = taken(files)
    assert got.set_aside("tickets") == {4: "relationships:customer_id", 5: "relationships:customer_id"}


def test_a_contact_of_no_campaign_is_set_aside(taken: Callable[..., Any]) -> None:
    files = {
        "campaigns.csv": "campaign_id,name,start_date\nC1,Stay,2024-01-01\n",
        "contacts.csv": "campaign_id,customer_id,arm,contacted_at\nC1,A,control,2024-02-01\nC9,A,control,2024-02-01\n",
    }
    assert taken(files).set_aside("contacts") == {3: "relationships:campaign_id"}


def test_what_a_parquet_file_has_typed_is_taken_as_it_is(
    taken: Callable[..., Any], folder: Path
) -> None:
    rows = pa.table(
        {
            "ticket_id": pa.array([1, 2]),
            "opened_at": pa.array([dt.datetime(2024, 3, 5, 23, 30), dt.datetime(2024, 3, 6)], pa.timestamp("us", "UTC")),
            "cost": pa.array([1.25, float("nan")]),
            "handle_minutes": pa.array([3, None], pa.int32()),
            "is_complaint": pa.array([True, False]),
        }
    )
    pq.write_table(rows, folder / "raw" / "tickets.parquet")
    got = taken({}, format="parquet")
    assert got.column("tickets", "ticket_id") == ["1"]
    assert got.column("tickets", "opened_at") == [pd.Timestamp("2024-03-06 00:30")]
    assert got.column("tickets", "cost") == [1.25]
    assert got.column("tickets", "handle_minutes") == [3.0]
    assert got.set_aside("tickets") == {2: "type:cost"}


def test_a_typed_month_must_be_a_first_day(taken: Callable[..., Any]) -> None:
    select = "SELECT id AS customer_id, CAST(day AS DATE) AS month, _file, _line FROM meter"
    got = taken({"meter.csv": "id,day\nA,2024-01-01\nA,2024-02-09\n"}, selects={"usage": select})
    assert got.set_aside("usage") == {3: "type:month"}
