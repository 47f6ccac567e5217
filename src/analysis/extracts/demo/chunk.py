"""A chunk of accounts from the warm-up to the end of the window: all its rows, in a book."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.book import Book
from analysis.extracts.demo.consents import write_consents
from analysis.extracts.demo.days import NEVER
from analysis.extracts.demo.history import catch_up
from analysis.extracts.demo.leads import write_leads
from analysis.extracts.demo.life import advance
from analysis.extracts.demo.people import first_state
from analysis.extracts.demo.products import record
from analysis.extracts.demo.state import State
from analysis.extracts.demo.world import Month, World

# Rows of the warm-up that are dropped.
UNSEEN = (
    "invoices", "usage", "tickets", "surveys", "answers", "contacts", "work_orders", "measured", "behaviour", "taken",
)  # fmt: skip
UNKNOWN = {"bills": 0, "late_bills": 0, "stops": 0, "answered_on": NEVER}  # and with them what they told


def live(world: World, *, chunk: int, size: int) -> tuple[State, Book]:
    """The state of a chunk after the window's last month, and all that was recorded of it in the window."""
    book = Book()
    state, opening = first_state(world, chunk=chunk, size=size)
    catch_up(state, world, chunk=chunk, book=book)
    for number in range(world.begin, world.first):
        advance(state, Month(world, number, chunk, book))
    book.forget(*UNSEEN)
    state = seen(state, opening)
    for name, nothing in UNKNOWN.items():
        getattr(state, name)[:] = nothing
    for number in range(world.first, world.last + 1):
        advance(state, Month(world, number, chunk, book))
    record_the_rest(state, book)
    write_leads(state, world, chunk=chunk, book=book)
    write_consents(state, world, chunk=chunk, book=book)
    return state, book


def seen(state: State, opening: int) -> State:
    """The accounts that the window can see: as many of those present as are wanted, and those still to come."""
    there = np.flatnonzero(state.active)[:opening]
    later = np.flatnonzero(~state.active & (state.left == NEVER))
    return state.take(np.concatenate([there, later]))


def record_the_rest(state: State, book: Book) -> None:
    """Subscriptions that are still held, written without an end."""
    rows, product = np.nonzero(state.held & state.active[:, None])
    record(state, rows, product, end=NEVER, book=book)
