"""Whom a contact moves: an uplift model, and whether going by it is better than going by lot (Qini)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression

from analysis.models.encoder import Encoder, fit_encoder
from analysis.models.resampling import percentile_interval

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FOLDS, SEED, DRAWS, GRID = 5, 39, 300, 50
PULL = 0.05  # of the penalty's inverse, on standardised columns: differences of two fits are noisy
FEWEST = 50  # good outcomes, and others, in each arm, without which nothing is learned


class UpliftModel(NamedTuple):
    """One logistic regression for those who were contacted, one for those who were not (T-learner)."""

    columns: tuple[str, ...]
    encoder: Encoder
    contacted: LogisticRegression
    alone: LogisticRegression

    def scores(self, rows: pd.DataFrame) -> Floats:
        """What a contact is expected to add to the chance of the good outcome, per row: `columns`, `landmark` and
        `tenure_months` are read.
        """
        design = self.encoder.design(rows).to_numpy("float64")
        with_it, without = (fit.predict_proba(design)[:, 1] for fit in (self.contacted, self.alone))
        return np.asarray(np.round(with_it - without, 9), dtype=np.float64)


class Qini(NamedTuple):
    """The curve (`share` contacted, `gain`, `low`, `high`, `lot`: gain by lot) and its coefficient with interval.

    A gain is what is won among all treated customers, as a share of them, when only the best are contacted.
    """

    curve: pd.DataFrame
    coefficient: float
    low: float
    high: float
    customers: int


def uplift_scores(rows: pd.DataFrame, columns: list[str], *, treated: Integers, good: Integers) -> Floats:
    """What a contact is expected to add to the chance of the good outcome, of each row by models that never saw it.

    One logistic regression for the treated, one for the others (T-learner); the difference of what they foretell. Rows
    are in five folds by lot; missing throughout where too few outcomes are known to learn from.

    Parameters
    ----------
    rows : table, one row per customer, in order of their ids: `landmark`, `tenure_months`, the columns.

    References
    ----------
    Künzel et al. (2019); Chernozhukov et al. (2018) for cross-fitting.
    """
    cells = np.bincount(2 * treated + good, minlength=4)
    scores = np.full(len(rows), np.nan)
    if cells.min() < FEWEST:
        return scores
    fold = np.random.default_rng(SEED).permutation(len(rows)) % FOLDS
    encoder = fit_encoder(rows.assign(event=good), columns)
    design = encoder.design(rows).to_numpy("float64")
    if not design.shape[1]:
        return np.zeros(len(rows))
    for number in range(FOLDS):
        learned, told = fold != number, fold == number
        fits = [_learned(design, good, learned & (treated == arm)) for arm in (0, 1)]
        alone, contacted = (fit.predict_proba(design[told])[:, 1] for fit in fits)
        scores[told] = contacted - alone
    return np.round(scores, 9)


def fit_uplift(rows: pd.DataFrame, columns: list[str], *, treated: Integers, good: Integers) -> UpliftModel | None:
    """The model of `uplift_scores`, learned from all rows; None where too few outcomes are known, or no column tells.

    References
    ----------
    Künzel et al. (2019).
    """
    if np.bincount(2 * treated + good, minlength=4).min() < FEWEST:
        return None
    encoder = fit_encoder(rows.assign(event=good), columns)
    design = encoder.design(rows).to_numpy("float64")
    if not design.shape[1]:
        return None
    alone, contacted = (_learned(design, good, treated == arm) for arm in (0, 1))
    return UpliftModel(tuple(columns), encoder, contacted, alone)


def _learned(design: Floats, good: Integers, rows: npt.NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=PULL, solver="newton-cholesky", max_iter=200).fit(design[rows], good[rows])


def qini(scores: Floats, *, treated: Integers, good: Integers) -> Qini:
    """The Qini curve of scores, and the area between it and a straight line, which is going by lot.

    gain(s) = [good among treated of the best s - good among control of the best s · treated / control] / all treated

    The interval is of 300 draws of customers, the scores kept. Rows of equal score stand in the order given.

    References
    ----------
    Radcliffe (2007); Efron (1979).
    """
    order = np.argsort(-scores, kind="stable")
    t, y = treated[order].astype(float), good[order].astype(float)
    curves = np.array([_curve(t, y, weight) for weight in _draws(len(t))])
    share = np.linspace(0, 1, GRID + 1)
    areas = np.trapezoid(curves - share * curves[:, -1:], share, axis=1)
    low, high = percentile_interval(np.column_stack([curves[1:], areas[1:]]))
    lot = share * curves[0, -1]
    curve = pd.DataFrame({"share": share, "gain": curves[0], "low": low[:-1], "high": high[:-1], "lot": lot})
    return Qini(curve, float(areas[0]), float(low[-1]), float(high[-1]), len(scores))


def _draws(size: int) -> Iterator[Floats]:
    yield np.ones(size)
    generator = np.random.default_rng(SEED)
    for _ in range(DRAWS):
        yield np.bincount(generator.integers(size, size=size), minlength=size).astype(np.float64)


def _curve(treated: Floats, good: Floats, weight: Floats) -> Floats:
    """Gains at shares of all customers from 0 to 1."""
    sums = [np.cumsum(column) for column in (weight, weight * treated, weight * treated * good, weight * good)]
    share = np.linspace(0, 1, GRID + 1)[1:]
    places = np.minimum(np.searchsorted(sums[0], share * sums[0][-1] - 1e-9), len(weight) - 1)
    everyone, arm, won, all_good = (column[places] for column in sums)
    others = everyone - arm
    scale = np.divide(arm, others, out=np.zeros_like(arm), where=others > 0)
    return np.concatenate([[0.0], (won - (all_good - won) * scale) / sums[1][-1]])
