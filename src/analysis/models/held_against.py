"""The chosen forecast held against what happened: figures by horizon and kind."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.choice import Outcome
from analysis.models.counts import Floats
from analysis.models.forecast import GRID, HORIZON
from analysis.models.validation import judged

METRICS = ["horizon", "kind", "metric", "value", "low", "high", "rows", "events"]


class Held(NamedTuple):
    """A forecast made at a landmark, and the rows of `forecast.followed` that say what came of it.

    `risk` is the probability of having left, `by_choice` that of having left by choice (missing without kinds): a row
    per row, a column per month of the grid.
    """

    rows: pd.DataFrame
    risk: Floats
    by_choice: Floats

    def of(self, rows: pd.DataFrame) -> Held:
        """The same forecast of some of its rows, told by their labels."""
        inside = self.rows.index.isin(rows.index)
        return Held(self.rows[inside], self.risk[inside], self.by_choice[inside])


def metrics_at(held: Held, *, horizon: int) -> pd.DataFrame:
    """Every figure of the forecast at a horizon, of all leaving and of leaving by choice."""
    ways = {"all": (outcome(held.rows), held.risk)}
    if np.isfinite(held.by_choice).all():
        ways["voluntary"] = (outcome_by_choice(held.rows), held.by_choice)
    return pd.concat([_figures(kind, *way, horizon=horizon) for kind, way in ways.items()], ignore_index=True)


def outcome(rows: pd.DataFrame) -> Outcome:
    """What came of rows of `forecast.followed`."""
    return Outcome(
        rows["ahead"].to_numpy("float64"), rows["leaves"].to_numpy("float64"), rows["customer_id"].to_numpy()
    )


def outcome_by_choice(rows: pd.DataFrame) -> Outcome:
    """The same for leaving by choice: who left otherwise will never leave by choice, and is known to."""
    otherwise = (rows["leaves"] == 1) & (rows["chose"] == 0)
    time: npt.NDArray[np.float64] = np.where(otherwise, float(HORIZON), rows["ahead"])
    return Outcome(time, rows["chose"].to_numpy("float64"), rows["customer_id"].to_numpy())


def _figures(kind: str, came: Outcome, risk: Floats, *, horizon: int) -> pd.DataFrame:
    found = judged(came.time, came.left, risk, grid=GRID, horizon=horizon, cluster=came.customer)
    events = int(((came.left == 1) & (came.time <= horizon)).sum())
    told = found.dropna(subset=["value"])
    return told.assign(horizon=horizon, kind=kind, rows=len(came.time), events=events)[METRICS]
