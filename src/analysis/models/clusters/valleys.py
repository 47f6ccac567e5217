"""How far the crowd thins out between two groups."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors

from analysis.models.counts import Floats, Truths

NEIGHBOURS = 100
PASS = 50  # the densest crossings between two groups, of which the mean is taken
CORE = 0.9  # quantile of the density within a group that stands for its core


def passage(points: Floats, other: Truths) -> float:
    """How crowded the most crowded passage between two groups is, as a share of the lesser of their cores.

    A crowd cut in two by a line has its core on the line (about 1 or more, also where it is long or bent); groups that
    lie apart have hardly anybody between them (near 0). Density is told by the distance to the 100th neighbour.

    Parameters
    ----------
    points : a row per customer of either group. other : who is of the second.

    References
    ----------
    Azzalini and Torelli (2007); Menardi (2016), on groups as peaks of density.
    """
    near = NearestNeighbors(n_neighbors=min(NEIGHBOURS + 1, len(points))).fit(points)
    distances, beside = near.kneighbors(points)
    density = -points.shape[1] * np.log(np.maximum(distances[:, -1], 1e-9))
    core = min(np.quantile(density[other], CORE), np.quantile(density[~other], CORE))
    crossing = other[:, None] != other[beside[:, 1:]]
    height = np.minimum(density[:, None], density[beside[:, 1:]])[crossing]
    return float(np.exp(np.sort(height)[-PASS:].mean() - core)) if len(height) else 0.0


def leaning(points: Floats, other: Truths, line: Floats) -> Floats:
    """The direction in which the two groups lean most differently along the line between them, of length 1.

    One bent crowd, cut in two, leans one way before the cut and the other way behind it. Nothing (zeros) where there
    is a single direction.
    """
    one, two = (np.atleast_2d(np.cov(points[part].T)) for part in (~other, other))
    turned = (one - two) @ line
    turned = turned - line * (line @ turned)
    return np.asarray(turned / max(float(np.linalg.norm(turned)), 1e-9))
