"""What a contract table said on a day: nothing dated later, no cell filled later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from analysis.extracts.contract import CONTRACT


def known_at(table: nw.LazyFrame[Any], name: str, day: dt.date) -> nw.LazyFrame[Any]:
    """The contract table `name` as it was known at the end of `day`.

    Keeps rows whose own date ≤ `day` (the first filled of the contract's `own_date`; a row without any is kept).
    A cell that a later date settles is missing until then: `paid_date`, `closed_at` and what closing settles,
    answers, `end_date`, `churn_*`, `converted_*`. A customer whose churn lies after `day` is active, not churned.

    Parameters
    ----------
    table
        Table with the contract's columns and types, at the contract's grain; further columns stay as they are.
    """
    contract = CONTRACT[name]
    rows = table
    if contract.own_date:
        own_date = nw.coalesce(*(nw.col(column).cast(nw.Date) for column in contract.own_date))
        rows = rows.filter(own_date.is_null() | (own_date <= day))
    masked = {}
    for date_column, settled in contract.settled_by.items():
        still_open = nw.col(date_column).cast(nw.Date) > day
        if name == "customers" and date_column == "churn_date":
            left_later = still_open & (nw.col("status") == "churned")
            masked["status"] = nw.when(left_later).then(nw.lit("active")).otherwise(nw.col("status"))
        for column in settled:
            masked[column] = nw.when(~still_open | nw.col(date_column).is_null()).then(nw.col(column))
    return rows.with_columns(**masked) if masked else rows
