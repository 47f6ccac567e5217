"""A candidate whose probabilities were clearly too extreme, too tame, too high or too low, put right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from analysis.models.candidates.learning import Fitted
from analysis.models.candidates.paced import Paced
from analysis.models.counts import Floats
from analysis.models.forecast import GRID

STEPS = 50
CLOSE = 1e-9
TINY = 1e-9
WIDEST = (-30.0, 30.0)  # between which an intercept is sought


class Correction(NamedTuple):
    """By what cumulative hazards are multiplied: exp(intercept) · H(horizon) ** (slope - 1)."""

    intercept: float
    slope: float
    horizon: int

    def factor(self, hazards: Floats) -> Floats:
        """What the hazards of each row are multiplied by; the grid lies along the last axis."""
        whole = np.maximum(hazards[..., [GRID.index(self.horizon)]], TINY)
        return np.asarray(np.exp(self.intercept) * whole ** (self.slope - 1))

    def of(self, hazards: Floats) -> Floats:
        """Hazards put right."""
        return np.asarray(hazards * self.factor(hazards))

    def at_level(self, hazards: Floats) -> Correction:
        """The same slope, with the intercept that leaves the mean risk by the horizon as these hazards have it.

        A model that learned again has learned the level anew: to move it by what was wrong before would count twice.
        """
        place = GRID.index(self.horizon)
        wanted = -np.expm1(-hazards[:, place]).mean()

        def excess(intercept: float) -> float:
            moved = self._replace(intercept=intercept).of(hazards)[:, place]
            return float(-np.expm1(-moved).mean() - wanted)

        return self._replace(intercept=float(brentq(excess, *WIDEST)))


@dataclass(frozen=True)
class Recalibrated:
    """A fit, and the correction of its hazards."""

    fitted: Fitted
    correction: Correction

    def hazards(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`."""
        return self.correction.of(self.fitted.hazards(rows))

    def draws(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`."""
        return self.correction.of(self.fitted.draws(rows)).astype(np.float32)


def luck_of(fit: Fitted, rows: pd.DataFrame) -> Floats:
    """Luck of the quarters ahead as `Paced.luck` tells it, as it moves what was put right; none of a life table."""
    if isinstance(fit, Recalibrated):
        return luck_of(fit.fitted, rows) * fit.correction.slope
    return fit.luck(rows) if isinstance(fit, Paced) and len(rows) else np.zeros(len(GRID))


def recalibration(hazards: Floats, *, ahead: Floats, leaves: Floats, horizon: int) -> Correction:
    """Intercept and slope on the log cumulative hazard by a horizon that make what was predicted meet what happened.

    leavers ~ Poisson(H(time followed) · exp(intercept) · H(horizon) ** (slope - 1))

    Parameters
    ----------
    hazards : array, one row per customer and one column per month of the grid: predicted cumulative hazards.
    ahead, leaves : calendar months that each was followed (the horizon at most), and 1 when the customer left then.

    References
    ----------
    Crowson, Atkinson and Therneau (2016).
    """
    offset = np.log(_reached(hazards, ahead))
    whole = np.log(np.maximum(hazards[:, GRID.index(horizon)], TINY))
    design, found = np.column_stack([np.ones(len(whole)), whole]), np.zeros(2)
    for _ in range(STEPS):
        expected = np.exp(offset + design @ found)
        information = (design * expected[:, None]).T @ design
        step = np.linalg.lstsq(information, design.T @ (leaves - expected), rcond=None)[0]
        found = found + np.clip(step, -1, 1)
        if np.abs(step).max() < CLOSE:
            break
    return Correction(float(found[0]), 1 + float(found[1]), horizon)


def _reached(hazards: Floats, ahead: Floats) -> Floats:
    """Cumulative hazard at the end of each follow-up, on the straight line between the months of the grid."""
    months = np.array([0.0, *GRID])
    padded = np.hstack([np.zeros((len(hazards), 1)), hazards])
    after = np.clip(np.searchsorted(months, ahead), 1, len(GRID))
    row, part = np.arange(len(ahead)), (ahead - months[after - 1]) / (months[after] - months[after - 1])
    return np.asarray(np.maximum(padded[row, after - 1] * (1 - part) + padded[row, after] * part, TINY))
