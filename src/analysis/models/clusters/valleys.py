"""How far the crowd thins out between two groups."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors

from analysis.models.counts import Floats, Integers

NEIGHBOURS = 50
PASS = 50  # the densest crossings between two groups, of which the mean is taken
CORE = 0.9  # quantile of the density within a group that stands for its core


def deepest_pass(points: Floats, groups: Integers) -> float:
    """How crowded the most crowded passage between any two groups is, as a share of the lesser of their cores.

    A crowd cut in two by a line has its core on the line (about 1 or more, also where it is long or bent); groups that
    lie apart have hardly anybody between them (near 0). Density is told by the distance to the 50th neighbour.

    Parameters
    ----------
    points : a row per customer. groups : the group of each, whole numbers from 0.

    References
    ----------
    Azzalini and Torelli (2007); Menardi (2016), on groups as peaks of density.
    """
    near = NearestNeighbors(n_neighbors=min(NEIGHBOURS + 1, len(points))).fit(points)
    distances, beside = near.kneighbors(points)
    density = -points.shape[1] * np.log(np.maximum(distances[:, -1], 1e-9))
    counts = np.bincount(groups)
    cores = np.array(
        [np.quantile(density[groups == one], CORE) if counts[one] else np.inf for one in range(len(counts))]
    )
    one, other = np.repeat(groups, beside.shape[1] - 1), groups[beside[:, 1:]].ravel()
    crossing = np.flatnonzero(one != other)
    height = np.minimum(np.repeat(density, beside.shape[1] - 1), density[beside[:, 1:]].ravel())[crossing]
    low, high = np.minimum(one, other)[crossing], np.maximum(one, other)[crossing]
    pairs = np.unique(np.column_stack([low, high]), axis=0)
    tops = [np.sort(height[(low == a) & (high == b)])[-PASS:].mean() - min(cores[a], cores[b]) for a, b in pairs]
    return float(np.exp(max(tops))) if tops else 0.0
