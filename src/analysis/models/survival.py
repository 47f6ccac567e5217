"""Survival curves of customers who come under observation late: Kaplan-Meier from counts.

The product-limit sums are written out instead of calling lifelines: its `KaplanMeierFitter` has the same risk set
(entry < t <= exit), but refuses data whose early risk set is once empty, and takes seconds to import. A test holds
the two equal where both answer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.measures.interval import standard_normal_quantile
from analysis.models.counts import Floats, checked_counts, event_totals, numbers_at_risk

# A survival this close to one half is one half: 1 - 1/3 - 1/6 is not in binary.
TOLERANCE = 1e-8


class Median(NamedTuple):
    """Months until half of the customers have left, with its interval; not-a-number where that is not reached."""

    median: float
    low: float
    high: float


def kaplan_meier(counts: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Share of customers still there, by months of tenure, from customers observed from any tenure on.

    S(t) = product over leaving times s <= t of (1 - events(s) / at_risk(s))

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event) or finer
        `entry`, `exit` (months of tenure; at risk in (entry, exit]), `event` (1 left, 0 not), `n` (customers).
    level : confidence level of the interval.

    Returns
    -------
    Table, one row per distinct exit, in order, after a first row for time 0
        `time` (months), `at_risk`, `events`, `censored` (customers; at time 0, `at_risk` counts those observed from
        their first day), `survival`, `low`, `high` (shares, 0 to 1). The interval is the log-log one on Greenwood's
        variance. It is missing where survival is 1 after time 0 (nobody has left yet, so nothing is known of the
        spread) and where it is 0. Once everyone at risk has left, survival stays 0 whoever enters later.
        Episodes cut in two add rows without a step, and the cut counts as `censored`.

    Raises
    ------
    AnalysisFailed
        See `analysis.models.counts.checked_counts`.

    References
    ----------
    Kaplan and Meier (1958); Greenwood (1926); Kalbfleisch and Prentice (1980) for the log-log interval;
    Tsai, Jewell and Wang (1987) for late entry.
    """
    rows = checked_counts(counts)
    weight, left = rows["n"].to_numpy(), rows["event"].to_numpy()
    times = np.union1d(0.0, rows.loc[weight > 0, "exit"].to_numpy())
    at_risk = numbers_at_risk(rows, times=times)[0]
    at_risk[0] = weight[rows["entry"].to_numpy() == 0].sum()
    events = event_totals(rows, times=times, of=weight * left)[0]
    censored = event_totals(rows, times=times, of=weight * (1 - left))[0]
    survival = (1 - _ratio(events, at_risk)).cumprod()
    low, high = _log_log_interval(survival, _greenwood(events, at_risk), level=level)
    low[0] = high[0] = 1.0
    whole = {"at_risk": at_risk, "events": events, "censored": censored}
    return pd.DataFrame(
        {"time": times}
        | {name: value.astype(np.int64) for name, value in whole.items()}
        | {"survival": survival, "low": low, "high": high}
    )


def survival_at(curve: pd.DataFrame, times: npt.ArrayLike) -> pd.DataFrame:
    """Survival at chosen months of tenure, read off the steps of a curve.

    Returns
    -------
    Table, one row per given time, in the given order
        `time`, `survival`, `low`, `high`, `at_risk`. Past the last exit the curve is continued flat with `at_risk` 0:
        nobody was observed there. Between two exits `at_risk` is that of the later one.

    Raises
    ------
    AnalysisFailed
        A time is negative or missing.
    """
    wanted = np.atleast_1d(np.asarray(times, dtype=float))
    wrong = ~(wanted >= 0)
    if wrong.any():
        found = f"{wanted[wrong][0]:g}"
        raise AnalysisFailed(
            "survival_at", expected="times of 0 or more months", found=found, do="Ask for other times."
        )
    steps = curve["time"].to_numpy()
    read = curve[["survival", "low", "high"]].iloc[np.searchsorted(steps, wanted, "right") - 1].reset_index(drop=True)
    at_risk = np.append(curve["at_risk"].to_numpy(), 0)[np.searchsorted(steps, wanted)]
    return pd.concat([pd.Series(wanted, name="time"), read, pd.Series(at_risk, name="at_risk")], axis=1)


def median_survival(curve: pd.DataFrame, *, smallest: int = 0) -> Median:
    """Months until half of the customers have left: where the curve, and each edge of its interval, falls to one half.

    A curve that lies at exactly one half for a while has its median in the middle of that stretch. Not-a-number where
    the curve (or the edge) does not fall that far in the observed time, and all three where fewer than `smallest`
    customers were at risk when the curve fell so far: the day would be a single customer's.

    References
    ----------
    Brookmeyer and Crowley (1982).
    """
    times = curve["time"].to_numpy()
    fallen = curve["survival"].to_numpy() < 0.5 + TOLERANCE
    if fallen.any() and curve["at_risk"].to_numpy()[int(fallen.argmax())] < smallest:
        return Median(float("nan"), float("nan"), float("nan"))
    return Median(*(_falls_to_half(times, curve[name].to_numpy()) for name in ("survival", "low", "high")))


def _falls_to_half(times: Floats, values: Floats) -> float:
    reached = values < 0.5 + TOLERANCE
    if not reached.any():
        return float("nan")
    first = int(reached.argmax())
    deeper = reached & (values < values[first])
    if abs(values[first] - 0.5) < TOLERANCE and deeper.any():
        return float((times[first] + times[int(deeper.argmax())]) / 2)
    return float(times[first])


def _greenwood(events: Floats, at_risk: Floats) -> Floats:
    """Variance of log S: the sum of events / (at_risk * (at_risk - events)) so far, infinite once everyone has left."""
    with np.errstate(divide="ignore"):
        return _ratio(events, at_risk * (at_risk - events)).cumsum()


def _log_log_interval(survival: Floats, variance: Floats, *, level: float) -> tuple[Floats, Floats]:
    """Both edges of S^exp(-+ z * sd(log S) / log S), which cannot leave 0 to 1; missing where S is 0 or 1."""
    inside = (survival > 0) & (survival < 1)
    safe = np.where(inside, survival, np.nan)
    spread = standard_normal_quantile(level) * np.sqrt(np.where(inside, variance, np.nan)) / -np.log(safe)
    return safe ** np.exp(spread), safe ** np.exp(-spread)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Quotient, 0 where there is nothing to divide."""
    return np.divide(part, whole, out=np.zeros_like(part), where=part > 0)
