"""How many groups there are, if any: every number is tried, and has to pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.clusters.axes import group_axes
from analysis.models.clusters.fits import Fit, fitted_anew, halves, nearest, refined
from analysis.models.clusters.judging import TRIED, Sample, Verdict, judged
from analysis.models.counts import Floats, Integers

SAMPLE = 10_000  # customers groups are looked for among: a third of them learns, the others judge
FEWEST = 300  # customers from whom anything can be told
MOST_GROUPS = 8
GROWN = 2.0  # times the share a further group would have had the quarter before
Tried = list[tuple[Verdict, Fit]]


@dataclass(frozen=True)
class Before:
    """The quarter before: the group each customer of now would have been in (whole numbers from 0), and its `points`.

    Without its points a group may be divided; with them names hold: a further group has to be a crowd that is new.
    """

    told: Integers
    points: Floats | None = None


@dataclass(frozen=True)
class Grouping:
    """What the search found.

    `axes` (a row per variable, a column per direction) lead from scaled variables to the space of `centres` (a row per
    group); both are None without groups, and `reason` says why: few, unvaried, one_crowd, unsteady. `tried`: one row
    per number of groups and way tried: `groups`, `silhouette` (−1 to 1), `stability` (mean adjusted Rand index),
    `peaks` (dip × √n of the two groups least apart), `passage` (the most crowded between two groups), `smallest` (share
    of customers in the smallest group), `held` (groups of the quarter before, judged by the lower marks), `fault` (the
    first test failed: small, gap, unsteady, old), `accepted`, `chosen`; figures are missing where a test before was
    failed.
    """

    tried: pd.DataFrame
    axes: Floats | None = None
    centres: Floats | None = None
    reason: str | None = None


def grouping(points: Floats, *, before: Before | None = None, seed: int = 1) -> Grouping:
    """Groups among customers, or the reason why there are none.

    K-means, with distances measured against the spread within the groups. A number of groups is accepted when
    resampled customers give the same groups, no group is tiny, and every two are apart: their customers have two peaks
    along the line through both centres, and the crowd thins out between them. All is judged on customers that took no
    part in finding the groups. Of the accepted numbers the largest is chosen: it leaves no valley unseen.

    Where there were groups the quarter before, these are where the search starts. They stay as long as they pass lower
    marks for being apart, so that groups near a mark do not come and go by chance; where they do not, the two least
    apart are taken together. A group more has to pass the full marks against every other, and to hold at least twice
    the share of customers it would have held then. Where no two are left, the search is that of a first quarter.

    Parameters
    ----------
    points : a row per customer in an order that is chance, a column per scaled variable, without gaps.
    before : the groups of the quarter before, for these rows; its points in the same columns.

    References
    ----------
    Friedman and Rubin (1967) and Maronna and Jacovkis (1974) for the metric within groups; Hennig (2007) for
    stability; Hartigan and Hartigan (1985) for peaks; Rousseeuw (1987) for silhouettes.
    """
    if len(points) < FEWEST:
        return Grouping(_table([]), reason="few")
    varied = points.std(axis=0) > 0
    if not varied.any():
        return Grouping(_table([]), reason="unvaried")
    used = points[:SAMPLE, varied]
    third = len(used) // 3
    sample = Sample(used[:third], used[third:], group_axes(used[:third], seed=seed), seed)
    tried: Tried = []
    if before is not None:
        then = None if before.points is None else before.points[:SAMPLE, varied]
        tried = _continued(sample, _numbered(before.told[:third]), then)
    if not any(verdict.accepted for verdict, _ in tried):
        tried = _anew(sample)
    tried = sorted(tried, key=lambda each: len(each[1][2]))
    table = _table(tried)
    if not table["chosen"].any():
        return Grouping(table, reason="unsteady" if table["fault"].eq("unsteady").any() else "one_crowd")
    _, (_, chosen, centres) = tried[int(np.flatnonzero(table["chosen"])[0])]
    axes = np.zeros((points.shape[1], chosen.shape[1]))
    axes[varied] = chosen
    return Grouping(table, axes, centres)


def _anew(sample: Sample) -> Tried:
    """Every number of groups, judged by the full marks."""
    fits = [
        fitted_anew(sample.learn, sample.narrow, groups=groups, seed=sample.seed)
        for groups in range(2, MOST_GROUPS + 1)
    ]
    return [(judged(sample, fit), fit) for fit in fits]


def _continued(sample: Sample, told: Integers, then: Floats | None) -> Tried:
    """The groups of the quarter before: fewer where they no longer stand, more where more are to be seen."""
    tried: Tried = []
    while told.max() >= 1:
        fit = refined(sample.learn, told)
        verdict = judged(sample, fit, held=int(told.max()) + 1)
        tried.append((verdict, fit))
        more = _more(sample, fit, then)
        if verdict.accepted or any(further.accepted for further, _ in more):
            return tried + more
        one, other = verdict.least
        told = nearest(sample.learn @ fit[1], fit[2])
        told = _numbered(np.where(told == other, one, told))
    return tried


def _more(sample: Sample, fit: Fit, then: Floats | None) -> Tried:
    """One group more at a time, as long as one of the ways to have it passes; else the way that came first."""
    tried: Tried = []
    while len(fit[2]) < MOST_GROUPS:
        held = len(fit[2])
        ways = [
            (_as_new(judged(sample, way, held=held), sample, way, then), way)
            for way in halves(sample.learn, fit, seed=sample.seed)
        ]
        best = next((way for way in ways if way[0].accepted), ways[0])
        tried.append(best)
        if not best[0].accepted:
            break
        fit = best[1]
    return tried


def _as_new(verdict: Verdict, sample: Sample, fit: Fit, then: Floats | None) -> Verdict:
    """The verdict, which falls where the last group had been there the quarter before within another one."""
    if then is None or not verdict.accepted:
        return verdict
    _, axes, centres = fit
    last = len(centres) - 1
    now, before = (float((nearest(part @ axes, centres) == last).mean()) for part in (sample.judge, then))
    if now >= GROWN * before:
        return verdict
    return Verdict(verdict.figures | {"fault": "old", "accepted": False}, verdict.least)


def _numbered(told: Integers) -> Integers:
    """Numbers without a gap: who has nobody is no group."""
    return np.asarray(np.unique(told, return_inverse=True)[1], dtype=np.int64)


def _table(tried: Tried) -> pd.DataFrame:
    """The figures of all that was tried, fewest groups first; the largest number accepted is chosen."""
    table = pd.DataFrame([verdict.figures for verdict, _ in tried], columns=list(TRIED))
    accepted = table["accepted"].eq(True)
    return table.assign(chosen=accepted & table["groups"].eq(table.loc[accepted, "groups"].max()))
