"""Whether groups are groups: each test a figure, a mark it has to reach, and a name for who fails it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from sklearn.metrics import adjusted_rand_score, silhouette_score

from analysis.models.clusters.mixtures import Mixture, fitted_again, refitted
from analysis.models.clusters.ridgeline import between_groups
from analysis.models.clusters.unimodality import dip
from analysis.models.counts import Floats, Integers

STEADY = 0.75  # mean adjusted Rand index over resamples that groups need (Hennig 2007)
THIN = 0.80  # the most crowded passage that is still a valley
TWO_PEAKS = 0.70  # dip × √customers; chance exceeds it in fewer than one of a hundred crowds without a valley
ONE_PEAK = 0.38  # what half of such crowds exceed: groups of the quarter before are one group only below it
SMALLEST = 0.01  # share of the customers that a group needs
RESAMPLES = 10
JUDGES = 2000  # customers of whom silhouettes are taken
TRIED = ("groups", "silhouette", "stability", "peaks", "passage", "smallest", "held", "fault", "accepted", "chosen")


@dataclass(frozen=True)
class Sample:
    """Customers in two parts: `learn` finds groups, `judge` tests them."""

    learn: Floats
    judge: Floats
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


def judged(sample: Sample, mixture: Mixture, *, held: int = 0) -> Verdict:
    """The tests in turn, on customers that took no part in finding the groups: each costs more than the one before.

    The first `held` groups were there the quarter before: that two of them are one has to be seen from a crowd without
    two peaks. A test is not taken by who failed one before; its figure is missing.
    """
    told, groups = mixture.group_of(sample.judge), int(mixture.groups.max()) + 1
    sizes, crowded = np.bincount(told, minlength=groups), between_groups(mixture)
    figures: dict[str, float | bool | str | None] = {"groups": groups} | dict.fromkeys(TRIED[1:5], np.nan)
    figures |= {"smallest": float(sizes.min() / len(told)), "held": held, "fault": None, "accepted": False}
    figures["passage"] = float(crowded.max())
    if sizes.min() < max(SMALLEST * len(told), 2):
        one = int(sizes.argmin())
        return Verdict(figures | {"fault": "small"}, _ordered(one, int(np.delete(crowded[one], one).argmax()), one))
    old = np.add.outer(np.arange(groups) >= held, np.arange(groups) >= held) == 0
    over = np.where(old, 0.0, crowded)
    if over.max() > THIN:
        return Verdict(figures | {"fault": "gap"}, _place(over))
    apart = peaks(sample.judge, told)
    if held:  # these were found among others than customers of now: all of them may judge
        everybody = np.concatenate([sample.learn, sample.judge])
        apart = np.where(old, peaks(everybody, mixture.group_of(everybody)), apart)
    figures["peaks"] = float(apart.min())
    under = np.where(old, ONE_PEAK, TWO_PEAKS) / apart
    if under.max() > 1:
        return Verdict(figures | {"fault": "gap"}, _place(under))
    figures["silhouette"] = _silhouette(sample.judge[:JUDGES], told[:JUDGES])
    figures["stability"] = stability = _stability(sample, mixture, told, held=held > 0)
    steady = stability >= STEADY
    return Verdict(figures | {"fault": None if steady else "unsteady", "accepted": steady}, _place(under))


def _ordered(one: int, beside: int, left_out: int) -> tuple[int, int]:
    other = beside + (beside >= left_out)
    return min(one, other), max(one, other)


def _place(values: Floats) -> tuple[int, int]:
    one, other = np.unravel_index(int(values.argmax()), values.shape)
    return min(int(one), int(other)), max(int(one), int(other))


def peaks(points: Floats, told: Integers) -> Floats:
    """Dip × √n of every two groups along the line that tells them apart best; infinite on the diagonal.

    Of the larger group only as many are looked at as the smaller has, those nearest to it: a window on the line, in
    which one peak stays one peak, and the smaller is not lost beside the larger.

    References
    ----------
    Fisher (1936) for the line; Hartigan and Hartigan (1985) for the dip.
    """
    groups = int(told.max()) + 1
    found = np.full((groups, groups), np.inf)
    for one, other in combinations(range(groups), 2):
        low, high = points[told == one], points[told == other]
        line = np.linalg.solve(_within(points, told, (one, other)), high.mean(axis=0) - low.mean(axis=0))
        along, across, least = np.sort(low @ line), np.sort(high @ line), min(len(low), len(high))
        window = np.concatenate([along[-least:], across[:least]])
        found[one, other] = found[other, one] = dip(window) * np.sqrt(2 * least)
    return found


def _within(points: Floats, told: Integers, groups: tuple[int, ...]) -> Floats:
    """Covariance within some groups."""
    apart = np.concatenate([points[told == one] - points[told == one].mean(axis=0) for one in groups])
    return np.asarray(apart.T @ apart / len(apart) + 1e-6 * np.eye(points.shape[1]))


def _silhouette(points: Floats, told: Integers) -> float:
    """Mean silhouette (Rousseeuw 1987), distances measured in the spread within groups, in the directions they lie."""
    groups = tuple(int(one) for one in np.unique(told))
    if len(groups) < 2:
        return float("nan")
    whitened = points @ np.linalg.inv(np.linalg.cholesky(_within(points, told, groups))).T
    centres = np.array([whitened[told == one].mean(axis=0) for one in groups])
    plane = np.linalg.svd(centres - centres.mean(axis=0))[2][: len(groups) - 1].T
    return float(silhouette_score(whitened @ plane, told))


def _stability(sample: Sample, mixture: Mixture, told: Integers, *, held: bool) -> float:
    """Mean adjusted Rand index between these groups and those that resampled customers give (Hennig 2007).

    Resamples are grouped in the way the customers were: from new starts, or from the groups that are held.
    """
    random, agreed = np.random.default_rng(sample.seed), []
    for seed in range(RESAMPLES):
        draw = sample.learn[random.integers(0, len(sample.learn), len(sample.learn))]
        again = refitted(draw, mixture) if held else fitted_again(draw, mixture, seed=seed)
        agreed.append(adjusted_rand_score(told, again.group_of(sample.judge)))
    return float(np.mean(agreed))
