"""Groups around centres, with distances measured against the spread within the groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import solve_triangular
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances_argmin

from analysis.models.counts import Floats, Integers

STARTS = 5
REFINEMENTS = 5
Fit = tuple[float, Floats, Floats]  # the logarithm of the determinant of the spread within groups, axes, centres


def nearest(points: Floats, centres: Floats) -> Integers:
    """The group of each row: the nearest centre."""
    return np.asarray(pairwise_distances_argmin(points, centres), dtype=np.int64)


def fitted_anew(points: Floats, narrow: Floats, *, groups: int, seed: int) -> Fit:
    """The best of two starts: all variables alike, and the directions in which customers fall apart (`group_axes`).

    The best groups have the smallest determinant of the spread within them (Friedman and Rubin 1967).
    """
    starts = [np.eye(points.shape[1]), *([narrow] if narrow.shape[1] else [])]
    told = [KMeans(groups, n_init=STARTS, random_state=seed).fit(points @ start).labels_ for start in starts]
    return min((refined(points, each) for each in told), key=lambda fit: fit[0])


def refined(points: Floats, told: Integers) -> Fit:
    """K-means again and again from groups already told, distances measured against the spread within the last ones.

    The groups keep their numbers.
    """
    groups = int(told.max()) + 1
    for _ in range(REFINEMENTS):
        factor = np.linalg.cholesky(_within(points, told))
        axes = np.asarray(solve_triangular(factor, np.eye(len(factor)), lower=True).T)
        means = np.array(_means(points @ axes, told, groups))
        fitted = KMeans(groups, init=means, n_init=1).fit(points @ axes)
        told = np.asarray(fitted.labels_)
    return float(np.linalg.slogdet(_within(points, told))[1]), axes, np.asarray(fitted.cluster_centers_)


def halves(points: Floats, fit: Fit, *, seed: int) -> list[Fit]:
    """One group more, by parting each group in turn; the lesser part is the last group."""
    _, axes, centres = fit
    told, found = nearest(points @ axes, centres), []
    for group in range(len(centres)):
        mine = told == group
        if mine.sum() < len(centres) + 2:
            continue
        part = KMeans(2, n_init=STARTS, random_state=seed).fit(points[mine] @ axes).labels_
        lesser = int(part.sum() * 2 <= len(part))
        parted = told.copy()
        parted[mine] = np.where(part == lesser, len(centres), group)
        found.append(refined(points, parted))
    return sorted(found, key=lambda each: each[0])


def _means(points: Floats, told: Integers, groups: int) -> Sequence[Floats]:
    return [points[told == one].mean(axis=0) for one in range(groups)]


def _within(points: Floats, told: Integers) -> Floats:
    """Covariance within the groups."""
    apart = points - np.array(_means(points, told, int(told.max()) + 1))[told]
    return np.asarray(apart.T @ apart / len(apart) + 1e-6 * np.eye(points.shape[1]))
