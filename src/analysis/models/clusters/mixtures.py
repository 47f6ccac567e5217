"""Mixtures of normal distributions: the shapes that a crowd of customers is made of."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from analysis.models.counts import Floats, Integers

MOST_PARTS = 10
STARTS = 5
ROUNDS = 100
PATIENCE = 2  # numbers of parts in a row that are no better
LEAST_VARIANCE = 0.01  # of scaled variables: a part is no single value


@dataclass(frozen=True)
class Mixture:
    """Parts of a crowd, each a normal distribution, and the group each belongs to (whole numbers from 0).

    `weights`: share of each part; `means`: a row per part; `covariances`: a matrix per part. `alike`: whether the
    parts were fitted with one covariance for all.
    """

    weights: Floats
    means: Floats
    covariances: Floats
    groups: Integers
    alike: bool

    def densities(self, points: Floats) -> Floats:
        """The logarithm of each part's density times its weight: a row per customer, a column per part."""
        parts = zip(self.weights, self.means, self.covariances, strict=True)
        logs = [np.log(weight) + multivariate_normal(mean, spread).logpdf(points) for weight, mean, spread in parts]
        return np.asarray(np.column_stack([np.atleast_1d(each) for each in logs]))

    def belonging(self, points: Floats) -> Floats:
        """The chance that a customer is of each part: a row per customer, summing to 1."""
        logs = self.densities(points)
        return np.asarray(np.exp(logs - logsumexp(logs, axis=1, keepdims=True)))

    def group_of(self, points: Floats) -> Integers:
        """The likeliest group of each customer: the chances of its parts are added up."""
        return np.asarray((self.belonging(points) @ np.eye(self.groups.max() + 1)[self.groups]).argmax(axis=1))

    @property
    def within(self) -> Floats:
        """Covariance within the parts, on average."""
        return np.asarray(np.average(self.covariances, axis=0, weights=self.weights))

    def of(self, columns: list[int]) -> Mixture:
        """The same in some of the variables."""
        return replace(self, means=self.means[:, columns], covariances=self.covariances[:, columns][:, :, columns])

    def grouped(self, groups: Integers) -> Mixture:
        """The same parts, grouped otherwise; numbers are made to follow each other."""
        return replace(self, groups=np.asarray(np.unique(groups, return_inverse=True)[1], dtype=np.int64))


def fitted_anew(points: Floats, *, seed: int) -> Mixture:
    """The mixture that explains customers best for the number of its parameters; every part is its own group.

    Tried are parts that share one covariance and parts with their own, from one part up to `MOST_PARTS`, until more
    parts do not help; the least BIC is taken.

    References
    ----------
    Fraley and Raftery (2002); Schwarz (1978) for BIC.
    """
    tried = [each for alike in (True, False) for each in _tried(points, alike=alike, seed=seed)]
    model = min(tried, key=lambda each: each[0])[1]
    return _kept(model, np.arange(model.n_components))


def _tried(points: Floats, *, alike: bool, seed: int) -> list[tuple[float, GaussianMixture]]:
    """BIC and mixture for one part, two and so on."""
    found: list[tuple[float, GaussianMixture]] = []
    within = np.atleast_2d(np.cov(points.T))
    for parts in range(1, MOST_PARTS + 1):
        model = _from_new(points, parts, within, alike=alike, seed=seed)
        found.append((float(model.bic(points)), model))
        within = _kept(model, np.arange(parts)).within
        if min(bic for bic, _ in found[-PATIENCE:]) > min(bic for bic, _ in found):
            break
    return found


def fitted_again(points: Floats, mixture: Mixture, *, seed: int) -> Mixture:
    """As many parts of the same kind from new starts, each in the group that most of its customers were in."""
    model = _from_new(points, len(mixture.weights), mixture.within, alike=mixture.alike, seed=seed)
    told, part = mixture.group_of(points), model.predict(points)
    crowd = np.zeros((len(mixture.weights), mixture.groups.max() + 1))
    np.add.at(crowd, (part, told), 1)
    return _kept(model, np.asarray(crowd.argmax(axis=1)))


def refitted(points: Floats, mixture: Mixture) -> Mixture:
    """The mixture that is led to from another one; parts keep their groups."""
    return fitted_from(points, mixture.belonging(points), mixture.groups, alike=mixture.alike)


def fitted_from(points: Floats, belonging: Floats, groups: Integers, *, alike: bool) -> Mixture:
    """The mixture that is led to from who belongs to which part (a column each); parts keep their groups."""
    return _kept(_led(points, belonging, alike=alike), groups)


def _from_new(points: Floats, parts: int, within: Floats, *, alike: bool, seed: int) -> GaussianMixture:
    """Led to from k-means, with distances measured in the spread within parts (Maronna and Jacovkis 1974)."""
    metric = np.linalg.inv(np.linalg.cholesky(within + LEAST_VARIANCE * np.eye(len(within)))).T
    told = KMeans(parts, n_init=STARTS, random_state=seed).fit(points @ metric).labels_
    return _led(points, np.eye(parts)[told], alike=alike)


def _led(points: Floats, belonging: Floats, *, alike: bool) -> GaussianMixture:
    """Expectation and maximisation in turn (Dempster, Laird and Rubin 1977), from who belongs to which part."""
    weights = belonging.sum(axis=0) + 1e-9
    means = belonging.T @ points / weights[:, None]
    spreads = np.array([_spread(points - mean, part) for mean, part in zip(means, belonging.T, strict=True)])
    if alike:
        spreads = np.array(np.average(spreads, axis=0, weights=weights))
    model = GaussianMixture(
        len(weights), covariance_type="tied" if alike else "full", reg_covar=LEAST_VARIANCE, max_iter=ROUNDS,
        weights_init=weights / weights.sum(), means_init=means, precisions_init=np.linalg.inv(spreads),
        init_params="random", random_state=0,
    )  # fmt: skip
    with warnings.catch_warnings():  # parts of a crowd without groups need not settle
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points)


def _spread(apart: Floats, part: Floats) -> Floats:
    return (apart * part[:, None]).T @ apart / (part.sum() + 1e-9) + LEAST_VARIANCE * np.eye(apart.shape[1])


def _kept(model: GaussianMixture, groups: Integers) -> Mixture:
    alike = model.covariance_type == "tied"
    spreads = np.array([model.covariances_] * model.n_components) if alike else model.covariances_
    return Mixture(model.weights_, model.means_, spreads, np.asarray(groups, dtype=np.int64), alike)
