"""ARPU: revenue per customer and month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas

Z95 = 1.959963984540054


def quarterly_arpu(months: nw.LazyFrame[Any], quarters: Sequence[Quarter]) -> pd.DataFrame:
    """Average revenue per customer and month of each quarter.

    ARPU = revenue of the quarter ÷ customer-months, where a customer counts for the share of each month's
    days on the books. The interval is that of a ratio of two sums over customers (Cochran, 1977).

    Returns
    -------
    Table, one row per quarter with revenue in each of its months, oldest first: `quarter`, `revenue`,
    `customer_months`, `customers` (billed or on the books), `arpu`, `low`, `high`.
    """
    rows = [_of(months, quarter) for quarter in quarters]
    table = pd.DataFrame(
        rows, columns=["quarter", "filled", "revenue", "customer_months", "customers", "rr", "rm", "mm"]
    )
    table = table[(table["filled"] == 3) & (table["customer_months"] > 0)].reset_index(drop=True)
    arpu = table["revenue"] / table["customer_months"]
    squares = table["rr"] - 2 * arpu * table["rm"] + arpu**2 * table["mm"]
    n = table["customers"]
    error = (squares.clip(lower=0) * n / (n - 1).where(n > 1)) ** 0.5 / table["customer_months"]
    return table[["quarter", "revenue", "customer_months", "customers"]].assign(
        arpu=arpu, low=arpu - Z95 * error, high=arpu + Z95 * error
    )


def _of(months: nw.LazyFrame[Any], quarter: Quarter) -> dict[str, object]:
    inside = months.filter((nw.col("month") >= quarter.first_day) & (nw.col("month") <= quarter.last_day))
    by_month = to_pandas(inside.group_by("month").agg(bills=nw.col("revenue").count(), revenue=nw.col("revenue").sum()))
    each = inside.group_by("customer_id").agg(
        m=nw.col("share").sum(), r=nw.coalesce(nw.col("revenue"), nw.lit(0)).cast(nw.Float64).sum()
    )
    sums = each.with_columns(rr=nw.col("r") * nw.col("r"), rm=nw.col("r") * nw.col("m"), mm=nw.col("m") * nw.col("m"))
    total = to_pandas(
        sums.select(nw.col("m").sum(), nw.col("rr").sum(), nw.col("rm").sum(), nw.col("mm").sum(), customers=nw.len())
    ).iloc[0]
    return {
        "quarter": str(quarter),
        "filled": int((by_month["bills"] > 0).sum()),
        "revenue": by_month.sort_values("month")["revenue"].sum(),
        "customer_months": total["m"],
        "customers": int(total["customers"]),
        "rr": total["rr"],
        "rm": total["rm"],
        "mm": total["mm"],
    }
