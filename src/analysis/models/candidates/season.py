"""The pace of the coming quarter: season, drift and luck of past quarters, weighed against one another.

What a model expects from customers' features is what they did in an average quarter. Quarters differ: by the time of
year (list prices that rise then, moves of house), by drift, and by what happens once. How much of a past quarter's
excess will be seen again depends on which it was. A few years of quarters tell that only roughly, so all readings are
weighed by how well they fit.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from analysis.models.counts import Floats, Integers

# Standard deviations of the log hazard: by season, by a quarter's own luck, and by drift from quarter to quarter.
SIZES = tuple(product((0.0, 0.07, 0.15, 0.3, 0.5), (0.03, 0.07, 0.15, 0.3), (0.0, 0.03, 0.08)))
USUAL = np.array([0.2, 0.1, 0.04])  # what they mostly are, in the same order: large ones have to prove themselves
YEAR = 4  # quarters
HALF = 0.5  # of a leaver


class Excess(NamedTuple):
    """Log of leavers over expected leavers in each past quarter, numbered in order of time, with its variance."""

    quarter: Integers
    value: Floats
    variance: Floats


def excess(quarter: Integers, *, left: Floats, expected: Floats) -> Excess:
    """The excess of each quarter, from rows that say how many left and how many were expected to.

    Half a leaver more on both sides: a quarter without leavers is no quarter of eternal life. What that and the
    logarithm take away on average is given back.
    """
    known, code = np.unique(quarter, return_inverse=True)
    gone, foretold = (np.bincount(code, each, len(known)) for each in (left, expected))
    more = foretold + HALF
    return Excess(known, np.log((gone + HALF) / more) + HALF * foretold / more**2, 1 / more)


class Expected(NamedTuple):
    """What past quarters tell of the log excess of another one.

    `deviation` is the standard deviation of what will be seen of it; `lasting` that of what is to be expected of it,
    the quarter's own luck apart.
    """

    mean: float
    deviation: float
    lasting: float

    @property
    def luck(self) -> float:
        """Standard deviation of the quarter's own luck."""
        return float(np.sqrt(max(self.deviation**2 - self.lasting**2, 0.0)))


def expected_excess(past: Excess, quarter: int, *, level: float = 1.0, seasonal: bool = True) -> Expected:
    """The log excess to be expected of a quarter after the past ones, and how far it may lie from there.

    log excess = level + season + luck + drift, all normal: season the same in quarters a year apart, luck of the
    quarter alone, drift a random walk. The sizes of the last three are averaged over, weighed by half-Cauchy priors
    and by how likely they make the past. `level` is the standard deviation of what all quarters share; without
    `seasonal` there are level and luck alone.

    References
    ----------
    Harvey (1989) for such series; Gelman (2006) for the priors; Hoeting et al. (1999) for the averaging.
    """
    if not len(past.quarter):
        return Expected(0.0, 0.0, 0.0)
    since = np.append(past.quarter, quarter) - min(int(past.quarter.min()), quarter)
    whole = level**2 + _covariances(tuple(since.tolist()))
    sizes = np.array(SIZES)
    if not seasonal:
        steady = (sizes[:, 0] == 0) & (sizes[:, 2] == 0)
        whole, sizes = whole[steady], sizes[steady]
    inner = whole[:, :-1, :-1] + np.diag(past.variance)
    across = whole[:, -1, :-1, None]
    told = np.broadcast_to(past.value[:, None], across.shape)
    solved = np.linalg.solve(inner, np.concatenate([told, across], axis=2))
    fit = -((past.value * solved[:, :, 0]).sum(axis=1) + np.linalg.slogdet(inner)[1]) / 2
    evidence = fit - np.log1p((sizes / USUAL) ** 2).sum(axis=1)
    weight = np.exp(evidence - evidence.max())
    weight /= weight.sum()
    means = (across[:, :, 0] * solved[:, :, 0]).sum(axis=1)
    variances = whole[:, -1, -1] - (across[:, :, 0] * solved[:, :, 1]).sum(axis=1)
    mean = float((weight * means).sum())
    apart = float((weight * means**2).sum()) - mean**2
    whole_variance, luck = float((weight * variances).sum()), float((weight * sizes[:, 1] ** 2).sum())
    seen, lasting = (max(variance + apart, 0.0) for variance in (whole_variance, whole_variance - luck))
    return Expected(mean, float(np.sqrt(seen)), float(np.sqrt(lasting)))


@lru_cache(maxsize=64)
def _covariances(since: tuple[int, ...]) -> Floats:
    """Covariance of the quarters' excess but for the level: a layer per reading of `SIZES`."""
    at = np.array(since)
    apart = at[:, None] - at
    kinds = [apart % YEAR == 0, apart == 0, np.minimum(at[:, None], at)]
    stacked = np.stack([np.asarray(kind, dtype=np.float64) for kind in kinds])
    sizes = np.array(SIZES)
    found = np.zeros((len(sizes), len(at), len(at)))
    for place in range(len(kinds)):
        found += sizes[:, place, None, None] ** 2 * stacked[place]
    return found
