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
    known = _left(spells, as_of=as_of, seen_after=seen_after)
    rows = to_pandas(known.group_by("days", "event").agg(n=nw.len()).sort("days", "event"))
    return rows.assign(entry=0.0, exit=rows["days"] / DAYS_PER_MONTH)[["entry", "exit", "event", "n"]]


def _left(spells: nw.LazyFrame[Any], *, as_of: dt.date, seen_after: dt.date) -> nw.LazyFrame[Any]:
    """Spells that ended, with `days` since then (to the next, or to the as-of date) and `event` (1 came back)."""
    back = nw.col("start").shift(-1).over("customer_id", order_by="spell")
    left = spells.with_columns(back=back).filter((nw.col("end") > seen_after) & (nw.col("end") <= as_of))
    return left.with_columns(
        days=(nw.coalesce(nw.col("back"), nw.lit(as_of)) - nw.col("end")).cast(nw.Int64),
        event=(~nw.col("back").is_null()).cast(nw.Int64),
    ).filter(nw.col("days") > 0)


def return_counts_by_kind(
    spells: nw.LazyFrame[Any], accounts: nw.LazyFrame[Any], *, as_of: dt.date, seen_after: dt.date
) -> pd.DataFrame:
    """The same by the way of leaving, which is told of who came back where the account that was left keeps it.

    Parameters
    ----------
    accounts : the population's `customers`, one row per account: `customer_id`, `churn_date`, `churn_kind`.

    Returns
    -------
    Table of `return_counts` with `kind`; missing where the way of a spell's end is not on record.
    """
    told = accounts.filter(~nw.col("churn_kind").is_null() & ~nw.col("churn_date").is_null())
    ways = told.group_by("customer_id", "churn_date").agg(way=nw.col("churn_kind").min())
    ways = ways.with_columns(end=nw.col("churn_date")).drop("churn_date")
    known = _left(spells, as_of=as_of, seen_after=seen_after).join(ways, on=["customer_id", "end"], how="left")
    keys = ["kind", "days", "event"]
    rows = known.with_columns(kind=nw.coalesce("kind", "way")).group_by(keys).agg(n=nw.len())
    table = to_pandas(rows.sort(*keys))
    return table.assign(entry=0.0, exit=table["days"] / DAYS_PER_MONTH)[["kind", "entry", "exit", "event", "n"]]
