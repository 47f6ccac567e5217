"""What a candidate learns from, and what it gives back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from analysis.models.counts import Floats
from analysis.models.encoder import Encoder
from analysis.models.forecast import KEYS

DRAWS = 20  # of the estimate, from which intervals of value are made
SEED = 1
LARGEST = 1e6  # weight of the penalty beyond which a coefficient is zero for all purposes


class NotFitted(Exception):
    """A candidate cannot be learned from these rows; the message is the sentence that says why."""


class Fitted(Protocol):
    """A candidate that has learned: it gives cumulative hazards over the months of the grid."""

    def hazards(self, rows: pd.DataFrame) -> Floats:
        """Cumulative hazard of leaving by each month of the grid: a row per row, a column per month."""
        ...

    def draws(self, rows: pd.DataFrame) -> Floats:
        """The same for equally likely estimates (float32): a layer per draw."""
        ...


@dataclass(frozen=True)
class Learning:
    """What was known on `day`: rows of `forecast.known_at`, how they become numbers, and whose leaving counts.

    `left` is `leaves` (all kinds) or `chose` (by own choice: the others are then lost from sight when they leave).
    """

    rows: pd.DataFrame
    day: dt.date
    encoder: Encoder
    left: str = "leaves"

    @property
    def events(self) -> int:
        """Customers seen leaving: each is one event, however many landmarks look forward to it."""
        return int(self.rows["event" if self.left == "leaves" else "voluntary"].sum())

    def sampled(self, *, most: int) -> pd.DataFrame:
        """At most about `most` rows at quarter ends with their `weight`: leavers first, stayers stand for several.

        weight = 1 / share taken, so that sums over the sample estimate sums over all rows (Horvitz and Thompson,
        1952). What tells least is thinned most: with few leaving, the stayers are many and alike.
        """
        ends = np.flatnonzero(self.rows["at_quarter_end"].to_numpy() == 1)
        keys = self.rows[KEYS].iloc[ends].reset_index(drop=True)
        ends = ends[keys.sort_values(KEYS, kind="stable").index.to_numpy()]
        leaves = self.rows[self.left].to_numpy()[ends] == 1
        leavers, stayers = int(leaves.sum()), int((~leaves).sum())
        of_leavers = min(1.0, most / 2 / max(leavers, 1))
        of_stayers = min(1.0, (most - leavers * of_leavers) / max(stayers, 1))
        share = np.where(leaves, of_leavers, of_stayers)
        taken = np.random.default_rng(SEED).random(len(ends)) < share
        return self.rows.iloc[ends[taken]].assign(weight=1 / share[taken])

    def by_choice(self) -> Learning:
        """The same, with only leaving by choice as the event."""
        return replace(self, left="chose")


def whole_customers(rows: pd.DataFrame, *, most: int) -> pd.DataFrame:
    """All rows of as many customers, drawn by lot, as have `most` rows or fewer in all."""
    if len(rows) <= most:
        return rows
    customers, place = np.unique(rows["customer_id"].to_numpy(), return_inverse=True)
    turn = np.random.default_rng(SEED).permutation(len(customers))
    inside = np.empty(len(customers), dtype=bool)
    inside[turn] = np.bincount(place)[turn].cumsum() <= most
    return rows[inside[place]]
