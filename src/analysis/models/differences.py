"""Differences between a group and its control group, over strata: shares, means, and what could have been seen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit
from scipy.stats import chi2

from analysis.measures.interval import share_interval, standard_normal_quantile

Floats = npt.NDArray[np.float64]

POWER = 0.8


class Difference(NamedTuple):
    """A difference (treated less control), its 95 % interval, and its standard error."""

    value: float
    low: float
    high: float
    error: float


NONE = Difference(np.nan, np.nan, np.nan, np.nan)


class Shares(NamedTuple):
    """A share per stratum with its own interval."""

    share: Floats
    low: Floats
    high: Floats


def shares_of(count: npt.ArrayLike, n: npt.ArrayLike) -> Shares:
    """Shares `count` of `n` with Wilson's interval, one per stratum."""
    part, whole = np.asarray(count, dtype=float), np.asarray(n, dtype=float)
    low, high = share_interval(np.atleast_1d(part), np.atleast_1d(whole))
    return Shares(np.atleast_1d(part) / np.atleast_1d(whole), low, high)


def share_difference(treated: Shares, control: Shares, weights: npt.ArrayLike) -> Difference:
    """The weighted difference of shares over strata, its interval from those of the shares.

    d = sum w (p - q),  edges d - sqrt(sum w² [(p - l)² + (v - q)²]) and d + sqrt(sum w² [(u - p)² + (q - m)²])

    with (l, u) the interval of p and (m, v) that of q. With one stratum and Wilson's intervals it is Newcombe's.

    References
    ----------
    Newcombe (1998), method 10; Zou and Donner (2008) for weighted sums.
    """
    w = np.asarray(weights, dtype=float)
    if not len(w) or not w.sum() > 0:
        return NONE
    w = w / w.sum()
    value = float(w @ (treated.share - control.share))
    down = np.sqrt((w**2) @ ((treated.share - treated.low) ** 2 + (control.high - control.share) ** 2))
    up = np.sqrt((w**2) @ ((treated.high - treated.share) ** 2 + (control.share - control.low) ** 2))
    error = (down + up) / 2 / standard_normal_quantile(0.95)
    return Difference(value, value - float(down), value + float(up), float(error))


class Means(NamedTuple):
    """Sums of an amount per stratum: how many customers, what they sum to, and the sum of their squares."""

    n: Floats
    total: Floats
    squares: Floats

    @property
    def mean(self) -> Floats:
        return self.total / self.n

    @property
    def variance(self) -> Floats:
        """Of the mean."""
        spread = np.maximum(self.squares - self.total**2 / self.n, 0) / np.maximum(self.n - 1, 1)
        return spread / self.n


def mean_difference(treated: Means, control: Means) -> Difference:
    """The difference of means over strata, each weighted by its treated customers; missing below two in any arm.

    References
    ----------
    Welch (1947); Satterthwaite (1946) for the degrees of freedom.
    """
    if not len(treated.n) or (treated.n < 2).any() or (control.n < 2).any():
        return NONE
    w = treated.n / treated.n.sum()
    value = float(w @ (treated.mean - control.mean))
    parts = np.concatenate([w**2 * treated.variance, w**2 * control.variance])
    free = np.concatenate([treated.n - 1, control.n - 1])
    error = float(np.sqrt(parts.sum()))
    if error == 0:
        return Difference(value, np.nan, np.nan, 0.0)
    reach = float(stdtrit(parts.sum() ** 2 / (parts**2 / free).sum(), 0.975)) * error
    return Difference(value, value - reach, value + reach, error)


def detectable(error: float) -> float:
    """The smallest true difference that would have been found with a chance of 80 %, at the 5 % level, two-sided."""
    return (standard_normal_quantile(0.95) + standard_normal_quantile(2 * POWER - 1)) * error


def ratio_chance(counts: npt.ArrayLike) -> float:
    """The chance that arms of these sizes come from lots that were planned as they are tested: the chi-square test.

    With one round against equal sizes; with several, a row each, against the shares of all rounds together. Missing
    with fewer than two arms or nobody.

    References
    ----------
    Fabijan et al. (2019), sample ratio mismatch.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, arms = table.shape
    if arms < 2 or rows < 1:
        return float("nan")
    if rows == 1:
        expected, free = np.full_like(table, table.sum() / arms), arms - 1
    else:
        expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
        free = (rows - 1) * (arms - 1)
    return float(chi2.sf(((table - expected) ** 2 / expected).sum(), free))


def interaction_chance(values: npt.ArrayLike, errors: npt.ArrayLike) -> float:
    """The chance of effects this different between classes were they all the same; missing below two classes.

    Q = sum (d - mean)² / error², chi-square with one degree of freedom less than classes.

    References
    ----------
    Cochran (1954).
    """
    d, error = np.asarray(values, dtype=float), np.asarray(errors, dtype=float)
    known = np.isfinite(d) & np.isfinite(error) & (error > 0)
    if known.sum() < 2:
        return float("nan")
    w = 1 / error[known] ** 2
    mean = (w @ d[known]) / w.sum()
    return float(chi2.sf(w @ (d[known] - mean) ** 2, known.sum() - 1))


def adjusted(chances: npt.ArrayLike) -> Floats:
    """Chances made larger for having looked so often: Holm's, in the order given; missing ones stay missing.

    References
    ----------
    Holm (1979).
    """
    p = np.asarray(chances, dtype=float)
    found = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = (len(order) - np.arange(len(order))) * p[order]
    found[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return found
