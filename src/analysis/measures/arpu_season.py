"""How ARPU goes up or down over time, and with the quarter of the year."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtrit

from analysis.basis.quarter import Quarter

YEAR = 4  # quarters
FEWEST = 2 * YEAR  # quarters of the shortest history that tells a season from a trend: two of each
LEVEL = 0.95


class Estimate(NamedTuple):
    """An amount of money per customer and month, and its 95 % interval."""

    value: float
    low: float
    high: float


class Season(NamedTuple):
    """What moves ARPU from quarter to quarter.

    trend : change a quarter.
    quarters : Table, one row per quarter of the year: `number` (1 to 4), `effect` (ARPU above or below the trend; they
        add up to nothing), `low`, `high` (95 % interval).
    p : how often chance alone would make quarters of the year differ as much.
    """

    trend: Estimate
    quarters: pd.DataFrame
    p: float


def arpu_season(arpu: pd.DataFrame) -> Season | None:
    """Trend and season of quarterly ARPU; None with fewer than eight quarters, or of one of the year fewer than two.

    ARPU_t = level + trend · t + effect of the quarter of the year + error_t

    Fitted by least squares; intervals are Student's, with the degrees of freedom left, as if the errors of quarters
    were independent and alike: slow changes that are no straight line widen them. `p` is that of the F-test.

    Parameters
    ----------
    arpu : table of `quarterly_arpu`, one row per billed quarter.

    References
    ----------
    Student (1908) and Fisher (1922), for a regression on a trend and seasonal dummies.
    """
    quarters = [Quarter.parse(text) for text in arpu["quarter"]]
    seen = pd.Series([quarter.number for quarter in quarters]).value_counts()
    if len(seen) < YEAR or seen.min() < 2:
        return None
    time = np.array([YEAR * quarter.year + quarter.number for quarter in quarters], dtype=float)
    # The last quarter of the year takes what the others add up to, the other way round.
    part = np.array([[float(q.number == n) - float(q.number == YEAR) for n in range(1, YEAR)] for q in quarters])
    trend = np.column_stack([np.ones(len(time)), time - time.mean()])
    design, y = np.column_stack([trend, part]), arpu["arpu"].to_numpy("float64")
    inverse = np.linalg.inv(design.T @ design)
    fitted = inverse @ design.T @ y
    left = len(y) - design.shape[1]
    error = float(((y - design @ fitted) ** 2).sum()) / left
    takes = np.array([[0.0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0, 0, -1, -1, -1]])
    values = takes @ fitted
    reach = stdtrit(left, (1 + LEVEL) / 2) * np.sqrt(np.einsum("ij,jk,ik->i", takes, inverse * error, takes))
    rows = pd.DataFrame({"number": range(1, YEAR + 1), "effect": values[1:]})
    rows = rows.assign(low=rows["effect"] - reach[1:], high=rows["effect"] + reach[1:])
    first = Estimate(float(values[0]), float(values[0] - reach[0]), float(values[0] + reach[0]))
    return Season(first, rows, _chance(trend, y, error=error, left=left))


def _chance(trend: np.ndarray, y: np.ndarray, *, error: float, left: int) -> float:
    """The F-test of the season: what the trend alone leaves unexplained, beside what both leave."""
    rest = y - trend @ np.linalg.lstsq(trend, y, rcond=None)[0]
    explained = (float((rest**2).sum()) - error * left) / (YEAR - 1)
    return float(fdtrc(YEAR - 1, left, max(explained, 0.0) / error)) if error > 0 else float(explained <= 0)
