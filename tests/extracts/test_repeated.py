"""Rows that share a primary key: which one stays, and what is never decided by chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from analysis.basis.errors import ParamsError

KEEP = "{customers: latest by changed_on}"
HEAD = "customer_id,region,changed_on\n"
Taken = Callable[..., Any]


def test_of_versions_of_a_row_the_latest_stays_and_the_others_are_counted(taken: Taken) -> None:
    rows = f"{HEAD}A,North,2024-01-01\nA,South,2024-03-01\nA,East,2024-02-01\nB,West,2024-01-01\n"
    got = taken({"customers.csv": rows}, keep=KEEP)
    assert got.column("customers", "region") == ["South", "West"]
    assert got.door("customers") == (4, 2, 0, 2, 0)
    assert got.extracts.quarantine == {}
    assert got.sentence("superseded") == (
        "customers.csv, line 2: expected each customer_id once, found earlier versions of a row. "
        "2 rows with a later changed_on beside them were left out, by `keep` in params/sources/acme/source.yml."
    )
    assert got.extracts.ignored == {"customers": []}


def test_a_version_after_the_as_of_date_changes_nothing(taken: Taken) -> None:
    before = f"{HEAD}A,North,2024-01-01\nA,South,2024-03-01\n"
    after = f"{before}A,East,2025-02-01\nA,East,2025-03-01\nA,West,2025-03-01\n"
    got = taken({"customers.csv": after}, keep=KEEP)
    assert got.column("customers", "region") == ["South"]
    assert got.door("customers") == (5, 1, 0, 1, 3)
    assert taken({"customers.csv": before}, keep=KEEP).column("customers", "region") == ["South"]
    got = taken({"customers.csv": after}, keep=KEEP, as_of=dt.date(2024, 2, 1))
    assert got.column("customers", "region") == ["North"]


def test_latest_rows_that_differ_are_set_aside_with_all_of_their_key(taken: Taken) -> None:
    rows = f"{HEAD}A,North,2024-01-01\nA,South,2024-03-01\nA,East,2024-03-01\nB,West,2024-01-01\n"
    got = taken({"customers.csv": rows}, keep=KEEP)
    assert got.set_aside("customers") == dict.fromkeys((2, 3, 4), "unique:customer_id")
    assert got.door("customers") == (4, 1, 3, 0, 0)


def test_latest_rows_that_are_equal_count_as_one(taken: Taken) -> None:
    rows = f"{HEAD}A,South,2024-01-01\nA,East,2024-02-01\nA,South,2024-03-01\nA,South,2024-03-01\n"
    got = taken({"customers.csv": rows}, keep=KEEP)
    assert got.column("customers", "_line") == [4]
    assert got.door("customers") == (4, 1, 0, 3, 0)
    assert [row["rows"] for row in got.extracts.findings.to_dict("records")] == [1, 2]


def test_of_equal_versions_the_latest_stays(taken: Taken) -> None:
    got = taken({"customers.csv": f"{HEAD}A,South,2024-01-01\nA,South,2024-02-01\n"}, keep=KEEP)
    assert got.column("customers", "_line") == [3]


@pytest.mark.parametrize("undated", ["", "soon"])
def test_a_version_without_a_date_leaves_the_latest_unknown(taken: Taken, undated: str) -> None:
    got = taken({"customers.csv": f"{HEAD}A,North,{undated}\nA,South,2024-03-01\nB,East,\n"}, keep=KEEP)
    assert got.set_aside("customers") == dict.fromkeys((2, 3), "unique:customer_id")
    assert got.column("customers", "customer_id") == ["B"]


def test_the_column_to_keep_by_must_be_selected(taken: Taken) -> None:
    with pytest.raises(ParamsError) as error:
        taken({"customers.csv": "customer_id,changed\nA,2024-01-01\n"}, keep=KEEP)
    assert str(error.value) == (
        "customers.csv: expected a column changed_on, by which the latest row is kept, found columns 'customer_id', "
        "'changed', '_file', '_line'. Select it, or correct `keep:` in params/sources/acme/source.yml."
    )


@pytest.mark.parametrize(
    ("keep", "words"),
    [
        ("{invoices: latest by issued_on}", "expected a contract table with a primary key, found 'invoices'"),
        ("{customers: newest}", "expected `latest by COLUMN`, with a date of the SELECT, found 'newest'"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(taken: Taken, keep: str, words: str) -> None:
    with pytest.raises(ParamsError, match=rf"source\.yml:7:\d+: {words}"):
        taken({"customers.csv": HEAD}, keep=keep)


JOINED = "SELECT c.id AS customer_id, {} c._file, c._line FROM crm c LEFT JOIN lines l ON l.id = c.id"


@pytest.mark.parametrize("column", ["", "l.plan AS region,"])
def test_a_join_that_multiplies_rows_of_a_key_is_refused(refused: Callable[..., str], column: str) -> None:
    files = {"crm.csv": "id\nA\nB\n", "lines.csv": "id,plan\nA,x\nA,y\n"}
    assert refused(files, selects={"customers": JOINED.format(column)}) == (
        "params/sources/acme/customers.sql: expected each line of the raw table once under one customer_id, found "
        "crm.csv, line 2, several times; so 2 rows. A JOIN (or a UNION) multiplies rows: join only on columns that "
        "are unique in the table joined, or reduce that table to one row each first, e.g. with GROUP BY or QUALIFY."
    )


def test_one_line_may_become_several_rows_of_different_keys(taken: Taken) -> None:
    files = {"crm.csv": "id,tv,voice\nA,5,7\n"}
    select = "SELECT id || '/{0}' AS subscription_id, id AS customer_id, '{0}' AS product, {0} AS monthly_fee, "
    select += "'2024-01-01' AS start_date, _file, _line FROM crm"
    got = taken(files, selects={"subscriptions": f"{select.format('tv')} UNION ALL {select.format('voice')}"})
    assert got.door("subscriptions") == (2, 2, 0, 0, 0)


BILLED = (
    "SELECT b.bill AS invoice_id, b.id AS customer_id, '2024-01' AS month, b.amount, b._file, b._line "
    "FROM bills b JOIN lines l ON l.id = b.id"
)


def test_a_join_that_multiplies_rows_without_a_key_is_refused(refused: Callable[..., str]) -> None:
    files = {"bills.csv": "bill,id,amount\nI1,A,5\nI2,B,5\n", "lines.csv": "id\nA\nA\nA\nB\n"}
    got = refused(files, selects={"invoices": BILLED})
    assert got.startswith(
        "params/sources/acme/invoices.sql: expected each line of the raw table once under one row, found bills.csv, "
        "line 2, several times; so 3 rows."
    )


def test_equal_lines_of_a_table_without_a_key_stay_beside_a_join(taken: Taken) -> None:
    files = {"bills.csv": "bill,id,amount\nI1,A,5\nI1,A,5\n", "lines.csv": "id\nA\n"}
    assert taken(files, selects={"invoices": BILLED}).door("invoices") == (2, 2, 0, 0, 0)


def test_a_join_without_lines_in_a_table_without_a_key_is_mentioned(taken: Taken) -> None:
    files = {"bills.csv": "bill,id,amount\nI1,A,5\n", "lines.csv": "id\nA\nA\n"}
    got = taken(files, selects={"invoices": BILLED.replace(", b._file, b._line", "")})
    assert got.sentence("lines") == (
        "params/sources/acme/invoices.sql: expected _file and _line of the first raw table beside a JOIN, found a "
        "SELECT without them. Whether its JOIN multiplies rows is not known without them."
    )
