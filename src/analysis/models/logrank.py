"""The log-rank test for customers who come under observation late: do groups leave at the same pace?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaincc

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import Floats, Integers, checked_counts, event_totals, numbers_at_risk

SINGULAR = 1e-9


@dataclass(frozen=True, eq=False)
class LogRank:
    """A log-rank test, and per group how many left against how many would have at everyone's pace.

    `groups` is a table, one row per group in sorted order: the group, `observed`, `expected` (customers).
    `statistic` and `p_value` are not-a-number, and `degrees_of_freedom` is 0, where there is nothing to compare:
    one group only, nobody left, or never two groups at risk at once.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: pd.DataFrame


def log_rank(counts: pd.DataFrame, *, group: str) -> LogRank:
    """Test whether groups of customers leave at the same pace at equal tenure.

    u' V^- u with u = observed - expected and V its hypergeometric covariance, both summed over leaving times;
    chi-squared with rank(V) degrees of freedom. The rank is the number of groups less one, and smaller where groups
    were never at risk beside others.

    Parameters
    ----------
    counts : Table, one row per distinct (group, entry, exit, event) or finer
        `entry`, `exit` (months of tenure; at risk in (entry, exit]), `event` (1 left, 0 not), `n` (customers).
    group : the column that holds the group.

    Raises
    ------
    AnalysisFailed
        A row has no group, or see `analysis.models.counts.checked_counts`.

    References
    ----------
    Mantel (1966); Peto and Peto (1972).
    """
    rows = checked_counts(counts)
    codes, names = pd.factorize(counts[group], sort=True)
    if (codes < 0).any():
        raise AnalysisFailed(
            "log-rank test",
            expected=f"a {group} in every row",
            found=f"{int((codes < 0).sum()):,} rows without one",
            do="Give them a class of their own, such as 'not available', or leave them out.",
        )
    left, at_risk = _events_and_at_risk(rows, codes)
    totals, everyone = left.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / everyone
    observed, expected = left.sum(axis=1), share @ totals
    groups = pd.DataFrame({group: names, "observed": observed.astype(np.int64), "expected": expected})
    return LogRank(*_chi_squared(observed - expected, _covariance(share, totals, everyone)), groups)


def _events_and_at_risk(rows: pd.DataFrame, codes: Integers) -> tuple[Floats, Floats]:
    """Customers who leave and customers at risk, by group and leaving time."""
    leaving = rows["n"].to_numpy() * rows["event"].to_numpy()
    times = np.unique(rows["exit"].to_numpy()[leaving > 0])
    if not len(times):
        empty = np.zeros((int(codes.max()) + 1, 0))
        return empty, empty
    return (
        event_totals(rows, times=times, of=leaving, group=codes),
        numbers_at_risk(rows, times=times, group=codes),
    )


def _covariance(share: Floats, totals: Floats, everyone: Floats) -> Floats:
    """Sum over leaving times of d (n - d) / (n - 1) * (diag(p) - p p'); a time with one customer at risk adds 0."""
    spread = totals * (everyone - totals) / np.maximum(everyone - 1, 1)
    weighted = share * spread
    return np.asarray(np.diag(weighted.sum(axis=1)) - weighted @ share.T)


def _chi_squared(difference: Floats, covariance: Floats) -> tuple[float, int, float]:
    """Statistic, degrees of freedom and p-value; groups without spread are left out, and so are redundant directions.

    The covariance is scaled to correlations first, so that a small group beside a huge one is not taken for noise.
    """
    deviation = np.sqrt(np.diag(covariance))
    free = deviation > 0
    if not free.any():
        return float("nan"), 0, float("nan")
    scale = deviation[free]
    sizes, directions = np.linalg.eigh(covariance[np.ix_(free, free)] / np.outer(scale, scale))
    kept = sizes > SINGULAR
    along = directions[:, kept].T @ (difference[free] / scale)
    statistic = float((along**2 / sizes[kept]).sum())
    rank = int(kept.sum())
    return statistic, rank, float(gammaincc(rank / 2, statistic / 2))
