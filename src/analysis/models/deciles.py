"""Predicted against observed, ten groups of customers at a time: calibration as a table one can read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.interval import share_interval
from analysis.models.censoring import FollowUp, checked_scores, follow_up
from analysis.models.counts import Floats, Integers
from analysis.models.survival import kaplan_meier, survival_at

GROUPS = 10
DECIMALS = 5  # of a month, half a minute: nearer times are one time


def calibration_deciles(time: npt.ArrayLike, event: npt.ArrayLike, risk: npt.ArrayLike, at: float) -> pd.DataFrame:
    """Mean predicted risk and observed share who left, by tenths of the customers in order of risk.

    Parameters
    ----------
    time, event : months from the forecast to leaving (1) or to the end of observation (0).
    risk : predicted probability of having left by month `at`.
    at : the horizon, months.

    Returns
    -------
    Table, one row per decile that has customers, the lowest risk first
        `decile` (1 to 10), `customers`, `predicted` (mean risk), `observed` (1 - S(at) by Kaplan-Meier), `low`, `high`
        (its 95 % interval: log-log; Wilson's on those followed so far where none or all left).
        Customers of equal risk are in one decile, that of their middle place: deciles are of unequal size then, and
        some may be absent. `observed` is missing where nobody of the decile was followed up to the horizon.

    Raises
    ------
    AnalysisFailed
        A value is missing or impossible.
    """
    seen = follow_up(time, event)
    probability = checked_scores(risk, like=seen)
    decile = _deciles(probability)
    rows = [
        {"decile": number, "customers": int(inside.sum()), "predicted": float(np.sort(probability[inside]).mean())}
        | _observed(seen.until(at), inside, at)
        for number, inside in ((number, decile == number) for number in range(1, GROUPS + 1))
        if inside.any()
    ]
    return pd.DataFrame(rows, columns=["decile", "customers", "predicted", "observed", "low", "high"])


def _deciles(risk: Floats) -> Integers:
    """Decile of each customer, 1 to 10, from the middle of the places that equal risks take up."""
    places = np.sort(risk)
    middle = (np.searchsorted(places, risk, "left") + np.searchsorted(places, risk, "right")) / 2
    return np.asarray(np.floor(GROUPS * middle / len(risk)), dtype=np.int64) + 1


def _observed(seen: FollowUp, inside: npt.NDArray[np.bool_], at: float) -> dict[str, float]:
    """Share who left by a month among some customers, with its interval."""
    time, left = np.round(seen.time[inside], DECIMALS), seen.event[inside]
    usable = time > 0
    stayed = int((~left.astype(bool) & (time >= round(at, DECIMALS))).sum())
    gone = int(left.sum())
    if not usable.any() or (stayed == 0 and gone < len(left)):
        return {"observed": np.nan, "low": np.nan, "high": np.nan}
    counts = pd.DataFrame({"entry": 0.0, "exit": time, "event": left, "n": 1})[usable]
    step = survival_at(kaplan_meier(counts), at).iloc[0]
    if gone == 0 or stayed == 0:
        low, high = share_interval(gone, gone + stayed)
        return {"observed": 1 - float(step["survival"]), "low": low, "high": high}
    return {name: 1 - float(step[of]) for name, of in (("observed", "survival"), ("low", "high"), ("high", "low"))}
