"""What a table said on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd
import pytest

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.known import known_at

DAY = dt.date(2024, 6, 30)
TYPES = {"text": "VARCHAR", "date": "DATE", "month": "DATE", "time": "TIMESTAMP", "money": "DECIMAL(18,4)",
         "number": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN"}  # fmt: skip


def known(engine: Engine, name: str, rows: Sequence[Mapping[str, object]], *days: dt.date) -> pd.DataFrame:
    """Rows of a contract table, as known on one day after the other."""
    columns = CONTRACT[name].columns
    engine.table(pd.DataFrame(rows, columns=[column.name for column in columns]).astype(object), "given")
    casts = ", ".join(f"TRY_CAST({column.name} AS {TYPES[column.type]}) AS {column.name}" for column in columns)
    table = engine.select(f"SELECT {casts} FROM given")
    for day in days or (DAY,):
        table = known_at(table, name, day)
    return to_pandas(table).sort_values(columns[0].name, ignore_index=True)


def test_a_row_is_known_on_its_own_day_and_not_before(engine: Engine) -> None:
    rows = [{"customer_id": "A", "month": "2024-06-30"}, {"customer_id": "B", "month": "2024-07-01"}]
    assert list(known(engine, "usage", rows)["customer_id"]) == ["A"]


def test_the_last_second_of_the_day_is_known(engine: Engine) -> None:
    rows = [
        {"ticket_id": "A", "opened_at": "2024-06-30 23:59:59"},
        {"ticket_id": "B", "opened_at": "2024-07-01 00:00:00"},
    ]
    assert list(known(engine, "tickets", rows)["ticket_id"]) == ["A"]


def test_a_row_without_a_day_of_its_own_is_kept(engine: Engine) -> None:
    assert list(known(engine, "customers", [{"customer_id": "A"}])["customer_id"]) == ["A"]
    assert list(known(engine, "identities", [{"customer_id": "A"}])["customer_id"]) == ["A"]


def test_a_bill_is_dated_by_its_issue_and_else_by_its_month(engine: Engine) -> None:
    rows = [
        {"invoice_id": "1", "month": "2024-06-01", "issued_on": "2024-07-03"},
        {"invoice_id": "2", "month": "2024-06-01"},
        {"invoice_id": "3", "month": "2024-07-01", "issued_on": "2024-06-28"},
    ]
    assert list(known(engine, "invoices", rows)["invoice_id"]) == ["2", "3"]


@pytest.mark.parametrize("name", [name for name, table in CONTRACT.items() if table.settled_by])
def test_what_is_settled_later_is_missing_until_then(engine: Engine, name: str) -> None:
    table = CONTRACT[name]
    [(settling, settled)] = table.settled_by.items()
    filled = {"text": "x", "boolean": "true", "money": "1", "number": "1", "integer": "1"}
    values: dict[str, object] = {c.name: filled.get(c.type, "2024-06-01") for c in table.columns}
    on_the_day, later = {settling: "2024-06-30"}, {settling: "2024-07-01"}
    key = table.columns[0].name
    rows = [values | on_the_day | {key: "1"}, values | later | {key: "2"}, values | {settling: None, key: "3"}]
    got = known(engine, name, rows)
    others = [column for column in settled if column != settling]
    assert list(got[settling].notna()) == [True, False, False]
    assert got.loc[[0, 2], others].notna().all(axis=None)
    assert got.loc[1, others].isna().all()
    kept = [column for column in table.names if column not in settled]
    assert got[kept].notna().all(axis=None)


def test_who_left_later_is_active_and_who_left_is_not(engine: Engine) -> None:
    rows = [
        {"customer_id": "A", "status": "churned", "churn_date": "2024-07-01"},
        {"customer_id": "B", "status": "churned", "churn_date": "2024-06-30"},
        {"customer_id": "C", "status": "suspended", "churn_date": "2024-07-01"},
        {"customer_id": "D", "status": "churned"},
    ]
    assert list(known(engine, "customers", rows)["status"]) == ["active", "churned", "suspended", "churned"]


def test_looking_back_twice_is_looking_back_once(engine: Engine) -> None:
    rows = [
        {"customer_id": "A", "signup_date": "2023-01-01", "status": "churned", "churn_date": "2024-06-15"},
        {"customer_id": "B", "signup_date": "2024-05-01"},
    ]
    earlier = dt.date(2024, 3, 31)
    pd.testing.assert_frame_equal(
        known(engine, "customers", rows, DAY, earlier), known(engine, "customers", rows, earlier)
    )
