"""Chances of leaving by kind, where a customer can leave in one way only: Aalen-Johansen from counts.

Written out, since lifelines moves ties apart at random: on whole months its figures differ from run to run.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import Integers, Truths, checked_counts, event_totals, numbers_at_risk


def aalen_johansen(counts: pd.DataFrame) -> pd.DataFrame:
    """Share of customers who have left in each way, by months of tenure, from customers observed from any tenure on.

    F_k(t) = sum over leaving times s <= t of S(s-) x leavers of kind k at s / at risk at s

    The shares of all kinds and the Kaplan-Meier survival add up to 1.

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event, kind) or finer
        `entry`, `exit` (months of tenure; at risk in (entry, exit]), `event` (1 left, 0 not), `kind` (text, of who
        left; ignored for others), `n` (customers).

    Returns
    -------
    Table, one row per kind (in sorted order) and distinct leaving time, after a first row for time 0
        `kind`, `time` (months), `at_risk`, `events` (of that kind; customers), `incidence` (share, 0 to 1). At time 0
        `at_risk` counts those observed from their first day. Empty where nobody left.

    Raises
    ------
    AnalysisFailed
        A leaver has no kind, or see `analysis.models.counts.checked_counts`.

    References
    ----------
    Aalen and Johansen (1978).
    """
    rows = checked_counts(counts)
    weight = rows["n"].to_numpy()
    leaving = weight * rows["event"].to_numpy()
    codes, kinds = _kinds(counts["kind"], left=leaving > 0)
    if not kinds:
        return pd.DataFrame(columns=["kind", "time", "at_risk", "events", "incidence"])
    times = np.union1d(0.0, rows["exit"].to_numpy()[leaving > 0])
    at_risk = numbers_at_risk(rows, times=times)[0]
    events = np.stack([event_totals(rows, times=times, of=leaving * (codes == k))[0] for k in range(len(kinds))])
    hazard = np.divide(events, at_risk, out=np.zeros_like(events), where=events > 0)
    there_before = np.concatenate([[1.0], (1 - hazard.sum(axis=0)).cumprod()[:-1]])
    at_risk[0] = weight[rows["entry"].to_numpy() == 0].sum()
    return pd.DataFrame(
        {
            "kind": np.repeat(kinds, len(times)),
            "time": np.tile(times, len(kinds)),
            "at_risk": np.tile(at_risk.astype(np.int64), len(kinds)),
            "events": events.astype(np.int64).ravel(),
            "incidence": (there_before * hazard).cumsum(axis=1).ravel(),
        }
    )


def _kinds(kind: pd.Series, *, left: Truths) -> tuple[Integers, list[str]]:
    """Number of each row's kind, -1 for rows that did not leave, and the kinds in order."""
    codes, names = pd.factorize(kind.where(left), sort=True)
    without = int((left & (codes < 0)).sum())
    if without:
        raise AnalysisFailed(
            "chances of leaving by kind",
            expected="a kind for every row that left",
            found=f"{without:,} rows without one",
            do="Call them 'unknown', or leave them out.",
        )
    return codes, list(names)
