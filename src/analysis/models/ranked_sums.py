"""Sums over the rows that come early in one order and low in another, for many such questions at once.

Two-dimensional prefix sums by halving the ranks bit by bit (a wavelet matrix): n log n steps in whole-array
operations, where counting row by row would take n². The questions are laid out once and answered for any weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from analysis.models.counts import Floats, Integers


class Level(NamedTuple):
    """Rows with a 0 in one bit of their rank, in order; which questions take a stretch of them, from where to where."""

    rows: Integers
    asked: Integers
    low: Integers
    high: Integers


class RankedSums:
    """Weight of the first `places` rows of an order whose rank is below `below`, one answer per question.

    Parameters
    ----------
    order : row numbers, in the first order.
    ranks : whole numbers from 0, one per row (not per place in the order).
    places, below : the questions: how many rows of the order, and the rank they must lie under.
    """

    def __init__(self, order: Integers, *, ranks: Integers, places: Integers, below: Integers) -> None:
        self.questions = len(places)
        self.levels = list(_levels(order, ranks, places, below))

    def of(self, weights: Floats) -> Floats:
        """The sums for weights, one per row. Whole weights give whole sums, exactly."""
        total = np.zeros(self.questions)
        for level in self.levels:
            running = np.append(0.0, weights[level.rows].cumsum())
            total[level.asked] += running[level.high] - running[level.low]
        return total


def _levels(order: Integers, ranks: Integers, places: Integers, below: Integers) -> Iterator[Level]:
    """From the highest bit down: a question with a 1 there takes all rows with a 0, and goes on among those with a 1.

    A question with a 0 goes on among the rows with a 0. `low` to `high` is the stretch in which a question's rows lie.
    """
    rows, low, high = order, np.zeros_like(places), places
    for bit in reversed(range(int(max(ranks.max(), below.max(initial=0))).bit_length())):
        upper = (ranks[rows] >> bit) & 1 == 1
        zeros = np.append(0, (~upper).cumsum())
        low_zero, high_zero = zeros[low], zeros[high]
        takes = (below >> bit) & 1 == 1
        asked = np.flatnonzero(takes & (high_zero > low_zero))
        lower = rows[~upper]
        yield Level(lower, asked, low_zero[asked], high_zero[asked])
        rows = np.concatenate([lower, rows[upper]])
        low = np.where(takes, len(lower) + low - low_zero, low_zero)
        high = np.where(takes, len(lower) + high - high_zero, high_zero)
