"""Detractor, passive or promoter: a proportional-odds model, what a step does to each, and whether the odds are so."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy import stats
from scipy.special import chdtrc, expit, stdtrit
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.models.counts import Floats, Integers
from analysis.models.drivers.linear import LEVEL

CATEGORIES = ("detractor", "passive", "promoter")
PROMOTER_FROM, PASSIVE_FROM = 9, 7
FEWEST_OF_EACH = 10  # answers of a category for each coefficient of the check


class Logistic(type(stats.logistic)):  # type: ignore[misc]
    """The logistic law without scipy's looks at its arguments, which cost ten times as much as the formula."""

    def cdf(self, x: Floats, *_: object, **__: object) -> Floats:
        """The distribution function."""
        return np.asarray(expit(x))

    def pdf(self, x: Floats, *_: object, **__: object) -> Floats:
        """The density."""
        return np.asarray(expit(x) * expit(-np.asarray(x)))


@dataclass(frozen=True)
class Ordinal:
    """A fit: `slope` (log odds of the next higher category per unit of a column) and its covariance.

    `promoters` and `detractors`: a row per step asked for, with the mean change of the share, low and high (95 %).
    `proportional` is the p-value that a column moves both borders alike, taken over all columns; not-a-number where
    a category has too few answers to tell.
    """

    slope: Floats
    covariance: Floats
    promoters: Floats
    detractors: Floats
    proportional: float


def categories(scores: Floats) -> Integers:
    """0 for a detractor (0 to 6), 1 for a passive (7 and 8), 2 for a promoter (9 and 10)."""
    return np.searchsorted([PASSIVE_FROM, PROMOTER_FROM], scores, side="right").astype(np.int64)


def fit_ordinal(values: Floats, category: Integers, clusters: Integers, *, places: list[int], steps: Floats) -> Ordinal:
    """Proportional odds of the categories, with errors that hold for rows of the same cluster.

    Parameters
    ----------
    values : a row per row of `category`, a column each.
    places, steps : columns whose steps are told as changes of the shares of promoters and detractors.

    References
    ----------
    McCullagh (1980) for the model; Brant (1990) for the check.
    """
    middle, spread = values.mean(axis=0), values.std(axis=0)
    scaled = (values - middle) / spread
    model = OrderedModel(category, scaled, distr=Logistic(name="logistic"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of convergence: the gradient is looked at below
        fit = model.fit(method="bfgs", maxiter=500, disp=False, gtol=1e-7)
    params = np.asarray(fit.params)
    covariance = _sandwich(model.score_obs(params), -model.hessian(params), clusters)
    width = values.shape[1]
    freedom = float(clusters.max())
    moved = [
        _moved(model, params, covariance, (scaled, place, step / spread[place]))
        for place, step in zip(places, steps, strict=True)
    ]
    reach = stdtrit(freedom, (1 + LEVEL) / 2)
    shares = np.array(
        [[(value, value - reach * error, value + reach * error) for value, error in one] for one in moved]
    )
    by_unit = np.outer(1 / spread, 1 / spread)
    return Ordinal(
        slope=params[:width] / spread,
        covariance=covariance[:width, :width] * by_unit,
        promoters=shares[:, 0] if len(shares) else np.zeros((0, 3)),
        detractors=shares[:, 1] if len(shares) else np.zeros((0, 3)),
        proportional=_proportional(scaled, category, clusters),
    )


def _sandwich(scores: Floats, information: Floats, clusters: Integers) -> Floats:
    """G / (G − 1) · I⁻¹ (Σ_g s_g s_g') I⁻¹ with s_g the score of a cluster."""
    size = int(clusters.max()) + 1
    sums = np.stack([np.bincount(clusters, weights=column, minlength=size) for column in scores.T], axis=1)
    bread = np.linalg.inv(information)
    return np.asarray(size / (size - 1) * bread @ (sums.T @ sums) @ bread)


def _moved(
    model: OrderedModel, params: Floats, covariance: Floats, step: tuple[Floats, int, float]
) -> list[tuple[float, float]]:
    """The mean change of the shares of promoters and detractors by a step, each with its standard error."""
    values, place, size = step
    higher = values.copy()
    higher[:, place] += size

    def change(at: Floats) -> Floats:
        difference = model.predict(at, exog=higher) - model.predict(at, exog=values)
        return np.asarray(difference.mean(axis=0))[[2, 0]]

    tiny = 1e-5
    slopes = np.stack(
        [(change(params + tiny * one) - change(params - tiny * one)) / (2 * tiny) for one in np.eye(len(params))]
    )
    errors = np.sqrt(np.einsum("ij,ik,kj->j", slopes, covariance, slopes))
    return [(float(value), float(error)) for value, error in zip(change(params), errors, strict=True)]


def _proportional(values: Floats, category: Integers, clusters: Integers) -> float:
    """Brant's test: whether two separate logits, of each border, have the same slopes; clustered."""
    width = values.shape[1]
    if min(np.bincount(category, minlength=3)) < FEWEST_OF_EACH * width:
        return float("nan")
    design = sm.add_constant(values, has_constant="add")
    influence, slopes = [], []
    for border in (1, 2):
        model = sm.Logit((category >= border).astype(np.float64), design)
        params = np.asarray(model.fit(disp=False, maxiter=100).params)
        influence.append(model.score_obs(params) @ np.linalg.inv(-model.hessian(params)))
        slopes.append(params[1:])
    size = int(clusters.max()) + 1
    apart = (influence[0] - influence[1])[:, 1:]
    sums = np.stack([np.bincount(clusters, weights=column, minlength=size) for column in apart.T], axis=1)
    spread = size / (size - 1) * sums.T @ sums
    if np.linalg.matrix_rank(spread) < width:
        return float("nan")
    gap = slopes[0] - slopes[1]
    return float(chdtrc(width, gap @ np.linalg.solve(spread, gap)))
