"""Forecasts judged on customers of whom some were lost to sight: weights that let the others stand for them.

Whoever is still under observation at a time stands for everyone like them who is not: a row counts 1 / G, with G the
chance of not being censored before that time (inverse probability of censoring weighting). What remains is a complete
outcome, left or not left by the horizon, in which every customer has a weight; each figure of a forecast is computed
from that.

Conventions. Times are months since the forecast was made. Who leaves exactly at the horizon has left by it
(D < date <= D + h). Who is censored at a time was still there then: at equal times leaving comes before censoring, so
a follow-up that ends at the horizon itself is a complete one that did not leave, and everyone may be censored there
("administratively"). Follow-up after the horizon does not matter. Censoring must say nothing about leaving; where it
does (a follow-up cut at a contact that likely leavers get more often), the figures lean towards who was not contacted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import SHORTEST_STEP, Floats, Integers, Truths


class Known(NamedTuple):
    """Outcome at a horizon: `left` (0 or 1) and `weight` (customers each row stands for, 0 where unknown)."""

    left: Floats
    weight: Floats


@dataclass(frozen=True, eq=False)
class FollowUp:
    """How long each customer was followed and whether that ended with leaving, one entry per customer.

    `times` are the distinct months at which a follow-up ends, `place` the place of each customer's own among them.
    """

    time: Floats
    event: Floats
    times: Floats
    place: Integers

    def __len__(self) -> int:
        return len(self.time)

    def observed_chance(self, weights: Floats) -> Floats:
        """Chance of not being censored before each distinct time, and after the last: Kaplan-Meier of the censoring.

        G(t) = product over censoring times s < t of beyond(s) / (beyond(s) + censored(s))

        Whoever leaves at s is not at risk of being censored at s.
        """
        ended = np.bincount(self.place, weights, len(self.times))
        censored = np.bincount(self.place, weights * (1 - self.event), len(self.times))
        beyond = np.append(ended[::-1].cumsum()[::-1][1:], 0.0)
        known = beyond + censored
        staying = np.divide(beyond, known, out=np.ones_like(known), where=known > 0)
        return np.append(1.0, staying.cumprod())

    def known(self, at: float, weights: Floats) -> Known:
        """The complete outcome at month `at`, weighted for who was censored before it.

        The weight is `weights` / G just before the leaving, or just before `at` for those who stayed. All weights are
        missing where nobody was followed up to `at` and somebody was censored: of the rest nothing is known then.
        """
        return self.known_given(self.observed_chance(weights), at, weights)

    def known_given(self, chance: Floats, at: float, weights: Floats) -> Known:
        """The same where the chance of being observed (`observed_chance`) is known already."""
        left, stayed = self.left_by(at), self.stayed_until(at)
        horizon = np.searchsorted(self.times, at - SHORTEST_STEP)
        if chance[horizon] == 0:
            return Known(left.astype(np.float64), np.full(len(self), np.nan))
        # Where G is 0 before a leaving, all weight after it is 0 too, and 0 / 1 is as good as 0 / 0.
        before = np.where(chance > 0, chance, 1.0)[np.minimum(self.place, horizon)]
        share = np.where(left, 1 / before, stayed / chance[horizon])
        return Known(left.astype(np.float64), weights * share)

    def left_by(self, at: float) -> Truths:
        """Who left by month `at`, the month's end included."""
        return np.asarray((self.event == 1) & (self.time <= at + SHORTEST_STEP))

    def stayed_until(self, at: float) -> Truths:
        """Who was seen to be still there at month `at`."""
        return np.asarray((self.time >= at - SHORTEST_STEP) & ~self.left_by(at))

    def until(self, at: float) -> FollowUp:
        """The same follow-up, cut at month `at`."""
        return follow_up(np.minimum(self.time, at), self.left_by(at))


def follow_up(time: npt.ArrayLike, event: npt.ArrayLike) -> FollowUp:
    """Follow-up of customers, after making sure that a forecast can be judged on it.

    Parameters
    ----------
    time : months from the forecast to leaving, or to the end of observation.
    event : 1 where that end is leaving, 0 where the customer was still there.

    Raises
    ------
    AnalysisFailed
        Nobody is given, the lengths differ, a time is missing or negative, an event is neither 0 nor 1, or somebody
        left at time 0, which is before the forecast (D < date).
    """
    months, left = np.asarray(time, dtype=np.float64), np.asarray(event, dtype=np.float64)
    _refuse_lengths(months, left)
    _refuse(~np.isfinite(months) | (months < 0), months, expected="times of 0 or more months", do="Check the dates.")
    _refuse(~np.isin(left, (0, 1)), left, expected="event 0 or 1", do="Code leaving as 1 and anything else as 0.")
    early = (left == 1) & (months == 0)
    _refuse(early, months, expected="leavings after the forecast", do="Leave out who left before it was made.")
    times, place = np.unique(months, return_inverse=True)
    return FollowUp(months, left, times, place.astype(np.int64))


def checked_scores(scores: npt.ArrayLike, *, like: FollowUp, probability: bool = True) -> Floats:
    """Scores as numbers: as many rows as customers, none missing, and between 0 and 1 if they are probabilities.

    Raises
    ------
    AnalysisFailed
        One of these does not hold.
    """
    numbers = np.asarray(scores, dtype=np.float64)
    _refuse_lengths(numbers, like.time)
    wrong = ~((numbers >= 0) & (numbers <= 1)) if probability else np.isnan(numbers)
    expected = "probabilities from 0 to 1" if probability else "a score for every customer"
    _refuse(wrong, numbers, expected=expected, do="Predict for every customer that is judged.")
    return numbers


def checked_weights(weights: npt.ArrayLike | None, *, like: FollowUp) -> Floats:
    """Customers each row stands for: 1 where not said.

    Raises
    ------
    AnalysisFailed
        There are more or fewer weights than customers, or one is missing or negative, or all are 0.
    """
    if weights is None:
        return np.ones(len(like))
    numbers = np.asarray(weights, dtype=np.float64)
    _refuse_lengths(numbers, like.time)
    wrong = ~(np.isfinite(numbers) & (numbers >= 0)) | ~(numbers > 0).any()
    _refuse(wrong, numbers, expected="weights of 0 or more, not all 0", do="Count again.")
    return numbers


def _refuse_lengths(one: Floats, other: Floats) -> None:
    if len(one) and len(one) == len(other):
        return
    raise AnalysisFailed(
        "judged forecast",
        expected="the same customers in every column, at least one",
        found=f"{len(one):,} rows beside {len(other):,}",
        do="Take all columns from one table.",
    )


def _refuse(wrong: Truths, values: Floats, *, expected: str, do: str) -> None:
    if wrong.any():
        found = f"{values[wrong][0]:g}; such values: {int(wrong.sum()):,}"
        raise AnalysisFailed("judged forecast", expected=expected, found=found, do=do)
