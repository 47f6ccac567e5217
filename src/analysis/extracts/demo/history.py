"""The past of those who joined before the simulation begins: contracts and promotions run through to its start."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.affinity import log_odds
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.days import first_day
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import PRODUCTS
from analysis.extracts.demo.products import choose, join, open_products
from analysis.extracts.demo.state import LONG_AGO, Ints, State
from analysis.extracts.demo.terms import end_terms
from analysis.extracts.demo.world import World


def catch_up(state: State, world: World, *, chunk: int, book: Book) -> None:
    """Open the spells of past signups and write the rows that ended before the warm-up."""
    random = world.draws.stream(Subject.HISTORY, chunk)
    begin = first_day(world.begin)
    rows = np.flatnonzero(state.signup < begin)
    join(state, rows, state.signup[rows], parameters=world.parameters, random=random)
    _older_fees(state, rows, begin, world)
    before = np.full(state.size, begin)
    while (state.held & (np.minimum(state.term_end, state.discount_end) < begin)).any():
        end_terms(state, before, parameters=world.parameters, random=random, book=book)
    _older_add_ons(state, rows, begin, world=world, random=random)
    for name in ("lost_age", "ended_age"):
        getattr(state, name)[:] = LONG_AGO


def _older_fees(state: State, rows: Ints, begin: int, world: World) -> None:
    """Old accounts began at lower prices."""
    years = (begin - state.signup[rows]) / 365.25
    factor = 1 - world.parameters.terms.legacy_fee * years
    state.fee[rows] = (state.fee[rows] * factor[:, None] / 10).astype(np.int64) * 10


def _older_add_ons(state: State, rows: Ints, begin: int, *, world: World, random: np.random.Generator) -> None:
    """Add-ons taken at some time since signup, and still held."""
    terms = world.parameters.terms
    for product in range(1, len(PRODUCTS)):
        since = begin - state.signup[rows]
        odds = np.exp(log_odds(state, rows, product, world.parameters))
        rate = terms.added[product] * odds * since / 30.4375 * np.exp(-terms.dropped[product] * since / 60.875)
        luck, when, choice = random.random((3, len(rows)))
        taken = ~state.held[rows, product] & (luck < 1 - np.exp(-rate)) & (state.line[rows] == 0)
        day = state.signup[rows] + (when * since).astype(np.int64)
        plan = choose(state, rows[taken], product, luck=choice[taken], parameters=world.parameters)
        open_products(state, rows[taken], plan, day=day[taken], parameters=world.parameters)
