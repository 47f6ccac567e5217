"""Every class of every dimension: how many customers, how many left, and what may be published of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.base import share_intervals
from analysis.measures.disclosure import masked

Rows = nw.LazyFrame[Any]

GROUPS = ("active", "customers", "leavers", "stayers", "customers_before", "leavers_before", "stayers_before")
FIGURES = ("share", "churn_rate", "low", "high", "previous")


def class_table(
    customers: Rows, exposed: Rows, before: Rows | None, *, dimensions: Sequence[str], smallest: int
) -> pd.DataFrame:
    """Size and quarterly churn of every class of every dimension, ready to be published.

    One table for all chapters, so that a class is masked everywhere or nowhere: what one table hides, another
    must not give away. A class is masked when any of its groups (active now, on the books in the quarter or
    the one before, leavers, stayers) has 1 to `smallest` - 1 customers, or would give such a one away.

    Parameters
    ----------
    customers : table, one row per customer, with `state` and one `<dimension>_class` column each.
    exposed, before : tables, one row per spell on the books in the quarter (the one before; None when that was
        not observed), with `event` and the class columns as they were at the landmark.

    Returns
    -------
    Table, one row per dimension and class, largest class first: `place` (its order), `dimension`, `class`, `active`
    (customers at the as-of date), `share` (of all active), `customers` (opening base plus joiners), `leavers`,
    `churn_rate`, `low`, `high` (Wilson's 95 % interval), `previous` (rate of the quarter before), `masked`.
    """
    parts = [_of(customers, exposed, before, dimension=name, smallest=smallest) for name in dimensions]
    table = pd.concat(parts, ignore_index=True)
    names = ["dimension", "class", "active", "share", "customers", "leavers", *FIGURES[1:], "masked"]
    return table[names].rename_axis("place").reset_index()


def _of(customers: Rows, exposed: Rows, before: Rows | None, *, dimension: str, smallest: int) -> pd.DataFrame:
    by = f"{dimension}_class"
    active = customers.filter(nw.col("state") == "active").group_by(by).agg(active=nw.len())
    counts = to_pandas(active).merge(_left(exposed, by, ""), on=by, how="outer", validate="one_to_one")
    earlier = _left(before if before is not None else exposed.filter(nw.col("event") < 0), by, "_before")
    counts = counts.merge(earlier, on=by, how="outer", validate="one_to_one").rename(columns={by: "class"})
    numbers = [name for name in counts.columns if name != "class"]
    counts[numbers] = counts[numbers].fillna(0).astype("int64")
    ordered = counts.sort_values(["active", "customers", "class"], ascending=[False, False, True], ignore_index=True)
    table = masked(_rated(ordered), by=["class"], count=list(GROUPS), values=list(FIGURES), minimum=smallest)
    return table.assign(dimension=dimension)


def _left(exposed: Rows, by: str, suffix: str) -> pd.DataFrame:
    """Customers, leavers and stayers of each class in one quarter."""
    rows = to_pandas(exposed.group_by(by).agg(customers=nw.len(), leavers=nw.col("event").sum()))
    counted = rows.assign(stayers=rows["customers"] - rows["leavers"])
    return counted.rename(columns={name: name + suffix for name in ("customers", "leavers", "stayers")})


def _rated(counts: pd.DataFrame) -> pd.DataFrame:
    exposed, exposed_before = (counts[name].where(counts[name] > 0) for name in ("customers", "customers_before"))
    return counts.assign(
        share=counts["active"] / max(counts["active"].sum(), 1),
        churn_rate=counts["leavers"] / exposed,
        **share_intervals(counts["leavers"], counts["customers"]),
        previous=counts["leavers_before"] / exposed_before,
    )
