"""How many groups there are, if any: parts of the crowd are taken together until every two groups are apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

from analysis.models.clusters.judging import TRIED, Sample, Verdict, judged
from analysis.models.clusters.mixtures import Mixture, fitted_anew, fitted_from
from analysis.models.clusters.ridgeline import gathered
from analysis.models.counts import Floats, Integers, Truths

SAMPLE = 10_000  # customers groups are looked for among: a half of them learns, the other judges
FEWEST = 300  # customers from whom anything can be told
MOST_GROUPS = 8
CROWDS = 3  # that customers who fit nowhere are parted into
GROWN = 2.0  # times the share a further group would have had the quarter before
Tried = list[tuple[Verdict, Mixture]]


@dataclass(frozen=True)
class Before:
    """The quarter before: the chance of each customer of now to be of each part of then, parts' groups, its `points`.

    `strangers`: who of now is where hardly anybody was. Without points a group may be divided; with them names hold: a
    further group has to be a crowd that is new.
    """

    belonging: Floats
    groups: Integers
    alike: bool = False
    points: Floats | None = None
    strangers: Truths | None = None


@dataclass(frozen=True)
class Grouping:
    """What the search found.

    `mixture` is in the columns of the points; None without groups, and `reason` says why: few, unvaried, one_crowd,
    unsteady. `tried`: one row per grouping tried, fewest groups first: `groups`, `silhouette` (−1 to 1), `stability`
    (mean adjusted Rand index), `peaks` (dip × √n of the two groups least apart), `passage` (the most crowded between
    two groups), `smallest` (share of customers in the smallest group), `held` (groups of the quarter before), `fault`
    (the first test failed: small, gap, unsteady, old), `accepted`, `chosen`; figures are missing where a test before
    was failed.
    """

    tried: pd.DataFrame
    mixture: Mixture | None = None
    reason: str | None = None


def grouping(points: Floats, *, before: Before | None = None, seed: int = 1) -> Grouping:
    """Groups among customers, or the reason why there are none.

    A mixture of normal distributions describes the crowd; as a crowd that is bent, long or lopsided needs several of
    them, a part is no group yet. The two groups least apart are taken together until every two are apart: the crowd
    thins out between them, and customers who took no part in the fit have two peaks along the line that tells both
    apart best; no group is tiny, and resampled customers give the same groups.

    Where there were groups the quarter before, these are the hypothesis, and the fit starts from them. Two of them are
    taken together only where no two peaks are left. A group more has to pass all tests against every other, and to
    hold at least twice the share of customers it would have held then. Where no two are left, the search is that of a
    first quarter.

    Parameters
    ----------
    points : a row per customer in an order that is chance, a column per scaled variable, without gaps.
    before : the groups of the quarter before, for these rows; its points in the same columns.

    References
    ----------
    Fraley and Raftery (2002) for mixtures; Hennig (2010) for taking parts together by ridgeline and dip; Hennig (2007)
    for stability.
    """
    if len(points) < FEWEST:
        return Grouping(_table([]), reason="few")
    if not (points.std(axis=0) > 0).any():
        return Grouping(_table([]), reason="unvaried")
    used = evened(points[:SAMPLE], seed=seed)
    half = len(used) // 2
    sample = Sample(used[:half], used[half:], seed)
    tried: Tried = []
    if before is not None:
        tried = _continued(sample, before)
    if not any(verdict.accepted for verdict, _ in tried):
        tried = _apart(sample, gathered(fitted_anew(sample.learn, seed=seed)))
    tried = sorted(tried, key=lambda each: int(each[1].groups.max()))
    table = _table(tried)
    if not table["chosen"].any():
        return Grouping(table, reason="unsteady" if table["fault"].eq("unsteady").any() else "one_crowd")
    return Grouping(table, tried[int(np.flatnonzero(table["chosen"])[0])][1])


def evened(points: Floats, *, seed: int) -> Floats:
    """Points of which equal values of a variable are spread over the room between the values beside them.

    Whole numbers are no groups: what was rounded is taken back (Heitjan and Rubin 1990).
    """
    random, spread = np.random.default_rng(seed), points.copy()
    for number, column in enumerate(points.T):
        values, at, many = np.unique(column, return_inverse=True, return_counts=True)
        steps = np.diff(values) if len(values) > 1 else np.zeros(1)
        room = np.minimum(np.append(steps, steps[-1]), np.insert(steps, 0, steps[0]))[: len(values)]
        spread[:, number] += np.where(many > 1, room, 0.0)[at] * (random.random(len(column)) - 0.5)
    return spread


def _apart(sample: Sample, mixture: Mixture, *, held: bool = False) -> Tried:
    """Groups taken together until they pass, two at a time; nothing at the end where no two do."""
    tried: Tried = []
    while mixture.groups.max() >= 1:
        verdict = judged(sample, mixture, held=int(mixture.groups.max()) + 1 if held else 0)
        tried.append((verdict, mixture))
        if verdict.accepted:
            break
        one, other = verdict.least
        mixture = mixture.grouped(np.where(mixture.groups == other, one, mixture.groups))
    return tried


def _continued(sample: Sample, before: Before) -> Tried:
    """The groups of the quarter before, beside a new crowd if there is one: else fewer of them, or more."""
    belonging, groups = before.belonging[: len(sample.learn)], before.groups
    first = [
        (_as_new(judged(sample, way, held=int(groups.max()) + 1), sample, way, before.points), way)
        for way in _with_strangers(sample, belonging, before)
    ]
    tried = [way for way in first if way[0].accepted][:1]
    if not tried:
        tried = _apart(sample, fitted_from(sample.learn, belonging, groups, alike=before.alike), held=True)
    return tried + _more(sample, tried[-1], before.points) if tried else []


def _with_strangers(sample: Sample, belonging: Floats, before: Before) -> list[Mixture]:
    """One part more, from customers who are where hardly anybody was: its crowd pulls at no group that was there."""
    strange = np.zeros(0) if before.strangers is None else before.strangers[: len(sample.learn)]
    if strange.sum() < CROWDS * sample.learn.shape[1]:
        return []
    crowds = KMeans(CROWDS, n_init=3, random_state=sample.seed).fit(sample.learn[strange]).labels_
    ways = []
    for crowd in range(CROWDS):
        chosen = np.zeros(len(strange))
        chosen[strange] = crowds == crowd
        ways.append((belonging, chosen))
    return _likeliest(sample.learn, ways, before.groups, alike=before.alike)


def _more(sample: Sample, last: tuple[Verdict, Mixture], then: Floats | None) -> Tried:
    """One group more at a time, as long as one of the ways to have it passes; else the way that came first."""
    (verdict, mixture), tried = last, []
    while verdict.accepted and mixture.groups.max() + 1 < MOST_GROUPS:
        held = int(mixture.groups.max()) + 1
        ways = [
            (_as_new(judged(sample, way, held=held), sample, way, then), way)
            for way in _halves(sample.learn, mixture, seed=sample.seed)
        ]
        verdict, mixture = next((way for way in ways if way[0].accepted), ways[0])
        tried.append((verdict, mixture))
    return tried


def _halves(points: Floats, mixture: Mixture, *, seed: int) -> list[Mixture]:
    """One part more, by parting each in turn; the lesser is a further group."""
    belonging, ways = mixture.belonging(points), []
    part = belonging.argmax(axis=1)
    for one in range(len(mixture.weights)):
        mine = part == one
        if mine.sum() >= 2 * points.shape[1]:
            halves = KMeans(2, n_init=3, random_state=seed).fit(points[mine]).labels_
            lesser = np.zeros(len(points))
            lesser[mine] = halves == int(halves.sum() * 2 <= len(halves))
            ways.append((belonging, lesser))
    return _likeliest(points, ways, mixture.groups, alike=mixture.alike)


def _likeliest(points: Floats, ways: list[tuple[Floats, Floats]], groups: Integers, *, alike: bool) -> list[Mixture]:
    """Mixtures with a further part, and group, of some customers (1, others 0); the likeliest mixture comes first."""
    groups = np.append(groups, groups.max() + 1)
    found = [
        fitted_from(points, np.column_stack([belonging * (1 - further)[:, None], further]), groups, alike=alike)
        for belonging, further in ways
    ]
    return sorted(found, key=lambda way: -float(np.logaddexp.reduce(way.densities(points), axis=1).sum()))


def _as_new(verdict: Verdict, sample: Sample, mixture: Mixture, then: Floats | None) -> Verdict:
    """The verdict, which falls where the last group had been there the quarter before within another one."""
    if then is None or not verdict.accepted:
        return verdict
    last = mixture.groups.max()
    now, before = (float((mixture.group_of(part) == last).mean()) for part in (sample.judge, then))
    if now >= GROWN * before:
        return verdict
    return Verdict(verdict.figures | {"fault": "old", "accepted": False}, verdict.least)


def _table(tried: Tried) -> pd.DataFrame:
    """The figures of all that was tried, fewest groups first; the largest number accepted is chosen."""
    table = pd.DataFrame([verdict.figures for verdict, _ in tried], columns=list(TRIED))
    accepted = table["accepted"].eq(True)
    return table.assign(chosen=accepted & table["groups"].eq(table.loc[accepted, "groups"].max()))
