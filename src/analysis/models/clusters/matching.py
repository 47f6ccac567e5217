"""Groups met again: which group of this quarter is which of the quarter before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from analysis.models.clusters.model import GroupModel
from analysis.models.counts import Floats

FARTHEST = 1.0  # spreads within a group, on the average of the variables, beyond which it is another group
HALF = 0.5  # of the customers of two groups, beyond which they are one
HALFWAY = 0.5  # of the way to the nearest other group


def met_again(now: GroupModel, before: GroupModel, shared: Floats | None = None) -> pd.DataFrame:
    """Pairs the groups of two quarters at the least total cost, and says how far each has drifted.

    drift = √(mean over variables of ((centre now − centre before) ÷ spread within the groups before)²)

    Centres are compared on the variables both quarters have, each as scaled in its own quarter, so that a season or a
    general rise is no drift. A group that drifted by more than one spread, or more than half way to the nearest other
    group of its quarter, is not the same group: it is new, and the former one is gone; unless more than half of the
    customers of both are in both (`shared`, see `Found`): customers who change together remain a group.

    Returns
    -------
    Table, one row per group of either quarter: `group` (its number now; missing when gone), `former` (its number
    before; missing when new), `drift` (missing unless kept), `status` (kept, new, gone); those of now first, in order.

    References
    ----------
    Kuhn (1955) for the assignment; Hennig (2007) for a group that shares no more than half being dissolved.
    """
    one, other = _centres(now, before)
    apart, limits = _apart(one, other), _limits(other)
    # What lies beyond its limit costs more than any true pair, so that it cannot push one aside.
    cost = np.where(apart <= limits, apart, 1e3 + np.minimum(apart, 1e3))
    alike = apart <= limits
    if shared is not None:
        most = np.zeros(apart.shape, dtype=bool)
        most[:, : shared.shape[1]] = shared > HALF
        cost, alike = np.where(most, -1e3, cost), alike | most
    pairs = {int(a): int(b) for a, b in zip(*linear_sum_assignment(cost), strict=True) if alike[a, b]}
    rows: list[tuple[int | None, int | None, float, str]] = [
        (
            group,
            pairs.get(group),
            float(apart[group, pairs[group]]) if group in pairs else np.nan,
            _status(group in pairs),
        )
        for group in range(len(one))
    ]
    rows += [(None, former, np.nan, "gone") for former in range(len(other)) if former not in pairs.values()]
    table = pd.DataFrame(rows, columns=["group", "former", "drift", "status"])
    return table.astype({"group": "Int64", "former": "Int64", "drift": "float64"})


def surviving_names(
    pairs: pd.DataFrame, before: GroupModel, *, fresh: Callable[[Sequence[str]], list[str]]
) -> list[str]:
    """A name for each group of now: that of the group it is, or a fresh one that no former group bears.

    `fresh` gives names for all groups, other than those it is told are taken.
    """
    offered = fresh(before.names)
    rows = pairs[pairs["group"].notna()].sort_values("group")
    return [
        offered[int(row.group)] if row.status == "new" else before.names[int(row.former)] for row in rows.itertuples()
    ]


def _status(kept: bool) -> str:
    return "kept" if kept else "new"


def _centres(now: GroupModel, before: GroupModel) -> tuple[Floats, Floats]:
    """The centres of both, in spreads within the groups before, on the variables both have."""
    known, former = list(now.scaling.variables), list(before.scaling.variables)
    both = [name for name in former if name in known]
    mine, theirs = [known.index(name) for name in both], [former.index(name) for name in both]
    spread = np.array(before.spread)[theirs]
    return np.array(now.means)[:, mine] / spread, np.array(before.means)[:, theirs] / spread


def _apart(one: Floats, other: Floats) -> Floats:
    """The distance of every two centres, as a mean over the variables; infinite without a variable in common."""
    if one.shape[1] == 0:
        return np.full((len(one), len(other)), np.inf)
    return np.asarray(np.sqrt(((one[:, None, :] - other[None, :, :]) ** 2).mean(axis=2)))


def _limits(centres: Floats) -> Floats:
    own = _apart(centres, centres)
    np.fill_diagonal(own, np.inf)
    return np.minimum(HALFWAY * own.min(axis=1), FARTHEST)
