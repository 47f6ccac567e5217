"""Restricted mean life: how many of its first months a customer stays, on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.measures.interval import standard_normal_quantile
from analysis.models.counts import Floats, checked_counts, numbers_at_risk
from analysis.models.survival import kaplan_meier

COLUMNS = ("months", "mean", "low", "high", "se", "at_risk")


def restricted_means(
    counts: pd.DataFrame, months: Sequence[float], *, smallest: int = 1, level: float = 0.95
) -> pd.DataFrame:
    """Months that a customer stays out of its first 12, 24, …, on average: the area under the survival curve.

    mean(u) = integral from 0 to u of S(t) dt
    variance = sum over leaving times s <= u of (integral from s to u of S)^2 x d / (n (n - d))

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event) or finer
        `entry`, `exit` (months of tenure; at risk in (entry, exit]), `event` (1 left, 0 not), `n` (customers).
    months : where the area ends, one or more.
    smallest : customers who must have been at risk at every tenure up to there.

    Returns
    -------
    Table, one row per given month, in the given order
        `months`, `mean`, `low`, `high`, `se` (months), `at_risk` (customers just before the end). `mean`, `low`, `high`
        and `se` are missing where fewer than `smallest` customers were at risk somewhere on the way: of a tenure at
        which hardly anybody was observed nothing is known. Once everybody at risk has left, the rest is known to be
        0. Where nobody left on the way the mean is the whole stretch, without a spread. All of it is missing, with
        nobody at risk, where nobody was under observation.

    Raises
    ------
    AnalysisFailed
        See `analysis.models.counts.checked_counts`.

    References
    ----------
    Irwin (1949); Andersen, Borgan, Gill and Keiding (1993), section IV.3, for the variance; Royston and Parmar (2013).
    """
    if not counts["n"].sum() > 0:
        return pd.DataFrame({"months": list(months)}, columns=list(COLUMNS)).assign(at_risk=0)
    curve = kaplan_meier(counts, level=level)
    reached = observed_until(counts, smallest=smallest)
    ends = np.asarray(months, dtype=np.float64)
    rows = [(end, *_mean(curve, end)) if end <= reached else (end, np.nan, np.nan) for end in ends]
    table = pd.DataFrame(rows, columns=["months", "mean", "se"])
    reach = standard_normal_quantile(level) * table["se"].where(table["se"] > 0)
    at_risk = numbers_at_risk(checked_counts(counts), times=np.sort(ends))[0][np.argsort(np.argsort(ends))]
    return table.assign(
        low=(table["mean"] - reach).clip(lower=0),
        high=(table["mean"] + reach).clip(upper=table["months"]),
        at_risk=at_risk.astype(np.int64),
    )[list(COLUMNS)]


def observed_until(counts: pd.DataFrame, *, smallest: int = 1) -> float:
    """The tenure up to which at least `smallest` customers were at risk at every moment; infinite where all left.

    Who enters late was not seen before: a curve that begins with nobody at risk stands at 1 for want of data. It is 0
    where nobody was under observation.
    """
    if not counts["n"].sum() > 0:
        return 0.0
    rows = checked_counts(counts)
    seen = rows[rows["n"] > 0]
    times = np.unique(seen[["entry", "exit"]].to_numpy())
    times = times[times > 0]
    thin = np.flatnonzero(numbers_at_risk(seen, times=times)[0] < max(smallest, 1))
    last = float(times[thin[0] - 1]) if len(thin) and thin[0] else 0.0 if len(thin) else float(times[-1])
    curve = kaplan_meier(counts)
    gone = curve.loc[curve["survival"] == 0, "time"]
    return float("inf") if len(gone) and gone.iloc[0] <= last else last


def differences(means: Mapping[str, pd.DataFrame], *, to: str, level: float = 0.95) -> pd.DataFrame:
    """How many months more or less the customers of a class stay than those of another, `to`.

    Classes are independent: who changes class is censored in one and enters the other late, and what is seen of a
    customer in two of them does not overlap.

    Returns
    -------
    Table, one row per class and month, in the given order: `class`, `months`, `difference`, `difference_low`,
    `difference_high` (months; missing where either mean is, and for the class itself; the interval also where
    nobody left of either).
    """
    base = means[to]
    parts = []
    for name, own in means.items():
        gap = own["mean"] - (base["mean"] if name != to else np.nan)
        known = (own["se"] > 0) & (base["se"] > 0)
        reach = standard_normal_quantile(level) * np.sqrt(own["se"] ** 2 + base["se"] ** 2).where(known)
        parts.append(
            pd.DataFrame({"class": name, "months": own["months"], "difference": gap}).assign(
                difference_low=gap - reach, difference_high=gap + reach
            )
        )
    return pd.concat(parts, ignore_index=True)


def _mean(curve: pd.DataFrame, end: float) -> tuple[float, float]:
    """The area under a step curve up to `end`, and its standard error."""
    steps = curve[curve["time"] <= end]
    at_risk, events = steps["at_risk"].to_numpy("float64"), steps["events"].to_numpy("float64")
    widths = np.diff(np.append(steps["time"].to_numpy(), end))
    after = (steps["survival"].to_numpy() * widths)[::-1].cumsum()[::-1]
    return float(after[0]), float(np.sqrt((after**2 * _spread(events, at_risk)).sum()))


def _spread(events: Floats, at_risk: Floats) -> Floats:
    """The sum's d / (n (n - d)); 0 where nobody left, or everybody: then nothing comes after."""
    rest = at_risk * (at_risk - events)
    return np.divide(events, rest, out=np.zeros_like(events), where=rest > 0)
