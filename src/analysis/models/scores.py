"""The scores of active customers: when each is expected to leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.counts import Floats
from analysis.models.forecast import GRID
from analysis.models.reasons.ranked import NAMED, Reasons
from analysis.models.remaining import expected_months

HORIZONS = (1, 3, 12)  # months that the report speaks of
PLACES = 9  # decimals kept


@dataclass(frozen=True, eq=False)
class Scores:
    """What the chosen model says of each active customer, an entry (or row) per customer in the order of their ids.

    `tenure` is in months at the as-of date; `hazards` are cumulative over the months of the grid, for all kinds of
    leaving; `hazards_voluntary` are those of leaving by choice, nowhere larger, None where the source gives no kinds;
    `draws` are hazards under equally likely estimates, a layer each; `luck` is how far the luck of the quarters ahead
    moves all of them together (standard deviation of the log, by month of the grid; none where not told); `reasons` are
    None where the model that makes the forecast knows none.
    """

    customer_id: pd.Series
    tenure: Floats
    hazards: Floats
    hazards_voluntary: Floats | None
    draws: Floats
    reasons: Reasons | None = None
    luck: Floats | None = None

    @property
    def risk(self) -> Floats:
        """Probability of having left by each month of the grid: 1 - exp(-H)."""
        return np.asarray(-np.expm1(-self.hazards))

    @property
    def risk_voluntary(self) -> Floats:
        """Probability of having left by choice by each month of the grid; missing where the source gives no kinds."""
        if self.hazards_voluntary is None:
            return np.full_like(self.hazards, np.nan)
        return incidence(self.hazards, self.hazards_voluntary)


def nobodys_scores() -> Scores:
    """The scores of no customer, where there is no forecast."""
    none = np.zeros((0, len(GRID)))
    return Scores(pd.Series(dtype=object), np.zeros(0), none, None, none[None])


def incidence(hazards: Floats, voluntary: Floats) -> Floats:
    """Probability of having left by choice, where one can also leave otherwise first.

    F(t) = sum over the steps of S(start) · (1 - exp(-step of H)) · step of H by choice / step of H

    Both hazards are constant within a step. Never above the probability of leaving at all.
    """
    steps = np.diff(hazards, axis=1, prepend=0.0)
    by_choice = np.minimum(np.diff(voluntary, axis=1, prepend=0.0), steps)
    share = np.divide(by_choice, steps, out=np.zeros_like(steps), where=steps > 0)
    there = np.exp(-np.hstack([np.zeros((len(hazards), 1)), hazards[:, :-1]]))
    return np.asarray((there * -np.expm1(-steps) * share).cumsum(axis=1))


def churn_scores(scores: Scores, ahead: pd.DataFrame, *, horizon: int) -> pd.DataFrame:
    """The stage table `churn_scores`.

    Parameters
    ----------
    ahead : table of `extension.survival_ahead`, one row per customer of the scores in their order: `survival_01`, ….
    horizon : months ahead within which the months left are counted.

    Returns
    -------
    Table, one row per active customer: `customer_id`; `churn_1m`, `churn_3m`, `churn_12m` (probability of leaving in
    any way within so many calendar months); `voluntary_1m`, `voluntary_3m`, `voluntary_12m` (by own choice; missing
    where the source gives no kinds); `months_left` (expected within the next `months_left_horizon` months);
    `reason_1` … `reason_3` (families of reasons, the strongest first; missing where fewer raise the risk, or where
    the model that makes the forecast knows none).
    """
    survival = ahead[[f"survival_{month:02d}" for month in range(1, horizon + 1)]].to_numpy("float64")
    left = {"months_left": np.round(expected_months(survival), PLACES), "months_left_horizon": horizon}
    none = pd.DataFrame({name: pd.Series([None] * len(survival), dtype=object) for name in NAMED})
    told = chances(scores).assign(**left)
    return told.join(none if scores.reasons is None else scores.reasons.rows[list(NAMED)])


def chances(scores: Scores) -> pd.DataFrame:
    """Table, one row per active customer: `customer_id`, `churn_1m` … `voluntary_12m`, as in `churn_scores`."""
    columns: dict[str, object] = {"customer_id": scores.customer_id.to_numpy(dtype=object)}
    for name, risk in (("churn", scores.risk), ("voluntary", scores.risk_voluntary)):
        columns |= {f"{name}_{months}m": np.round(risk[:, GRID.index(months)], PLACES) for months in HORIZONS}
    return pd.DataFrame(columns)
