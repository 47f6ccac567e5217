"""Boosted trees on top of the regression: what its straight lines and separate effects leave unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingRegressor

from analysis.models.candidates.dated import dated_ahead, dated_names
from analysis.models.candidates.features import for_trees, tree_covariates
from analysis.models.candidates.learning import SEED, Learning
from analysis.models.candidates.logistic import EDGES, Logistic, fit_logistic
from analysis.models.counts import Floats
from analysis.models.encoder import SEASON, Encoder
from analysis.models.forecast import steps

MOST_ROWS = 50_000  # landmark rows of the fit
MOST_TREES, BATCH = 40, 10
LEAVERS_IN_A_LEAF = 20
MOST_BINS = 100  # of a number
HELD_BACK = 5  # one customer in so many says how many trees are enough
TINY = 1e-9


@dataclass(frozen=True)
class Bins:
    """Edges per column by which numbers become places among quantiles; categories and gaps stay what they are.

    scikit-learn would do the same, but by weighted quantiles, which takes it longer than all the trees.
    """

    edges: list[Floats | None]

    def of(self, numbers: Floats) -> Floats:
        """Each number's place."""
        found = numbers.copy()
        for column, edges in enumerate(self.edges):
            if edges is not None:
                values = numbers[:, column]
                found[:, column] = np.where(np.isnan(values), np.nan, np.searchsorted(edges, values))
        return found


@dataclass(frozen=True)
class Rows:
    """Rows of customers and steps: numbers, who left in the step, leavers the regression expects, weight, customer."""

    numbers: Floats
    left: Floats
    expected: Floats
    weight: Floats
    customer: npt.NDArray[np.int64]

    def of(self, inside: npt.NDArray[np.bool_]) -> Rows:
        """Some of them."""
        return Rows(*(getattr(self, field.name)[inside] for field in fields(self)))


@dataclass(frozen=True)
class Boosting:
    """The regression, and trees for the factor by which a step's hazard differs from it (none: it does not)."""

    logistic: Logistic
    bins: Bins
    trees: HistGradientBoostingRegressor | None

    def hazards(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`."""
        return self._moved(self.logistic.hazards(rows)[None], rows)[0]

    def draws(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`: those of the regression, moved alike. No formula tells the error of the trees."""
        return self._moved(self.logistic.draws(rows), rows).astype(np.float32)

    def _moved(self, hazards: Floats, rows: pd.DataFrame) -> Floats:
        if self.trees is None:
            return hazards
        factor = np.stack([np.asarray(self.trees.predict(numbers)) for numbers in self.columns(rows)], axis=1)
        return np.cumsum(np.diff(hazards, axis=2, prepend=0.0) * factor, axis=2)

    def columns(self, rows: pd.DataFrame) -> Iterator[Floats]:
        """What the trees are given, step by step."""
        encoder = self.logistic.encoder
        raw = for_trees(encoder, rows)[0]
        return (self.bins.of(np.hstack([_step_columns(rows, encoder, *edges), raw])) for edges in EDGES)

    @property
    def covariates(self) -> list[str]:
        """The covariate of each column that the trees are given; the step itself is the quarter ahead."""
        encoder = self.logistic.encoder
        dates = [name.removesuffix(" ahead") for name in dated_names(encoder.numbers)]
        return [SEASON, *dates, *tree_covariates(encoder)]


def fit_boosting(learning: Learning, regression: Logistic | None = None) -> Boosting:
    """Learn by how much hazards differ from the regression's, from small trees, each mending what those before missed.

    leavers in a step ~ Poisson(expected by the regression · exp(sum of trees))

    Small trees, large leaves, a slow pace; as many as foretell customers held back best, or none.

    `regression` is that of the same rows, where it is at hand already.

    References
    ----------
    Friedman (2001); Ke et al. (2017) for histograms.
    """
    logistic = regression or fit_logistic(learning)
    raw = _person_steps(learning, logistic)
    one = learning.rows.head(1)
    own = _step_columns(one, learning.encoder, *EDGES[0]).shape[1]
    categories = np.append(np.zeros(own, dtype=bool), for_trees(learning.encoder, one)[1])
    bins = _bins(raw.numbers, categories)
    rows = replace(raw, numbers=bins.of(raw.numbers))
    plain = HistGradientBoostingRegressor(
        loss="poisson",
        learning_rate=0.1,
        max_iter=MOST_TREES,
        max_leaf_nodes=12,
        min_samples_leaf=max(20, int(LEAVERS_IN_A_LEAF * len(rows.left) / max(rows.left.sum(), 1.0))),
        l2_regularization=5.0,
        categorical_features=categories,
        early_stopping=False,
        random_state=SEED,
    )
    number = _best_number(rows, plain)
    return Boosting(logistic, bins, _fitted(rows, like=plain.set_params(max_iter=number)) if number else None)


def _person_steps(learning: Learning, logistic: Logistic) -> Rows:
    """A row per landmark row and step that it was still there to begin."""
    rows = learning.sampled(most=MOST_ROWS)
    raw = for_trees(learning.encoder, rows)[0]
    customer = np.unique(rows["customer_id"].to_numpy(), return_inverse=True)[1]
    weight = rows["weight"].to_numpy()
    hazard = np.diff(logistic.hazards(rows), axis=1, prepend=0.0)
    parts = [
        Rows(
            np.hstack([_step_columns(rows, learning.encoder, step.low, step.high), raw])[step.rows],
            step.left.astype(np.float64),
            np.maximum(hazard[step.rows, place] * step.exposure, TINY),
            weight[step.rows],
            customer[step.rows],
        )
        for place, step in enumerate(steps(rows, left=learning.left))
    ]
    return Rows(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Rows)))


def _step_columns(rows: pd.DataFrame, encoder: Encoder, low: float, high: float) -> Floats:
    """When the step begins, and where dates known ahead lie as seen from it."""
    dated = dated_ahead(rows, encoder.numbers, low=low, high=high).to_numpy("float64")
    return np.hstack([np.full((len(rows), 1), float(low)), dated])


def _bins(numbers: Floats, categories: npt.NDArray[np.bool_]) -> Bins:
    """Quantiles of each column that is no category."""
    at = np.linspace(0, 1, MOST_BINS + 1)[1:-1]
    edges: list[Floats | None] = []
    for column, is_category in zip(numbers.T, categories, strict=True):
        known = column[~np.isnan(column)]
        plain = not is_category and len(known) > 0
        edges.append(np.unique(np.quantile(known, at, method="lower")) if plain else None)
    return Bins(edges)


def _best_number(rows: Rows, plain: HistGradientBoostingRegressor) -> int:
    """The number of trees with the greatest likelihood on customers held back, in batches; 0 where trees do harm."""
    back = rows.customer % HELD_BACK == 0
    inside, outside = rows.of(~back), rows.of(back)
    if not outside.left.any() or not inside.left.any():
        return 0
    gains = [0.0]
    for number, factor in enumerate(_fitted(inside, like=plain).staged_predict(outside.numbers), start=1):
        if number % BATCH == 0:
            gained = outside.left * np.log(factor) - outside.expected * (factor - 1)
            gains.append(float((outside.weight * gained).sum()))
    return BATCH * int(np.argmax(gains))


def _fitted(rows: Rows, *, like: HistGradientBoostingRegressor) -> HistGradientBoostingRegressor:
    # scikit-learn finds no bins for a column without any number.
    numbers = np.where(np.isnan(rows.numbers).all(axis=0), 0.0, rows.numbers)
    # Weighed by what is expected, the share left ÷ expected has the likelihood of counts with an offset.
    return clone(like).fit(numbers, rows.left / rows.expected, sample_weight=rows.weight * rows.expected)
