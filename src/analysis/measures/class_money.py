"""What the classes bring, and who is no customer yet: revenue by class, open leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT
from analysis.measures.class_rules import SUFFIX
from analysis.measures.class_table import sizes

Rows = nw.LazyFrame[Any]


def class_revenue(
    customers: Rows, months: Rows, classes: pd.DataFrame, *, dimensions: Iterable[str], quarter: Quarter
) -> pd.DataFrame:
    """The share of the quarter's revenue that the customers of each class bring.

    Parameters
    ----------
    customers : table, one row per customer, with `state` and the class columns: those who left are not counted.
    months : table of `frames.months.months`.
    classes : table of `class_table`: a class whose size is masked there has no share of revenue either.

    Returns
    -------
    Table, one row per dimension and class with customers: `place`, `dimension`, `label`, `class`, `closing`, `share`
    (of customers), `revenue_share` (of what was billed for the months of the quarter; missing where nothing was, and
    where masked), `masked`.
    """
    inside = (nw.col("month") >= quarter.first_day) & (nw.col("month") <= quarter.last_day)
    billed = months.filter(inside).group_by("customer_id").agg(revenue=nw.col("revenue").cast(EXACT).sum())
    there = customers.filter(nw.col("state") != "left").join(billed, on="customer_id", how="left")
    parts = [_of(there, sizes(classes), dimension=name) for name in dimensions]
    return pd.concat(parts, ignore_index=True)


def _of(there: Rows, classes: pd.DataFrame, *, dimension: str) -> pd.DataFrame:
    by = dimension + SUFFIX
    revenue = nw.coalesce(nw.col("revenue"), nw.lit(0).cast(EXACT)).sum()
    sums = to_pandas(there.group_by(by).agg(revenue=revenue)).rename(columns={by: "class"})
    kept = classes[classes["dimension"] == dimension].merge(sums, on="class", how="left", validate="one_to_one")
    whole = kept["revenue"].sum()
    share = kept["revenue"] / (whole if whole > 0 else float("nan"))
    return kept.assign(revenue_share=share.mask(kept["masked"])).drop(columns="revenue")


def who_left(customers: Rows) -> int | None:
    """Customers who left since observation began; None where nothing tells who did, or nobody can be followed."""
    sums = customers.select(
        left=(nw.col("state") == "left").cast(nw.Int64).sum(),
        unknown=(nw.col("state") == "unknown").cast(nw.Int64).sum(),
        known=nw.len(),
    )
    counts = to_pandas(sums).fillna(0).iloc[0]
    return int(counts["left"]) if counts["known"] and not counts["unknown"] else None


def open_leads(leads: Rows, *, as_of: dt.date) -> int:
    """Potential customers: leads made by the as-of date that had not become customers by then."""
    after = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
    converted = nw.coalesce(nw.col("converted_at") < after, nw.lit(False))
    kept = leads.filter((nw.col("created_at") < after) & ~converted)
    return int(to_pandas(kept.select(n=nw.len()))["n"].iloc[0])
