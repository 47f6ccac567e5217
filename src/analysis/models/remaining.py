"""Remaining life: the chance that a customer of a given tenure is still there some months ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.counts import Floats, checked_counts, event_totals, numbers_at_risk
from analysis.models.tail import Tail, fitted_tail

FEWEST = 50  # customers at risk below which a tenure is not well observed
LEAST = float(np.finfo(float).tiny)  # of a survival: below it there is nothing to take the logarithm of
NEAR = 6.0  # months on either side whose pace stands in where too few were observed


@dataclass(frozen=True)
class Life:
    """A life table: cumulative hazard at months of tenure, straight lines between, and the law of its tail.

    `times` begins with 0 and ends with the last tenure that was well observed; from there on `tail` holds.
    """

    times: Floats
    cumulative: Floats
    tail: Tail

    @property
    def observed_until(self) -> float:
        """Months of tenure up to which enough customers were observed."""
        return float(self.times[-1])

    def cumulative_hazard(self, tenure: npt.ArrayLike) -> Floats:
        """Cumulative hazard at each tenure (months), rising without end."""
        at = np.asarray(tenure, dtype=float)
        end = self.times[-1:]
        beyond = self.tail.cumulative_hazard(np.maximum(at, end)) - self.tail.cumulative_hazard(end)
        return np.asarray(np.interp(at, self.times, self.cumulative) + beyond)

    def survival(self, tenure: npt.ArrayLike, ahead: npt.ArrayLike) -> Floats:
        """S(t + u) / S(t): the chance of being there `ahead` months later, given that one is there at `tenure`.

        Returns
        -------
        Array, one row per tenure and one column per entry of `ahead` (both in months); 1 at 0 months ahead, falling,
        and never 0: the last customers observed may all have left, their followers may not.
        """
        at, later = np.asarray(tenure, dtype=float)[:, None], np.asarray(ahead, dtype=float)[None, :]
        return np.asarray(np.exp(self.cumulative_hazard(at) - self.cumulative_hazard(at + later)))

    def expected_months(self, tenure: npt.ArrayLike, horizon: int) -> Floats:
        """Months that a customer of each tenure is expected to stay within the next `horizon` months.

        The integral of S(t + u) / S(t) over u, each month at its own constant hazard.
        """
        at = np.asarray(tenure, dtype=float)
        total, there, reached = np.zeros_like(at), np.ones_like(at), self.cumulative_hazard(at)
        for month in range(1, horizon + 1):
            hazard = self.cumulative_hazard(at + month) - reached
            total += there * _month_lived(hazard)
            reached, there = reached + hazard, there * np.exp(-hazard)
        return total


def conditional_life(counts: pd.DataFrame, *, shrunk: bool = False) -> Life:
    """The life table of customers who come under observation at any tenure.

    Where at least 50 customers are at risk, the step of the cumulative hazard is -log(1 - events / at_risk), so that
    S(t) is the Kaplan–Meier curve. It is spread evenly over the time since the step before: a customer between two
    steps has lived through part of it. Where fewer were observed (before the first joiners a young extract has seen,
    in gaps), their own leavers and months count together with 50 customer-months at the pace of the six months
    around. After the last tenure with 50 at risk follows a law fitted to the last stretch. Where nobody was under
    observation the hazard is missing at every tenure.

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event) or finer
        `entry`, `exit` (months of tenure; at risk in (entry, exit]), `event` (1 left, 0 not), `n` (customers).
    shrunk : draw every tenure's hazard towards that of all, as if one more leaver had been seen in each month of
        tenure, among as many more customers as lose one a month. A small base has tenures at which nobody happened to
        leave: a forecast that says "never" of them is wrong. In a large one it changes nothing that could be seen.

    Raises
    ------
    AnalysisFailed
        See `analysis.models.counts.checked_counts`.

    References
    ----------
    Kaplan and Meier (1958); Tsai, Jewell and Wang (1987) for late entry. Bühlmann (1967) for shrinkage by credibility.
    """
    if not counts["n"].sum() > 0:
        return Life(np.zeros(1), np.zeros(1), Tail(float("nan"), 1.0))
    rows = checked_counts(counts)
    counted = rows[rows["n"] > 0]
    times = np.union1d(0.0, counted[["entry", "exit"]].to_numpy())[1:]
    at_risk = numbers_at_risk(rows, times=times)[0]
    events = event_totals(counted, times=times, of=(counted["n"] * counted["event"]).to_numpy())[0]
    seen = at_risk >= FEWEST
    if not seen.any():
        return Life(np.zeros(1), np.zeros(1), fitted_tail(rows, until=0.0))
    last = int(np.flatnonzero(seen)[-1]) + 1
    times, at_risk, events, seen = times[:last], at_risk[:last], events[:last], seen[:last]
    # Half a leaver fewer than all: who comes after them may stay.
    share = np.minimum(events, at_risk - 0.5)[seen] / at_risk[seen]
    steps = _thin_steps(times, at_risk, events, seen=seen)
    steps[seen] = -np.log1p(-share)
    if shrunk and events.sum() > 0:
        steps = _shrunk(steps, times, at_risk, events)
    return Life(np.append(0.0, times), np.append(0.0, steps.cumsum()), fitted_tail(rows, until=float(times[-1])))


def _shrunk(steps: Floats, times: Floats, at_risk: Floats, events: Floats) -> Floats:
    """Steps weighed against the pace of all: w · step + (1 - w) · h · length, w = n / (n + 1 / h).

    h is leavers per customer-month; 1 / h customers lose one a month.
    """
    length = np.diff(times, prepend=0.0)
    pace = float(events.sum() / (at_risk * length).sum())
    weight = at_risk / (at_risk + 1 / pace)
    return np.asarray(weight * steps + (1 - weight) * pace * length)


def expected_months(survival: Floats) -> Floats:
    """Months a customer is expected to stay within the months ahead, from survival at the end of each of them.

    Parameters
    ----------
    survival : array, one row per customer and one column per month ahead (1, 2, …).
    """
    return np.asarray(months_lived(survival).sum(axis=1))


def months_lived(survival: Floats) -> Floats:
    """The part of each month ahead that a customer is expected to be there; shaped like `survival`, see above."""
    before = np.concatenate([np.ones((len(survival), 1)), survival[:, :-1]], axis=1)
    hazard = np.log(np.maximum(before, LEAST)) - np.log(np.maximum(survival, LEAST))
    return np.asarray(before * _month_lived(hazard))


def _month_lived(hazard: Floats) -> Floats:
    """The share of a month that is lived through at a constant hazard: (1 - exp(-h)) / h."""
    safe = np.where(hazard > 0, hazard, 1.0)
    return np.where(hazard > 0, -np.expm1(-safe) / safe, 1.0)


def _thin_steps(times: Floats, at_risk: Floats, events: Floats, *, seen: npt.NDArray[np.bool_]) -> Floats:
    """Steps of the cumulative hazard at every time, as they are where too few were observed."""
    length = np.diff(times, prepend=0.0)
    lived = at_risk * length
    stretch = np.cumsum(np.diff(seen, prepend=seen[:1]))
    left, months, long = (np.bincount(stretch, weights=values).astype(float) for values in (events, lived, length))
    ends = np.asarray(np.cumsum(long), dtype=float)
    pace = _pace(times, events * seen, lived * seen, begins=ends - long, ends=ends)
    rate = (left + FEWEST * pace) / (months + FEWEST)
    return np.asarray(rate[stretch] * length)


def _pace(times: Floats, events: Floats, lived: Floats, *, begins: Floats, ends: Floats) -> Floats:
    """Leavers per customer-month from shortly before each begin to shortly after each end, on well-observed times."""
    low = np.searchsorted(times, begins - NEAR, "right")
    high = np.searchsorted(times, ends + NEAR, "right")
    # At least the well-observed time next to the stretch, should it be longer than the months around.
    high = np.maximum(high, np.minimum(np.searchsorted(times, ends, "right") + 1, len(times)))
    sums = [np.append(0.0, values.cumsum()) for values in (events, lived)]
    leavers, months = (total[high] - total[low] for total in sums)
    return np.divide(leavers, months, out=np.zeros_like(leavers), where=months > 0)
