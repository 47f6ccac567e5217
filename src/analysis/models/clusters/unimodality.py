"""How far a distribution is from having a single peak."""

from __future__ import annotations

import numpy as np

from analysis.models.counts import Floats, Integers

MOST = 1000  # values looked at: more are stood for by their quantiles


def dip(values: Floats) -> float:
    """The dip: how far the distribution function is, at most, from the nearest one with a single peak (0 to 0.25).

    Found by taking the steepest stretch in turn: outside it the greatest convex function below and the least concave
    one above fit the data, inside it is looked at again.

    References
    ----------
    Hartigan and Hartigan (1985); the steps are those of Hartigan (1985).
    """
    ordered = np.sort(values)
    if len(ordered) > MOST:
        ordered = np.quantile(ordered, (np.arange(MOST) + 0.5) / MOST)
    n = len(ordered)
    if n < 4 or ordered[0] == ordered[-1]:
        return 0.0
    below, above = np.arange(n) / n, (np.arange(n) + 1) / n
    first, last, found = 0, n - 1, 0.0
    while last - first > 2:
        part = slice(first, last + 1)
        start, end, gap, outside = _narrowed(ordered[part], below[part], above[part])
        if gap <= 2 * found:
            break
        found = max(found, outside / 2)
        if (start, end) == (0, last - first):
            break
        first, last = first + start, first + end
    return max(found, 1 / (2 * n))


def _narrowed(x: Floats, below: Floats, above: Floats) -> tuple[int, int, float, float]:
    """The stretch with the single peak, the gap of the two hulls in it, and the misfit outside it."""
    low, high = _hull(x, below, sign=1), _hull(x, above, sign=-1)
    convex, concave = np.interp(x, x[low], below[low]), np.interp(x, x[high], above[high])
    gaps = concave - convex
    if gaps[low].max() >= gaps[high].max():
        start = int(low[gaps[low].argmax()])
        end = int(high[min(int(np.searchsorted(high, start)), len(high) - 1)])
    else:
        end = int(high[gaps[high].argmax()])
        start = int(low[np.searchsorted(low, end, side="right") - 1])
    left = (above - convex)[: start + 1].max() if start else 0.0
    right = (concave - below)[end:].max() if end < len(x) - 1 else 0.0
    return start, end, float(gaps[[start, end]].max()), float(max(left, right))


def _hull(x: Floats, y: Floats, *, sign: int) -> Integers:
    """Corners of the greatest convex function below the points (sign 1), or the least concave one above (−1)."""
    corners: list[int] = []
    for at in range(len(x)):
        while len(corners) > 1:
            a, b = corners[-2:]
            if sign * ((y[b] - y[a]) * (x[at] - x[a]) - (y[at] - y[a]) * (x[b] - x[a])) < 0:
                break
            corners.pop()
        corners.append(at)
    return np.array(corners, dtype=np.int64)
