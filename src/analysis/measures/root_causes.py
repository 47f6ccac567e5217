"""What complaints are about: the few categories that make up most of them, and of their cost."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.desk import NOT_NAMED, NOW

Rows = nw.LazyFrame[Any]

MOST = 0.8  # of all complaints, that the vital few make up
OTHERS = "all others"
MOST_ROWS = 12  # further categories are told together


def root_causes(complaints: Rows, *, smallest: int, hidden: Collection[str] = ()) -> pd.DataFrame:
    """The quarter's complaints by category, the most frequent first.

    Categories of too few customers are told together as "all others", and with them the smallest others until that is
    enough; it stands last, as complaints without a category stand before it. With them go the categories that another
    table hides (`hidden`), and one more where such a one were alone.

    Returns
    -------
    Table, one row per category: `category`, `complaints`, `cost`, `share`, `cumulated` (shares of all complaints),
    `cost_share`, `cost_cumulated` (of their cost), `vital` (whether it is one of the few that make up 80 % together).
    Empty where no complaint has a category.

    References
    ----------
    Juran (1951) for the vital few.
    """
    named = complaints.filter(nw.col("period") == NOW).with_columns(
        category=nw.coalesce(nw.col("category"), nw.lit(NOT_NAMED))
    )
    counted = named.group_by("category").agg(
        complaints=nw.len(), people=nw.col("caller").n_unique(), cost=nw.col("cost").sum().cast(nw.Float64)
    )
    found = to_pandas(counted).sort_values(["complaints", "category"], ascending=[False, True], ignore_index=True)
    if not (found["category"] != NOT_NAMED).any():
        return _shared(found.iloc[0:0])
    return _shared(_folded(found, smallest, hidden))


def hidden_complaints(groups: pd.DataFrame) -> list[str]:
    """The categories whose complaints are hidden in the table of groups."""
    rows = groups[(groups["dimension"] == "category") & groups["complaints_masked"].astype(bool)]
    return rows["group"].tolist()


def hidden_alike(groups: pd.DataFrame, causes: pd.DataFrame) -> pd.DataFrame:
    """The groups, complaints of a category hidden that the causes tell only together with others."""
    told = groups["group"].isin(causes["category"]) | (groups["complaints"] == 0)
    apart = (groups["dimension"] == "category") & ~told & (len(causes) > 0)
    values = {name: groups[name].mask(apart) for name in ("complaints", "complaints_low", "complaints_high")}
    return groups.assign(**values, complaints_masked=groups["complaints_masked"].astype(bool) | apart)


def _folded(found: pd.DataFrame, smallest: int, hidden: Collection[str]) -> pd.DataFrame:
    """The categories that may be shown, and all others as one."""
    small = (found["people"] < smallest) | (found.index >= MOST_ROWS) | found["category"].isin(hidden)
    while small.any() and not small.all() and (small.sum() == 1 or found.loc[small, "people"].sum() < smallest):
        small.loc[found.index[~small][-1]] = True
    if found["people"].sum() < smallest:
        return found.iloc[0:0]
    rest = found[small]
    kept = found[~small].assign(last=found["category"] == NOT_NAMED).sort_values("last", kind="stable")
    if rest.empty:
        return kept.drop(columns="last")
    folded = pd.DataFrame([{"category": OTHERS, **rest[["complaints", "people", "cost"]].sum().to_dict()}])
    return pd.concat([kept.drop(columns="last"), folded], ignore_index=True)


def _shared(rows: pd.DataFrame) -> pd.DataFrame:
    share, cost = (rows[name] / rows[name].sum() if len(rows) else rows[name] for name in ("complaints", "cost"))
    named = ~rows["category"].isin([OTHERS, NOT_NAMED])
    before = share.cumsum() - share
    shown = rows[["category", "complaints", "cost"]].assign(
        share=share, cumulated=share.cumsum(), cost_share=cost, cost_cumulated=cost.cumsum()
    )
    # The floats of two equal shares may add up to a little less than the edge.
    return shown.assign(vital=named & (before < MOST - 1e-9)).reset_index(drop=True)
