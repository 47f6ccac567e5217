"""The pace at which customers leave in a quarter: level, season, luck and drift, weighed against one another.

Past quarters differ by the time of year, by luck of their own beyond that of single customers (over-dispersion), and by
drift. A few years of quarters tell only roughly how large each is, so many readings of the sizes are weighed by how
likely they make the past.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

YEAR = 4  # quarters
LEVEL = 1.0  # standard deviation of the log level: next to nothing is known of it beforehand
HALF = 0.5  # of a leaver
LEAST_STAY = 0.05  # share of stayers from which the variance of a rate is no longer taken as smaller
NOTHING = 1e6  # variance of what is not known


class Sizes(NamedTuple):
    """Readings of the standard deviations of the log pace by season, luck and drift, and what they mostly are."""

    readings: Floats
    usual: Floats

    @property
    def log_prior(self) -> Floats:
        """Half-Cauchy: large sizes have to prove themselves (Gelman, 2006)."""
        prior: Floats = -np.log1p((self.readings / self.usual) ** 2).sum(axis=1)
        return prior


def _sizes(season: tuple[float, ...], luck: tuple[float, ...], drift: tuple[float, ...], usual: list[float]) -> Sizes:
    return Sizes(np.array(list(product(season, luck, drift))), np.array(usual))


# Of everybody: list prices rise and people move at certain times of the year. Of a class beside the others: less.
COMMON = _sizes((0.0, 0.07, 0.15, 0.3, 0.5), (0.03, 0.07, 0.15, 0.3), (0.0, 0.03, 0.08), [0.2, 0.1, 0.04])
OWN = _sizes((0.0, 0.05, 0.1, 0.2), (0.02, 0.04, 0.08, 0.16), (0.0, 0.03, 0.08), [0.05, 0.08, 0.02])


class Series(NamedTuple):
    """A rate over past quarters, oldest first: its level, and log excess over it with the variance of chance."""

    level: float
    value: Floats
    variance: Floats


def series(leavers: Floats, customers: Floats) -> Series:
    """The rate of past quarters: its level is that of all of them together."""
    level = float((leavers.sum() + HALF) / (customers.sum() + HALF))
    return Series(level, *excess(leavers, customers, level=level))


def excess(leavers: Floats, customers: Floats, *, level: float) -> tuple[Floats, Floats]:
    """The log of leavers over those expected at a level, by quarter, and its variance by chance.

    Half a leaver more on both sides: a quarter without leavers is no quarter of eternal life. What that and the
    logarithm take away on average is given back. A quarter without customers tells nothing.
    """
    more = customers * level + HALF
    value = np.log((leavers + HALF) / more) + HALF * (more - HALF) / more**2
    there = customers > 0
    return np.where(there, value, 0.0), np.where(there, max(1 - level, LEAST_STAY) / more, NOTHING)


def covariances(quarters: int, sizes: Floats) -> Floats:
    """Covariance of the log pace of so many quarters in a row, level aside: a layer per reading of the sizes.

    season² (same quarter of the year) + luck² (same quarter) + drift² · min(i, j)
    """
    at = np.arange(quarters)
    apart = at[:, None] - at
    kinds = np.stack([apart % YEAR == 0, apart == 0, np.minimum(at[:, None], at)]).astype(np.float64)
    found: Floats = np.einsum("tk,kij->tij", sizes**2, kinds)
    return found


class Outlook(NamedTuple):
    """What past values tell of those ahead: a row per reading.

    evidence : log probability of the past, but for a constant.
    mean, covariance : of the values ahead.
    left_out : mean and variance of each past value, chance included, from all others: axes reading, value, the two.
    """

    evidence: Floats
    mean: Floats
    covariance: Floats
    left_out: Floats


def outlook(covariance: Floats, past: npt.NDArray[np.int64], *, value: Floats, variance: Floats) -> Outlook:
    """Condition normal variables on the past ones: all others lie ahead.

    Parameters
    ----------
    covariance : a layer per reading.
    past : places of the variables that are known, with their `value` and the `variance` of chance in each.

    References
    ----------
    Harvey (1989) for such series; Dubrule (1983) for what is left out.
    """
    ahead = np.setdiff1d(np.arange(covariance.shape[1]), past)
    inner = covariance[:, past[:, None], past] + np.diag(variance)
    across = covariance[:, past[:, None], ahead]
    inverse = np.linalg.inv(inner)
    told, gain = inverse @ value, inverse @ across
    rest = covariance[:, ahead[:, None], ahead] - np.swapaxes(across, 1, 2) @ gain
    evidence = -(told @ value + np.linalg.slogdet(inner)[1]) / 2
    spread = 1 / np.diagonal(inverse, axis1=1, axis2=2)
    return Outlook(evidence, value @ gain, rest, np.stack([value - told * spread, spread], axis=2))


def weights(log_weight: Floats) -> Floats:
    """Weights that sum to one, from their logarithms."""
    weight: Floats = np.exp(log_weight - log_weight.max())
    return weight / weight.sum()


def averaged(weight: Floats, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Mean and variance over all readings (Hoeting et al., 1999); `mean` and `variance` have a row per reading."""
    middle = weight @ mean
    return middle, weight @ (variance + mean**2) - middle**2
