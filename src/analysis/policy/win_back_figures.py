"""Who left, by reason: how many may be asked back, and of how many it is worth it."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.disclosure import masked
from analysis.policy.win_back import NEVER, UNTOLD

Rows = nw.LazyFrame[Any]

OTHERS = "other reasons"
MOST = 12  # reasons that are told apart
COUNTS = ["left", "askable", "worthwhile"]


def by_reason(former: Rows, options: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Former customers by the reason they gave, those nobody asks back by their way of leaving.

    Parameters
    ----------
    former : table of `measures.former.former_customers`.
    options : table of `policy.win_back.win_back_options`; of several of a customer the best counts.

    Returns
    -------
    Table, one row per reason, the most frequent first, reasons of few together: `reason`, `never` (whether nobody of it
    is asked back), `left` (former customers), `askable` (for whom a policy is and nothing stands against it),
    `worthwhile` (of those, who is expected to bring more than it costs), each with `_masked`, `masked`.
    """
    kinds = to_pandas(former.select("customer_id", "churn_kind", "churn_reason").sort("customer_id"))
    never = kinds["churn_kind"].isin(NEVER)
    said = kinds["churn_reason"].astype(object).where(~never)
    reason = said.where(said.notna(), kinds["churn_kind"].astype(object))
    best = options[options["hindered"].isna()].groupby("customer_id")["net"].max()
    net = kinds["customer_id"].map(best)
    each = kinds.assign(
        never=never, reason=reason.where(reason.notna(), UNTOLD), left=1, askable=net.notna().astype(int),
        worthwhile=net.gt(0).astype(int),
    )  # fmt: skip
    told = _few_together(each, smallest).groupby(["never", "reason"], as_index=False)[COUNTS].sum()
    told = told.sort_values(["never", "left", "reason"], ascending=[True, False, True], ignore_index=True)
    return _hidden(told, smallest)


def _hidden(told: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Reasons of few are hidden whole; of others, who may be asked and for whom it pays, where either are few."""
    whole = masked(told, by=["reason"], count="left", values=[], minimum=smallest)
    others = {"unasked": told["left"] - told["askable"], "unworthy": told["askable"] - told["worthwhile"]}
    counts = ["askable", "worthwhile", *others]
    parts = masked(told.assign(**others), by=["reason"], count=counts, values=[], minimum=smallest)
    hidden = parts["masked"] | whole["masked"]
    shown = {name: parts[name].mask(hidden) for name in ("askable", "worthwhile")}
    flags = {f"{name}_masked": hidden for name in shown}
    return whole.assign(**shown, **flags)[["reason", "never", *COUNTS, *flags, "masked"]]


def _few_together(each: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """A reason of few, perhaps in somebody's own words, is not printed: such reasons count together."""
    sizes = each.groupby("reason").size().sort_values(ascending=False, kind="stable")
    kept = set(sizes[sizes >= smallest].index[:MOST])
    own = each["reason"].isin(kept) | each["never"]
    return each.assign(reason=each["reason"].where(own, OTHERS))
