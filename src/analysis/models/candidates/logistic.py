"""Discrete-time hazards by logistic regression on landmark rows: one regression per step ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.candidates.dated import dated_ahead, dated_names
from analysis.models.candidates.features import linear, linear_columns
from analysis.models.candidates.learning import DRAWS, LARGEST, SEED, Learning, NotFitted
from analysis.models.candidates.ridge import Problem, Ridge, log_odds, ridge
from analysis.models.counts import Floats, Integers
from analysis.models.encoder import Encoder
from analysis.models.forecast import GRID, Step, steps

MOST_ROWS = 120_000  # landmark rows of the fit
FIRST = 1  # the step that is fitted first: one to three months ahead, neither too short nor too far
PARENTS = {0: 1, 2: 1, 3: 2, 4: 3}  # towards which step's coefficients those of a step are drawn
EDGES = list(zip((0, *GRID), GRID, strict=False))


class OneStep(NamedTuple):
    """The regression of a step: the fit, draws of its coefficients, and the lowest and highest log odds it met."""

    fit: Ridge
    drawn: Floats
    ends: tuple[float, float]


class _Table(NamedTuple):
    """Rows to learn from, with their features and quarters as numbers."""

    rows: pd.DataFrame
    features: Floats
    quarters: Floats
    encoder: Encoder


@dataclass(frozen=True)
class Logistic:
    """A regression per step of the grid; `means` of the design are taken off."""

    encoder: Encoder
    means: Floats
    regressions: list[OneStep]

    def hazards(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`."""
        return self._summed(rows, [one.fit.coefficients[None, :] for one in self.regressions])[0]

    def draws(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`."""
        return self._summed(rows, [one.drawn for one in self.regressions]).astype(np.float32)

    def _summed(self, rows: pd.DataFrame, coefficients: list[Floats]) -> Floats:
        features, width = linear(self.encoder, rows).to_numpy("float64"), len(self.means)
        found = np.empty((len(coefficients[0]), len(rows), len(EDGES)))
        for place, ((low, high), b) in enumerate(zip(EDGES, coefficients, strict=True)):
            design = _design(rows, features, self.encoder.numbers, low=low, high=high) - self.means
            odds = np.log(high - low) + b[:, :1] + b[:, 1 : width + 1] @ design.T
            # Nobody is given odds beyond those met in learning.
            found[:, :, place] = np.logaddexp(0, np.clip(odds, *self.regressions[place].ends))
        return np.cumsum(found, axis=2, out=found)


def fit_logistic(learning: Learning) -> Logistic:
    """Learn a logistic regression per step ahead: what counts for the next month may not count for the next year.

    log odds of leaving within (a, b] months, of those still there at a
        = log(b - a) + level + quarter of the landmark + coefficients · features

    The coefficients of a step are drawn towards those of its neighbour, those of the first step towards none (see
    `ridge`). A step that nobody was followed to takes its neighbour's hazard per month. Each past quarter has a level
    of its own, lest what was common to a quarter be put down to a feature that few other quarters had; a forecast
    takes their mean, and `season` tells what to expect of the next.

    Raises
    ------
    NotFitted
        Nobody was followed from a quarter end.

    References
    ----------
    Allison (1982); van Houwelingen (2007) for landmarks.
    """
    rows = learning.sampled(most=MOST_ROWS)
    if rows.empty:
        raise NotFitted("Nobody was followed from a quarter end.")
    table = _Table(rows, linear(learning.encoder, rows).to_numpy("float64"), _quarters(rows), learning.encoder)
    known, customers = list(steps(rows, left=learning.left)), pd.factorize(rows["customer_id"])[0]
    low, high = EDGES[FIRST]
    means = _design(rows, table.features, learning.encoder.numbers, low=low, high=high).mean(axis=0)
    groups = _groups(learning.encoder, table.quarters.shape[1])
    done: dict[int, OneStep] = {}
    for place in (FIRST, *PARENTS):
        step = known[place]
        weight, offset = rows["weight"].to_numpy()[step.rows] * step.share, np.log(step.high - step.low)
        inside = _inside(table, step, means)
        problem = Problem(inside, step.left.astype(np.float64), weight, np.full(len(weight), offset), groups)
        done[place] = _one_step(problem, customers[step.rows], done.get(PARENTS.get(place, -1)))
    return Logistic(learning.encoder, means, [done[place] for place in range(len(EDGES))])


def _inside(table: _Table, step: Step, means: Floats) -> Floats:
    """The design of a step: 1, features and known dates less their means, quarters. Filled in place: it is large."""
    dated = dated_ahead(table.rows, table.encoder.numbers, low=step.low, high=step.high).to_numpy("float64")
    parts = [table.features, dated, table.quarters]
    inside = np.empty((len(step.rows), 1 + sum(part.shape[1] for part in parts)))
    inside[:, 0], at = 1.0, 1
    for part in parts:
        inside[:, at : at + part.shape[1]] = part[step.rows]
        at += part.shape[1]
    inside[:, 1 : len(means) + 1] -= means
    return inside


def _design(rows: pd.DataFrame, features: Floats, names: Sequence[str], *, low: float, high: float) -> Floats:
    """The features of the rows and, beside them, where dates known ahead lie as seen from the step."""
    return np.hstack([features, dated_ahead(rows, names, low=low, high=high).to_numpy("float64")])


def _quarters(rows: pd.DataFrame) -> Floats:
    """A 0/1 column per landmark, less its mean."""
    codes, known = pd.factorize(rows["landmark"], sort=True)
    flags = (codes[:, None] == np.arange(len(known))).astype(np.float64)
    return np.asarray(flags - flags.mean(axis=0))


def _groups(encoder: Encoder, quarters: int) -> Integers:
    """Numbers for the columns of the design: a covariate's go together, a known date's, and the quarters."""
    covariate = encoder.columns.set_index("design")["covariate"]
    names = [*covariate[linear_columns(encoder)], *dated_names(encoder.numbers), *["quarter"] * quarters]
    return np.unique(np.array(names, dtype=str), return_inverse=True)[1].astype(np.int64)


def _one_step(problem: Problem, customers: npt.NDArray[np.intp], neighbour: OneStep | None) -> OneStep:
    """The regression of a step, drawn towards its neighbour's."""
    guess = np.zeros(problem.design.shape[1]) if neighbour is None else neighbour.fit.coefficients
    if neighbour is None:
        pace = (problem.weight * problem.left).sum() / (problem.weight * np.exp(problem.offset)).sum()
        guess[0] = np.log(max(pace, 1 / LARGEST))
    elif not len(problem.left):
        return neighbour
    fit = ridge(problem, guess)
    shift = 0.0 if neighbour is None else neighbour.drawn - guess
    odds = log_odds(problem, fit.coefficients)
    drawn = fit.coefficients + _deviations(problem, fit, customers, shift)
    return OneStep(fit, drawn, (float(odds.min()), float(odds.max())))


def _deviations(problem: Problem, fit: Ridge, customers: npt.NDArray[np.intp], shift: Floats | float) -> Floats:
    """Draws of the coefficients' error: every customer's rows weighed anew, together, in one Newton step.

    The weights are exponential with mean 1 (Rubin's Bayesian bootstrap, 1981). Drawn towards a neighbour's
    coefficients, a step's own move with them.
    """
    _, cluster = np.unique(customers, return_inverse=True)
    luck = np.random.default_rng(SEED).exponential(size=(DRAWS, int(cluster.max()) + 1)) - 1
    scores = (luck[:, cluster] * fit.residuals) @ problem.design
    return np.asarray((scores + shift * fit.pull) @ fit.covariance)
