"""ARPU: revenue per customer and month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT

NEARLY = 0.9
OCCASIONAL = ("one_off", "credit")  # kinds of bill lines that do not come again by themselves
Z95 = 1.959963984540054


def quarterly_arpu(months: nw.LazyFrame[Any], quarters: Sequence[Quarter]) -> pd.DataFrame:
    """Average revenue per customer and month of each quarter.

    ARPU = revenue of the quarter ÷ customer-months, where a customer counts for the share of each month's
    days on the books. The interval is that of a ratio of two sums over customers (Cochran, 1977).
    A month counts as billed when nearly as large a share of its customer-days has a bill as in the other months:
    where bills come late, the last months are not billed yet, and their quarter has no ARPU.

    Returns
    -------
    Table, one row per quarter with three billed months, oldest first: `quarter`, `revenue`,
    `customer_months`, `customers` (billed or on the books), `arpu`, `low`, `high`, `occasional` (what of the ARPU is
    one-off charges less credits).
    """
    billed = billed_months(months)
    rows = [_of(months, quarter, billed) for quarter in quarters]
    table = pd.DataFrame(
        rows, columns=["quarter", "filled", "revenue", "once", "customer_months", "customers", "rr", "rm", "mm"]
    )
    table = table[(table["filled"] == 3) & (table["customer_months"] > 0)].reset_index(drop=True)
    arpu = table["revenue"] / table["customer_months"]
    squares = table["rr"] - 2 * arpu * table["rm"] + arpu**2 * table["mm"]
    n = table["customers"]
    error = (squares.clip(lower=0) * n / (n - 1).where(n > 1)) ** 0.5 / table["customer_months"]
    return table[["quarter", "revenue", "customer_months", "customers"]].assign(
        arpu=arpu,
        low=arpu - Z95 * error,
        high=arpu + Z95 * error,
        occasional=table["once"] / table["customer_months"],
    )


def published_arpu(arpu: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The quarters of `quarterly_arpu` that may be told: revenue and ARPU of fewer customers speak of a few."""
    return arpu[arpu["customers"] >= smallest].reset_index(drop=True)


def billed_months(months: nw.LazyFrame[Any]) -> set[dt.date]:
    """First days of the months that are billed: at least nine tenths of the usual share of customer-days has a bill."""
    with_bill = nw.when(~nw.col("revenue").is_null()).then(nw.col("share")).otherwise(0.0).sum()
    rows = to_pandas(months.group_by("month").agg(billed=with_bill, all=nw.col("share").sum()))
    shares = (rows["billed"] / rows["all"].where(rows["all"] > 0)).fillna(0.0)
    usual = shares[shares > 0].median()
    return set(rows.loc[shares >= NEARLY * usual, "month"].dt.date) if usual > 0 else set()


def _of(months: nw.LazyFrame[Any], quarter: Quarter, billed: set[dt.date]) -> dict[str, object]:
    inside = months.filter((nw.col("month") >= quarter.first_day) & (nw.col("month") <= quarter.last_day))
    kinds = [name for name in OCCASIONAL if name in months.collect_schema().names()]
    by_month = to_pandas(inside.group_by("month").agg(nw.col(name).sum() for name in ("revenue", *kinds)))
    revenue = nw.coalesce(nw.col("revenue").cast(EXACT), nw.lit(0))
    each = inside.group_by("customer_id").agg(
        m=nw.col("share").sum().round(12), r=revenue.sum().cast(nw.Float64).round(6)
    )
    sums = each.with_columns(rr=nw.col("r") * nw.col("r"), rm=nw.col("r") * nw.col("m"), mm=nw.col("m") * nw.col("m"))
    exact = [nw.col(name).round(12).cast(nw.Decimal(38, 12)).sum().alias(name) for name in ("m", "rr", "rm", "mm")]
    total = to_pandas(sums.select(*exact, customers=nw.len())).astype("float64").iloc[0]
    return {
        "quarter": str(quarter),
        "filled": len(billed.intersection(quarter.months)),
        "revenue": by_month.sort_values("month")["revenue"].sum(),
        "once": float(by_month.sort_values("month")[kinds].astype("float64").to_numpy().sum()),
        "customer_months": total["m"],
        "customers": int(total["customers"]),
        "rr": total["rr"],
        "rm": total["rm"],
        "mm": total["mm"],
    }
