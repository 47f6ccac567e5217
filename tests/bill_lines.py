"""Bill lines and spells, written by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import narwhals as nw
import pyarrow as pa

from analysis.extracts.engine import Engine

Line = dict[str, Any]
_BILLS = {
    "invoice_id": pa.string(),
    "customer_id": pa.string(),
    "month": pa.date32(),
    "issued_on": pa.date32(),
    "kind": pa.string(),
    "amount": pa.decimal128(18, 4),
    "tax": pa.decimal128(18, 4),
    "due_date": pa.date32(),
    "paid_date": pa.date32(),
}
_SPELLS = {
    "customer_id": pa.string(),
    "spell": pa.int64(),
    "start": pa.date32(),
    "end": pa.date32(),
    "kind": pa.string(),
}


def day(text: str | dt.date | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if isinstance(text, str) else text


def bill_lines(engine: Engine, lines: Sequence[Line]) -> nw.LazyFrame[Any]:
    """The contract table `invoices` of these lines; columns not named are missing."""
    rows = []
    for line in lines:
        row = dict.fromkeys(_BILLS) | line
        for name, kind in _BILLS.items():
            if kind == pa.date32():
                row[name] = day(row[name])
            elif pa.types.is_decimal(kind) and row[name] is not None:
                row[name] = Decimal(str(row[name]))
        row["month"] = (row["issued_on"] or row["month"]).replace(day=1)
        rows.append(row)
    return engine.table(pa.Table.from_pylist(rows, schema=pa.schema(list(_BILLS.items()))))


def bill(number: str, customer: str, amount: object, issued: str, due: str | None, paid: str | None = None) -> Line:
    """A line of a bill."""
    return {
        "invoice_id": number, "customer_id": customer, "amount": amount, "issued_on": issued, "due_date": due,
        "paid_date": paid,
    }  # fmt: skip


def spell_rows(engine: Engine, lives: dict[str, tuple[str, str | None]]) -> nw.LazyFrame[Any]:
    """The stage table `spells`: customer → start and end."""
    rows = [
        {"customer_id": who, "spell": 1, "start": day(start), "end": day(end), "kind": None}
        for who, (start, end) in lives.items()
    ]
    return engine.table(pa.Table.from_pylist(rows, schema=pa.schema(list(_SPELLS.items()))))
