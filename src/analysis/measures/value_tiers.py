"""Value tiers: who is of high, medium and low value, what each tier holds, and what it brings now."""

from __future__ import annotations

from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.basis.rounding import half_up
from analysis.measures.arpu import billed_months
from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.measures.disclosure import masked
from analysis.measures.ratio import ratio_of_sums
from analysis.measures.value_shares import estimated, group_sums

Floats = npt.NDArray[np.float64]
Rows = nw.LazyFrame[Any]

TIERS = ("high", "medium", "low")
FIGURES = ("customer_share", "share", "share_low", "share_high", "mean", "low", "high")
REVENUE = ("revenue_share", "revenue_low", "revenue_high")


class TierEdges(NamedTuple):
    """Where tiers begin, `by` one of three: `customers` (shares of them, in order of value), `value` (shares of all
    value above zero, in the same order), `amount` (a customer's value, in the source's currency).
    """

    by: str
    high: float
    medium: float


def value_tiers(customers: pd.DataFrame, *, edges: TierEdges) -> pd.DataFrame:
    """The same customers with their `value_tier`: high, medium, low, or "not available" where they have no value.

    Customers are in order of `clv`, equal ones of `customer_id`. Who crosses an edge given as a share of value belongs
    to the tier above it.

    Parameters
    ----------
    customers : table, one row per active customer, with `customer_id` and `clv`.
    """
    value = customers["clv"].to_numpy("float64")
    known = np.flatnonzero(~np.isnan(value))
    order = known[np.lexsort((customers["customer_id"].to_numpy(dtype=str)[known], -value[known]))]
    tier = np.full(len(value), NOT_AVAILABLE, dtype=object)
    tier[order] = np.array(TIERS, dtype=object)[_places(value[order], edges)]
    return customers.assign(value_tier=pd.Series(tier, index=customers.index, dtype=object))


def _places(ordered: Floats, edges: TierEdges) -> npt.NDArray[np.int64]:
    """The place in `TIERS` of values that stand in falling order."""
    if edges.by == "amount":
        return np.asarray((ordered < edges.high).astype(int) + (ordered < edges.medium))
    ends = (edges.high, edges.high + edges.medium)
    if edges.by == "customers":
        before, limits = np.arange(len(ordered)), [half_up(end * len(ordered), 0) for end in ends]
    else:
        held = np.maximum(ordered, 0.0)
        # Sums of floats: the last bit must not decide who stands on an edge.
        before, limits = (held.cumsum() - held).round(6), [round(end * float(held.sum()), 6) for end in ends]
    return np.asarray((before >= limits[0]).astype(int) + (before >= limits[1]))


def tier_figures(customers: pd.DataFrame, *, worth: Floats, smallest: int) -> pd.DataFrame:
    """What each tier holds of the expected value.

    Parameters
    ----------
    customers : table, one row per active customer, with `value_tier`.
    worth : the value of the same customers: the estimate in the first row, a draw in each further one.

    Returns
    -------
    Table, one row per tier with customers, the highest first: `tier`, `customers`, `customer_share` (of those with a
    value), `share` (of their value), `share_low`, `share_high`, `mean` (per customer), `low`, `high` (95 % intervals
    from the draws), `masked`. Shares are missing where all of them together are worth nothing.
    """
    place = customers["value_tier"].map({tier: place for place, tier in enumerate(TIERS)})
    kept = place.notna().to_numpy()
    tier = place[kept].to_numpy("int64")
    size, sums = np.bincount(tier, minlength=len(TIERS)), group_sums(worth[:, kept], tier, len(TIERS))
    whole = sums.sum(axis=1, keepdims=True)
    share, share_low, share_high = estimated(sums / (whole if (whole > 0).all() else np.nan))
    mean, low, high = estimated(sums / np.where(size > 0, size, np.nan))
    columns = {
        "tier": list(TIERS), "customers": size, "customer_share": size / max(size.sum(), 1), "share": share,
        "share_low": share_low, "share_high": share_high, "mean": mean, "low": low, "high": high,
    }  # fmt: skip
    table = pd.DataFrame(columns)
    table = table[table["customers"] > 0].reset_index(drop=True)
    return masked(table, by=["tier"], count="customers", values=list(FIGURES), minimum=smallest)


def tier_revenue(months: Rows, customers: Rows, tiers: pd.DataFrame, *, quarter: Quarter) -> pd.DataFrame:
    """The tiers with their share of what customers with a value were billed for the quarter.

    The interval is that of a ratio of two sums over customers (Cochran, 1977).

    Parameters
    ----------
    months : table of `frames.months.months`.
    customers : table, one row per active customer: `customer_id`, `value_tier`.
    tiers : table of `tier_figures`: a tier that is masked there is masked here.

    Returns
    -------
    `tiers` with `revenue_share`, `revenue_low`, `revenue_high` (95 %); missing where a month of the quarter is not
    billed, or nothing was.
    """
    if not set(quarter.months) <= billed_months(months):
        return tiers.assign(**dict.fromkeys(REVENUE, float("nan")))
    inside = months.filter((nw.col("month") >= quarter.first_day) & (nw.col("month") <= quarter.last_day))
    valued = customers.filter(nw.col("value_tier").is_in(list(TIERS))).select("customer_id", "value_tier")
    rows = inside.join(valued, on="customer_id", how="inner").with_columns(bottom=nw.col("revenue"))
    found = [_part(rows, tier) for tier in tiers["tier"]]
    shares = pd.DataFrame(found, columns=list(REVENUE), index=tiers.index)
    return tiers.assign(**{name: shares[name].mask(tiers["masked"]) for name in REVENUE})


def _part(rows: Rows, tier: str) -> tuple[float, float, float]:
    own = nw.when(nw.col("value_tier") == tier).then(nw.col("revenue")).otherwise(nw.lit(0))
    ratio = ratio_of_sums(rows.with_columns(top=own))
    return ratio.value, ratio.low, ratio.high
