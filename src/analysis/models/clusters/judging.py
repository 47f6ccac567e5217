"""Whether groups are groups: each test a figure, a mark it has to reach, and a name for who fails it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from analysis.models.clusters.fits import Fit, nearest
from analysis.models.clusters.unimodality import dip
from analysis.models.clusters.valleys import leaning, passage
from analysis.models.counts import Floats, Integers

STEADY = 0.75  # mean adjusted Rand index over resamples that groups need (Hennig 2007)
TWO_PEAKS = 0.70  # dip × √customers; chance exceeds it in fewer than one of a hundred crowds without a valley
THIN = 0.80  # of a group's core: the most crowded passage that is still a valley
STILL_TWO_PEAKS = 0.35  # of groups that were there the quarter before: more than a normal crowd has by chance
STILL_THIN = 1.00  # where it is not thinner at all, nothing of the valley is left
SMALLEST = 0.01  # share of the customers that a group needs
RESAMPLES = 12
JUDGES = 2000  # customers of whom silhouettes are taken
DIMENSIONS = 3  # in which passages are looked for
OUTSIDE = 0.3  # of a direction's length that must lie outside the others
TRIED = ("groups", "silhouette", "stability", "peaks", "passage", "smallest", "held", "fault", "accepted", "chosen")


@dataclass(frozen=True)
class Sample:
    """Customers in two parts: `learn` finds groups, `judge` tests them; `narrow` are the `group_axes` of the first."""

    learn: Floats
    judge: Floats
    narrow: Floats
    seed: int


@dataclass(frozen=True)
class Verdict:
    """The `figures` of one number of groups (a row of `Grouping.tried`), and the pair that is `least` apart."""

    figures: dict[str, float | bool | str | None]
    least: tuple[int, int]

    @property
    def accepted(self) -> bool:
        """Whether every test was passed."""
        return self.figures["fault"] is None


def judged(sample: Sample, fit: Fit, *, held: int = 0) -> Verdict:
    """The tests in turn, on customers that took no part in finding the groups: each costs more than the one before.

    Among the first `held` groups, which were there the quarter before, the lower marks do. A test is not taken by who
    failed one before; its figure is missing.
    """
    _, axes, centres = fit
    seen, groups = sample.judge @ axes, len(centres)
    told = nearest(seen, centres)
    sizes = np.bincount(told, minlength=groups)
    figures: dict[str, float | bool | str | None] = {"groups": groups} | dict.fromkeys(TRIED[1:5], np.nan)
    figures |= {"smallest": float(sizes.min() / len(told)), "held": held, "fault": None, "accepted": False}
    if sizes.min() < max(SMALLEST * len(told), 2):
        return Verdict(figures | {"fault": "small"}, (0, int(sizes.argmin()) or 1))
    plane = np.linalg.svd(centres - centres.mean(axis=0))[2][: groups - 1].T
    figures["silhouette"] = float(silhouette_score((seen @ plane)[:JUDGES], told[:JUDGES]))
    old = np.add.outer(np.arange(groups) >= held, np.arange(groups) >= held) == 0
    crowded = _passages(sample, fit, told)
    figures["passage"] = float(crowded.max())
    over = crowded / np.where(old, STILL_THIN, THIN)
    if over.max() > 1:
        return Verdict(figures | {"fault": "gap"}, _place(over))
    apart = _peaks(seen, told, centres)
    figures["peaks"] = float(apart.min())
    under = np.where(old, STILL_TWO_PEAKS, TWO_PEAKS) / apart
    if under.max() > 1:
        return Verdict(figures | {"fault": "gap"}, _place(under))
    figures["stability"] = stability = _stability(sample, axes, told)
    steady = stability >= STEADY
    return Verdict(figures | {"fault": None if steady else "unsteady", "accepted": steady}, _place(under))


def _place(values: Floats) -> tuple[int, int]:
    one, other = np.unravel_index(int(values.argmax()), values.shape)
    return min(int(one), int(other)), max(int(one), int(other))


def _passages(sample: Sample, fit: Fit, told: Integers) -> Floats:
    """The passage between every two groups, looked for among their customers alone; 0 on the diagonal."""
    _, axes, centres = fit
    learn, seen = sample.learn @ axes, sample.judge @ axes
    known, structure = nearest(learn, centres), np.asarray(np.linalg.solve(axes, sample.narrow), dtype=np.float64)
    found = np.zeros((len(centres), len(centres)))
    for one, other in combinations(range(len(centres)), 2):
        taught, both = np.isin(known, (one, other)), np.isin(told, (one, other))
        line = (centres[other] - centres[one]) / np.linalg.norm(centres[other] - centres[one])
        lean = leaning(learn[taught], known[taught] == other, line)
        space = _widened(line[:, None], np.column_stack([lean, structure]))
        found[one, other] = found[other, one] = passage(seen[both] @ space, told[both] == other)
    return found


def _widened(space: Floats, structure: Floats) -> Floats:
    """Orthogonal directions, and up to `DIMENSIONS` in all those in which customers fall apart otherwise.

    A crowd that is bent has a valley on the line between its ends, and none along itself.
    """
    for direction in structure.T:
        rest = direction - space @ (space.T @ direction)
        if space.shape[1] < DIMENSIONS and np.linalg.norm(rest) > OUTSIDE * np.linalg.norm(direction):
            space = np.column_stack([space, rest / np.linalg.norm(rest)])
    return space


def _peaks(seen: Floats, told: Integers, centres: Floats) -> Floats:
    """Dip × √n of every two groups along the line through their centres; infinite on the diagonal.

    Of the larger group only as many are looked at as the smaller has, those nearest to it: a window on the line, in
    which one peak stays one peak, and the smaller is not lost beside the larger.
    """
    found = np.full((len(centres), len(centres)), np.inf)
    for one, other in combinations(range(len(centres)), 2):
        along = seen @ (centres[other] - centres[one])
        low, high = np.sort(along[told == one]), np.sort(along[told == other])
        least = min(len(low), len(high))
        found[one, other] = found[other, one] = dip(np.concatenate([low[-least:], high[:least]])) * np.sqrt(2 * least)
    return found


def _stability(sample: Sample, axes: Floats, told: Integers) -> float:
    """Mean adjusted Rand index between these groups and those that resampled customers give (Hennig 2007)."""
    random, groups = np.random.default_rng(sample.seed), int(told.max()) + 1
    seen, judge, agreed = sample.learn @ axes, sample.judge @ axes, []
    for draw in range(RESAMPLES):
        again = KMeans(groups, n_init=2, random_state=draw).fit(seen[random.integers(0, len(seen), len(seen))])
        agreed.append(adjusted_rand_score(told, nearest(judge, again.cluster_centers_)))
    return float(np.mean(agreed))
