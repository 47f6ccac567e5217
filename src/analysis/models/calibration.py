"""Calibration of a forecast: of the customers said to leave with a probability of 10 %, do 10 % leave?

All figures are at one horizon, on outcomes weighted for who was lost to sight (`analysis.models.censoring`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from analysis.models.censoring import Known, checked_scores, checked_weights, follow_up
from analysis.models.counts import Floats

FEWEST_EVENTS = 10  # leavers, and stayers, below which a line through them says nothing
NEAREST_TO_CERTAIN = 1e-6  # a predicted 0 or 1 has no log-odds: it counts as one in a million, or all but one
KNOTS = (0.05, 0.35, 0.65, 0.95)  # quantiles of the log-odds, Harrell (2001)
MOST_STEPS = 50
LONGEST_STEP = 2.0
CONVERGED = 1e-4  # of the log-odds, in the last step: the next would be its square
NEAR = 1e-2  # the same for draws of a sample, whose spread is far wider

MISSING = float("nan")


class Calibration(NamedTuple):
    """How well the probabilities of a forecast meet what happened by its horizon.

    `ratio` is the number who left over the number expected to (1 is right, 2 means twice as many left as foretold);
    `intercept` is the same on the scale of log-odds (0 is right); `slope` is that of the outcome on the log-odds of
    the prediction (1 is right, below 1 the predictions are too extreme); `ici`, the integrated calibration index, is
    the mean distance between the predicted and the observed probability (0 is right, in shares of customers).
    """

    ratio: float
    intercept: float
    slope: float
    ici: float


class Fits(NamedTuple):
    """Coefficients of the three regressions of the outcome: log-odds shifted, straight, and bent."""

    shift: Floats
    straight: Floats
    smooth: Floats


NOT_CALIBRATED = Calibration(MISSING, MISSING, MISSING, MISSING)


def calibration(
    time: npt.ArrayLike, event: npt.ArrayLike, risk: npt.ArrayLike, at: float, weights: npt.ArrayLike | None = None
) -> Calibration:
    """Ratio, intercept, slope and index of calibration of a forecast at a horizon.

    ratio = share who left (Kaplan-Meier) / mean risk;  logit P(left) = a + logit(risk);  logit P(left) = a' + b
    logit(risk);  ICI = mean |risk - P(left | risk)|, the last by a restricted cubic spline of logit(risk)

    Parameters
    ----------
    time, event : months from the forecast to leaving (1) or to the end of observation (0).
    risk : predicted probability of having left by month `at`.
    at : the horizon, months.
    weights : customers each row stands for.

    Returns
    -------
    Everything is not-a-number with fewer than ten leavers by the horizon, or where nobody was followed so far.
    Intercept, slope and index are with fewer than ten known to have stayed, and the slope where all predictions are
    the same. The index of a perfect forecast lies above 0 by chance, and so does its interval.

    Raises
    ------
    AnalysisFailed
        A value is missing or impossible.

    References
    ----------
    Cox (1958) for intercept and slope; Austin and Steyerberg (2019) for the index; Austin, Harrell and van Klaveren
    (2020) for splines in survival; Gerds, Andersen and Kattan (2014) for weighting by the chance of being observed.
    """
    seen = follow_up(time, event)
    customers = checked_weights(weights, like=seen)
    known = seen.known(at, customers)
    line = Line(checked_scores(risk, like=seen))
    observed = customers > 0
    if (seen.left_by(at) & observed).sum() < FEWEST_EVENTS:
        return NOT_CALIBRATED
    if (seen.stayed_until(at) & observed).sum() < FEWEST_EVENTS:
        return NOT_CALIBRATED._replace(ratio=line.ratio(known, customers))
    return line.calibration(known, customers)


class Line:
    """A forecast's probabilities, laid out so that their calibration is quickly found for any weights."""

    def __init__(self, risk: Floats) -> None:
        self.risk = risk
        inside = np.clip(risk, NEAREST_TO_CERTAIN, 1 - NEAREST_TO_CERTAIN)
        self.odds = np.log(inside / (1 - inside))
        self.columns = _spline(self.odds)
        right = np.array([0.0, 1.0, *np.zeros(len(KNOTS))])
        self.start = Fits(right[:1], right[: len(self.columns[:2])], right[: len(self.columns)])
        self.close = CONVERGED

    def ratio(self, known: Known, customers: Floats) -> float:
        """Leavers over expected leavers; not-a-number where none are expected."""
        expected = (customers * self.risk).sum()
        return float((known.weight * known.left).sum() / expected) if expected > 0 else MISSING

    def calibration(self, known: Known, customers: Floats) -> Calibration:
        """All four figures."""
        fits = self.fits(known)
        distance = np.abs(expit(_combined(self.columns, fits.smooth)) - self.risk)
        slope = fits.straight[1] if len(fits.straight) == 2 else MISSING
        ici = (customers * distance).sum() / customers.sum()
        return Calibration(self.ratio(known, customers), float(fits.shift[0]), float(slope), float(ici))

    def fits(self, known: Known) -> Fits:
        """The three regressions, each searched from `start`: a forecast that is right as it stands."""
        return Fits(
            _logistic(self.columns[:1], known, start=self.start.shift, close=self.close, offset=self.odds),
            _logistic(self.columns[:2], known, start=self.start.straight, close=self.close),
            _logistic(self.columns, known, start=self.start.smooth, close=self.close),
        )

    def start_from(self, fits: Fits) -> None:
        """Start later searches near these coefficients, those of them that are known: draws of one sample are close."""
        self.close = NEAR
        self.start = Fits(*(new if np.isfinite(new).all() else old for new, old in zip(fits, self.start, strict=True)))


def _spline(odds: Floats) -> Floats:
    """Columns (one row each) of a restricted cubic spline: 1, the log-odds, and one bend fewer than inner knots.

    Straight beyond the outer knots. With fewer than three distinct knots there is no bend, and with one distinct value
    no slope either.
    """
    columns = [np.ones_like(odds)]
    if odds.min() < odds.max():
        columns.append(odds)
    knots = np.unique(np.quantile(odds, KNOTS))
    if len(knots) >= 3:
        width = (knots[-1] - knots[0]) ** 2
        columns += [_bend(odds, knots, place) / width for place in range(len(knots) - 2)]
    return np.stack(columns)


def _bend(odds: Floats, knots: Floats, place: int) -> Floats:
    """Cubic from one knot on, made straight again beyond the last; Harrell (2001), eq. 2.25."""
    last, before = knots[-1], knots[-2]
    cubes = [np.maximum(odds - knot, 0) ** 3 for knot in (knots[place], before, last)]
    span = last - before
    return np.asarray(cubes[0] - cubes[1] * (last - knots[place]) / span + cubes[2] * (before - knots[place]) / span)


def _logistic(columns: Floats, known: Known, *, start: Floats, close: float, offset: Floats | float = 0.0) -> Floats:
    """Coefficients of a weighted logistic regression by Newton's method; all missing where it finds none.

    No step moves a customer's log-odds by more than `LONGEST_STEP`, or a bad start would be thrown out to infinity.
    Sums are taken column by column instead of by matrix products, whose last bits depend on the number of threads.
    """
    found, odds = start.copy(), _combined(columns, start) + offset
    for _ in range(MOST_STEPS):
        chance = expit(odds)
        spread = known.weight * chance * (1 - chance)
        slope = np.array([(column * (known.weight * (known.left - chance))).sum() for column in columns])
        step = _solved(_products(columns, spread), slope)
        moved = _combined(columns, step)
        reach = np.abs(moved).max()
        if not np.isfinite(reach):
            break
        scale = min(1.0, LONGEST_STEP / max(reach, CONVERGED))
        found, odds = found + scale * step, odds + scale * moved
        if reach < close:
            return found
    return np.full(len(columns), np.nan)


def _products(columns: Floats, weight: Floats) -> Floats:
    """Weighted sums of the products of every two columns."""
    found = np.empty((len(columns), len(columns)))
    for place, column in enumerate(columns):
        weighed = column * weight
        for other in range(place + 1):
            found[place, other] = found[other, place] = (weighed * columns[other]).sum()
    return found


def _combined(columns: Floats, coefficients: Floats) -> Floats:
    total = np.zeros(columns.shape[1])
    for column, coefficient in zip(columns, coefficients, strict=True):
        total += coefficient * column
    return total


def _solved(matrix: Floats, right: Floats) -> Floats:
    """Solution of the linear equations; missing where there is no single one."""
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return np.full(len(right), np.nan)
