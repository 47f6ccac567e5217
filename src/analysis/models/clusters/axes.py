"""Directions in which customers fall apart: wide between customers at large, narrow between neighbours."""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh
from sklearn.neighbors import NearestNeighbors

from analysis.models.counts import Floats

MOST_POINTS = 2000  # of which neighbours are looked for
NEIGHBOURS = 10
ROUNDS = 3
REFERENCES = 3
NARROWER = 0.9  # than in any direction of a cloud without groups
SMALLEST = 0.05  # variance of a direction, below which the other variables say it all


def group_axes(points: Floats, *, seed: int = 1) -> Floats:
    """The directions worth looking for groups in: a column per direction, to multiply customers' variables by.

    In each direction the spread between near neighbours is compared with the spread of all customers. Noise, however
    many variables of it there are, and clouds that are merely long or tilted have the same ratio in every direction;
    where groups lie apart neighbours are closer than that. Kept are the directions with a clearly smaller ratio than a
    normal cloud of the same size and shape; multiplied out, neighbours differ by one unit in each.

    Parameters
    ----------
    points : a row per customer, a column per scaled variable, without gaps.

    Returns
    -------
    A row per variable; no column when no direction is kept.

    References
    ----------
    Art, Gnanadesikan and Kettenring (1982) for the metric of near neighbours; Tyler, Critchley, Dümbgen and Oja (2009)
    and Alfons, Archimbaud, Nordhausen and Ruiz-Gazen (2024) for comparing two scatters before clustering; Horn (1965)
    for the reference of random clouds.
    """
    variances, vectors = np.linalg.eigh(np.atleast_2d(np.cov(points.T)))
    wide = variances > SMALLEST
    whitened = vectors[:, wide] / np.sqrt(variances[wide])
    cloud = (points[:MOST_POINTS] - points.mean(axis=0)) @ whitened
    ratios, turned = eigh(_neighbour_scatter(cloud))
    random = np.random.default_rng(seed)
    references = [_neighbour_scatter(random.standard_normal(cloud.shape)) for _ in range(REFERENCES)]
    least = min(float(np.linalg.eigvalsh(one)[0]) for one in references)
    kept = ratios < NARROWER * least
    return _pointing_up((whitened @ turned / np.sqrt(np.maximum(ratios, 1e-9)))[:, kept])


def _neighbour_scatter(cloud: Floats) -> Floats:
    """Half the mean squared difference of near neighbours; who is near is told by this scatter itself, in turn."""
    scatter = np.eye(cloud.shape[1])
    for _ in range(ROUNDS):
        seen = cloud @ np.linalg.cholesky(np.linalg.inv(scatter))
        near = NearestNeighbors(n_neighbors=min(NEIGHBOURS + 1, len(seen))).fit(seen)
        beside = near.kneighbors(seen, return_distance=False)[:, 1:]
        apart = (cloud[:, None, :] - cloud[beside]).reshape(-1, cloud.shape[1])
        found = apart.T @ apart / len(apart) / 2 + 1e-9 * np.eye(cloud.shape[1])
        scatter = found / np.trace(found) * len(found)
    return np.asarray(found)


def _pointing_up(axes: Floats) -> Floats:
    """The same axes, the largest entry of each positive: which way one points is the linear algebra library's whim."""
    if axes.size == 0:
        return axes
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return np.asarray(axes * np.where(largest < 0, -1.0, 1.0))
