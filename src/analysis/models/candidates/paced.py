"""A candidate moved to the pace to be expected of the coming quarter: in all, by technology, needs, use and stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from analysis.models.candidates.learning import DRAWS, SEED, Fitted, Learning
from analysis.models.candidates.season import Excess, excess, expected_excess
from analysis.models.counts import Floats, Integers
from analysis.models.forecast import GRID, quarter_number, steps

MOST_ROWS = 500_000  # few leave in a quarter: of a sample, luck would be taken for season
# Networks and competitors move by technology, list prices by what is held, seasons by use. Stages of life have a level
# alone: so few are new in any quarter that luck would be taken for their season.
GROUPINGS = ("technology_class", "needs_class", "usage_class", "lifecycle_class")
WITHOUT_SEASON = ("lifecycle_class",)
OWN_LEVEL = 0.1  # of a group beside the others: the features tell most of it
FEWEST = 100.0  # leavers expected of a group in all, below which it has no pace of its own

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
        """See `Fitted`; what is not known of the coming quarter's pace is common to all customers."""
        mean, deviation = self.paces(rows)
        # Evenly spaced quantiles in an order of their own: so few draws then have the right mean and spread.
        quantiles = ndtri((np.arange(DRAWS) + 0.5) / DRAWS)
        luck = np.random.default_rng(SEED).permutation(quantiles / quantiles.std(ddof=1))
        drawn = self.fitted.draws(rows)
        for one, z in zip(drawn, luck, strict=True):
            one[:] = _moved(one, np.exp(mean + z * deviation))
        return drawn

    def paces(self, rows: pd.DataFrame) -> tuple[Floats, Floats]:
        """Mean and deviation of the log pace: a row per row, a column per step."""
        labels, quarters = _labels(rows), quarter_number(rows["landmark"])
        found = np.zeros((2, len(rows), len(GRID)))
        for place, past in enumerate(self.pasts):
            for key, excesses in past.items():
                member = labels[key[0]] == key[1]
                for quarter in np.unique(quarters[member]):
                    inside = member & (quarters == quarter)
                    mean, deviation = _expected(key, excesses, int(quarter))
                    found[0, inside, place] += mean
                    found[1, inside, place] = np.hypot(found[1, inside, place], deviation)
        return found[0], found[1]


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


def _expected(key: Key, past: Excess, quarter: int) -> tuple[float, float]:
    level = 1.0 if key == EVERYONE else OWN_LEVEL
    return expected_excess(past, quarter, level=level, seasonal=key[0] not in WITHOUT_SEASON)


def _moved(hazards: Floats, paces: Floats) -> Floats:
    """Cumulative hazards with each step's own part times its pace."""
    return np.cumsum(np.diff(hazards, axis=1, prepend=0.0) * paces, axis=1)
