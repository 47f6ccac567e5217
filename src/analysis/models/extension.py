"""Survival of each customer over the value horizon: the model's first year, and the life table's after it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import Floats
from analysis.models.remaining import Life

GRID = (1, 3, 6, 9, 12)  # months ahead that a forecast gives cumulative hazards for
WIDEST = 10.0  # the life table's hazard times or divided by so much at most
LEAST = 1e-9  # of a month's hazard: a pace relative to nothing says nothing


class Forecast(Protocol):
    """What a prediction says of the customers it scored, a row each.

    Tenure (months), cumulative hazards over `GRID`, and the same by draws of the model (draw × customer × month).
    """

    @property
    def customer_id(self) -> pd.Series: ...
    @property
    def tenure(self) -> Floats: ...
    @property
    def hazards(self) -> Floats: ...
    @property
    def draws(self) -> Floats | None: ...


def extended(hazards: Floats, *, tenure: Floats, life: Life, horizon: int = 36) -> Floats:
    """The chance that each customer is still there at the end of each month ahead, 1 to `horizon`.

    Within the first year the cumulative hazard is the forecast's, rising evenly between the months of `GRID`. After
    it, month k has the life table's hazard at tenure + k, times the customer's own pace (forecast ÷ life table,
    months 10 to 12), times a factor common to all: who is most likely to leave leaves first, and the mean pace of
    those who stay would fall on and on. The life table has seen that happen already, so the factor holds the mean
    pace of those expected to be still there at what it was over the first year: a whole one, for seasons to cancel.

    Parameters
    ----------
    hazards : array, one row per customer and one column per month of `GRID`: cumulative hazards. They have to be all
        customers of the base, or a sample of it, for the common factor to mean anything.
    tenure : months, of the same customers.

    Returns
    -------
    Array, one row per customer and one column per month.

    Raises
    ------
    AnalysisFailed
        The hazards are not those of the grid, fall, or are missing.

    References
    ----------
    Vaupel, Manton and Stallard (1979) on hazards of a population whose members differ.
    """
    _refuse_other_hazards(hazards)
    ahead = np.empty((len(hazards), horizon))
    ahead[:, : GRID[-1]] = monthly(hazards)[:, :horizon]
    if horizon > GRID[-1]:
        _extend(ahead, _own_pace(hazards, tenure, life), tenure=tenure, life=life)
    np.maximum.accumulate(ahead, axis=1, out=ahead)  # rounding must not make survival rise where a hazard pauses
    np.negative(ahead, out=ahead)
    return np.exp(ahead, out=ahead)  # in place: a million customers fill a quarter of a gigabyte


def survival_ahead(forecast: Forecast, life: Life, *, horizon: int) -> pd.DataFrame:
    """The survival of every scored customer over the horizon, as one table for the chapters that need it.

    Returns
    -------
    Table, one row per customer, in the order given: `customer_id`, `seen_months` (months ahead for which customers of
    that tenure were well observed), `survival_01` … (at the end of each month ahead), and `pace_01` …, one per draw:
    the draw's cumulative hazard over the first year ÷ the forecast's. Survival in a draw is survival ** pace.
    """
    survival = extended(forecast.hazards, tenure=forecast.tenure, life=life, horizon=horizon)
    draws = np.zeros((0, *forecast.hazards.shape)) if forecast.draws is None else forecast.draws
    year = np.maximum(forecast.hazards[:, -1], LEAST)
    columns = {"seen_months": np.maximum(life.observed_until - forecast.tenure, 0.0)}
    columns |= {f"survival_{month + 1:02d}": survival[:, month] for month in range(horizon)}
    columns |= {f"pace_{number + 1:02d}": draw[:, -1] / year for number, draw in enumerate(draws)}
    identity = pd.Series(np.asarray(forecast.customer_id, dtype=object), name="customer_id")
    return pd.concat([identity, pd.DataFrame(columns)], axis=1)


def monthly(hazards: Floats) -> Floats:
    """Cumulative hazards at the end of each month of the first year, from those over the months of `GRID`."""
    return np.stack([_in_first_year(hazards, month + 1) for month in range(GRID[-1])], axis=1)


def _in_first_year(hazards: Floats, month: int) -> Floats:
    """Cumulative hazards at the end of a month, on the straight line between those of the grid around it."""
    after = int(np.searchsorted(GRID, month))
    if after == 0:
        return np.asarray(hazards[:, 0] * (month / GRID[0]))
    part = (month - GRID[after - 1]) / (GRID[after] - GRID[after - 1])
    return np.asarray(hazards[:, after - 1] * (1 - part) + hazards[:, after] * part)


def _own_pace(hazards: Floats, tenure: Floats, life: Life) -> Floats:
    """The customer's hazard in the last months of the first year, over the life table's at that tenure."""
    table = life.cumulative_hazard(tenure + GRID[-1]) - life.cumulative_hazard(tenure + GRID[-2])
    pace = (hazards[:, -1] - hazards[:, -2]) / np.maximum(table, LEAST)
    return np.asarray(np.clip(pace, 1 / WIDEST, WIDEST))


def _extend(ahead: Floats, pace: Floats, *, tenure: Floats, life: Life) -> None:
    """Fill in the cumulative hazards after the first year, month by month."""
    reached = life.cumulative_hazard(tenure + GRID[-1])
    level = _level(ahead, tenure=tenure, life=life)
    for month in range(GRID[-1], ahead.shape[1]):
        later = life.cumulative_hazard(tenure + month + 1)
        table, reached = later - reached, later
        there = np.exp(-ahead[:, month - 1]) * table
        mean = float((there * pace).sum()) / max(float(there.sum()), LEAST)
        ahead[:, month] = ahead[:, month - 1] + table * pace * (level / mean if mean > 0 else 1.0)


def _level(ahead: Floats, *, tenure: Floats, life: Life) -> float:
    """Leavers expected over the first year by the forecast, over those expected by the life table."""
    year = ahead[:, : GRID[-1]]
    there = np.exp(-np.hstack([np.zeros((len(year), 1)), year[:, :-1]]))
    months = np.arange(GRID[-1] + 1)
    table = np.diff([life.cumulative_hazard(tenure + month) for month in months], axis=0).T
    by_table = float((there * table).sum())
    level = float((there * np.diff(year, axis=1, prepend=0.0)).sum()) / max(by_table, LEAST)
    return min(max(level, 1 / WIDEST), WIDEST)


def _refuse_other_hazards(hazards: Floats) -> None:
    wide = hazards.ndim == 2 and hazards.shape[1] == len(GRID)
    if wide and (np.diff(hazards, axis=1, prepend=0.0) >= -LEAST).all():
        return
    months = ", ".join(map(str, GRID))
    raise AnalysisFailed(
        "survival ahead",
        expected=f"cumulative hazards at {months} months that rise from 0",
        found="some that fall or are missing" if wide else f"an array of shape {hazards.shape}",
        do="Give them as the prediction makes them; leave out customers that it did not score.",
    )
