"""Who to call first: of all who leave, how many are among the customers said to be the likeliest to?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.interval import share_interval
from analysis.models.brier import risk_ranks
from analysis.models.calibration import FEWEST_EVENTS
from analysis.models.censoring import Known, checked_scores, checked_weights, follow_up
from analysis.models.counts import Floats, Integers

TOPS = (0.05, 0.10, 0.20)  # shares of the base, the likeliest leavers first


def lift(
    time: npt.ArrayLike, event: npt.ArrayLike, risk: npt.ArrayLike, at: float, weights: npt.ArrayLike | None = None
) -> pd.DataFrame:
    """Share of a horizon's leavers that the top 5, 10 and 20 % by predicted risk hold, and how often chance that is.

    Parameters
    ----------
    time, event : months from the forecast to leaving (1) or to the end of observation (0).
    risk : any score, higher for those expected to leave by month `at`.
    at : the horizon, months. Who was lost to sight before it is stood for by the others
        (`analysis.models.censoring`).
    weights : customers each row stands for.

    Returns
    -------
    Table, one row per top share
        `top` (share of customers), `customers` (that many, rounded), `leavers_held` (share of all leavers, 0 to 1),
        `low`, `high` (its 95 % interval, given the ranking: Wilson's, on as many leavers as the weighted ones are
        worth), `lift` (`leavers_held` / `top`; 1 is chance).
        Customers of equal risk are in the top in part where its edge runs through them, so the order of the rows does
        not matter. Shares are missing with fewer than ten leavers, and where nobody was followed so far.

    Raises
    ------
    AnalysisFailed
        A value is missing or impossible.
    """
    seen = follow_up(time, event)
    customers = checked_weights(weights, like=seen)
    known = seen.known(at, customers)
    ranks = risk_ranks(checked_scores(risk, like=seen, probability=False))
    held = leavers_held(known, ranks, customers)
    enough = (seen.left_by(at) & (customers > 0)).sum() >= FEWEST_EVENTS
    shown = np.where(enough & np.isfinite(held), held, np.nan)
    leaving = known.weight * known.left
    worth = leaving.sum() ** 2 / (leaving**2).sum() if enough else np.nan
    low, high = share_interval(np.clip(shown, 0, 1) * worth, np.full(len(TOPS), worth))
    top = np.array(TOPS)
    sizes = np.floor(top * customers.sum() + 0.5).astype(np.int64)
    return pd.DataFrame(
        {"top": top, "customers": sizes, "leavers_held": shown, "low": low, "high": high, "lift": shown / top}
    )


def leavers_held(known: Known, ranks: Integers, customers: Floats, *, tops: tuple[float, ...] = TOPS) -> Floats:
    """Share of the leavers among the top shares of customers by rank; not-a-number where nobody left.

    Read off the cumulative gains curve, straight within customers of equal rank.
    """
    sizes = np.bincount(ranks, customers)[::-1].cumsum()
    leavers = np.bincount(ranks, known.weight * known.left)[::-1].cumsum()
    if not leavers[-1] > 0:
        return np.full(len(tops), np.nan)
    reached = np.interp(np.array(tops) * sizes[-1], np.append(0.0, sizes), np.append(0.0, leavers))
    return np.asarray(reached / leavers[-1])
