"""Who is at risk when: sums over the customers under observation at each leaving time, by stratum.

Every sum of a Cox model runs over the customers at risk at a leaving time, and a customer is at risk at consecutive
ones. So each of these sums is a running total of who came in less who went out, whatever the number of times.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.models.counts import Floats, Integers, Truths


@dataclass(frozen=True, eq=False)
class RiskSets:
    """The leaving times of every stratum, and at which of them each row is at risk.

    A *slot* is a leaving time of a stratum. Slots run through the strata in order, by time within each; after its
    last leaving time a stratum has one more slot, of infinite time, in which nobody leaves.

    Attributes
    ----------
    time, stratum : of each slot: months, and the number of its stratum.
    bounds : the first slot of each stratum, and the number of slots.
    turn : of each stratum, the slot from which on fewer rows are still to go than have come.
    first, beyond : of each row, the slot from which on and the slot before which it is at risk; equal where it came
        and went between two leaving times.
    leavers, leaver_slot : rows that leave, in order of their slots, and those slots.
    fraction : of each leaver, the share of those leaving with it that counts as gone already (Efron, 1977).
    """

    time: Floats
    stratum: Integers
    bounds: Integers
    turn: Integers
    first: Integers
    beyond: Integers
    leavers: Integers
    leaver_slot: Integers
    fraction: Floats

    def at_risk(self, values: Floats) -> Floats:
        """Sum of `values` (one per row) over the rows at risk at each slot."""
        slots = len(self.time)
        change = np.bincount(self.first, values, slots) - np.bincount(self.beyond, values, slots)
        total = np.zeros(slots)
        # Summed from the nearer end: the last customer of a million would else be a difference of large numbers.
        for start, turn, end in zip(self.bounds[:-1], self.turn, self.bounds[1:], strict=True):
            total[start:turn] = change[start:turn].cumsum()
            total[turn : end - 1] = -change[turn + 1 : end][::-1].cumsum()[::-1]
        return total

    def leaving(self, values: Floats) -> Floats:
        """Sum of `values` (one per row) over the rows that leave at each slot."""
        return self.per_slot(values[self.leavers])

    def per_slot(self, values: Floats) -> Floats:
        """Sum of `values` (one per leaver) over the leavers of each slot."""
        return np.asarray(np.bincount(self.leaver_slot, values, len(self.time)), dtype=np.float64)

    def while_at_risk(self, values: Floats) -> Floats:
        """Sum of `values` (one per slot) over the slots at which each row is at risk."""
        so_far = np.concatenate([[0.0], values.cumsum()])
        return np.asarray(so_far[self.beyond] - so_far[self.first])


def risk_sets(entry: Floats, stop: Floats, left: Truths, stratum: Integers) -> RiskSets:
    """Risk sets (entry < time <= stop) of rows that lie in order of their stratum, 0, 1, 2, …"""
    rows = np.searchsorted(stratum, np.arange(int(stratum[-1]) + 2))
    times, first, beyond = [], np.zeros(len(entry), dtype=np.int64), np.zeros(len(entry), dtype=np.int64)
    bounds = [0]
    for start, end in pairwise(rows):
        own = np.append(np.unique(stop[start:end][left[start:end]]), np.inf)
        first[start:end] = bounds[-1] + np.searchsorted(own, entry[start:end], "right")
        beyond[start:end] = bounds[-1] + np.searchsorted(own, stop[start:end], "right")
        times.append(own)
        bounds.append(bounds[-1] + len(own))
    leavers, slot, fraction = _leavers(left, beyond)
    return RiskSets(
        time=np.concatenate(times),
        stratum=np.repeat(np.arange(len(times)), np.diff(bounds)),
        bounds=np.array(bounds),
        turn=_turns(first, beyond, bounds),
        first=first,
        beyond=beyond,
        leavers=leavers,
        leaver_slot=slot,
        fraction=fraction,
    )


def _leavers(left: Truths, beyond: Integers) -> tuple[Integers, Integers, Floats]:
    """Rows that leave in order of their slots, those slots, and the share of the slot's leavers before each."""
    rows = np.flatnonzero(left)
    rows = rows[np.argsort(beyond[rows], kind="stable")]
    slot = beyond[rows] - 1
    together = np.bincount(slot)
    before = np.arange(len(rows)) - (together.cumsum() - together)[slot]
    return rows, slot, before / together[slot]


def _turns(first: Integers, beyond: Integers, bounds: list[int]) -> Integers:
    """The slot of each stratum from which on fewer rows are still to go than have come."""
    come = np.bincount(first, minlength=bounds[-1]).cumsum()
    gone = np.bincount(beyond, minlength=bounds[-1]).cumsum()
    turns = []
    for start, end in pairwise(bounds):
        earlier = come[start - 1] if start else 0
        still_to_go = come[end - 1] - gone[start:end]
        nearer_to_the_end = come[start:end] - earlier > still_to_go
        turns.append(start + (int(nearer_to_the_end.argmax()) if nearer_to_the_end.any() else end - start - 1))
    return np.array(turns)
