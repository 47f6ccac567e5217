"""Concordance: of two customers of whom one is known to have left first, how often the riskier one did."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.models.censoring import FollowUp, checked_scores, checked_weights, follow_up
from analysis.models.counts import Floats, Integers
from analysis.models.ranked_sums import RankedSums


class Pairs:
    """The comparable pairs of a set of customers with their risks, laid out so that any weights are counted quickly.

    Parameters
    ----------
    seen : how long each customer was followed, in tenure or since a forecast.
    risk : any score, higher for those expected to leave earlier.
    entry : when each came under observation (at risk in (entry, time]); from the beginning where not given.
    """

    def __init__(self, seen: FollowUp, risk: Floats, *, entry: Floats | None = None) -> None:
        self.leavers = np.flatnonzero(seen.event == 1)
        ranks = np.unique(risk, return_inverse=True)[1].astype(np.int64)
        when = seen.time[self.leavers]
        self._longer = _Beside(np.lexsort((seen.event, -seen.time)), _longer(seen, when), ranks, self.leavers)
        late = entry is not None and len(when) > 0 and bool((entry >= when.min()).any())
        self._later = _Beside(*_entered_later(entry, when), ranks, self.leavers) if late and entry is not None else None

    def concordance(self, weights: Floats) -> float:
        """Weight of concordant pairs over that of all comparable ones; not-a-number where there is no such pair."""
        everyone, half_below = self._longer.of(weights)
        if self._later is not None:
            absent, absent_below = self._later.of(weights)
            everyone, half_below = everyone - absent, half_below - absent_below
        own = weights[self.leavers]
        comparable = (own * everyone).sum()
        return float((own * half_below).sum() / comparable) if comparable > 0 else float("nan")


class _Beside:
    """Of the first `places` rows of an order: the weight of all, and of the less risky with half of the equally risky.

    One answer per leaver, beside whom the rows stand.
    """

    def __init__(self, order: Integers, places: Integers, ranks: Integers, leavers: Integers) -> None:
        self.order, self.places = order.astype(np.int64), places
        twice, own = np.tile(places, 2), ranks[leavers]
        self.sums = RankedSums(self.order, ranks=ranks, places=twice, below=np.concatenate([own, own + 1]))

    def of(self, weights: Floats) -> tuple[Floats, Floats]:
        below, up_to = np.split(self.sums.of(weights), 2)
        return np.append(0.0, weights[self.order].cumsum())[self.places], (below + up_to) / 2


def concordance(times: pd.DataFrame, risk: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """Share of comparable pairs in which the customer with the higher risk left first; equal risks count half.

    C = sum of w_i w_j (1{risk_i > risk_j} + 1{risk_i = risk_j} / 2) / sum of w_i w_j,
    over i who left and j at risk then who did not: entry_j < exit_i and (exit_j > exit_i, or = and still there)

    Parameters
    ----------
    times : Table, one row per customer or per episode of a customer
        `entry` (may be absent: observed from the beginning) and `exit` in months of tenure, `event` 1 left, 0 not.
        Rows are compared with one another as they are: a customer's earlier episode is not compared with the later
        one, as the two are never at risk at once.
    risk : any score, one per row, higher for those expected to leave earlier.
    weights : customers each row stands for.

    Returns
    -------
    Number from 0 to 1, 0.5 for a coin and for equal risks throughout. Without late entry this is Harrell's c-index;
    ignoring an entry gives a different number. Not-a-number where nobody left while somebody else stayed.

    Raises
    ------
    AnalysisFailed
        A column is absent, or a time, event, risk or weight is missing or impossible.

    References
    ----------
    Harrell, Califf, Pryor, Lee and Rosati (1982); Therneau and Atkinson (2024) for late entry and ties.
    """
    seen = _seen(times)
    score = checked_scores(risk, like=seen, probability=False)
    entry = _entries(times, seen) if "entry" in times.columns else None
    return Pairs(seen, score, entry=entry).concordance(checked_weights(weights, like=seen))


def _seen(times: pd.DataFrame) -> FollowUp:
    absent = [name for name in ("exit", "event") if name not in times.columns]
    if absent:
        raise AnalysisFailed(
            "concordance",
            expected="columns exit and event, and entry for late entry",
            found=f"no {', '.join(absent)}",
            do="Name the columns of the episodes so.",
        )
    return follow_up(*(times[name].to_numpy("float64", na_value=np.nan) for name in ("exit", "event")))


def _entries(times: pd.DataFrame, seen: FollowUp) -> Floats:
    entry = np.asarray(times["entry"].to_numpy("float64", na_value=np.nan))
    wrong = ~(entry < seen.time)
    if wrong.any():
        raise AnalysisFailed(
            "concordance",
            expected="an entry before the exit",
            found=f"entry {entry[wrong][0]:g}, exit {seen.time[wrong][0]:g}; rows like it: {int(wrong.sum()):,}",
            do="An episode covers (entry, exit]; leave out the empty ones.",
        )
    return entry


def _longer(seen: FollowUp, when: Floats) -> Integers:
    """How many are seen after each time: longer, or as long and still there."""
    exits, still_there = np.sort(seen.time), np.sort(seen.time[seen.event == 0])
    after = len(exits) - np.searchsorted(exits, when, "right")
    return after + np.searchsorted(still_there, when, "right") - np.searchsorted(still_there, when, "left")


def _entered_later(entry: Floats, when: Floats) -> tuple[Integers, Integers]:
    """Rows by entry, the last first, and how many of them enter at each time or after it."""
    order = np.argsort(-entry, kind="stable")
    return order, len(entry) - np.searchsorted(entry[order][::-1], when, "left")
