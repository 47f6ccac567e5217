"""Brier score and AUC of a forecast, with customers who were lost to sight.

See `analysis.models.censoring` for the weights and for what happens exactly at the horizon.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.basis.errors import AnalysisFailed
from analysis.models.censoring import checked_scores, checked_weights, follow_up
from analysis.models.counts import Floats, Integers

MISSING = float("nan")


def brier(
    time: npt.ArrayLike, event: npt.ArrayLike, risk: npt.ArrayLike, at: float, weights: npt.ArrayLike | None = None
) -> float:
    """Mean squared distance between the predicted probability of having left by a month and what happened.

    BS(h) = 1 / n * sum of w_i (left_i(h) - risk_i)²,  w_i = 1 / G(t_i-) for leavers, 1 / G(h-) for those who stayed

    Parameters
    ----------
    time, event : months from the forecast to leaving (1) or to the end of observation (0).
    risk : predicted probability of having left by month `at`.
    at : the horizon, months.
    weights : customers each row stands for.

    Returns
    -------
    Number from 0 (every customer foretold) up; below p (1 - p), the score of the base's own share p for everyone, where
    the forecast tells something. Not-a-number where nobody was followed up to the horizon.

    Raises
    ------
    AnalysisFailed
        See `analysis.models.censoring.follow_up`, `checked_scores` and `checked_weights`.

    References
    ----------
    Brier (1950); Graf, Schmoor, Sauerbrei and Schumacher (1999) for censored outcomes.
    """
    seen = follow_up(time, event)
    customers = checked_weights(weights, like=seen)
    known = seen.known(at, customers)
    squared = (known.left - checked_scores(risk, like=seen)) ** 2
    return float((known.weight * squared).sum() / customers.sum())


def integrated_brier(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    risk: npt.ArrayLike,
    grid: Sequence[float],
    weights: npt.ArrayLike | None = None,
) -> float:
    """Brier score averaged over a stretch of months, by the trapezoid rule between the months of a grid.

    IBS = integral of BS(t) from the first to the last month of the grid / length of that stretch

    Parameters
    ----------
    time, event, weights : see `brier`.
    risk : predicted probability of having left, one row per customer and one column per month of the grid.
    grid : months, ascending. With one month only, the figure is the Brier score there.

    Returns
    -------
    Number from 0 up, lower is better. Not-a-number where one of the Brier scores is.

    Raises
    ------
    AnalysisFailed
        The grid is empty, not ascending or not as long as `risk` is wide; or see `brier`.
    """
    months, columns = checked_grid(grid), np.atleast_2d(np.asarray(risk, dtype=np.float64))
    if columns.shape[-1] != len(months):
        raise AnalysisFailed(
            "integrated Brier score",
            expected=f"a column of risk for each of {len(months)} months",
            found=f"columns: {columns.shape[-1]}",
            do="Predict for the months of the grid.",
        )
    scores = [brier(time, event, columns[:, place], at, weights) for place, at in enumerate(months)]
    return float(np.array(scores) @ trapezoid_shares(months))


def checked_grid(grid: Sequence[float]) -> Floats:
    """The months of a grid as numbers.

    Raises
    ------
    AnalysisFailed
        There is none, one is not above 0, or they are not ascending.
    """
    months = np.asarray(grid, dtype=np.float64)
    if len(months) == 0 or not months[0] > 0 or not (np.diff(months) > 0).all():
        raise AnalysisFailed(
            "grid of months",
            expected="months above 0, each later than the one before",
            found=", ".join(f"{month:g}" for month in months) or "none",
            do="Sort the grid.",
        )
    return months


def trapezoid_shares(months: Floats) -> Floats:
    """What each month of a grid weighs in an average over the stretch it covers; they sum to 1."""
    if len(months) == 1:
        return np.ones(1)
    steps = np.diff(months)
    return np.asarray((np.append(steps, 0) + np.append(0, steps)) / 2 / steps.sum())


def auc(
    time: npt.ArrayLike, event: npt.ArrayLike, risk: npt.ArrayLike, at: float, weights: npt.ArrayLike | None = None
) -> float:
    """Chance that a customer who left by a month had a higher risk than one who was still there.

    The cumulative / dynamic AUC: leavers by month `at` against those still there then, leavers weighted as in `brier`.

    Parameters
    ----------
    time, event, at, weights : see `brier`.
    risk : any score, higher for those expected to leave.

    Returns
    -------
    Number from 0 to 1; 0.5 for a coin and for equal risks throughout. Not-a-number where by that month nobody left,
    everyone did, or nobody was followed so far.

    Raises
    ------
    AnalysisFailed
        See `brier`; the risk may be any number.

    References
    ----------
    Uno, Cai, Tian and Wei (2007); Hung and Chiang (2010).
    """
    seen = follow_up(time, event)
    known = seen.known(at, checked_weights(weights, like=seen))
    return ranked_auc(known.left, risk_ranks(checked_scores(risk, like=seen, probability=False)), known.weight)


def outcome_auc(left: npt.ArrayLike, score: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """The AUC where every outcome is known: chance that a score ranks a leaver above a stayer, ties counting half.

    Parameters
    ----------
    left : 1 left, 0 stayed.
    score : any number, one per customer.
    weights : customers each row stands for.

    Returns
    -------
    Number from 0 to 1; not-a-number where all left or all stayed.

    Raises
    ------
    AnalysisFailed
        A value is missing or impossible.
    """
    outcome = np.asarray(left, dtype=np.float64)
    seen = follow_up(np.ones(len(outcome)), outcome)
    numbers = checked_scores(score, like=seen, probability=False)
    return ranked_auc(outcome, risk_ranks(numbers), checked_weights(weights, like=seen))


def risk_ranks(risk: Floats) -> Integers:
    """Place of each risk among the distinct ones, from 0; equal risks share one."""
    return np.unique(risk, return_inverse=True)[1].astype(np.int64)


def ranked_auc(left: Floats, ranks: Integers, weights: Floats) -> float:
    """AUC of weighted, complete outcomes whose risks are given as ranks; not-a-number without leavers or stayers."""
    leavers = np.bincount(ranks, weights * left)
    stayers = np.bincount(ranks, weights * (1 - left))
    pairs = leavers.sum() * stayers.sum()
    won = (leavers * (stayers.cumsum() - stayers / 2)).sum()
    return float(won / pairs) if pairs > 0 else MISSING
