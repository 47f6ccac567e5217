"""Who answers surveys: an average of answers is one of those who answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.interval import share_interval


def response(tables: Mapping[str, nw.LazyFrame[Any]], customers: nw.LazyFrame[Any], *, smallest: int) -> pd.DataFrame:
    """Surveys sent and answered, in all and by age and tenure of the customer at the as-of date.

    Returns
    -------
    Table, one row per class, the first of all: `class`, `sent`, `answered`, `share`, `low`, `high` (95 %). Classes
    with fewer than `smallest` answers, or surveys without one, are left out; empty without surveys.
    """
    empty = pd.DataFrame({"class": [], "sent": [], "answered": [], "share": [], "low": [], "high": []})
    if "surveys" not in tables:
        return empty
    told = tables["surveys"].select("customer_id", answered=(~nw.col("answered_at").is_null()).cast(nw.Int64))
    joined = told.join(customers.select("customer_id", "age", "tenure_months"), on="customer_id", how="left")
    groups = joined.select("answered", _age().alias("age"), _tenure().alias("tenure"))
    counts = to_pandas(groups.group_by("age", "tenure").agg(sent=nw.len(), answered=nw.col("answered").sum()))
    rows = [("all", counts["sent"].sum(), counts["answered"].sum())]
    for name in ("age", "tenure"):
        sums = counts.groupby(name)[["sent", "answered"]].sum()
        rows += [(label, *each) for label, each in zip(sums.index, sums.to_numpy().tolist(), strict=True)]
    table = pd.DataFrame(rows, columns=["class", "sent", "answered"])
    table = table[(table["answered"] >= smallest) & (table["sent"] - table["answered"] >= smallest)]
    low, high = share_interval(table["answered"], table["sent"])
    return table.assign(share=table["answered"] / table["sent"], low=low, high=high).reset_index(drop=True)


def _age() -> nw.Expr:
    years = nw.col("age")
    old = nw.when(years >= 60).then(nw.lit("60 or older")).otherwise(nw.lit("30 to 59"))
    return (
        nw.when(years.is_null())
        .then(nw.lit(None))
        .otherwise(nw.when(years < 30).then(nw.lit("under 30")).otherwise(old))
    )


def _tenure() -> nw.Expr:
    months = nw.col("tenure_months")
    long = nw.when(months >= 60).then(nw.lit("5 years or longer here")).otherwise(nw.lit("1 to 5 years here"))
    short = nw.when(months < 12).then(nw.lit("less than a year here")).otherwise(long)
    return nw.when(months.is_null()).then(nw.lit(None)).otherwise(short)
