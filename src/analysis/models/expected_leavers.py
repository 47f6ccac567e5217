"""How many of the active customers are expected to leave within each horizon of the report."""

from __future__ import annotations

import numpy as np

from analysis.measures.leavers_ahead import LeaversAhead, leavers_ahead
from analysis.models.forecast import GRID
from analysis.models.scores import Scores


def expected_leavers(scores: Scores) -> dict[str, LeaversAhead]:
    """Expected leavers by metric: `churn_3m` and `churn_12m` (all kinds), `voluntary_3m` where the source gives kinds.

    Draws are those of the model of all leaving; leaving by choice is taken to be as uncertain as that.
    """
    risk, by_choice = scores.risk, scores.risk_voluntary
    lucks = np.zeros(len(GRID)) if scores.luck is None else scores.luck
    found = {}
    for months in (3, 12):
        column = GRID.index(months)
        draws = -np.expm1(-scores.draws[:, :, column].astype(float))
        found[f"churn_{months}m"] = leavers_ahead(risk[:, column], draws=draws, luck=float(lucks[column]))
        if months == 3 and scores.hazards_voluntary is not None:
            share = by_choice[:, column] / np.maximum(risk[:, column], np.finfo(float).tiny)
            found["voluntary_3m"] = leavers_ahead(by_choice[:, column], draws=draws * share, luck=float(lucks[column]))
    return found
