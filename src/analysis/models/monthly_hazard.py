"""How many of those still there leave around each month: where in a customer's life the door stands open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import betainc, gammaincinv

from analysis.measures.risk_sets import AFTER, BEFORE
from analysis.models.counts import Floats, Integers, checked_counts

LONGEST = 48  # months of tenure that are looked at
REACH = 4  # neighbours on either side that a month is compared with
NONE = pd.DataFrame(columns=["begins", "ends", "leavers", "lived", "hazard", "low", "high", "stands_out"])
CHANCE = 0.05  # that any band at all of an even pace is said to stand out


def by_tenure(counts: pd.DataFrame, *, smallest: int = 11) -> pd.DataFrame:
    """Hazards around each whole month of tenure, from half a month before it to half a month after.

    Contracts end after whole months, and who leaves with one leaves some days before or after. The half month after
    joining is a band of its own. Of bands that begin by the longest tenure looked at; see `monthly_hazards`. Empty
    where nobody was under observation.
    """
    if not counts["n"].sum() > 0:
        return NONE.copy()
    found = monthly_hazards(counts, [0.0, *np.arange(0.5, LONGEST + REACH + 1)], smallest=smallest)
    return found[found["begins"] < LONGEST]


def around_a_day(counts: pd.DataFrame, *, smallest: int = 11) -> pd.DataFrame:
    """Hazards around each whole month before and after a day: 0 is the month around it, -1 the month before.

    No other month than that of the day is asked whether it stands out.

    Parameters
    ----------
    counts : table of `analysis.measures.risk_sets.counts_around`.
    """
    if counts.empty:
        return NONE.copy()
    found = monthly_hazards(counts, list(range(int(BEFORE + AFTER) + 1)), smallest=smallest)
    shifted = found.assign(begins=found["begins"] - BEFORE, ends=found["ends"] - BEFORE)
    return shifted.assign(stands_out=shifted["stands_out"] * ((shifted["begins"] < 0) & (shifted["ends"] > 0)))


def monthly_hazards(
    counts: pd.DataFrame, edges: Sequence[float], *, smallest: int = 11, level: float = 0.95
) -> pd.DataFrame:
    """Leavers per customer and month, between edges of tenure.

    hazard = leavers / months lived through by all customers at risk

    Neighbouring bands are joined until each has `smallest` leavers or more, so that no figure speaks of a few.

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event) or finer
        `entry`, `exit` (months; at risk in (entry, exit]), `event` (1 left, 0 not), `n` (customers).
    edges : months, ascending; a band lies between two of them, its upper edge included.

    Returns
    -------
    Table, one row per band, in order: `begins`, `ends` (edges, months), `leavers` (customers), `lived`
    (customer-months), `hazard`, `low`, `high` (of a customer-month; the exact interval of a Poisson count),
    `stands_out` (1 where so many leavers are no chance at the pace of the neighbours, as many before as after, else 0;
    where there is no such month, one table in twenty says so of one). Empty where fewer than `smallest` left within
    the edges.

    Raises
    ------
    AnalysisFailed
        See `analysis.models.counts.checked_counts`.

    References
    ----------
    Garwood (1936) for the interval; Przyborowski and Wilenski (1940) for two counts, with Bonferroni's bound.
    """
    rows = checked_counts(counts)
    marks = np.asarray(edges, dtype=np.float64)
    left = _left_by(rows, marks)
    kept = _joined(np.diff(left), smallest=smallest)
    leavers, lived = np.diff(left[kept]), np.diff(_lived_by(rows, marks)[kept])
    tail = (1 - level) / 2
    return pd.DataFrame(
        {
            "begins": marks[kept[:-1]],
            "ends": marks[kept[1:]],
            "leavers": leavers.astype(np.int64),
            "lived": lived,
            "hazard": leavers / lived,
            "low": gammaincinv(leavers, tail) / lived,
            "high": gammaincinv(leavers + 1, 1 - tail) / lived,
            "stands_out": _stands_out(leavers, lived).astype(np.int64),
        }
    )


def _left_by(rows: pd.DataFrame, marks: Floats) -> Floats:
    """Customers who left by each mark."""
    order = np.argsort(rows["exit"].to_numpy(), kind="stable")
    so_far = np.append(0.0, (rows["n"] * rows["event"]).to_numpy()[order].cumsum())
    return np.asarray(so_far[np.searchsorted(rows["exit"].to_numpy()[order], marks, "right")])


def _lived_by(rows: pd.DataFrame, marks: Floats) -> Floats:
    """Months lived through under observation by each mark, all customers together."""
    entry, stop, n = (rows[name].to_numpy() for name in ("entry", "exit", "n"))
    return np.array([(n * (np.minimum(stop, mark) - np.minimum(entry, mark))).sum() for mark in marks])


def _joined(leavers: Floats, *, smallest: int) -> Integers:
    """Places of the edges that are kept; the last band takes what is left over after it."""
    kept, so_far = [0], 0.0
    for place, own in enumerate(leavers, start=1):
        so_far += own
        if so_far >= max(smallest, 1):
            kept, so_far = [*kept, place], 0.0
    if len(kept) > 1:
        kept[-1] = len(leavers)
    return np.array(kept)


def _stands_out(leavers: Floats, lived: Floats) -> Floats:
    """Whether a band has more leavers than chance allows at the pace of its neighbours, at most four on either side.

    As many before as after, so that a pace that falls or rises steadily has no peak. At one pace the band's share of
    all leavers is binomial, whatever the pace.
    """
    places = np.arange(len(leavers))
    reach = np.minimum(REACH, np.minimum(places, len(leavers) - 1 - places))
    both = [np.append(0.0, one.cumsum()) for one in (leavers, lived)]
    left, there = (so_far[places + reach + 1] - so_far[places - reach] for so_far in both)
    chance = betainc(leavers, left - leavers + 1, lived / there)
    return np.asarray((reach > 0) & (chance < CHANCE / max(len(leavers), 1)))
