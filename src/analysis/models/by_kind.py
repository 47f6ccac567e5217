"""By which way customers have left by a tenure; kinds of which a few left are told together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.models.competing import aalen_johansen
from analysis.models.restricted import observed_until

OTHER = "other"
DEAREST = ("moved", "non_payment", "voluntary")  # told by themselves as long as that is possible, the last longest
COLUMNS = ("kind", "months", "incidence", "low", "high")


def shares_by_kind(counts: pd.DataFrame, months: Sequence[float], *, smallest: int = 11) -> pd.DataFrame:
    """Share of customers who have left in each way after so many months, the commonest way first and "other" last.

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event, kind) or finer, see `analysis.models.competing`.
    months : months of tenure, ascending.
    smallest : customers at risk at every tenure up to a month, and leavers of a kind, that a figure needs. A kind of
        whom fewer left (but some), by the first month or between two of them, is told with others as "other"; where
        that would leave nothing to tell apart, the last month is left out.

    Returns
    -------
    Table, one row per kind and month: `kind`, `months`, `incidence`, `low`, `high` (shares, 0 to 1; no interval where
    nobody has left in that way). Months not observed so far are left out. Empty where nobody or too few left.
    """
    until = observed_until(counts, smallest=smallest)
    seen = [month for month in months if month <= until]
    kinds = _told_together(counts, [0.0, *seen], smallest=smallest)
    while seen and kinds is None:
        seen = seen[:-1]
        kinds = _told_together(counts, [0.0, *seen], smallest=smallest)
    if kinds is None:
        return pd.DataFrame(columns=list(COLUMNS))
    shares = aalen_johansen(counts.assign(kind=kinds))
    rows = [(kind, month, *_at(own, month)) for kind, own in shares.groupby("kind") for month in seen]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    reached = table.groupby("kind")["incidence"].transform("max")
    order = table.assign(last=table["kind"] == OTHER, reached=-reached)
    return order.sort_values(["last", "reached", "kind", "months"], ignore_index=True)[list(COLUMNS)]


def _at(steps: pd.DataFrame, month: float) -> tuple[float, ...]:
    """Incidence and its interval at the last step by a month."""
    place = int(np.searchsorted(steps["time"].to_numpy(), month, "right")) - 1
    return tuple(steps[["incidence", "low", "high"]].iloc[place])


def _told_together(counts: pd.DataFrame, edges: Sequence[float], *, smallest: int) -> pd.Series | None:
    """The kind of each row, those of a few leavers as "other"; None where nobody left or nothing is told apart."""
    if len(edges) < 2:
        return None
    told = counts["kind"].where(counts["event"] == 1)
    leavers = _leavers(counts, told, edges)
    several = len(leavers) > 1
    while len(small := leavers[((leavers > 0) & (leavers < smallest)).any(axis=1)].index):
        if len(leavers) < 3:
            return None
        told = told.mask(told.isin(small if list(small) != [OTHER] else [_next(leavers)]), OTHER)
        leavers = _leavers(counts, told, edges)
    return told if len(leavers) > several else None


def _next(leavers: pd.DataFrame) -> str:
    """The kind that joins "other" where that stays small: one that nobody asks for, the smallest first."""
    rest = leavers.drop(index=OTHER).sum(axis=1)
    return min(map(str, rest.index), key=lambda kind: (kind in DEAREST and DEAREST.index(kind) + 1, rest[kind], kind))


def _leavers(counts: pd.DataFrame, kind: pd.Series, edges: Sequence[float]) -> pd.DataFrame:
    """Table, one row per kind, one column per stretch between the edges: customers who left then."""
    left = counts[kind.notna()].assign(kind=kind, stretch=pd.cut(counts["exit"], list(edges), labels=False))
    return left.pivot_table(index="kind", columns="stretch", values="n", aggfunc="sum", fill_value=0)
