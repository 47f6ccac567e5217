"""How much of an outcome the drivers tell in rows that the fit had not seen, beside the mean alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.models.counts import Floats, Integers

FOLDS = 10
DRAWS = 1000
FEWEST_CLUSTERS = 5


class OutOfSample(NamedTuple):
    """Share of the squared error of the mean alone that the model takes away (R²), with its 95 % interval."""

    share: float
    low: float
    high: float
    rows: int

    @property
    def figures(self) -> tuple[float, float, float]:
        """The share and the ends of its interval."""
        return self.share, self.low, self.high

    @property
    def beats_the_mean(self) -> bool:
        """Whether the whole interval lies above nothing."""
        return self.low > 0


NOT_JUDGED = OutOfSample(float("nan"), float("nan"), float("nan"), 0)


def out_of_sample(values: Floats, outcome: Floats, clusters: Integers, *, seed: int = 1) -> OutOfSample:
    """R² by ten folds of whole clusters: each fold is predicted from the others, and by their mean.

    1 − Σ (y − ŷ)² / Σ (y − ȳ)²

    The interval draws clusters again and again. Not judged with fewer than five clusters.

    References
    ----------
    Stone (1974) for cross-validation; Efron and Tibshirani (1993) for the interval.
    """
    size = int(clusters.max()) + 1 if len(clusters) else 0
    if size < FEWEST_CLUSTERS:
        return NOT_JUDGED
    random = np.random.default_rng(seed)
    fold = (random.permutation(size) % min(FOLDS, size))[clusters]
    design = np.column_stack([np.ones(len(values)), values])
    errors = np.zeros((len(outcome), 2))
    for one in range(min(FOLDS, size)):
        here, rest = fold == one, fold != one
        beta = np.linalg.lstsq(design[rest], outcome[rest], rcond=None)[0]
        errors[here, 0] = (outcome[here] - design[here] @ beta) ** 2
        errors[here, 1] = (outcome[here] - outcome[rest].mean()) ** 2
    sums = np.stack([np.bincount(clusters, weights=column, minlength=size) for column in errors.T])
    weights = random.multinomial(size, np.full(size, 1 / size), size=DRAWS)
    model, mean = weights @ sums[0], weights @ sums[1]
    # Draws of clusters without any spread tell nothing.
    shares = 1 - model[mean > 0] / mean[mean > 0]
    if not errors[:, 1].sum() > 0 or not len(shares):
        return NOT_JUDGED
    low, high = np.quantile(shares, [0.025, 0.975])
    return OutOfSample(float(1 - errors[:, 0].sum() / errors[:, 1].sum()), float(low), float(high), len(outcome))
