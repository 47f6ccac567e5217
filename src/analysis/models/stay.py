"""How long customers are expected to stay within the value horizon, with what is unknown of the model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.models.counts import Floats
from analysis.models.remaining import expected_months, months_lived

CHUNK = 20_000  # customers at a time: more of them take no more memory


def expected_stay(ahead: pd.DataFrame) -> Floats:
    """Months each customer is expected to stay within the months ahead: the estimate, and one per draw of the model.

    Parameters
    ----------
    ahead : table of `models.extension.survival_ahead`, one row per customer: `survival_01` …, `pace_01` ….

    Returns
    -------
    Array, the estimate in the first row and a draw in each further one; one column per customer.
    """
    survival = ahead[[name for name in ahead.columns if name.startswith("survival_")]].to_numpy("float64")
    paces = ahead[[name for name in ahead.columns if name.startswith("pace_")]].to_numpy("float64")
    stay = np.empty((1 + paces.shape[1], len(ahead)))
    for begin in range(0, len(ahead), CHUNK):
        some = slice(begin, begin + CHUNK)
        stay[0, some] = expected_months(survival[some])
        for draw in range(paces.shape[1]):
            stay[1 + draw, some] = expected_months(survival[some] ** paces[some, draw, None])
    return stay


def beyond_observed(ahead: pd.DataFrame) -> float:
    """Share of the months that customers are expected to stay that lies at tenures later than any well observed.

    `ahead` has `seen_months` and `survival_01` …; not-a-number without customers.
    """
    survival = ahead[[name for name in ahead.columns if name.startswith("survival_")]].to_numpy("float64")
    seen, months = ahead["seen_months"].to_numpy("float64"), np.arange(1, survival.shape[1] + 1)
    whole = late = 0.0
    for begin in range(0, len(ahead), CHUNK):
        some = slice(begin, begin + CHUNK)
        lived = months_lived(survival[some])
        whole, late = whole + float(lived.sum()), late + float((lived * (months > seen[some, None])).sum())
    return late / whole if whole > 0 else float("nan")
