"""The model of a quarter, kept as what it takes to learn it again: nothing that runs is stored.

A stored model would be code, or as good as it. What is kept is its name and its correction; the episodes of the
quarter are there. Learned again it must give the scores of the quarter back: else it is another model.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.models import forecast
from analysis.models.candidates.learning import Learning, whole_customers
from analysis.models.candidates.recalibrated import Correction
from analysis.models.chosen import ENCODED_ROWS, Chosen, chosen, scores_of
from analysis.models.covariates import candidate_columns
from analysis.models.encoder import fit_encoder
from analysis.models.prediction_told import Prediction
from analysis.models.reasons.ranked import NAMED
from analysis.models.scores import PLACES, chances

CLOSE = 0.5 * 10.0**-PLACES  # nearer than this, scores are equal to the decimals kept


def frozen(model: Prediction) -> pd.DataFrame:
    """The stage table `frozen_model`: one row, `model` (its name), `scored` (customers; 0 where there is no forecast).

    And `slope`, `horizon` (months) of the correction of its probabilities; missing where they need none.
    """
    right = model.correction
    slope, horizon = (np.nan, np.nan) if right is None else (right.slope, float(right.horizon))
    row = {"model": model.chosen, "scored": model.counts["scored"], "slope": slope, "horizon": horizon}
    return pd.DataFrame([row])


def thawed(
    kept: Mapping[str, Any], rows: pd.DataFrame, active: pd.DataFrame, *, as_of: dt.date, refused: Collection[str]
) -> Chosen:
    """The model of a quarter, learned again from what it had learned from.

    Parameters
    ----------
    kept : the row of `frozen`.
    rows : table of `forecast.learning_rows` of the quarter's episodes.
    active : the quarter's active customers.
    refused : columns that the quarter refused as covariates.
    """
    held = forecast.in_order(forecast.holding_a_product(rows), forecast.KEYS)
    known = forecast.known_at(held, as_of)
    covariates = [name for name in candidate_columns(rows) if name not in set(refused)]
    encoder = fit_encoder(whole_customers(known, most=ENCODED_ROWS), covariates)
    right = None if pd.isna(kept["slope"]) else Correction(0.0, float(kept["slope"]), int(kept["horizon"]))
    return chosen(str(kept["model"]), Learning(known, as_of, encoder), scorable(active), correction=right)


def scorable(active: pd.DataFrame) -> pd.DataFrame:
    """The active customers who hold a product, in the order of their ids."""
    return forecast.holding_a_product(active).sort_values("customer_id", ignore_index=True)


def rescored(model: Chosen, active: pd.DataFrame) -> pd.DataFrame:
    """What the model says of active customers, from what is known of them now.

    Table, one row per customer: `customer_id`, the chances of `scores.chances`, and `reason_1` … `reason_3`.
    """
    scores = scores_of(model, scorable(active))
    told = chances(scores)
    if scores.reasons is None:
        return told.assign(**{name: pd.Series(None, told.index, dtype=object) for name in NAMED})
    return told.join(scores.reasons.rows[list(NAMED)])


def check_same(again: pd.DataFrame, stored: pd.DataFrame, *, where: str) -> None:
    """Raises AnalysisFailed unless the model gives the stored scores back, to the decimals that are kept."""
    columns = [name for name in again.columns if name.startswith(("churn_", "voluntary_"))]
    one, other = (rows.sort_values("customer_id", ignore_index=True) for rows in (again, stored))
    same = list(one["customer_id"]) == list(other["customer_id"]) and np.allclose(
        one[columns].to_numpy("float64"), other[columns].to_numpy("float64"), rtol=0, atol=CLOSE, equal_nan=True
    )
    if not same:
        expected = "the quarter's model, learned again, to give its own scores back"
        do = "Libraries of another version, or changed tables, do that: run the report again with what is there now."
        raise AnalysisFailed(where, expected=expected, found="other scores", do=do)
