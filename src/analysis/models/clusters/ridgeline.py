"""How far a crowd thins out between its parts."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.special import logsumexp

from analysis.models.clusters.mixtures import Mixture
from analysis.models.counts import Floats, Integers

STEPS = 41  # from one part's centre to the other's


def passages(mixture: Mixture) -> Floats:
    """How crowded the way between every two parts is at its emptiest, as a share of the lesser of their peaks.

    The way is the ridgeline: the points at which one part gives way to the other as slowly as can be,

        x(a) = ((1 − a) P₁ + a P₂)⁻¹ ((1 − a) P₁ m₁ + a P₂ m₂), with means m and inverse covariances P

    1 where there is no valley on it, near 0 where hardly anybody is in between; the density is that of all parts.

    Returns
    -------
    A row and a column per part; 1 on the diagonal.

    References
    ----------
    Ray and Lindsay (2005) for the ridgeline; Hennig (2010) for parts that belong together.
    """
    narrow, means = np.linalg.inv(mixture.covariances), mixture.means
    found = np.eye(len(means))
    share = np.linspace(0, 1, STEPS)[:, None, None]
    for one, other in combinations(range(len(means)), 2):
        both = (1 - share) * narrow[one] + share * narrow[other]
        pull = (1 - share[:, :, 0]) * (narrow[one] @ means[one]) + share[:, :, 0] * (narrow[other] @ means[other])
        way = np.linalg.solve(both, pull[:, :, None])[:, :, 0]
        height = logsumexp(mixture.densities(way), axis=1)
        before, behind = np.maximum.accumulate(height), np.maximum.accumulate(height[::-1])[::-1]
        found[one, other] = found[other, one] = np.exp((height - np.minimum(before, behind)).min())
    return found


def background(mixture: Mixture) -> Integers:
    """The part that is likeliest at each part's own centre.

    Where that is another one, the part is the margin of a crowd, or what is thinly spread over all of them: it lies
    on the way between crowds without being a bridge.
    """
    return np.asarray(mixture.densities(mixture.means).argmax(axis=1))


def gathered(mixture: Mixture) -> Mixture:
    """The same parts, each in the group of the part that is likeliest at its centre."""
    towards = background(mixture)
    for _ in mixture.weights:
        towards = towards[towards]
    return mixture.grouped(mixture.groups[towards])


def between_groups(mixture: Mixture) -> Floats:
    """The most crowded way between any part of one group and any of another; 0 on the diagonal.

    The background is no part of a way.
    """
    parts, groups = passages(mixture), mixture.groups
    aside = background(mixture) != np.arange(len(groups))
    parts[aside] = parts[:, aside] = 0.0
    found = np.zeros((groups.max() + 1,) * 2)
    np.maximum.at(found, (groups[:, None], groups[None, :]), parts)
    np.fill_diagonal(found, 0.0)
    return found
