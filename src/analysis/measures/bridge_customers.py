"""What was billed to each customer in two quarters, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import Quarter
from analysis.frames.fee_changes import CHANGES, SHARES, fee_changes
from analysis.frames.fees import EXACT
from analysis.frames.observation import Observation

Rows = nw.LazyFrame[Any]
STAYED, JOINED, LEFT = "stayed", "joined", "left"
BILLED = ("usage", "one_off", "credit")  # kinds of bill lines that are parts of their own
REST = "unexplained"


def bridge_customers(
    months: Rows,
    *,
    spells: Rows,
    tables: Mapping[str, Rows],
    observation: Observation,
    quarters: tuple[Quarter, Quarter],
) -> Rows:
    """Who was there in two quarters, what was billed to them, and what changed in it.

    Returns
    -------
    Table, one row per customer on the books or billed in either quarter: `customer_id`, `group` (stayed, joined, left),
    `r_0`, `r_1` (revenue of the quarters), `m_0`, `m_1` (customer-months), and what each part is more in the second
    than in the first, in money: the changes of the fees (`frames.fee_changes`), those of `usage`, `one_off` and
    `credit` on the bills, and `unexplained`, so that they add up to the change of the revenue.
    """
    before, now = quarters
    inside = months.filter((nw.col("month") >= before.first_day) & (nw.col("month") <= now.last_day))
    later = nw.col("month") >= now.first_day
    kinds = [name for name in BILLED if name in months.collect_schema().names()]
    exact = {name: nw.coalesce(nw.col(name), nw.lit(0)).cast(EXACT) for name in ("revenue", *kinds)}
    share = nw.col("share").round(12).cast(SHARES)
    filled = inside.with_columns(**exact, share=share, later=later.cast(nw.Int64))
    sums = {
        f"{short}_{side}": nw.when(nw.col("later") == side).then(nw.col(name)).otherwise(nw.lit(0)).sum()
        for short, name in (("r", "revenue"), ("m", "share"), *((kind, kind) for kind in kinds))
        for side in (0, 1)
    }
    each = filled.group_by("customer_id").agg(**sums, days=nw.col("days").sum())
    grouped = _grouped(each, spells, quarters=quarters)
    changed = grouped.with_columns(
        **{kind: nw.col(f"{kind}_1") - nw.col(f"{kind}_0") for kind in kinds},
        **{kind: nw.lit(0).cast(EXACT) for kind in BILLED if kind not in kinds},
    )
    if "subscriptions" in tables:
        fees = fee_changes(tables, observation, before=before, now=now)
        changed = changed.join(fees, on="customer_id", how="left")
    else:
        changed = changed.with_columns(nw.lit(0).cast(EXACT).alias(name) for name in ("fees", *CHANGES))
    filled = changed.with_columns(nw.coalesce(nw.col(name), nw.lit(0)).alias(name) for name in ("fees", *CHANGES))
    billed = nw.col("r_1") - nw.col("r_0") - nw.col("usage") - nw.col("one_off") - nw.col("credit")
    amounts = ["r_0", "r_1", "m_0", "m_1", *CHANGES, *BILLED]
    return filled.select("customer_id", "group", *amounts, (billed - nw.col("fees")).alias(REST))


def _grouped(
    each: nw.LazyFrame[Any], spells: nw.LazyFrame[Any], *, quarters: tuple[Quarter, Quarter]
) -> nw.LazyFrame[Any]:
    """The rows with their `group`.

    Stayed: on the books on every day of both quarters. Joined: not on the books when the first quarter began, and
    joined later. Left: all others, among them who was billed after leaving.

    Parameters
    ----------
    each : table, one row per customer, with `days` on the books in the two quarters together.
    """
    before, now = quarters
    first, whole = before.first_day, (now.last_day - before.first_day).days + 1
    ended = nw.coalesce(nw.col("end") <= first, nw.lit(False))
    there = spells.filter((nw.col("start") <= first) & ~ended).select("customer_id").unique()
    came = spells.filter((nw.col("start") > first) & (nw.col("start") <= now.last_day)).select("customer_id").unique()
    newcomers = came.join(there, on="customer_id", how="anti").with_columns(came=nw.lit(1))
    marked = each.join(newcomers, on="customer_id", how="left")
    stays = nw.col("days") >= whole
    other = nw.when(nw.col("came") == 1).then(nw.lit(JOINED)).otherwise(nw.lit(LEFT))
    return marked.with_columns(group=nw.when(stays).then(nw.lit(STAYED)).otherwise(other))
