"""A candidate moved to the pace to be expected of the coming quarter: in all, by technology, needs, use and stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from analysis.models.candidates.learning import DRAWS, SEED, Fitted, Learning
from analysis.models.candidates.season import Excess, Expected, excess, expected_excess
from analysis.models.counts import Floats, Integers
from analysis.models.forecast import GRID, QUARTER, quarter_number, steps

MOST_ROWS = 500_000  # few leave in a quarter: of a sample, luck would be taken for season
# Networks and competitors move by technology, list prices by what is held, seasons by use. Stages of life have a level
# alone: so few are new in any quarter that luck would be taken for their season.
GROUPINGS = ("technology_class", "needs_class", "usage_class", "lifecycle_class")
WITHOUT_SEASON = ("lifecycle_class",)
OWN_LEVEL = 0.1  # of a group beside the others: the features tell most of it
FEWEST = 100.0  # leavers expected of a group in all, below which it has no pace of its own

QUARTERS = tuple((month - 1) // QUARTER for month in GRID)  # ahead, in which the steps lie

Key = tuple[str, str]  # a grouping and a group of it
EVERYONE: Key = ("", "")
Labels = npt.NDArray[np.str_]


class _Told(NamedTuple):
    """Rows of a step: the quarter of each, leavers, and expected leavers."""

    quarter: Integers
    left: Floats
    expected: Floats

    def within(self, inside: npt.NDArray[np.bool_]) -> _Told:
        return _Told(self.quarter[inside], self.left[inside], self.expected[inside])


class _Part(NamedTuple):
    """What is to be expected of a group's log pace at a step, and the rows that it concerns."""

    key: Key
    place: int
    inside: npt.NDArray[np.bool_]
    pace: Expected


@dataclass(frozen=True)
class Paced:
    """A candidate, and per step the past excess of everyone and, beside that, of groups."""

    fitted: Fitted
    pasts: Sequence[Mapping[Key, Excess]]

    def hazards(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`: at the mean of the pace, exp(mean + deviation² / 2) of its log."""
        mean, deviation = self.paces(rows)
        return _moved(self.fitted.hazards(rows), np.exp(mean + deviation**2 / 2))

    def draws(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`; what is not known of a group's pace is common to its customers, apart from other groups'.

        Groups were held against everyone: how they lie beside each other moves no total. The luck of the quarters to
        come is not in them: it moves what will be seen, and not what is to be expected.
        """
        mean, _ = self.paces(rows)
        parts, lucks = list(self._parts(rows)), self._lucks()
        weight = np.diff(self.fitted.hazards(rows), axis=1, prepend=0.0)
        drawn = self.fitted.draws(rows)
        for number, one in enumerate(drawn):
            log = mean.copy()
            for name in dict.fromkeys(part.key[0] for part in parts):
                log += _lucky([part for part in parts if part.key[0] == name], lucks, number, weight=weight)
            one[:] = _moved(one, np.exp(log))
        return drawn

    def paces(self, rows: pd.DataFrame) -> tuple[Floats, Floats]:
        """Mean and deviation of the log pace: a row per row, a column per step."""
        found = np.zeros((2, len(rows), len(GRID)))
        for part in self._parts(rows):
            found[0, part.inside, part.place] += part.pace.mean
            found[1, part.inside, part.place] = np.hypot(found[1, part.inside, part.place], part.pace.deviation)
        return found[0], found[1]

    def luck(self, rows: pd.DataFrame) -> Floats:
        """Standard deviation of everyone's luck in the quarters ahead, on the log of cumulative hazards by month.

        The months of a quarter share its luck; quarters have their own.
        """
        step = np.diff(self.hazards(rows), axis=1, prepend=0.0).sum(axis=0)
        sizes = np.zeros(len(GRID))
        for part in self._parts(rows):
            if part.key == EVERYONE:
                sizes[part.place] = part.pace.luck
        within = [np.array(QUARTERS) == quarter for quarter in sorted({*QUARTERS})]
        moved = np.stack([np.cumsum(step * sizes * inside) for inside in within])
        return np.asarray(np.hypot.reduce(moved, axis=0) / np.maximum(np.cumsum(step), np.finfo(float).tiny))

    def _parts(self, rows: pd.DataFrame) -> Iterator[_Part]:
        """What each group adds to the log pace of its rows, by step and by quarter of the landmark."""
        labels, quarters = _labels(rows), quarter_number(rows["landmark"])
        for place, past in enumerate(self.pasts):
            for key, excesses in past.items():
                member = labels[key[0]] == key[1]
                for quarter in np.unique(quarters[member]):
                    yield _Part(key, place, member & (quarters == quarter), _expected(key, excesses, int(quarter)))

    def _lucks(self) -> Mapping[tuple[Key, int], Floats]:
        """Standard normal luck of each group in each quarter ahead, by draw: what is unknown of a season is its own.

        Evenly spaced quantiles in an order of their own: so few draws then have the right mean and spread.
        """
        quantiles = ndtri((np.arange(DRAWS) + 0.5) / DRAWS)
        quantiles /= quantiles.std(ddof=1)
        random = np.random.default_rng(SEED)
        keys = sorted({key for past in self.pasts for key in past})
        return {(key, quarter): random.permutation(quantiles) for key in keys for quarter in sorted({*QUARTERS})}


def _lucky(parts: Sequence[_Part], lucks: Mapping[tuple[Key, int], Floats], number: int, *, weight: Floats) -> Floats:
    """What a draw adds to the log pace by the groups of a grouping; nothing on average, but for everyone's."""
    found = np.zeros_like(weight)
    for part in parts:
        found[part.inside, part.place] += lucks[part.key, QUARTERS[part.place]][number] * part.pace.lasting
    if len(parts) and parts[0].key != EVERYONE:
        found -= (weight * found).sum(axis=0) / np.maximum(weight.sum(axis=0), np.finfo(float).tiny)
    return found


def paced(fitted: Fitted, learning: Learning) -> Paced:
    """`fitted`, with the pace of each past quarter measured against it on the rows it learned from.

    First the excess of everyone; then of each technology beside that; then of what is held, of use and of each stage
    of life, each beside those before.
    """
    rows = learning.sampled(most=MOST_ROWS)
    hazard = np.diff(fitted.hazards(rows), axis=1, prepend=0.0)
    quarter, weight, labels = quarter_number(rows["landmark"]), rows["weight"].to_numpy(), _labels(rows)
    pasts = []
    for place, step in enumerate(steps(rows, left=learning.left)):
        seen = weight[step.rows]
        told = _Told(quarter[step.rows], seen * step.left, seen * step.exposure * hazard[step.rows, place])
        pasts.append(_excesses(told, {name: of[step.rows] for name, of in labels.items()}))
    return Paced(fitted, pasts)


def _excesses(told: _Told, labels: Mapping[str, Labels]) -> dict[Key, Excess]:
    """The excess of everyone and of groups; each is held against what was seen of those before it."""
    found: dict[Key, Excess] = {}
    for name, of in labels.items():
        members = {label: of == label for label in np.unique(of)}
        large = {label: inside for label, inside in members.items() if told.expected[inside].sum() >= FEWEST}
        if name and len(large) < 2:
            continue
        expected = told.expected.copy()
        for label, inside in large.items() if name else members.items():
            rows = told.within(inside)
            one = excess(rows.quarter, left=rows.left, expected=rows.expected)
            found[name, str(label)] = one
            expected[inside] *= np.exp(one.value)[np.searchsorted(one.quarter, rows.quarter)]
        told = told._replace(expected=expected)
    return found


def _labels(rows: pd.DataFrame) -> dict[str, Labels]:
    """The group of each row in each grouping that the source tells, everyone first."""
    known = {name: rows[name].fillna("not available").to_numpy(dtype=str) for name in GROUPINGS if name in rows.columns}
    return {"": np.full(len(rows), ""), **known}


def _expected(key: Key, past: Excess, quarter: int) -> Expected:
    level = 1.0 if key == EVERYONE else OWN_LEVEL
    return expected_excess(past, quarter, level=level, seasonal=key[0] not in WITHOUT_SEASON)


def _moved(hazards: Floats, paces: Floats) -> Floats:
    """Cumulative hazards with each step's own part times its pace."""
    return np.cumsum(np.diff(hazards, axis=1, prepend=0.0) * paces, axis=1)
