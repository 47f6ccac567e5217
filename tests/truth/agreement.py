"""First reasons beside the true ones: what the simulator knows of why each customer may leave.

A true reason is the family of the largest true contribution to the log hazard of leaving by choice, in the mean of
the next three months (`reason_…` of `truth.parquet`), less its mean over the active customers: as the report reads its
own contributions. It is clear where it leads the second by 0.2 or more. `raw_…` are the same without taking the means
off: there "no contract" is no reason, for only what moves the hazard away from the simulator's zero counts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measures.interval import share_interval
from analysis.models.reasons.ranked import ACTIONABLE, at_highest_risk

LEAD = 0.2  # of the log hazard
LEAST = 0.80


def beside(rows: pd.DataFrame) -> pd.DataFrame:
    """The customers at the highest risk with their true first reason: whether it is clear, and named.

    Parameters
    ----------
    rows : one row per active customer: `churn_3m`, `reason_1` to `reason_3`, and the truth's `reason_price`, ….

    Returns
    -------
    The rows at the highest risk with `true`, `clear`, `same` (it is named first), `among` (it is one of the three),
    `raw_clear` and `raw_same`.
    """
    adds = rows[[f"reason_{name}" for name in ACTIONABLE]].to_numpy("float64")
    top = at_highest_risk(rows["churn_3m"].to_numpy("float64"))
    named = rows.loc[top, ["reason_1", "reason_2", "reason_3"]].to_numpy(dtype=object)
    true, clear = (each[top] for each in _first(adds - adds.mean(axis=0)))
    raw, raw_clear = (each[top] for each in _first(adds))
    found = {"true": true, "clear": clear, "same": named[:, 0] == true, "among": (named == true[:, None]).any(axis=1)}
    return rows[top].assign(**found, raw_clear=raw_clear, raw_same=named[:, 0] == raw)


def agreement(found: pd.DataFrame) -> dict[str, float]:
    """How often the first reason is the true one, for rows of `beside`."""
    clear, raw = found[found["clear"]], found[found["raw_clear"]]
    low, high = share_interval(int(clear["same"].sum()), len(clear))
    return {
        "highest": len(found),
        "clear": len(clear),
        "agree": clear["same"].mean(),
        "low": low,
        "high": high,
        "among_three": clear["among"].mean(),
        "agree_of_all": found["same"].mean(),
        "raw_clear": len(raw),
        "raw_agree": raw["raw_same"].mean(),
    }


def _first(adds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The family that adds most, and whether it leads the second clearly."""
    ranked = np.sort(adds, axis=1)
    return np.array(ACTIONABLE, dtype=object)[adds.argmax(axis=1)], ranked[:, -1] - ranked[:, -2] >= LEAD
