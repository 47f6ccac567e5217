"""The months after the window: who leaves first in them, who takes what, and what each customer brings."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from analysis.extracts.demo import hazard
from analysis.extracts.demo.areas import next_area_month
from analysis.extracts.demo.book import Columns
from analysis.extracts.demo.days import NEVER, first_day, months_of
from analysis.extracts.demo.draws import Draws
from analysis.extracts.demo.life import advance
from analysis.extracts.demo.names import REASON_WITH_US
from analysis.extracts.demo.state import NOBODY, Bools, Floats, Ints, State, empty_state
from analysis.extracts.demo.truth_value import Economics, Receipts, kept_share
from analysis.extracts.demo.world import Month, World, quarter_shock

REALISED = 1  # the path of the one future that is told; those of the truth begin with another number
TAKEN_MONTHS = 3  # from the window's end, for which it is told what is taken
PLACES = 0.10  # places kept for house moves, per customer


class Leaving(NamedTuple):
    """The first leaving of each customer: its day (NEVER where there is none) and its kind (NOBODY)."""

    day: Ints
    kind: Ints


def realised_world(there: World, *, months: int) -> World:
    """The world of the one future that is told."""
    return continued(there, Draws(there.draws.seed, path=(REALISED,)), months=months)


def continued(there: World, draws: Draws, *, months: int) -> World:
    """The world with months after its last, drawn anew, and no campaign any more.

    The shock of a quarter that has begun goes on.
    """
    parameters = replace(there.parameters, campaigns=())
    known, shocks = {there.last: there.months[there.last]}, {there.last: there.shocks[there.last]}
    for number in range(there.last + 1, there.last + months + 1):
        known[number] = next_area_month(known[number - 1], number, parameters.places, there.areas, draws)
        begun = number // 3 == (number - 1) // 3
        shocks[number] = shocks[number - 1] if begun else quarter_shock(number, draws, parameters.hazard.shock)
    return replace(there, parameters=parameters, draws=draws, months=known, shocks=shocks)


class Lived(NamedTuple):
    """One future: the first leavings, what is taken before them in its first `TAKEN_MONTHS` (a row each), and the
    margin of all its months until then (cents, not discounted, an entry per customer).
    """

    leaving: Leaving
    owner: Ints
    product: Ints
    kind: Ints
    margin: Floats


def lived(state: State, after: World, *, months: int, chunk: int, economics: Economics | None = None) -> Lived:
    """Live on from the end of the window, and see who leaves first when, who takes what, and what it brings.

    A house move under a new account is no leaving: the customer is followed to it. Who comes back has left.

    Parameters
    ----------
    state
        Customers at the end of the window, all of them active.
    after
        The world with the months to come.
    """
    size, known = state.size, economics or Economics()
    state = with_places(state, int(PLACES * size) + 20)
    owner = np.concatenate([np.arange(size), np.full(state.size - size, NOBODY)])
    got, margin = Leaving(np.full(size, NEVER), np.full(size, NOBODY)), np.zeros(size)
    takings: list[Columns] = []
    for number in range(after.last + 1, after.last + months + 1):
        now = Month(after, number, chunk, book := Receipts(state.size))
        before, there = kept_share(state, known), got.day == NEVER
        advance(state, now)
        moved = np.flatnonzero((state.replaces >= 0) & (owner == NOBODY))
        owner[moved] = owner[state.replaces[moved]]
        _note(got, state, owner, _gone(state, now))
        received = book.received(np.where(before > 0, before, kept_share(state, known)))
        mine = owner != NOBODY
        brought = np.bincount(owner[mine], weights=received[mine], minlength=size)
        share = (np.minimum(got.day, now.end) - now.first) / (now.end - now.first)
        margin += there * (brought - 100 * known.cost_per_month * share)
        takings += [book.rows("taken")] if number <= after.last + TAKEN_MONTHS else []
    return Lived(got, *_taken([rows for rows in takings if rows], owner, got, after), margin)


def _taken(takings: list[Columns], owner: Ints, leaving: Leaving, after: World) -> tuple[Ints, Ints, Ints]:
    """Owner, product and kind of all that is taken, each once, in this order; nothing of who left and came back."""
    if not takings:
        return np.empty(0, int), np.empty(0, int), np.empty(0, int)
    rows = {name: np.concatenate([part[name] for part in takings]) for name in takings[0]}
    whose = owner[rows["customer"]]
    last = months_of(np.minimum(leaving.day, first_day(after.last + TAKEN_MONTHS + 1)))
    kept = (whose != NOBODY) & (rows["month"] <= last[whose])
    whose, product, kind = np.unique(np.stack([whose, rows["product"], rows["kind"]])[:, kept], axis=1)
    return whose, product, kind


def with_places(state: State, places: int) -> State:
    """The accounts numbered anew, with places for house moves after them."""
    rows = np.concatenate([np.arange(state.size), np.zeros(places, dtype=np.int64)])
    got, empty = state.take(rows), empty_state(places)
    for name in vars(got):
        getattr(got, name)[state.size :] = getattr(empty, name)
    got.account[:] = np.arange(got.size)
    got.replaces[: state.size] = NOBODY
    return got


def _gone(state: State, now: Month) -> Bools:
    """Who left this month without keeping an account."""
    return ~state.active & hazard.ends_in(state.left, now) & (state.reason != REASON_WITH_US)


def _note(got: Leaving, state: State, owner: Ints, gone: Bools) -> None:
    """Write down the leavings of those who had not left before."""
    rows = np.flatnonzero(gone)
    rows = rows[got.day[owner[rows]] == NEVER]
    got.day[owner[rows]], got.kind[owner[rows]] = state.left[rows], state.kind[rows]
