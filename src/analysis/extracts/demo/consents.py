"""Consents: given at signup, some withdrawn; do-not-contact and erasure requests."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.book import Book, Columns
from analysis.extracts.demo.days import AVERAGE_MONTH, DAY, NEVER
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.state import Bools, Floats, Ints, State
from analysis.extracts.demo.world import World

DO_NOT_CONTACT, ERASURE = 4, 5
NOON = 12 * 3600


def write_consents(state: State, world: World, *, chunk: int, book: Book) -> None:
    """The rows of `consents` of a chunk; a request to be left alone or erased is a channel of its own."""
    random, desk = world.draws.stream(Subject.CONSENTS, chunk), world.parameters.desk
    luck = random.random((2 * len(desk.consent) + 3, state.size))
    known = (state.signup < NEVER) & (state.line == 0)
    since = np.maximum(state.signup, world.observed_from)
    for channel, share in enumerate(desk.consent):
        given = luck[2 * channel] < share
        book.add("consents", **_rows(state, known, channel, day=state.signup, granted=given))
        day = since + _wait(luck[2 * channel + 1], desk.withdrawal)
        withdrawn = known & given & (day < state.left) & (day <= world.until)
        book.add("consents", **_rows(state, withdrawn, channel, day=day, granted=~given))
    yes = np.ones(state.size, dtype=bool)
    day = since + _wait(luck[-3], desk.do_not_contact)
    book.add("consents", **_rows(state, known & (day <= world.until), DO_NOT_CONTACT, day=day, granted=yes))
    day = state.left + 3 + (luck[-1] * 40).astype(np.int64)
    gone = known & ~state.active & (luck[-2] < desk.erasure) & (day <= world.until)
    book.add("consents", **_rows(state, gone, ERASURE, day=day, granted=yes))


def _wait(luck: Floats, monthly: float) -> Ints:
    """Days until something that happens with a monthly chance."""
    return 1 + (-np.log(np.maximum(luck, 1e-12)) / monthly * AVERAGE_MONTH).astype(np.int64)


def _rows(state: State, who: Bools, channel: int, *, day: Ints, granted: Bools) -> Columns:
    """Rows of a channel for some accounts."""
    seconds = day[who] * DAY + NOON
    return {
        "customer": state.account[who],
        "channel": np.full(len(seconds), channel),
        "granted": granted[who],
        "changed_at": seconds,
    }
