"""The hazard of a customer with mean covariates, by tenure: a step at every leaving time of a stratum."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import Floats
from analysis.models.cox_newton import Risk
from analysis.models.cox_sums import RiskSets


def baseline_hazard(sets: RiskSets, risk: Risk, *, strata: list[Any]) -> pd.DataFrame:
    """Hazard steps at the leaving times of each stratum, for covariates at their means.

    step = sum over those leaving then of 1 / (hazard at risk - fraction gone x hazard leaving)

    Returns
    -------
    Table, one row per stratum and leaving time, after a first row for time 0
        `stratum`, `time` (months of tenure), `hazard_step` (expected leavings per customer at that time),
        `cumulative_hazard`. A stratum that nobody left has only its first row.

    References
    ----------
    Efron (1977); Therneau and Grambsch (2000), section 5.2: the estimate that goes with Efron's likelihood.
    """
    steps = sets.per_slot(risk.share) * np.exp(-risk.shift)
    tables = []
    for number, (start, end) in enumerate(pairwise(sets.bounds)):
        own = np.concatenate([[0.0], steps[start : end - 1]])
        times = np.concatenate([[0.0], sets.time[start : end - 1]])
        tables.append(
            pd.DataFrame(
                {"stratum": strata[number], "time": times, "hazard_step": own, "cumulative_hazard": own.cumsum()}
            )
        )
    return pd.concat(tables, ignore_index=True)


def hazard_until(baseline: pd.DataFrame, tenure: npt.ArrayLike, *, stratum: Any | None = None) -> Floats:
    """Cumulative hazard at months of tenure: that of the last step at or before it, level after the last.

    Parameters
    ----------
    baseline : see `baseline_hazard`.
    tenure : months, of any shape.
    stratum : which one; may be left out where there is one only.

    Raises
    ------
    AnalysisFailed
        There is no such stratum, or a tenure is negative or missing.
    """
    steps = _steps_of(baseline, stratum)
    months = np.asarray(tenure, dtype=np.float64)
    if not (months >= 0).all():
        raise AnalysisFailed(
            "cumulative hazard",
            expected="tenures of 0 or more months",
            found=f"{int((~(months >= 0)).sum()):,} others",
            do="Set customers without a known tenure aside.",
        )
    place = np.searchsorted(steps["time"].to_numpy(), months, "right") - 1
    return np.asarray(steps["cumulative_hazard"].to_numpy()[place])


def _steps_of(baseline: pd.DataFrame, stratum: Any | None) -> pd.DataFrame:
    known = baseline["stratum"].unique()
    if stratum is None and len(known) == 1:
        return baseline
    steps = baseline[baseline["stratum"] == stratum]
    if steps.empty:
        raise AnalysisFailed(
            "cumulative hazard",
            expected=f"one of the strata the model was fitted with: {', '.join(map(str, known))}",
            found="none" if stratum is None else str(stratum),
            do="Name the stratum of each customer as at the fit.",
        )
    return steps
