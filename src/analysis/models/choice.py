"""Which candidate makes the forecast: each is held against a later period than it had seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.candidates.field import FITTERS, NULL
from analysis.models.counts import Floats
from analysis.models.forecast import GRID
from analysis.models.validation import judged, suspect

SIMPLEST_FIRST = tuple(FITTERS)
GOOD = (0.8, 1.25)  # of the slope: an interval that meets this is no reason against a model
WORTH_IT = 0.95  # share of the best gain on the null that a simpler model has to keep
FIGURES = {
    "ibs": "ibs",
    "difference": "ibs_difference",
    "auc": "auc",
    "slope": "calibration_slope",
    "ratio": "calibration_ratio",
    "concordance": "concordance",
}


class Outcome(NamedTuple):
    """What came of the customers of a landmark: months followed, 1 when they left then, and who they are."""

    time: Floats
    left: Floats
    customer: npt.NDArray[Any]


class Choice(NamedTuple):
    """The chosen candidate, the verdict, and all candidates: see `choice`."""

    name: str
    verdict: str
    candidates: pd.DataFrame


def choice(risks: Mapping[str, Floats], outcome: Outcome, *, horizon: int) -> Choice:
    """Choose the model that makes the forecast.

    1. A model must beat the null, the life table by tenure alone: its integrated Brier score, over the months up to
       the horizon, must be smaller, with a 95 % interval of the difference that excludes 0, and the interval of its
       calibration slope must lie above 0: a model that gains by its level alone ranks nobody. If none does, the null
       makes the forecast, and the report says so.
    2. Of those that do, a model is fit for use when the interval of its calibration slope meets 0.8 to 1.25. If none
       is, all that beat the null go on, and the chosen one is put right afterwards.
    3. Of these, the one with the smallest score gains most on the null. The simplest that keeps nearly all of that gain
       (95 %) is taken: what is more intricate has to be worth it.

    Parameters
    ----------
    risks : by candidate, the predicted probability of having left: a row per customer, a column per month of the grid.
    outcome : the same customers.
    horizon : months, one of the grid.

    Returns
    -------
    The name; "chosen" or "null_not_beaten"; a table, one row per candidate, the simplest first: `candidate`, `place`,
    `rows` (customers judged), `events` (who left by the horizon), `ibs`, `difference` (to the null), `auc`, `slope`,
    `ratio` (left ÷ predicted) and `concordance`, each with `_low` and `_high` (95 %), `suspect` (a sentence, or
    missing) and `chosen` (1 or 0).
    """
    rows = [_judgement(name, risks, outcome, horizon=horizon) for name in SIMPLEST_FIRST if name in risks]
    table = pd.DataFrame(rows)
    beating = table[(table["difference_high"] < 0) & (table["slope_low"] > 0)]
    usable = beating[(beating["slope_high"] >= GOOD[0]) & (beating["slope_low"] <= GOOD[1])]
    field = usable if len(usable) else beating
    name = _simplest_of_the_best(field) if len(field) else NULL
    verdict = "chosen" if len(field) else "null_not_beaten"
    return Choice(name, verdict, table.assign(chosen=(table["candidate"] == name).astype(np.int64)))


def needs_recalibration(candidate: pd.Series) -> bool:
    """Whether the interval of a candidate's slope clearly excludes good calibration; the level is learned anew."""
    return bool(candidate["slope_high"] < GOOD[0] or candidate["slope_low"] > GOOD[1])


def _simplest_of_the_best(field: pd.DataFrame) -> str:
    """The first candidate of the field with nearly all that the best of them gains on the null."""
    gain = -field["difference"]
    return str(field.loc[gain >= WORTH_IT * gain.max(), "candidate"].iloc[0])


def _judgement(name: str, risks: Mapping[str, Floats], outcome: Outcome, *, horizon: int) -> dict[str, object]:
    """A row of the table of candidates."""
    figures = _figures(risks[name], outcome, horizon=horizon, null=risks[NULL])
    row: dict[str, object] = {
        "candidate": name,
        "place": SIMPLEST_FIRST.index(name) + 1,
        "rows": len(outcome.time),
        "events": int(((outcome.left == 1) & (outcome.time <= horizon)).sum()),
    }
    for column, metric in FIGURES.items():
        value, low, high = figures.loc[metric, ["value", "low", "high"]].astype(float)
        own = name == NULL and column == "difference"
        row |= {column: value, f"{column}_low": np.nan if own else low, f"{column}_high": np.nan if own else high}
    found = figures.loc["concordance"]
    return row | {"suspect": suspect(float(found["value"]), float(found["low"]))}


def _figures(risk: Floats, outcome: Outcome, *, horizon: int, null: Floats) -> pd.DataFrame:
    found = judged(
        outcome.time, outcome.left, risk, grid=GRID, horizon=horizon, null_risk=null, cluster=outcome.customer
    )
    return found.set_index("metric")
