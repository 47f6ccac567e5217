"""What comes after the window: the world's next months, who leaves first in them, and who takes what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from analysis.extracts.demo import hazard
from analysis.extracts.demo.areas import next_area_month
from analysis.extracts.demo.book import Book, Nothing
from analysis.extracts.demo.days import NEVER, first_day, months_of
from analysis.extracts.demo.draws import Draws
from analysis.extracts.demo.life import advance
from analysis.extracts.demo.names import REASON_WITH_US
from analysis.extracts.demo.state import NOBODY, Bools, Ints, State, empty_state
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
    """One future: the first leavings, and what is taken before them in its first `TAKEN_MONTHS`, a row each."""

    leaving: Leaving
    owner: Ints
    product: Ints
    kind: Ints


class Takings(Book):
    """Keeps only what is taken."""

    def add(self, table: str, **columns: Any) -> None:
        """Keep what is taken and forget the rest."""
        if table == "taken":
            super().add(table, **columns)

    def wants(self, table: str) -> bool:
        """No other rows are kept."""
        return table == "taken"


def first_leaving(state: State, after: World, *, months: int, chunk: int) -> Leaving:
    """Who leaves first when, in the future of `lived`."""
    return lived(state, after, months=months, chunk=chunk).leaving


def lived(state: State, after: World, *, months: int, chunk: int) -> Lived:
    """Live on from the end of the window, and see who leaves first when, and who takes what.

    A house move under a new account is no leaving: the customer is followed to it. Who comes back has left.

    Parameters
    ----------
    state
        Customers at the end of the window, all of them active.
    after
        The world with the months to come.
    """
    size = state.size
    state = with_places(state, int(PLACES * size) + 20)
    owner = np.concatenate([np.arange(size), np.full(state.size - size, NOBODY)])
    got, takings = Leaving(np.full(size, NEVER), np.full(size, NOBODY)), Takings()
    for number in range(after.last + 1, after.last + months + 1):
        now = Month(after, number, chunk, takings if number <= after.last + TAKEN_MONTHS else Nothing())
        advance(state, now)
        moved = np.flatnonzero((state.replaces >= 0) & (owner == NOBODY))
        owner[moved] = owner[state.replaces[moved]]
        _note(got, state, owner, _gone(state, now))
    return Lived(got, *_taken(takings, owner, got, after))


def _taken(takings: Takings, owner: Ints, leaving: Leaving, after: World) -> tuple[Ints, Ints, Ints]:
    """Owner, product and kind of all that is taken, each once, in this order; nothing of who left and came back."""
    rows = takings.rows("taken")
    if not rows:
        return np.empty(0, int), np.empty(0, int), np.empty(0, int)
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
