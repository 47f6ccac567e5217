"""How many groups there are, if any: every number is tried, and has to pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, pairwise_distances_argmin, silhouette_score

from analysis.models.clusters.axes import group_axes
from analysis.models.clusters.unimodality import dip
from analysis.models.clusters.valleys import deepest_pass
from analysis.models.counts import Floats, Integers

SAMPLE = 10_000  # customers groups are looked for among: a third of them learns, the others judge
FEWEST = 300  # customers from whom anything can be told
MOST_GROUPS = 8
STEADY = 0.75  # mean adjusted Rand index over resamples that groups need (Hennig 2007)
TWO_PEAKS = 0.70  # dip × √customers; chance exceeds it in fewer than one of a hundred crowds without a valley
THIN = 0.80  # of a group's core: the most crowded passage that is still a valley
SMALLEST = 0.01  # share of the customers that a group needs
RESAMPLES = 12
JUDGES = 2000  # customers of whom silhouettes are taken
STARTS = 5
REFINEMENTS = 5
TRIED = ("groups", "silhouette", "stability", "peaks", "passage", "smallest", "accepted", "chosen")


@dataclass(frozen=True)
class Grouping:
    """What the search found.

    `axes` (a row per variable, a column per direction) lead from scaled variables to the space of `centres` (a row per
    group); both are None without groups, and `reason` says why: few, unvaried, one_crowd, unsteady. `tried`: one row
    per number of groups: `groups`, `silhouette` (−1 to 1), `stability` (mean adjusted Rand index), `peaks` (dip × √n
    of the two groups least apart), `passage` (of `deepest_pass`), `smallest` (share of customers in the smallest
    group), `accepted`, `chosen`; missing where a test before was failed.
    """

    tried: pd.DataFrame
    axes: Floats | None = None
    centres: Floats | None = None
    reason: str | None = None


def grouping(points: Floats, *, seed: int = 1) -> Grouping:
    """Groups among customers, or the reason why there are none.

    K-means, with distances measured against the spread within the groups. A number of groups is accepted when
    resampled customers give the same groups, no group is tiny, and every two are apart: their customers have two peaks
    along the line through both centres, and the crowd thins out between them. All is judged on customers that took no
    part in finding the groups. Of the accepted numbers the largest is chosen: it leaves no valley unseen.

    Parameters
    ----------
    points : a row per customer in an order that is chance, a column per scaled variable, without gaps.

    References
    ----------
    Friedman and Rubin (1967) and Maronna and Jacovkis (1974) for the metric within groups; Hennig (2007) for
    stability; Hartigan and Hartigan (1985) for peaks; Rousseeuw (1987) for silhouettes.
    """
    nothing = pd.DataFrame(columns=list(TRIED))
    if len(points) < FEWEST:
        return Grouping(nothing, reason="few")
    varied = points.std(axis=0) > 0
    if not varied.any():
        return Grouping(nothing, reason="unvaried")
    used = points[:SAMPLE, varied]
    learn, judge = used[: len(used) // 3], used[len(used) // 3 :]
    narrow = group_axes(learn, seed=seed)
    starts = [np.eye(learn.shape[1]), *([narrow] if narrow.shape[1] else [])]
    found = []
    for groups in range(2, MOST_GROUPS + 1):
        fits = [_refined(learn, start, groups=groups, seed=seed) for start in starts]
        _, axes, centres = min(fits, key=lambda fit: fit[0])
        found.append((_judged(learn @ axes, judge @ axes, centres, seed=seed), axes, centres))
    tried = pd.DataFrame([row for row, _, _ in found])
    tried["chosen"] = tried["groups"].eq(tried.loc[tried["accepted"], "groups"].max())
    if not tried["chosen"].any():
        return Grouping(tried, reason="unsteady" if tried["stability"].notna().any() else "one_crowd")
    _, chosen, centres = found[int(np.flatnonzero(tried["chosen"])[0])]
    axes = np.zeros((points.shape[1], chosen.shape[1]))
    axes[varied] = chosen
    return Grouping(tried, axes, centres)


def nearest(points: Floats, centres: Floats) -> Integers:
    """The group of each row: the nearest centre."""
    return np.asarray(pairwise_distances_argmin(points, centres), dtype=np.int64)


def _judged(learn: Floats, judge: Floats, centres: Floats, *, seed: int) -> dict[str, float | bool]:
    """The figures of one number of groups: a test is taken only by who passed those before, for each costs more."""
    groups, told = len(centres), nearest(judge, centres)
    sizes = np.bincount(told, minlength=groups)
    plane = judge @ np.linalg.svd(centres - centres.mean(axis=0))[2][: groups - 1].T
    figures = dict.fromkeys(TRIED[1:5], float("nan")) | {"smallest": float(sizes.min() / len(told))}
    passed = bool(sizes.min() >= max(SMALLEST * len(told), 2))
    if passed:
        figures["silhouette"] = float(silhouette_score(plane[:JUDGES], told[:JUDGES]))
        figures["passage"] = deepest_pass(plane, told)
        passed = figures["passage"] <= THIN
    if passed:
        figures["peaks"] = _least_apart(judge, told, centres)
        passed = figures["peaks"] >= TWO_PEAKS
    if passed:
        figures["stability"] = _stability(learn, judge, told, seed=seed)
        passed = figures["stability"] >= STEADY
    return {"groups": groups, **figures, "accepted": passed}


def _refined(points: Floats, axes: Floats, *, groups: int, seed: int) -> tuple[float, Floats, Floats]:
    """K-means, then again with distances measured against the spread within the groups just found.

    Returns the logarithm of the determinant of that spread, which the best groups have the smallest (Friedman and
    Rubin 1967), the axes and the centres.
    """
    fitted = KMeans(groups, n_init=STARTS, random_state=seed).fit(points @ axes)
    for _ in range(REFINEMENTS):
        factor = np.linalg.cholesky(_within(points, fitted.labels_))
        axes = np.asarray(solve_triangular(factor, np.eye(len(factor)), lower=True).T)
        means = np.array(_means(points @ axes, fitted.labels_, groups))
        fitted = KMeans(groups, init=means, n_init=1).fit(points @ axes)
    return float(np.linalg.slogdet(_within(points, fitted.labels_))[1]), axes, np.asarray(fitted.cluster_centers_)


def _means(points: Floats, told: Integers, groups: int) -> Sequence[Floats]:
    return [points[told == one].mean(axis=0) for one in range(groups)]


def _within(points: Floats, told: Integers) -> Floats:
    """Covariance within the groups."""
    apart = points - np.array(_means(points, told, int(told.max()) + 1))[told]
    return np.asarray(apart.T @ apart / len(apart) + 1e-6 * np.eye(points.shape[1]))


def _least_apart(seen: Floats, told: Integers, centres: Floats) -> float:
    """Dip × √n along the line through the two centres that is least convincing."""
    figures = []
    for one, other in combinations(range(len(centres)), 2):
        both = seen[(told == one) | (told == other)]
        figures.append(dip(both @ (centres[one] - centres[other])) * np.sqrt(len(both)))
    return float(min(figures))


def _stability(seen: Floats, judged: Floats, told: Integers, *, seed: int) -> float:
    """Mean adjusted Rand index between these groups and those that resampled customers give (Hennig 2007)."""
    random, groups = np.random.default_rng(seed), int(told.max()) + 1
    agreed = []
    for draw in range(RESAMPLES):
        again = KMeans(groups, n_init=2, random_state=draw).fit(seen[random.integers(0, len(seen), len(seen))])
        agreed.append(adjusted_rand_score(told, nearest(judged, again.cluster_centers_)))
    return float(np.mean(agreed))
