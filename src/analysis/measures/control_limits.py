"""Between which numbers of leavers a quarter is ordinary: chance of single customers, and quarters that differ."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

Floats = npt.NDArray[np.float64]

NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
HALVINGS = 26  # of the interval in which a limit is looked for: far below one leaver


def beyond(leavers: npt.ArrayLike, customers: npt.ArrayLike, *, rate: Floats, deviation: Floats) -> Floats:
    """Chance of more leavers than these, an equal number counting by half.

    P(X > x) + P(X = x) / 2,  X binomial with the probability rate · exp(deviation · Z), Z standard normal

    Parameters
    ----------
    leavers : need not be a whole number, so that limits can lie between two.
    rate : median probability of leaving in the quarter; `deviation` is the standard deviation of its logarithm.

    References
    ----------
    Lancaster (1961) for counting half; Laney (2002) for limits that allow for more than the chance of single ones.
    """
    x, n, median, spread = (np.asarray(part, dtype=float)[..., None] for part in (leavers, customers, rate, deviation))
    chance = np.clip(median * np.exp(spread * NODES), 1e-9, 1 - 1e-9)
    at_least = np.where(x <= 0, 1.0, betainc(np.maximum(x, 1e-9), np.maximum(n - x + 1, 1e-9), chance))
    more = np.where(x >= n, 0.0, betainc(x + 1, np.maximum(n - x, 1e-9), chance))
    found: Floats = ((at_least + more) / 2) @ WEIGHTS
    return found


def limits(customers: npt.ArrayLike, *, rate: Floats, deviation: Floats, chance: float) -> tuple[Floats, Floats]:
    """Numbers of leavers beyond which a quarter falls by `chance`, half of it on either side."""
    n = np.asarray(customers, dtype=float)
    found = [_where(n, rate, deviation, tail) for tail in (1 - chance / 2, chance / 2)]
    return found[0], found[1]


def _where(n: Floats, rate: Floats, deviation: Floats, tail: float) -> Floats:
    """The number of leavers beyond which lies so much of the chance, by halving the interval it is in."""
    low, high = np.zeros_like(n), n
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        under = beyond(middle, n, rate=rate, deviation=deviation) > tail
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2
