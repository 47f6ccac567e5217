"""Who is contacted, and what becomes of who is not, foretold by models that had seen no row of the customer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, Ridge

from analysis.models.counts import Floats, Integers, Truths

FOLDS, SEED = 3, 161
TREES, PACE, LEAVES, IN_A_LEAF, SHRUNK = 100, 0.08, 8, 20, 5.0  # small trees, slowly; none of it chosen by the rows
BINS = 63  # of a number; a category may have as many levels
PULL = 0.05  # of the penalty's inverse, on standardised columns


def foretold_contact(table: pd.DataFrame, categories: list[bool], treated: Integers, customers: Integers) -> Floats:
    """The chance to be contacted, per row, by boosted trees: they follow rules of several signs, which no line does.

    Parameters
    ----------
    table : numbers, with gaps where a value is missing, and categories as numbers from 0.
    categories : per column whether it holds categories.
    treated : 1 contacted, 0 not.
    customers : the customer of each row, whole numbers from 0 without gap; they are in three folds by lot.

    References
    ----------
    McCaffrey, Ridgeway and Morral (2004); Chernozhukov et al. (2018) for cross-fitting.
    """
    values, chance = table.to_numpy("float64"), np.full(len(table), treated.mean())
    for learned, told in _folds(customers):
        if len(np.unique(treated[learned])) == 2 and values.shape[1]:
            trees = _trees(categories).fit(values[learned], treated[learned])
            chance[told] = trees.predict_proba(values[told])[:, 1]
    return np.asarray(np.round(chance, 9), dtype=np.float64)


def foretold_alone(design: Floats, outcome: Floats, treated: Integers, customers: Integers) -> Floats:
    """What is expected of each row without a contact: a penalised regression of those who were not contacted.

    A logistic one where the outcome is 0 or 1, else a linear one.

    References
    ----------
    Chernozhukov et al. (2018).
    """
    spread = design.std(axis=0)
    standard = (design - design.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    alone, yes_or_no = treated == 0, bool(np.isin(outcome, (0, 1)).all())
    expected = np.full(len(outcome), outcome[alone].mean())
    for learned, told in _folds(customers):
        rows = learned & alone
        if not standard.shape[1] or len(np.unique(outcome[rows])) < 2:
            continue
        if yes_or_no:
            fit = LogisticRegression(C=PULL, solver="newton-cholesky", max_iter=200)
            expected[told] = fit.fit(standard[rows], outcome[rows]).predict_proba(standard[told])[:, 1]
        else:
            expected[told] = Ridge(alpha=1 / PULL).fit(standard[rows], outcome[rows]).predict(standard[told])
    return np.asarray(np.round(expected, 9), dtype=np.float64)


def _folds(customers: Integers) -> Iterator[tuple[Truths, Truths]]:
    """Who is learned from, and who is told."""
    fold = (np.random.default_rng(SEED).permutation(int(customers.max()) + 1) % FOLDS)[customers]
    return ((fold != number, fold == number) for number in range(FOLDS))


def _trees(categories: list[bool]) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=PACE, max_leaf_nodes=LEAVES, min_samples_leaf=IN_A_LEAF, l2_regularization=SHRUNK,
        max_bins=BINS, categorical_features=np.array(categories, dtype=bool), early_stopping=False, random_state=SEED,
    )  # fmt: skip
