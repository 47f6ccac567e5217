"""Statistics that give away a column which knows the outcome: rank correlation, AUC, levels, who has it at all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis.models.counts import Floats, Integers, Truths
from analysis.models.readings import Coded

FEWEST = 20  # leavers, and others, below which nothing is said
FEWEST_RANKED = 50  # customers below which a rank correlation says nothing
FOLDS = 5
SHRINK = 10.0  # rows at everyone's rate that are added to a level


class Separation(NamedTuple):
    """How well one column tells leavers from others: the AUC, and the lower end of its 95 % interval."""

    auc: float
    low: float


class Share(NamedTuple):
    """Customers of a kind, and the share of them who left."""

    customers: int
    left: float


NOTHING = Separation(float("nan"), float("nan"))


def separation(values: Floats, left: Truths) -> Separation:
    """The AUC of a numeric column for leaving, whichever way it points; not-a-number with few on either side.

    References
    ----------
    Hanley and McNeil (1982), for the interval.
    """
    known = ~np.isnan(values)
    ranks, gone = rankdata(values[known]), left[known]
    leavers, others = int(gone.sum()), int((~gone).sum())
    if min(leavers, others) < FEWEST:
        return NOTHING
    auc = (float(ranks[gone].sum()) - leavers * (leavers + 1) / 2) / (leavers * others)
    return _bounded(max(auc, 1 - auc), leavers, others)


def level_separation(column: Coded, left: Truths, fold: Integers) -> Separation:
    """The AUC of a column's levels, each scored by the rate of leaving of its level in the other folds.

    A rate that its own rows had entered would make any column of many levels look sharp.
    """
    codes, size = np.where(column.codes < 0, len(column.names), column.codes), len(column.names) + 1
    won = pairs = 0.0
    for one in range(FOLDS):
        here = fold == one
        scores = _rates(codes[~here], left[~here], size=size)[codes[here]]
        gone = left[here]
        leavers, others = float(gone.sum()), float((~gone).sum())
        won += float(rankdata(scores)[gone].sum()) - leavers * (leavers + 1) / 2
        pairs += leavers * others
    leavers, others = int(left.sum()), int((~left).sum())
    return _bounded(won / pairs, leavers, others) if min(leavers, others) >= FEWEST and pairs else NOTHING


def rank_correlation(values: Floats, tenure: Floats) -> float:
    """Spearman's rank correlation over the rows where the value is known; not-a-number for few rows or one value."""
    known = ~np.isnan(values)
    if known.sum() < FEWEST_RANKED:
        return float("nan")
    # In one order whatever the rows came in: sums of products of ranks are not exact.
    order = np.lexsort((values[known], tenure[known]))
    first, second = (rankdata(one[known][order]) - (known.sum() + 1) / 2 for one in (values, tenure))
    spread = float((first**2).sum() * (second**2).sum())
    return float((first * second).sum() / np.sqrt(spread)) if spread > 0 else float("nan")


def who_has_it(has: Truths, customer: Integers, ever_left: Truths) -> tuple[Share, Share]:
    """Customers for whom a column was ever filled, and the others; with the shares of them who left."""
    holders = np.bincount(customer, weights=has, minlength=len(ever_left)) > 0
    return _share(ever_left[holders]), _share(ever_left[~holders])


def levels_held(column: Coded, customer: Integers, ever_left: Truths) -> pd.DataFrame:
    """Table, one row per level: `level`, `customers` who ever had it, `left` (how many of them left)."""
    known, size = column.codes >= 0, len(column.names)
    held = np.unique(customer[known] * size + column.codes[known])
    level, left = held % max(size, 1), ever_left[held // max(size, 1)]
    counts = {"customers": np.bincount(level, minlength=size), "left": np.bincount(level, left, minlength=size)}
    return pd.DataFrame({"level": column.names} | {name: made.astype(np.int64) for name, made in counts.items()})


def _rates(codes: Integers, left: Truths, *, size: int) -> Floats:
    """Rate of leaving by level, drawn towards everyone's where a level has few rows."""
    rows, gone = np.bincount(codes, minlength=size), np.bincount(codes, left, minlength=size)
    return np.asarray((gone + SHRINK * left.mean()) / (rows + SHRINK)) if len(left) else np.zeros(size)


def _share(left: Truths) -> Share:
    return Share(len(left), float(left.mean()) if len(left) else float("nan"))


def _bounded(auc: float, leavers: int, others: int) -> Separation:
    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (leavers - 1) * (one - auc**2) + (others - 1) * (two - auc**2)
    return Separation(auc, auc - 1.96 * float(np.sqrt(max(spread, 0.0) / (leavers * others))))
