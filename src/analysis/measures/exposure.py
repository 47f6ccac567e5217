"""What the base would lose if its largest holdings left, against limits."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.concentration import EXACT, publishable
from analysis.measures.largest import BANDS, NONE, Largest, tells_the_first

Rows = nw.LazyFrame[Any]

ACCOUNT, ACCOUNTS, REGION, PRODUCT, SEGMENT = "account", "accounts", "region", "product", "segment"
GREEN, AMBER, RED, UNKNOWN = "within", "near", "beyond", "not told"
HELD = ["holding", "name", "classes", "share", "low", "high", "customers", "customer_share", "value_share"]


class Limits(NamedTuple):
    """How much may hang on one holding: shares of revenue, and Herfindahl's index over regions.

    `near` is the share of a limit from which a holding is watched.
    """

    largest_account: float = 0.05
    largest_accounts: float = 0.2
    region: float = 0.4
    region_hhi: float = 0.25
    product: float = 0.7
    segment: float = 0.8
    near: float = 0.8

    @property
    def of(self) -> dict[str, float]:
        """The limit of each kind of holding."""
        return {
            ACCOUNT: self.largest_account, ACCOUNTS: self.largest_accounts, REGION: self.region,
            PRODUCT: self.product, SEGMENT: self.segment,
        }  # fmt: skip


def light(value: float, limit: float, near: float) -> str:
    """Where a value stands against its limit: within, near or beyond; not told where it is missing."""
    if value != value:
        return UNKNOWN
    return RED if value > limit else AMBER if value > near * limit else GREEN


def band(share: float) -> tuple[float, float]:
    """The band in which the share of one account is told: its lower and its upper edge."""
    place = bisect_right(BANDS, share)
    return (0.0, *BANDS)[place], (*BANDS, 1.0)[place]


def class_holding(kind: str, table: pd.DataFrame, members: Rows, *, smallest: int) -> dict[str, Any] | None:
    """The largest class of a dimension, and what would go with it; None where nothing is told, or there is but one.

    Parameters
    ----------
    table : table of `concentration` of one period.
    members : table, one row per active customer: `value` (expected value, may be missing), `inside` (1 for who is of
        the largest class, else 0).
    """
    told = publishable(table, smallest=smallest)
    if told.empty:
        return None
    row = told.iloc[-1]
    lost = _lost(members, smallest=smallest)
    share = {"share": row["share"], "low": row["share_low"], "high": row["share_high"]}
    return {"holding": kind, "name": str(row["largest"]), "classes": int(row["classes"])} | lost | share


def account_holding(found: Largest, members: Rows, *, smallest: int) -> dict[str, Any] | None:
    """The largest accounts that may be told together, and what would go with them.

    Parameters
    ----------
    members : table, one row per active customer: `account`, `value`, `top` (1 for those of these accounts, else 0).
    """
    if found.tops.empty or bool(found.tops["masked"].iloc[0]):
        return None
    row = found.tops.iloc[0]
    lost = _lost(members.with_columns(inside=nw.col("top")), smallest=smallest)
    top = members.filter(nw.col("top") == 1).group_by("account").agg(value=nw.col("value").sum())
    worth = to_pandas(top.sort("value", "account"))["value"].dropna().to_numpy("float64")[::-1]
    share = {"share": row["share"], "low": row["share_low"], "high": row["share_high"]}
    if tells_the_first(worth[worth > 0]):
        lost["value_share"] = float("nan")
    return {"holding": ACCOUNTS, "name": str(int(row["accounts"])), "classes": found.accounts} | lost | share


def _lost(members: Rows, *, smallest: int) -> dict[str, Any]:
    """What would go: customers, their share of all, and their share of the expected value; missing where they are few,
    or few would stay.
    """
    value = nw.coalesce(nw.col("value").cast(nw.Float64).round(4).cast(EXACT), nw.lit(0).cast(EXACT))
    inside = nw.coalesce(nw.col("inside").cast(nw.Int64), nw.lit(0))
    own = nw.when(inside == 1).then(value).otherwise(nw.lit(0).cast(EXACT))
    sums = members.select(n=inside.sum(), all=nw.len(), own=own.sum(), whole=value.sum())
    row = to_pandas(sums).astype("float64").fillna(0.0).iloc[0]
    if 0 < row["n"] < smallest or 0 < row["all"] - row["n"] < smallest:
        return dict.fromkeys(("customers", "customer_share", "value_share"), NONE)
    share = float(row["own"] / row["whole"]) if row["whole"] > 0 else NONE
    return {"customers": int(row["n"]), "customer_share": row["n"] / max(row["all"], 1), "value_share": share}


def exposures(holdings: list[dict[str, Any] | None], found: Largest, limits: Limits) -> pd.DataFrame:
    """The holdings against their limits, and the largest account in a band.

    Returns
    -------
    Table, one row per holding: `holding`, `name`, `classes`, `share`, `low`, `high` (of revenue; missing for the
    largest account), `customers`, `customer_share`, `value_share` (what would go with it), `limit`, `status`,
    `band_low`, `band_high` (of the largest account only).
    """
    rows: list[dict[str, Any]] = [one for one in holdings if one is not None]
    if found.first == found.first:
        edges = band(found.first)
        rows.insert(0, {"holding": ACCOUNT, "name": "", "band_low": edges[0], "band_high": edges[1]})
    table = pd.DataFrame(rows).reindex(columns=[*HELD, "band_low", "band_high"])
    limit = table["holding"].map(limits.of)
    measured = [
        found.first if one == ACCOUNT else share for one, share in zip(table["holding"], table["share"], strict=True)
    ]
    lights = [light(float(share), edge, limits.near) for share, edge in zip(measured, limit, strict=True)]
    return table.assign(limit=limit, status=pd.Series(lights, index=table.index, dtype=object))
