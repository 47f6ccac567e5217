"""Every class of every dimension: how many customers, how many left, and what may be published of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.base import share_intervals
from analysis.measures.class_rules import ClassRules
from analysis.measures.disclosure import masked

Rows = nw.LazyFrame[Any]

NOW = ("customers", "leavers", "stayers")
BEFORE = ("customers_before", "leavers_before", "stayers_before")


def class_table(
    customers: Rows, exposed: Rows, before: Rows | None, *, dimensions: ClassRules, smallest: int
) -> pd.DataFrame:
    """Size and quarterly churn of every class of every dimension, ready to be published.

    One table for all chapters, so that what one of them hides another cannot give away: a class whose size is
    masked has no rate either. Sizes include suspended lines, which the rates would give away otherwise. A rate is
    masked with its customers when customers, leavers or stayers are 1 to `smallest` - 1, or would give such a group
    away; so is the rate of the quarter before, by its own groups.

    Parameters
    ----------
    customers : table, one row per customer, with `state` and one `<dimension>_class` column each.
    exposed, before : tables, one row per spell on the books in the quarter (the one before; None when that was
        not observed), with `event` and the class columns as they were at the landmark.

    Returns
    -------
    Table, one row per dimension and class, largest class first: `place` (its order), `dimension`, `label` (what the
    dimension is called), `class`, `closing`
    (customers at the as-of date), `share` (of them all), `masked`; `customers` (opening base plus joiners),
    `leavers`, `churn_rate`, `low`, `high` (Wilson's 95 % interval), `rate_masked`; `previous` (rate of the quarter
    before), `previous_masked`.
    """
    parts = [
        _of(customers, exposed, before, dimension=one.name, smallest=smallest).assign(label=one.label)
        for one in dimensions.values()
    ]
    return pd.concat(parts, ignore_index=True).rename_axis("place").reset_index()


def sizes(table: pd.DataFrame) -> pd.DataFrame:
    """The size side of a table of classes: those with customers at the as-of date, `masked` as to their size."""
    return table.loc[table["closing"] != 0, ["place", "dimension", "label", "class", "closing", "share", "masked"]]


def rates(table: pd.DataFrame, dimensions: ClassRules) -> pd.DataFrame:
    """The churn side of a table of classes: those with customers in the quarter, `masked` as to their rate."""
    kept = table[(table["customers"] != 0) & table["dimension"].isin(list(dimensions))].drop(
        columns=["closing", "share", "masked"]
    )
    return kept.rename(columns={"rate_masked": "masked"})


def _of(customers: Rows, exposed: Rows, before: Rows | None, *, dimension: str, smallest: int) -> pd.DataFrame:
    by = f"{dimension}_class"
    there = customers.filter(nw.col("state") != "left").group_by(by).agg(closing=nw.len())
    counts = to_pandas(there).merge(_left(exposed, by, ""), on=by, how="outer", validate="one_to_one")
    earlier = _left(before if before is not None else exposed.filter(nw.col("event") < 0), by, "_before")
    counts = counts.merge(earlier, on=by, how="outer", validate="one_to_one").rename(columns={by: "class"})
    numbers = [name for name in counts.columns if name != "class"]
    counts[numbers] = counts[numbers].fillna(0).astype("int64")
    ordered = counts.sort_values(["closing", "customers", "class"], ascending=[False, False, True], ignore_index=True)
    return _hidden(_rated(ordered), smallest=smallest).assign(dimension=dimension)


def _hidden(table: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    size = _small(table, ("closing",), smallest=smallest)
    now, before = (size | _small(table, groups, smallest=smallest) for groups in (NOW, BEFORE))
    shown = table.drop(columns=["stayers", *BEFORE])
    for flag, names in ((size, ("closing", "share")), (now, ("customers", "leavers", "churn_rate", "low", "high"))):
        shown = shown.assign(**{name: shown[name].mask(flag) for name in names})
    return shown.assign(previous=shown["previous"].mask(before), masked=size, rate_masked=now, previous_masked=before)


def _small(table: pd.DataFrame, groups: Sequence[str], *, smallest: int) -> pd.Series:
    """Classes that have too few customers in one of the groups, and those that would give them away."""
    return masked(table, by=["class"], count=list(groups), values=[], minimum=smallest)["masked"]


def _left(exposed: Rows, by: str, suffix: str) -> pd.DataFrame:
    """Customers, leavers and stayers of each class in one quarter."""
    rows = to_pandas(exposed.group_by(by).agg(customers=nw.len(), leavers=nw.col("event").sum()))
    counted = rows.assign(stayers=rows["customers"] - rows["leavers"])
    return counted.rename(columns={name: name + suffix for name in NOW})


def _rated(counts: pd.DataFrame) -> pd.DataFrame:
    exposed, exposed_before = (counts[name].where(counts[name] > 0) for name in ("customers", "customers_before"))
    return counts.assign(
        share=counts["closing"] / max(counts["closing"].sum(), 1),
        churn_rate=counts["leavers"] / exposed,
        **share_intervals(counts["leavers"], counts["customers"]),
        previous=counts["leavers_before"] / exposed_before,
    )
