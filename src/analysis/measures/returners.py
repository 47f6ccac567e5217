"""Who came back: the time from leaving to joining again, of all who left."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.engine import to_pandas


def return_counts(spells: nw.LazyFrame[Any], *, as_of: dt.date, seen_after: dt.date) -> pd.DataFrame:
    """Spells that ended under observation, counted by the time since then and by whether the customer came back.

    A gap within the days of grace ends no spell. `seen_after` is the eve of observation: who left earlier is not
    among the leavers.

    Returns
    -------
    Table, one row per different (exit, event), in that order: `entry` (0), `exit` (months from leaving to the next
    spell, or to the as-of date), `event` (1 came back, else 0), `n` (spells). Who left on the as-of date is left out:
    nothing is known of after.
    """
    back = nw.col("start").shift(-1).over("customer_id", order_by="spell")
    left = spells.with_columns(back=back).filter((nw.col("end") > seen_after) & (nw.col("end") <= as_of))
    known = left.select(
        days=(nw.coalesce(nw.col("back"), nw.lit(as_of)) - nw.col("end")).cast(nw.Int64),
        event=(~nw.col("back").is_null()).cast(nw.Int64),
    ).filter(nw.col("days") > 0)
    rows = to_pandas(known.group_by("days", "event").agg(n=nw.len()).sort("days", "event"))
    return rows.assign(entry=0.0, exit=rows["days"] / DAYS_PER_MONTH)[["entry", "exit", "event", "n"]]
