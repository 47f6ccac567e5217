"""Chances of leaving by kind, where a customer can leave in one way only: Aalen-Johansen from counts.

Written out, since lifelines moves ties apart at random: on whole months its figures differ from run to run.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.measures.interval import standard_normal_quantile
from analysis.models.counts import Floats, Integers, Truths, checked_counts, event_totals, numbers_at_risk

COLUMNS = ("kind", "time", "at_risk", "events", "incidence", "low", "high", "se")


def aalen_johansen(counts: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Share of customers who have left in each way, by months of tenure, from customers observed from any tenure on.

    F_k(t) = sum over leaving times s <= t of S(s-) x leavers of kind k at s / at risk at s

    The shares of all kinds and the Kaplan-Meier survival add up to 1. Leavers of one moment are a multinomial draw
    from those at risk, draws of different moments are independent; episodes may be cut anywhere.

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event, kind) or finer
        `entry`, `exit` (months of tenure; at risk in (entry, exit]), `event` (1 left, 0 not), `kind` (text, of who
        left; ignored for others), `n` (customers).

    Returns
    -------
    Table, one row per kind (in sorted order) and distinct leaving time, after a first row for time 0
        `kind`, `time` (months), `at_risk`, `events` (of that kind; customers), `incidence` (share, 0 to 1), `low`,
        `high` (the log-log interval), `se`. At time 0 `at_risk` counts those observed from their first day. The
        interval is missing while nobody has left in that way, and where everybody has. Empty where nobody left.

    Raises
    ------
    AnalysisFailed
        A leaver has no kind, or see `analysis.models.counts.checked_counts`.

    References
    ----------
    Aalen and Johansen (1978); Allignol, Schumacher and Beyersmann (2010) for the variance; Choudhury (2002) for the
    interval.
    """
    rows = checked_counts(counts)
    weight = rows["n"].to_numpy()
    leaving = weight * rows["event"].to_numpy()
    codes, kinds = _kinds(counts["kind"], left=leaving > 0)
    if not kinds:
        return pd.DataFrame(columns=list(COLUMNS))
    times = np.union1d(0.0, rows["exit"].to_numpy()[leaving > 0])
    at_risk = numbers_at_risk(rows, times=times)[0]
    events = np.stack([event_totals(rows, times=times, of=leaving * (codes == k))[0] for k in range(len(kinds))])
    hazard = np.divide(events, at_risk, out=np.zeros_like(events), where=events > 0)
    # From whole numbers: 1 - 2/3 - 1/3 is not 0 in binary.
    stays = np.divide(at_risk - events.sum(axis=0), at_risk, out=np.ones_like(at_risk), where=at_risk > 0)
    there = np.concatenate([[1.0], stays.cumprod()])
    incidence = (there[:-1] * hazard).cumsum(axis=1)
    error = np.sqrt([_variance(own, share, there=there, at_risk=at_risk) for own, share in _each(hazard, incidence)])
    low, high = _log_log_interval(incidence, error, level=level)
    at_risk[0] = weight[rows["entry"].to_numpy() == 0].sum()
    return pd.DataFrame(
        {
            "kind": np.repeat(kinds, len(times)),
            "time": np.tile(times, len(kinds)),
            "at_risk": np.tile(at_risk.astype(np.int64), len(kinds)),
            "events": events.astype(np.int64).ravel(),
            "incidence": incidence.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "se": error.ravel(),
        }
    )


def _each(hazard: Floats, incidence: Floats) -> list[tuple[Floats, Floats]]:
    """Hazard of a kind beside that of all others, and its incidence; a pair per kind."""
    return [(np.stack([own, hazard.sum(axis=0) - own]), share) for own, share in zip(hazard, incidence, strict=True)]


def _variance(hazard: Floats, incidence: Floats, *, there: Floats, at_risk: Floats) -> Floats:
    """Variance of the share who have left in one way, at every time.

    A leaver of that kind at s adds S(s-) less what the kind would have taken later, (F(t) - F(s)) / (1 - h(s)); one
    of another kind takes the latter away. Both are straight lines in F(t), so that the sum of their squares up to t
    needs three running totals and no second loop over times.
    """
    own, other = hazard
    later = np.divide(there[:-1], there[1:], out=np.zeros_like(own), where=there[1:] > 0)
    gain, loss = there[:-1] + incidence * later, incidence * later
    weight = np.divide(1.0, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)

    def total(one: Floats, two: Floats, three: Floats, four: Floats) -> Floats:
        """Running sum of cov(one x own + two x other, three x own + four x other)."""
        both = (one * own + two * other) * (three * own + four * other)
        return ((one * three * own + two * four * other - both) * weight).cumsum()

    square, mixed = total(gain, loss, gain, loss), total(gain, loss, later, later)
    return np.maximum(square - 2 * incidence * mixed + incidence**2 * total(later, later, later, later), 0.0)


def _log_log_interval(share: Floats, error: Floats, *, level: float) -> tuple[Floats, Floats]:
    """Both edges of F^exp(+- z x se / (F log F)), which cannot leave 0 to 1; missing where F is 0 or 1."""
    safe = np.where((share > 0) & (share < 1), share, np.nan)
    spread = standard_normal_quantile(level) * error / (-safe * np.log(safe))
    return safe ** np.exp(spread), safe ** np.exp(-spread)


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
