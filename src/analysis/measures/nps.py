"""The net promoter score of a group of answers, with its interval."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.measures.interval import standard_normal_quantile

PROMOTER, DETRACTOR = 9, 6  # of 0 to 10: from the one on, and up to the other
ADDED = (0.75, 1.5, 0.75)  # answers added to promoters, passives and detractors for the interval

Floats = npt.NDArray[np.float64]


def net_promoter_score(scores: npt.ArrayLike) -> tuple[float, float, float]:
    """Promoters less detractors, in points per hundred answers, with its 95 % interval.

    NPS = 100 · (p − d); variance of p − d = (p + d − (p − d)²) ÷ n

    The interval takes three answers as added, so that a few answers that all agree do not make it certain.

    Parameters
    ----------
    scores : answers from 0 to 10; missing ones are left out.

    Returns
    -------
    Score, low, high, each from −100 to 100; missing without an answer.

    References
    ----------
    Reichheld (2003); Rocks (2016) for the interval.
    """
    known = np.asarray(scores, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return float("nan"), float("nan"), float("nan")
    up, down = int((known >= PROMOTER).sum()), int((known <= DETRACTOR).sum())
    score = (up - down) / len(known)
    size = len(known) + sum(ADDED)
    promoters, detractors = (up + ADDED[0]) / size, (down + ADDED[2]) / size
    middle = promoters - detractors
    reach = standard_normal_quantile(0.95) * np.sqrt((promoters + detractors - middle**2) / size)
    low, high = max(min(middle - reach, score), -1.0), min(max(middle + reach, score), 1.0)
    return 100 * score, 100 * float(low), 100 * float(high)
