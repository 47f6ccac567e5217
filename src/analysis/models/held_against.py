"""The chosen forecast held against what happened: figures by horizon and kind, groups by risk, and the riskiest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.choice import Outcome
from analysis.models.counts import Floats
from analysis.models.deciles import calibration_deciles
from analysis.models.forecast import GRID, HORIZON
from analysis.models.lift import lift
from analysis.models.validation import judged

HELD_OUT = "held_out"
METRICS = ["horizon", "kind", "metric", "value", "low", "high", "rows", "events"]
DECILES = ["horizon", "decile", "customers", "predicted", "observed", "low", "high"]
LIFT = ["horizon", "top", "customers", "leavers_held", "low", "high", "lift"]


class Held(NamedTuple):
    """A forecast made at a landmark, and the rows of `forecast.followed` that say what came of it.

    `risk` is the probability of having left, `by_choice` that of having left by choice (missing without kinds): a row
    per row, a column per month of the grid.
    """

    rows: pd.DataFrame
    risk: Floats
    by_choice: Floats


def metrics_at(held: Held, *, horizon: int) -> pd.DataFrame:
    """Every figure of the forecast at a horizon, of all leaving, of leaving by choice, and in the held-out arm.

    The held-out arm are customers of whom a column `held_out` says (with 1) that they were left uncontacted by lot:
    beside them a treatment that works is not read as a forecast that fails.
    """
    ways = {"all": (outcome(held.rows), held.risk)}
    if np.isfinite(held.by_choice).all():
        ways["voluntary"] = (outcome_by_choice(held.rows), held.by_choice)
    if HELD_OUT in held.rows.columns and (held.rows[HELD_OUT] == 1).any():
        arm = (held.rows[HELD_OUT] == 1).to_numpy(dtype=bool, na_value=False)
        ways[HELD_OUT] = (outcome(held.rows[arm]), held.risk[arm])
    return pd.concat([_figures(kind, *way, horizon=horizon) for kind, way in ways.items()], ignore_index=True)


def deciles_at(held: Held, *, horizon: int) -> pd.DataFrame:
    """Tenths of the customers by predicted risk: predicted and observed share of leavers at a horizon."""
    came, risk = outcome(held.rows), held.risk[:, GRID.index(horizon)]
    table = calibration_deciles(came.time, came.left, risk, horizon)
    return table.assign(horizon=horizon)[DECILES]


def top_at(held: Held, *, horizon: int) -> pd.DataFrame:
    """How many of the leavers the customers of the highest predicted risk hold, at a horizon."""
    came = outcome(held.rows)
    table = lift(came.time, came.left, held.risk[:, GRID.index(horizon)], horizon)
    return table.assign(horizon=horizon)[LIFT]


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
