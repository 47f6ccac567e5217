"""How unevenly value is spread over customers: the Lorenz curve and the Gini coefficient."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.value_shares import estimated

Floats = npt.NDArray[np.float64]
STEPS, FEWEST_STEPS = 100, 10  # points of the curve; with fewer steps it is no curve


def gini(worth: Floats) -> tuple[float, float, float]:
    """The Gini coefficient of the value of customers, with its 95 % interval from the draws.

    G = 2 · Σ i · v_i ÷ (n · Σ v_i) − (n + 1) ÷ n, values v_i in rising order

    0 where all are worth the same, near 1 where one holds everything; above 1 where some are worth less than nothing.

    Parameters
    ----------
    worth : the value of customers: the estimate in the first row, a draw in each further one. Who has none is left out.

    Returns
    -------
    Estimate, low, high; missing where there is no customer with a value, or all together are worth nothing.

    References
    ----------
    Gini (1914).
    """
    known = np.sort(worth[:, ~np.isnan(worth[0])], axis=1)
    count, totals = known.shape[1], known.sum(axis=1)
    if not count or not (totals > 0).all():
        return float("nan"), float("nan"), float("nan")
    places = np.arange(1, count + 1)
    coefficients = 2 * (known @ places) / (count * totals) - (count + 1) / count
    middle, low, high = estimated(coefficients[:, None])
    return float(middle[0]), float(low[0]), float(high[0])


def lorenz_curve(value: Floats, *, smallest: int = 1) -> pd.DataFrame:
    """What share of the value the least valuable customers hold together.

    Parameters
    ----------
    value : one per customer; who has none is left out.
    smallest : customers that a step of the curve needs, since its slope tells their mean.

    Returns
    -------
    Table, one row per point, from none of the customers to all: `customers`, `value` (shares, 0 to 1). Empty where
    there are too few customers for a curve, and where all of them together are worth nothing.

    References
    ----------
    Lorenz (1905).
    """
    known = np.sort(value[~np.isnan(value)])
    steps = min(STEPS, len(known) // max(smallest, 1))
    if steps < FEWEST_STEPS or not known.sum() > 0:
        return pd.DataFrame({"customers": [], "value": []})
    place = np.arange(steps + 1) * len(known) // steps
    held = np.append(0.0, known.cumsum())[place] / known.sum()
    return pd.DataFrame({"customers": place / len(known), "value": held})
