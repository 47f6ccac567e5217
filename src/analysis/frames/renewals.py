"""Whether a renewal opens a new row, or overwrites the date on which the contract ends."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.engine import to_pandas

LEEWAY = 45  # days that a contract may end later than its months say: a month's end, a line connected late
MOST = 0.01  # share of rows above which contract ends are not believed


def renewals_overwrite(subscriptions: nw.LazyFrame[Any]) -> float | None:
    """Share of contracts (0 to 1) that end later than their start and their months allow.

    share = rows with contract_end_date > start_date + contract_months · 30.4375 + 45 days ÷ rows with all three

    A row holds unchanged terms, so its contract cannot outlast its own months, unless the source prolongs it
    by writing a new end date over the old one. Then those who stayed carry a new date and those who left the
    old one: the date tells who left.

    Returns
    -------
    The share, or None where it cannot be told: no row has both `contract_end_date` and `contract_months`.
    """
    dated = subscriptions.select("contract_end_date", "contract_months", "start_date").drop_nulls()
    lasts = (nw.col("contract_end_date") - nw.col("start_date")).cast(nw.Int64)
    outlasts = lasts > nw.col("contract_months") * DAYS_PER_MONTH + LEEWAY
    counted = to_pandas(dated.select(rows=nw.len(), later=outlasts.cast(nw.Int64).sum()))
    rows, later = counted["rows"].iloc[0], counted["later"].iloc[0]
    return float(later / rows) if rows else None


def contract_ends_are_told(subscriptions: nw.LazyFrame[Any]) -> bool:
    """Whether the end of a contract may be used at a landmark: it can be checked, and at most 1 % of rows fail."""
    share = renewals_overwrite(subscriptions)
    return share is not None and share <= MOST
