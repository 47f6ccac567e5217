"""All figures of one forecast at once, for any weighting of its customers: what a bootstrap computes at each draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.models.brier import ranked_auc, risk_ranks, trapezoid_shares
from analysis.models.calibration import Line
from analysis.models.censoring import FollowUp, Known
from analysis.models.concordance import Pairs
from analysis.models.counts import SHORTEST_STEP, Floats, Truths
from analysis.models.lift import leavers_held

METRICS = (
    "ibs", "ibs_null", "ibs_difference", "brier", "auc", "concordance",
    "calibration_ratio", "calibration_intercept", "calibration_slope", "ici", "lift_10",
)  # fmt: skip


class BrierScores:
    """Brier scores of one forecast over months: squared errors of leavers and of those who stayed, kept apart.

    At each weighting, leavers then take 1 / G at their own time and those who stayed 1 / G at the month.
    """

    def __init__(self, seen: FollowUp, risk: Floats, months: Floats) -> None:
        self.leavers = np.flatnonzero(seen.left_by(float(months[-1])))
        left = np.stack([seen.left_by(month)[self.leavers] for month in months])
        self.of_leavers = left * (1 - risk[self.leavers].T) ** 2
        self.of_stayers = np.stack([seen.stayed_until(month) for month in months]) * risk.T**2
        self.before = np.searchsorted(seen.times, months - SHORTEST_STEP)
        self.place = np.minimum(seen.place[self.leavers], self.before[:, np.newaxis])

    def of(self, weights: Floats, chance: Floats) -> Floats:
        """Score at each month, given the chance of still being observed; missing where nobody was followed so far."""
        at_month = chance[self.before]
        left = (self.of_leavers * weights[self.leavers] / np.where(chance > 0, chance, 1.0)[self.place]).sum(axis=1)
        stayed = (self.of_stayers * weights).sum(axis=1)
        safe = np.where(at_month > 0, at_month, np.nan)
        return np.asarray((left + stayed / safe) / weights.sum())


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast and what came of it: `risk` of having left by each month of `months`.

    The last of them is the horizon, and `seen` is the follow-up up to it.
    """

    seen: FollowUp
    risk: Floats
    null_risk: Floats | None
    months: Floats

    @property
    def horizon(self) -> float:
        """The month at which everything but the integrated Brier score is judged."""
        return float(self.months[-1])

    @property
    def leavers(self) -> Truths:
        """Who left by the horizon."""
        return self.seen.left_by(self.horizon)

    @property
    def stayers(self) -> Truths:
        """Who was seen to be still there at the horizon."""
        return self.seen.stayed_until(self.horizon)


class Figures:
    """Everything about a forecast that does not change with the weights, and the figures for any weights."""

    def __init__(self, forecast: Forecast, *, customers: Floats) -> None:
        self.seen, self.horizon, self.months = forecast.seen, forecast.horizon, forecast.months
        last, null = forecast.risk[:, -1], forecast.null_risk
        self.scores = BrierScores(self.seen, forecast.risk, self.months)
        self.null_scores = None if null is None else BrierScores(self.seen, null, self.months)
        self.ranks = risk_ranks(last)
        self.pairs = Pairs(self.seen, last)
        self.line = Line(last)
        self.line.start_from(self.line.fits(self.seen.known(self.horizon, customers)))

    def of(self, customers: Floats) -> Floats:
        """One value per name of `METRICS`, not-a-number where it is undefined."""
        chance = self.seen.observed_chance(customers)
        known = self.seen.known_given(chance, self.horizon, customers)
        scores, shares = self.scores.of(customers, chance), trapezoid_shares(self.months)
        ibs = (scores * shares).sum()
        nulls = np.nan if self.null_scores is None else (self.null_scores.of(customers, chance) * shares).sum()
        return np.array([ibs, nulls, ibs - nulls, scores[-1], *self._told_apart(known, customers)])

    def _told_apart(self, known: Known, customers: Floats) -> Sequence[float]:
        """AUC, concordance, calibration and lift."""
        return (
            ranked_auc(known.left, self.ranks, known.weight),
            self.pairs.concordance(customers),
            *self.line.calibration(known, customers),
            leavers_held(known, self.ranks, customers, tops=(0.1,))[0] / 0.1,
        )
