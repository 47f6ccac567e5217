"""What each customer's months brought and cost: bills, time on the books, contacts with the service desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT
from analysis.frames.observation import Observation
from analysis.measures.margin_figures import ticket_costs

Rows = nw.LazyFrame[Any]


def received_months(months: Rows, tables: Mapping[str, Rows], observation: Observation, *, per_contact: float) -> Rows:
    """The months whose revenue is known, and the contacts since the first of them.

    Parameters
    ----------
    months : table of `frames.months.months`, one row per customer and month.
    per_contact : what a ticket without a cost of its own counts.

    Returns
    -------
    Table, one row per customer and month: `customer_id`, `month` (first day), `told` (1, or 0 where there were contacts
    only), `revenue`, `share` (of the month's days on the books), `contacts` (cost); decimals, source's currency.
    """
    told = months.filter(~nw.col("revenue").is_null())
    nothing = nw.lit(0).cast(EXACT)
    share = nw.col("share").round(6).cast(EXACT)
    sides = [
        told.select(
            "customer_id", "month", told=nw.lit(1), revenue=nw.col("revenue").cast(EXACT), share=share, contacts=nothing
        )
    ]
    first = to_pandas(told.select(month=nw.col("month").min()))["month"].iloc[0]
    if "tickets" in tables and not pd.isna(first):
        since = max(first.date(), observation.begins)
        costs = ticket_costs(tables["tickets"], since=since, per_contact=per_contact)
        cost = nw.col("cost").cast(EXACT)
        sides.append(
            costs.select("customer_id", "month", told=nw.lit(0), revenue=nothing, share=nothing, contacts=cost)
        )
    whole = nw.concat(sides).group_by("customer_id", "month")
    return whole.agg(nw.col("told").max(), nw.col("revenue", "share", "contacts").sum())
