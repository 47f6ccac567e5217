"""The chance that each customer leaves within some months, with what is unknown of the model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.models.counts import Floats

QUARTER = 3  # months


def expected_leaving(ahead: pd.DataFrame, *, months: int) -> Floats:
    """The chance that each customer leaves within so many months: the estimate, and one per draw of the model.

    Within the first year it is that of the forecast (`churn_3m` of the scores for three months).

    Parameters
    ----------
    ahead : table of `models.extension.survival_ahead`, one row per customer: `survival_01` …, `pace_01` ….

    Returns
    -------
    Array, the estimate in the first row and a draw in each further one; one column per customer.
    """
    stays = ahead[f"survival_{months:02d}"].to_numpy("float64")
    paces = ahead[[name for name in ahead.columns if name.startswith("pace_")]].to_numpy("float64").T
    return np.vstack([1 - stays, 1 - stays**paces])
