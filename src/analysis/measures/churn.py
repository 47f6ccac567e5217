"""Where and how customers leave: the classes that tell most, and the kinds of leaving."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.base import share_intervals
from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.measures.disclosure import masked

MOST_CLASSES = 8  # of a dimension that curves are drawn of
CLEAR = 0.01  # p-value below which classes are said to leave at different paces
Rows = nw.LazyFrame[Any]


def by_spread(rates: pd.DataFrame, *, value: str = "churn_rate") -> list[str]:
    """Dimensions with at least two known classes, the one whose classes spread leaving (or another value) most first.

    Spread is the variance of the rates weighted by customers, so that of many small classes the luckiest does
    not decide.
    """
    known = rates[(rates["class"] != NOT_AVAILABLE) & ~rates["masked"] & (rates["customers"] > 0)]
    spread = {}
    for name, rows in known.groupby("dimension"):
        if len(rows) > 1:
            weight = rows["customers"] / rows["customers"].sum()
            mean = (weight * rows[value]).sum()
            spread[str(name)] = float((weight * (rows[value] - mean) ** 2).sum())
    return sorted(spread, key=lambda name: (-spread[name], name))


def clearest(rates: pd.DataFrame, *, dimensions: int = 4, value: str = "churn_rate") -> pd.DataFrame:
    """The rates of the dimensions that spread leaving (or another value) most: what a picture has room for."""
    return rates[rates["dimension"].isin(by_spread(rates, value=value)[:dimensions])]


def leavers_by_kind(exposures: Rows, *, smallest: int) -> pd.DataFrame:
    """How the quarter's leavers divide by kind of leaving, most frequent first.

    Returns
    -------
    Table, one row per kind: `kind` ("not known" where the source does not say), `leavers`, `share` (of all
    leavers, 0 to 1), `low`, `high` (Wilson's 95 % interval), `masked`.
    """
    left = exposures.filter(nw.col("event") == 1).with_columns(kind=nw.coalesce(nw.col("kind"), nw.lit("not known")))
    rows = to_pandas(left.group_by("kind").agg(leavers=nw.len()))
    rows = rows.sort_values(["leavers", "kind"], ascending=[False, True], ignore_index=True)
    everyone = pd.Series(rows["leavers"].sum(), index=rows.index)
    shares = rows.assign(share=rows["leavers"] / everyone, **share_intervals(rows["leavers"], everyone))
    return masked(shares, by=["kind"], count="leavers", values=["share", "low", "high"], minimum=smallest)


def gives_reasons(customers: Rows) -> bool:
    """Whether a reason for leaving is known of any customer; `customers` has `churn_reason`."""
    return bool(to_pandas(customers.select(known=nw.col("churn_reason").count()))["known"].iloc[0])


def comparable_classes(
    rates: pd.DataFrame, tests: pd.DataFrame, *, dimensions: int = 3, classes: int = 5
) -> dict[str, list[str]]:
    """Which curves are worth drawing: the dimensions whose classes clearly differ, and their largest classes.

    Parameters
    ----------
    rates : table of `class_table`; masked classes and those nobody left are not drawn.
    tests : table of log-rank tests, one row per dimension; drawn are those with a p-value below 0.01 and at most
        eight classes, smallest p-value first.

    Returns
    -------
    Largest classes by dimension; empty when no classes differ clearly.
    """
    chosen: dict[str, list[str]] = {}
    for name in _clearest_tests(tests):
        rows = rates[
            (rates["dimension"] == name) & ~rates["masked"] & (rates["leavers"] > 0) & (rates["class"] != NOT_AVAILABLE)
        ]
        if len(rows) > 1 and len(chosen) < dimensions:
            chosen[name] = rows["class"].head(classes).tolist()
    return chosen


def _clearest_tests(tests: pd.DataFrame) -> list[str]:
    """Dimensions that differ clearly, smallest p-value first; p-values too small to tell apart by their statistic."""
    clear = tests[(tests["p_value"] < CLEAR) & (tests["classes"] <= MOST_CLASSES)]
    ordered = clear.assign(size=-clear["statistic"] / clear["degrees_of_freedom"])
    return ordered.sort_values(["p_value", "size", "dimension"])["dimension"].tolist()
