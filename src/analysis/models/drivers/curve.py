"""Whether an effect is the same along a driver, and what it looks like: a bent line in place of the straight one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.counts import Floats, Integers
from analysis.models.drivers.linear import fit_linear

KNOTS = (0.05, 0.35, 0.65, 0.95)  # shares of the rows
WITHIN = (0.05, 0.95)  # shares of the rows between which the line is drawn
POINTS = 41
FEWEST_VALUES = 12  # different values without which a line is not bent


@dataclass(frozen=True)
class Curve:
    """`points`: table, one row per place along the driver: `x`, `effect`, `low`, `high` (95 %), beside the median row.

    `bent` is the p-value of a straight line, `mean_step` the mean effect of a step over all rows, with its interval.
    """

    points: pd.DataFrame
    bent: float
    mean_step: tuple[float, float, float]


def curve(
    values: Floats, outcome: Floats, place: int, *, step: float, clusters: Integers | None = None
) -> Curve | None:
    """The effect along the column at `place`, all else held constant; None for a number of few different values.

    The column gives way to a restricted cubic spline: straight beyond the outer knots.

    References
    ----------
    Harrell (2015), Regression Modeling Strategies, section 2.4.
    """
    x = values[:, place]
    knots = np.unique(np.quantile(x, KNOTS))
    if len(np.unique(x)) < FEWEST_VALUES or len(knots) < 3:
        return None
    unit = float(np.ptp(x))
    bends = spline(x, knots, unit)
    rest = np.delete(values, place, axis=1)
    width = bends.shape[1]
    fit = fit_linear(np.column_stack([bends, rest]), outcome, clusters)
    first, last = np.quantile(x, WITHIN)
    grid = np.linspace(first, last, POINTS)
    beside = spline(np.array([np.median(x)]), knots, unit)
    weights = np.zeros((POINTS, len(fit.slope)))
    weights[:, :width] = spline(grid, knots, unit) - beside
    effect, low, high = fit.intervals(weights)
    points = pd.DataFrame({"x": grid, "effect": effect, "low": low, "high": high})
    whole = np.zeros((1, len(fit.slope)))
    whole[0, :width] = (spline(x + step, knots, unit) - spline(x, knots, unit)).mean(axis=0)
    value, least, most = (float(end[0]) for end in fit.intervals(whole))
    return Curve(points, fit.joint(list(range(1, width))), (value, least, most))


def spline(x: Floats, knots: Floats, unit: float) -> Floats:
    """The columns of a restricted cubic spline: the number itself, then its bends, all on the scale of the number."""
    last, before = knots[-1], knots[-2]

    def cube(at: float) -> Floats:
        return np.asarray(np.maximum(x - at, 0) ** 3)

    bends = [
        cube(knot) - cube(before) * (last - knot) / (last - before) + cube(last) * (before - knot) / (last - before)
        for knot in knots[:-2]
    ]
    return np.column_stack([x, *(bend / unit**2 for bend in bends)])
