"""How a measure is spread over the active customers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.disclosure import masked

TENURE_EDGES = tuple(range(0, 181, 6))  # months: half years, and fifteen years or more


def binned(customers: nw.LazyFrame[Any], *, value: str, edges: Sequence[float], smallest: int) -> pd.DataFrame:
    """Active customers in bins of `value`; bins of fewer than `smallest` are masked.

    A bin holds values from its left edge up to, and not on, its right edge; the last bin is open. Empty bins at the
    end are left out. Who has no value, or one below the first edge, is in no bin.

    Returns
    -------
    Table, one row per bin, in order: `low`, `high` (edges; `high` missing where the bin is open), `customers`
    (missing where masked), `masked`.
    """
    ends = [*pairwise(edges), (edges[-1], float("nan"))]
    inside = {f"bin_{i}": _within(value, low, high) for i, (low, high) in enumerate(ends)}
    totals = to_pandas(_active(customers).select(**{name: rule.cast(nw.Int64).sum() for name, rule in inside.items()}))
    rows = pd.DataFrame(ends, columns=["low", "high"]).astype(float)
    rows["customers"] = totals[list(inside)].fillna(0).iloc[0].to_numpy(dtype="int64")
    return masked(_without_empty_end(rows), by=["low"], count="customers", values=[], minimum=smallest)


def median(customers: nw.LazyFrame[Any], *, value: str, smallest: int) -> float:
    """The value that half of the active customers do not reach; missing for fewer than `smallest` customers."""
    found = to_pandas(_active(customers).select(n=nw.col(value).count(), middle=nw.col(value).median())).iloc[0]
    return float(found["middle"]) if found["n"] >= smallest else float("nan")


def _active(customers: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return customers.filter(nw.col("state") == "active")


def _within(value: str, low: float, high: float) -> nw.Expr:
    above = nw.col(value) >= low
    return above if high != high else above & (nw.col(value) < high)


def _without_empty_end(rows: pd.DataFrame) -> pd.DataFrame:
    filled = rows.index[rows["customers"] > 0]
    return rows.loc[: filled[-1]] if len(filled) else rows.iloc[:0]
