"""Confidence intervals of published numbers."""

from __future__ import annotations

from statistics import NormalDist
from typing import overload

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from analysis.basis.errors import AnalysisFailed

Floats = npt.NDArray[np.float64]


@overload
def share_interval(count: float, n: float, level: float = 0.95) -> tuple[float, float]: ...
@overload
def share_interval(count: npt.ArrayLike, n: npt.ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]: ...
def share_interval(
    count: npt.ArrayLike, n: npt.ArrayLike, level: float = 0.95
) -> tuple[float, float] | tuple[Floats, Floats]:
    """Interval of a share: `count` of `n` customers.

    (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)

    Parameters
    ----------
    count, n : customers; numbers, or columns of the same table.

    Returns
    -------
    Low and high share, 0 to 1: numbers for numbers, arrays for columns. A count of 0 has the low edge 0 and an honest
    high edge, a count of `n` the high edge 1. Not-a-number when `n` is 0 (there is no share) or a count is missing.

    Raises
    ------
    AnalysisFailed
        A count is negative or above its `n`, or `level` is not between 0 and 1.

    References
    ----------
    Wilson (1927).
    """
    z = standard_normal_quantile(level)
    part, whole = np.broadcast_arrays(np.asarray(count, dtype=float), np.asarray(n, dtype=float))
    wrong = (part < 0) | (part > whole)
    if wrong.any():
        found = f"{part[wrong][0]:g} of {whole[wrong][0]:g}"
        raise AnalysisFailed("share_interval", expected="0 <= count <= n", found=found, do="Count again.")
    size = np.where(whole > 0, whole, np.nan)
    share, slack = part / size, z**2 / size
    middle = (share + slack / 2) / (1 + slack)
    reach = np.sqrt(share * (1 - share) * slack + slack**2 / 4) / (1 + slack)
    # For a count of 0 both terms of the low edge are equal floats; for a count of n the high edge needs help.
    return (middle - reach)[()], np.where(share == 1, 1.0, middle + reach)[()]


@overload
def mean_interval(mean: float, sd: float, n: float, level: float = 0.95) -> tuple[float, float]: ...
@overload
def mean_interval(
    mean: npt.ArrayLike, sd: npt.ArrayLike, n: npt.ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]: ...
def mean_interval(
    mean: npt.ArrayLike, sd: npt.ArrayLike, n: npt.ArrayLike, level: float = 0.95
) -> tuple[float, float] | tuple[Floats, Floats]:
    """Interval of a mean of `n` customers whose sample standard deviation is `sd`.

    mean -+ t(n - 1) * sd / sqrt(n)

    Parameters
    ----------
    mean, sd, n : numbers, or columns of the same table; `mean` and `sd` in one unit, `n` in customers.

    Returns
    -------
    Low and high, in the unit of the mean: numbers for numbers, arrays for columns. Not-a-number with fewer than two
    customers: their spread is unknown.

    Raises
    ------
    AnalysisFailed
        A deviation is negative, or `level` is not between 0 and 1.

    References
    ----------
    Student (1908).
    """
    _refuse_level(level)
    middle, deviation, size = np.broadcast_arrays(*(np.asarray(given, dtype=float) for given in (mean, sd, n)))
    if (deviation < 0).any():
        found = f"{deviation[deviation < 0][0]:g}"
        raise AnalysisFailed("mean_interval", expected="a deviation of 0 or more", found=found, do="Compute it again.")
    known = np.where(size >= 2, size, np.nan)
    reach = stdtrit(known - 1, (1 + level) / 2) * deviation / np.sqrt(known)
    return (middle - reach)[()], (middle + reach)[()]


def clearly_different(share: float, n: float, before: float, n_before: float, level: float = 0.95) -> bool:
    """Whether two shares differ by more than chance allows: `share` of `n` customers, `before` of `n_before`.

    |p - q| / sqrt(r (1 - r) (1 / n + 1 / m)) > z, with r the share of both together

    The score test of two proportions. False where there are no customers, a share is missing, or both are the same.

    Raises
    ------
    AnalysisFailed
        `level` is not between 0 and 1.

    References
    ----------
    Pearson (1900).
    """
    z = standard_normal_quantile(level)
    if not (n > 0 and n_before > 0):
        return False
    both = (share * n + before * n_before) / (n + n_before)
    spread = np.sqrt(np.clip(both * (1 - both), 0, None) * (1 / n + 1 / n_before))
    return bool(abs(share - before) > z * spread)


def standard_normal_quantile(level: float) -> float:
    """Standard deviations on either side of the middle that hold `level` of a normal distribution: 1.96 for 0.95."""
    _refuse_level(level)
    return NormalDist().inv_cdf((1 + level) / 2)


def _refuse_level(level: float) -> None:
    if not 0 < level < 1:
        raise AnalysisFailed(
            "interval", expected="a level between 0 and 1", found=f"{level:g}", do="Write 95 % as 0.95."
        )
