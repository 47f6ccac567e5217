"""The model that makes the forecast, learned from all that is known, and its twin of leaving by choice."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.models.candidates.field import fitted
from analysis.models.candidates.learning import Fitted, Learning, NotFitted
from analysis.models.candidates.recalibrated import Correction, Recalibrated, luck_of
from analysis.models.counts import Floats
from analysis.models.forecast import GRID, QUARTER
from analysis.models.reasons.ranked import reasons
from analysis.models.scores import PLACES, Scores

ENCODED_ROWS = 50_000  # from which columns are refused and the encoder learns


class Chosen(NamedTuple):
    """A candidate that has learned leaving in any way, and its twin of leaving by choice (None: see `twin_of`).

    `correction` puts the probabilities right, at the level of the customers of the day it was learned.
    """

    learning: Learning
    learned: Fitted
    twin: Fitted | None
    correction: Correction | None


def chosen(name: str, learning: Learning, customers: pd.DataFrame, *, correction: Correction | None) -> Chosen:
    """Let a candidate learn.

    Parameters
    ----------
    customers : those active on the day; a correction keeps their mean risk as it was learned.
    """
    learned, twin = fitted(name, learning), twin_of(name, learning)
    if correction is not None:
        correction = correction.at_level(learned.hazards(customers))
    return Chosen(learning, learned, twin, correction)


def scores_of(model: Chosen, customers: pd.DataFrame) -> Scores:
    """The scores of customers, with what they rest on; `customers` in the order of their ids."""
    fit, factor = model.learned, np.ones((1, 1))
    if model.correction is not None:
        factor = model.correction.factor(fit.hazards(customers))
        fit = Recalibrated(fit, model.correction)
    # Rounded here, so that the last bits of a sum, which depend on the machine, reach no table.
    hazards = np.round(fit.hazards(customers), PLACES)
    voluntary = by_choice(model.twin, model.learning, customers, hazards=hazards, factor=factor)
    tenure = customers["tenure_months"].to_numpy("float64")
    chose = None if voluntary is None else np.round(voluntary, PLACES)
    risk = -np.expm1(-hazards[:, GRID.index(QUARTER)])
    why = reasons(model.twin or model.learned, customers, risk=risk, by_choice=model.twin is not None)
    return Scores(customers["customer_id"], tenure, hazards, chose, fit.draws(customers), why, luck_of(fit, customers))


def twin_of(name: str, learning: Learning) -> Fitted | None:
    """The candidate of leaving by choice; none where the source gives no kinds, or too few left so."""
    if not learning.rows["left_kind"].notna().any():
        return None
    try:
        return fitted(name, learning.by_choice())
    except NotFitted:
        return None


def by_choice(
    twin: Fitted | None, learning: Learning, rows: pd.DataFrame, *, hazards: Floats, factor: Floats | float = 1.0
) -> Floats | None:
    """Hazards of leaving by choice, from the twin of the chosen model; none where the source gives no kinds.

    `hazards` are those of all kinds, put right by `factor` per row, as the twin's then are. Where too few left by
    choice to learn who, they are their share among all leavers.
    """
    if not learning.rows["left_kind"].notna().any():
        return None
    share = learning.by_choice().events / max(learning.events, 1)
    found = hazards * share if twin is None else twin.hazards(rows) * factor
    steps = np.minimum(np.diff(found, axis=1, prepend=0.0), np.diff(hazards, axis=1, prepend=0.0))
    return np.cumsum(steps, axis=1)
