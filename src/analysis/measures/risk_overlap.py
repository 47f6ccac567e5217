"""Warning signs beside the model: how many of the flagged it ranks first, and what they find that it misses."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas

Rows = nw.LazyFrame[Any]

TOP = 0.1  # share of the customers that the model ranks first
ANY = "any"


def flag_rows(today: Rows, rules: Collection[str]) -> Rows:
    """The stage table `risk_flags`: one row per active customer and rule that flags it, `customer_id` and `rule`."""
    parts = [today.filter(nw.col(name) == 1).select("customer_id", rule=nw.lit(name)) for name in rules]
    none = today.filter(nw.col("customer_id").is_null()).select("customer_id", rule=nw.lit(ANY))
    return nw.concat([*parts, none])


def first_ranked(scores: pd.DataFrame, *, share: float = TOP) -> set[str]:
    """The customers with the highest probability of leaving by choice within a quarter (at all, where no kinds are).

    Ties go to the smaller id, so that the same scores give the same customers.
    """
    return set(_ranked(scores)[: math.ceil(share * len(scores))])


def _ranked(scores: pd.DataFrame) -> list[str]:
    column = "voluntary_3m" if scores["voluntary_3m"].notna().any() else "churn_3m"
    ordered = scores.sort_values([column, "customer_id"], ascending=[False, True], kind="stable")
    return [str(one) for one in ordered["customer_id"]]


def overlap(flagged: Rows, scores: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """How many customers each rule flags now, and what share of them the model has in its first tenth.

    Parameters
    ----------
    flagged : table of `flag_rows`.
    scores : table of `churn_scores`; without rows nobody is ranked.

    Returns
    -------
    Table, one row per rule that flags anybody, and one for those flagged by `any`: `rule`, `flagged`, `in_top` (share,
    0 to 1; missing without scores), `flagged_masked`, `in_top_masked` (too few flagged; too few of them in the tenth,
    beside it, or left in it): then each is missing.
    """
    rows = to_pandas(flagged.select("customer_id", "rule")).astype(str)
    every = pd.concat([rows, rows.drop_duplicates("customer_id").assign(rule=ANY)], ignore_index=True)
    first = first_ranked(scores) if len(scores) else set()
    counts = every.assign(top=every["customer_id"].isin(first)).groupby("rule")["top"].agg(["size", "sum"])
    flags, top = counts["size"].astype(int), counts["sum"].astype(int)
    parts = pd.DataFrame({"flagged": flags, "top": top, "beside": flags - top, "left": len(first) - top})
    few = (parts > 0) & (parts < smallest)
    small = few.any(axis=1) if first else few["flagged"]
    share = (top / flags) if first else top * np.nan
    told = {"flagged": flags.mask(few["flagged"]), "in_top": share.mask(small)}
    masks = {"flagged_masked": few["flagged"], "in_top_masked": small}
    return pd.DataFrame(told | masks).rename_axis("rule").reset_index()


def missed(
    foretold: pd.DataFrame, past: pd.DataFrame, *, rules: Collection[str], smallest: int
) -> dict[str, float] | None:
    """What the rules found last quarter that the model did not rank first; None where that cannot be told.

    Parameters
    ----------
    foretold : what was foretold of each customer a quarter ago and came of it: `customer_id`, `churn_3m`,
        `voluntary_3m`, `left`, `chose`.
    past : table of `flags` at that quarter's start: `customer_id` and a column per rule.

    Returns
    -------
    `customers`, `leavers` (by choice, or at all where no kinds are known), `held` (share of them in the model's first
    tenth), `extra` (customers flagged beside that tenth), `found` (share of leavers among them), `rate` (share of
    those customers who left), `usual` (of all), `next` (share of leavers among as many customers who come next in the
    model's order).
    """
    if foretold.empty or past.empty or not rules:
        return None
    both = foretold.merge(past[["customer_id", *rules]], on="customer_id", how="left")
    gone = both["chose"] if both["voluntary_3m"].notna().any() else both["left"]
    order = _ranked(both)
    tenth = math.ceil(TOP * len(order))
    top = both["customer_id"].astype(str).isin(order[:tenth])
    extra = both[list(rules)].eq(1).any(axis=1) & ~top
    following = both["customer_id"].astype(str).isin(order[tenth : tenth + int(extra.sum())])
    leavers, held, found, after = (int(gone[part].sum()) for part in (gone >= 0, top, extra, following))
    groups = [int(extra.sum()), leavers, held, found, after, leavers - held, leavers - held - found]
    if not leavers or not extra.any() or any(0 < group < smallest for group in groups):
        return None
    return {
        "customers": len(both), "leavers": leavers, "held": held / leavers, "extra": int(extra.sum()),
        "found": found / leavers, "rate": found / int(extra.sum()), "usual": leavers / len(both),
        "next": after / leavers,
    }  # fmt: skip
