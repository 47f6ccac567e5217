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
    return of_shares(up / len(known), down / len(known), len(known))


def of_shares(promoters: float, detractors: float, answers: float) -> tuple[float, float, float]:
    """As `net_promoter_score`, from the shares of promoters and detractors among so many answers.

    Of weighted answers the number is that of equally weighted ones that would tell as much; it need not be whole.
    """
    score = promoters - detractors
    size = answers + sum(ADDED)
    up, down = (promoters * answers + ADDED[0]) / size, (detractors * answers + ADDED[2]) / size
    middle = up - down
    reach = standard_normal_quantile(0.95) * np.sqrt((up + down - middle**2) / size)
    low, high = max(min(middle - reach, score), -1.0), min(max(middle + reach, score), 1.0)
    return 100 * score, 100 * float(low), 100 * float(high)
