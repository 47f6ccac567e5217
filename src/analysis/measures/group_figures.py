"""How large each group by behaviour is, what it brings, and how many of it left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.measures.base import share_intervals
from analysis.measures.disclosure import masked
from analysis.measures.ratio import ratio_of_sums

Rows = nw.LazyFrame[Any]


def group_sizes(members: pd.Series, before: pd.Series, names: Sequence[str], *, smallest: int) -> pd.DataFrame:
    """Customers of each group now, and its share then.

    Returns
    -------
    Table, one row per group, the largest first: `name`, `customers`, `share` (of the customers in a group, 0 to
    1), `before` (the same share a quarter earlier; missing without one), `masked`.
    """
    now, then = (part.value_counts().reindex(names, fill_value=0) for part in (members.dropna(), before.dropna()))
    rows = pd.DataFrame({"name": pd.Series(list(names), dtype=object), "customers": now.to_numpy()})
    rows["share"] = rows["customers"] / max(rows["customers"].sum(), 1)
    rows["before"] = (then / then.sum()).to_numpy() if then.sum() else float("nan")
    rows = rows.sort_values(["customers", "name"], ascending=[False, True], ignore_index=True)
    return masked(rows, by=["name"], count="customers", values=["share", "before"], minimum=smallest)


def group_money(months: Rows, members: Rows, names: Sequence[str], quarter: Quarter) -> pd.DataFrame:
    """Revenue per customer and month of each group's customers in a quarter.

    Parameters
    ----------
    months : table, one row per customer and month, with `revenue` and `share` of the month on the books.
    members : table, one row per customer: `customer_id`, `cluster`.

    Returns
    -------
    Table, one row per group: `name`, `arpu`, `arpu_low`, `arpu_high` (95 %; currency a month).
    """
    inside = months.filter((nw.col("month") >= quarter.first_day) & (nw.col("month") <= quarter.last_day))
    joined = inside.join(members, on="customer_id", how="inner")
    rows = []
    for name in names:
        mine = joined.filter(nw.col("cluster") == name)
        got = ratio_of_sums(mine.select("customer_id", top=nw.col("revenue"), bottom=nw.col("share")))
        rows.append((name, got.value, got.low, got.high))
    return pd.DataFrame(rows, columns=["name", "arpu", "arpu_low", "arpu_high"]).astype({"name": object})


def group_churn(exposures: Rows, before: pd.Series, names: Sequence[str], *, smallest: int) -> pd.DataFrame:
    """How many left in the quarter, of those who were in each group at its start.

    Returns
    -------
    Table, one row per group: `name`, `churn_rate`, `low`, `high` (Wilson's 95 % interval), `churn_rate_masked`.
    """
    left = to_pandas(exposures.select("customer_id", "event", "joined"))
    opening = left[left["joined"] == 0].set_index("customer_id")["event"]
    group = before.reindex(opening.index)
    counts = opening.groupby(group).agg(["size", "sum"]).reindex(names, fill_value=0)
    rows = pd.DataFrame(
        {
            "name": pd.Series(list(names), dtype=object),
            "opening": counts["size"].to_numpy(),
            "leavers": counts["sum"].to_numpy(),
        }
    )
    rows["stayers"] = rows["opening"] - rows["leavers"]
    rows["churn_rate"] = rows["leavers"] / rows["opening"].where(rows["opening"] > 0)
    rows = rows.assign(**share_intervals(rows["leavers"], rows["opening"]))
    hidden = masked(
        rows, by=["name"], count=["opening", "leavers", "stayers"],
        values=["churn_rate", "low", "high"], minimum=smallest,
    )  # fmt: skip
    return hidden.rename(columns={"masked": "churn_rate_masked"})[
        ["name", "churn_rate", "low", "high", "churn_rate_masked"]
    ]


def group_kpis(sizes: pd.DataFrame, tried: pd.DataFrame) -> list[Kpi]:
    """Size and share of every group that is not masked, and how steady and separate the groups are."""
    found = [
        Kpi(metric, row[column], int(row["customers"]), previous=earlier, dimension="behaviour", klass=row["name"])
        for row in sizes[~sizes["masked"]].to_dict("records")
        for metric, column, earlier in (
            ("group_customers", "customers", None),
            ("group_share", "share", row["before"]),
        )
    ]
    chosen = tried[tried["chosen"].astype(bool)].to_dict("records")
    return found + [
        Kpi(metric, row[column])
        for row in chosen
        for metric, column in (("group_stability", "stability"), ("group_silhouette", "silhouette"))
    ]
