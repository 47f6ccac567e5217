"""Rules, one by one, on rows a reader can judge by eye."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
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


def test_a_row_dated_after_the_as_of_date_breaks_no_rule_of_this_report(taken: Callable[..., Any]) -> None:
    rows = "customer_id,month,download_gb\nA,2024-01,1\nA,2025-01,-1\nA,2025-02,1\nA,2025-02,2\n,2025-03,1\n"
    got = taken({"usage.csv": rows})
    assert got.door("usage") == (5, 1, 0, 0, 4)
    assert got.extracts.quarantine == {}
    assert got.rules() == []


def test_equal_rows_dated_later_are_later_and_no_duplicates(taken: Callable[..., Any]) -> None:
    got = taken({"usage.csv": "customer_id,month\nA,2024-01\nA,2025-01\nA,2025-01\n"})
    assert got.door("usage") == (3, 1, 0, 0, 2)


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


def test_a_date_that_means_no_end_is_read_as_open_and_counted(taken: Callable[..., Any]) -> None:
    rows = "customer_id,churn_date\nA,9999-12-31\nB,2099-12-31\nC,2024-05-01\n"
    got = taken({"customers.csv": rows})
    assert got.column("customers", "churn_date") == [None, None, pd.Timestamp("2024-05-01")]
    [finding] = got.extracts.findings.to_dict("records")
    assert (finding["rule"], finding["severity"], finding["rows"]) == ("sentinel:churn_date", "fixed", 2)


def test_a_value_the_contract_does_not_know_is_set_aside(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": "customer_id,status\nA,active\nB,gone\nC,\n"})
    assert got.set_aside("customers") == {3: "accepted_values:status"}


def test_a_score_outside_its_scale_is_set_aside(taken: Callable[..., Any]) -> None:
    head = "survey_id,customer_id,sent_at,nps_score,csat_score\n"
    rows = f"{head}S1,A,2024-01-01,10,5\nS2,A,2024-01-01,11,5\nS3,A,2024-01-01,0,0\n"
    got = taken({"surveys.csv": rows})
    assert got.set_aside("surveys") == {3: "range:nps_score", 4: "range:csat_score"}


def test_a_bill_line_below_zero_must_say_that_it_is_a_credit(taken: Callable[..., Any]) -> None:
    head = "invoice_id,customer_id,month,kind,amount\n"
    rows = f"{head}I1,A,2024-01,credit,-5\nI2,A,2024-01,recurring,-5\nI3,A,2024-01,,-5\n"
    got = taken({"invoices.csv": rows})
    assert got.set_aside("invoices") == {3: "range:amount", 4: "range:amount"}


def test_a_credit_above_zero_would_count_as_revenue_and_is_set_aside(taken: Callable[..., Any]) -> None:
    head = "invoice_id,customer_id,month,kind,amount\n"
    got = taken({"invoices.csv": f"{head}I1,A,2024-01,credit,74.70\nI2,A,2024-01,credit,0\nI3,A,2024-01,credit,-1\n"})
    assert got.set_aside("invoices") == {2: "credit:amount"}
    assert "expected a credit below 0, found 74.70 (invoice I1)" in got.sentence("credit:amount")
    assert "give them one in params/sources/acme/invoices.sql, e.g. -abs(amount)." in got.sentence("credit:amount")


def test_a_source_without_kinds_may_bill_below_zero(taken: Callable[..., Any]) -> None:
    got = taken({"invoices.csv": "invoice_id,customer_id,month,amount\nI1,A,2024-01,-5\n"})
    assert got.door("invoices") == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("table", "rest", "begins", "ends"),
    [
        ("customers", "customer_id", "signup_date", "churn_date"),
        ("subscriptions", "subscription_id,customer_id,product,monthly_fee", "start_date", "end_date"),
        ("tickets", "ticket_id", "opened_at", "closed_at"),
        ("surveys", "survey_id,customer_id", "sent_at", "answered_at"),
        ("campaigns", "campaign_id,name", "start_date", "end_date"),
        ("contacts", "campaign_id,customer_id,arm", "contacted_at", "converted_at"),
        ("leads", "lead_id", "created_at", "converted_at"),
        ("work_orders", "work_order_id,customer_id", "opened_at", "closed_at"),
    ],
)
def test_what_ends_before_it_begins_is_set_aside(
    taken: Callable[..., Any], table: str, rest: str, begins: str, ends: str
) -> None:
    days = [("1", "2024-01-02", "2024-01-02"), ("2", "2024-01-02", "2024-01-01"), ("3", "2024-01-02", "")]
    lines = [",".join([n] * len(rest.split(",")) + [begin, end]) for n, begin, end in days]
    got = taken({f"{table}.csv": "\n".join([f"{rest},{begins},{ends}", *lines])})
    assert got.set_aside(table) == {3: f"dates:{ends}"}


def test_an_answer_on_the_day_of_sending_is_not_early_whatever_the_hour(taken: Callable[..., Any]) -> None:
    rows = "survey_id,customer_id,sent_at,answered_at\nS1,A,2024-01-02 09:00:00,2024-01-02\n"
    assert taken({"surveys.csv": rows}).door("surveys") == (1, 1, 0, 0, 0)


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
        "customers.csv": "customer_id,signup_date,status\n"
        "A,2024-01-01,active\nB,2030-01-01,active\nC,2024-01-01,gone\nD,,\n",
        "tickets.csv": "ticket_id,opened_at,customer_id\n"
        "T1,2024-02-01,A\nT2,2024-02-01,B\nT3,2024-02-01,C\nT4,2024-02-01,Z\nT5,2024-02-01,\n",
    }
    got = taken(files)
    assert got.set_aside("tickets") == {4: "follows:customer_id", 5: "relationships:customer_id"}


def test_of_customers_without_a_product_test_and_staff_lines_are_not_told(taken: Callable[..., Any]) -> None:
    held = "subscription_id,customer_id,product,monthly_fee,start_date\nS1,A,tv,1,2024-01-01\n"
    people = "customer_id,status\nA,active\nB,test\nC,staff\nD,internal\n"
    got = taken({"customers.csv": people, "subscriptions.csv": held})
    assert "relationships:subscriptions" not in got.extracts.findings["rule"].tolist()
    got = taken({"customers.csv": people + "E,\nF,active\n", "subscriptions.csv": held})
    assert "2 customers without" in got.sentence("relationships:subscriptions")


def test_a_contact_of_no_campaign_is_set_aside(taken: Callable[..., Any]) -> None:
    files = {
        "campaigns.csv": "campaign_id,name,start_date\nC1,Stay,2024-01-01\n",
        "contacts.csv": "campaign_id,customer_id,arm,contacted_at\nC1,A,control,2024-02-01\nC9,A,control,2024-02-01\n",
    }
    assert taken(files).set_aside("contacts") == {3: "relationships:campaign_id"}


def test_hidden_characters_are_removed_from_labels_and_set_ids_aside(taken: Callable[..., Any]) -> None:
    rows = 'A,\u200bNorth ,"two\nlines",go\u2060ld\nB,\u200b,x\ty,silver\nC\u200d,South,,\nD,South,,\n'
    files = {"crm.csv": f"id,town,note,level\n{rows}"}
    select = (
        "SELECT id AS customer_id, town AS region, note AS churn_reason, level AS attr_level, _file, _line FROM crm"
    )
    got = taken(files, selects={"customers": select})
    assert got.column("customers", "region") == ["North", None, "South"]
    assert got.column("customers", "churn_reason") == ["two\nlines", "x\ty", None]
    assert got.column("customers", "attr_level") == ["gold", "silver", None]
    assert got.set_aside("customers") == {5: "type:customer_id"}
    rows = got.extracts.findings.set_index("rule")["rows"]
    assert (rows["hidden:region"], rows["hidden:attr_"]) == (2, 1)
    assert "hidden:churn_reason" not in rows
    assert got.sentence("hidden:region") == (
        "customers: expected visible characters, found control, zero-width or turning characters. Read without them."
    )


def test_a_required_label_of_hidden_characters_only_is_none(taken: Callable[..., Any]) -> None:
    rows = "S1,A,\u200b,2024-01-01,5\nS2,A,tv,2024-01-01,5\n"
    got = taken({"subscriptions.csv": f"subscription_id,customer_id,product,start_date,monthly_fee\n{rows}"})
    assert got.set_aside("subscriptions") == {2: "not_null:product"}
