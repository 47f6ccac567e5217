"""Who began or gave up a product within a time: their use moves for a reason everybody knows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

NEVER = dt.date(9999, 12, 31)


def changed_products(subscriptions: nw.LazyFrame[Any], *, after: dt.date, until: dt.date) -> nw.LazyFrame[Any]:
    """Customers who first held a product, or held it for the last time, after one day and by another.

    A change of plan, fee or term opens another row of the same product and is no change here.

    Returns
    -------
    Table, one row per customer: `customer_id`.
    """
    ends = nw.coalesce(nw.col("end_date"), nw.lit(NEVER))
    held = (
        subscriptions.with_columns(ends=ends)
        .group_by("customer_id", "product")
        .agg(first=nw.col("start_date").min(), last=nw.col("ends").max())
    )
    began = (nw.col("first") > after) & (nw.col("first") <= until)
    ended = (nw.col("last") > after) & (nw.col("last") <= until)
    return held.filter(began | ended).select("customer_id").unique()
