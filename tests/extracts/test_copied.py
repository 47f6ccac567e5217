"""Equal lines of a table without a key are counted, and left where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

HEAD = "invoice_id,customer_id,month,amount\n"


def test_bill_lines_that_equal_another_count_and_are_told_with_their_amount(taken: Callable[..., Any]) -> None:
    rows = "I1,A,2024-01,20\nI1,A,2024-01,20\nI1,A,2024-01,20\nI2,A,2024-02,1160\nI2,A,2024-02,10\nI3,B,2024-02,10\n"
    got = taken({"invoices.csv": HEAD + rows})
    assert got.door("invoices") == (6, 6, 0, 0, 0)
    assert got.sentence("unique:line") == (
        "invoices: expected each line once, found 2 that equal another in every column selected, with 40.00 EUR on "
        "them (3.2 % of all). They count: nothing tells a copy from a line that is right twice. If they are copies, "
        "write SELECT DISTINCT in params/sources/acme/invoices.sql, without _file and _line."
    )
    [finding] = got.extracts.findings.to_dict("records")
    assert (finding["severity"], finding["rows"], finding["column"]) == ("note", 2, None)


def test_select_distinct_takes_copies_out(taken: Callable[..., Any]) -> None:
    rows = "I1,A,2024-01,20\nI1,A,2024-01,20\nI2,A,2024-02,20\n"
    sql = "SELECT DISTINCT invoice_id, customer_id, month, amount FROM invoices"
    got = taken({"invoices.csv": HEAD + rows}, selects={"invoices": sql})
    assert got.door("invoices") == (2, 2, 0, 0, 0)
    assert got.rules() == []


def test_lines_that_differ_in_one_column_or_come_later_or_are_set_aside_are_no_copies(
    taken: Callable[..., Any],
) -> None:
    differ, later, unread = "I1,A,2024-01,20,x\nI1,A,2024-01,20,\n", "I2,A,2025-01,20,x\n" * 2, "I3,A,2024-01,?,x\n" * 2
    rows = differ + later + unread
    sql = "SELECT *, plan AS attr_plan FROM bills"
    files = {"bills.csv": HEAD.replace("amount", "amount,plan") + rows}
    got = taken(files, selects={"invoices": sql}, known_at="{attr_plan: snapshot}", snapshot_date="2024-12-31")
    assert "unique:line" not in got.rules()


def test_a_contact_told_twice_is_mentioned_without_an_amount(taken: Callable[..., Any]) -> None:
    head, line = "campaign_id,customer_id,arm,contacted_at\n", "C,A,control,2024-01-01\n"
    got = taken({"contacts.csv": head + line * 2})
    assert got.sentence("unique:line") == (
        "contacts: expected each line once, found 1 that equals another in every column selected. It counts: nothing "
        "tells a copy from a line that is right twice. If it is a copy, write SELECT DISTINCT in "
        "params/sources/acme/contacts.sql, without _file and _line."
    )


def test_credits_that_equal_another_are_told_without_a_share(taken: Callable[..., Any]) -> None:
    got = taken({"invoices.csv": HEAD + "I1,A,2024-01,-5\n" * 2 + "I2,A,2024-01,20\n"})
    assert "in every column selected, with -5.00 EUR on them. It counts" in got.sentence("unique:line")
