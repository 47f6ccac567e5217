"""One month of a chunk of accounts: who leaves, moves, joins and returns, and all that happens to them meanwhile."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo import hazard
from analysis.extracts.demo.areas import another_area, connection
from analysis.extracts.demo.behaviour import change_behaviour, note_behaviour
from analysis.extracts.demo.billing import bill, monthly_fees
from analysis.extracts.demo.campaigns import CONTACT_DAYS, contact_customers
from analysis.extracts.demo.days import NEVER
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.names import (
    REASON_AWAY,
    REASON_CLOSED,
    REASON_DECEASED,
    REASON_NOT_NEEDED,
    REASON_NOT_TOLD,
    REASON_UNPAID,
    REASON_WITH_US,
)
from analysis.extracts.demo.products import close_all, join, record, rise_prices
from analysis.extracts.demo.service import serve
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.state import LONG_AGO, NOBODY, OWN, Ints, State
from analysis.extracts.demo.surveys import ask
from analysis.extracts.demo.terms import change_terms
from analysis.extracts.demo.usage import use
from analysis.extracts.demo.world import Month


def advance(state: State, now: Month) -> None:
    """Live through a month: the state becomes that of the next month's start, the rows go to the book.

    Nobody leaves in the calendar month they join.
    """
    rise_prices(state, now)
    contact_customers(state, now)
    span = leave(state, now)
    interrupt(state, span, now)
    move_house(state, now)
    span = arrive(state, span, now)
    go_on(state, span, now)
    ask(state, span, now)
    close_leavers(state, now)
    note_behaviour(state, now)
    grow_older(state)


def go_on(state: State, span: Span, now: Month) -> None:
    """What a month brings to those who are there, whether they leave in it or not."""
    fees = monthly_fees(state)
    change_behaviour(state, now)
    change_terms(state, span, now)
    serve(state, span, now)
    use(state, span, now)
    bill(state, span, now, fees)


def leave(state: State, now: Month) -> Span:
    """Draw who leaves, why and on which day; the days each account is there."""
    random = now.random(Subject.LEAVING)
    rates = hazard.hazards(state, now)
    total = rates.sum(axis=0)
    state.endured += hazard.endured(state, now, rates[hazard.VOLUNTARY])
    luck, which, place, told, stay = random.random((5, state.size))
    rows = np.flatnonzero(luck < -np.expm1(-total))
    shares = np.cumsum(rates[:, rows], axis=0) / total[rows]
    state.kind[rows] = np.minimum((which[rows] > shares).sum(axis=0), hazard.OTHER)
    state.left[rows] = _leaving_day(state, rows, now, place[rows])
    reason = _reason(state, now, told=told, luck=which)
    state.reason[rows] = reason[rows]
    moved = (state.kind == hazard.MOVED) & (stay < now.parameters.hazard.moves_with_us)
    state.reason[rows[moved[rows]]] = REASON_WITH_US
    by_choice = rows[state.kind[rows] == hazard.VOLUNTARY]
    state.choices[by_choice] += 1
    _plan_return(state, by_choice, now, random)
    stop = np.full(state.size, now.end)
    stop[rows] = state.left[rows]
    return Span(np.full(state.size, now.first), np.where(state.active, stop, now.first))


def _leaving_day(state: State, rows: Ints, now: Month, luck: np.ndarray) -> Ints:
    """The day of leaving: by choice on the day a contract ends, or after a promotion's end, where one ends."""
    by_choice = state.kind[rows] == hazard.VOLUNTARY
    term_end, promised = state.of_main("term_end")[rows], state.of_main("discount_end")[rows]
    contacted = state.contacted[rows] == now.number
    low = np.where(contacted, now.first + CONTACT_DAYS, now.first + 1)
    low = np.where(by_choice & hazard.ends_in(promised, now), np.maximum(promised, low), low)
    day = low + (luck * (now.end - low)).astype(np.int64)
    return np.where(by_choice & hazard.ends_in(term_end, now), term_end, day)


def _reason(state: State, now: Month, *, told: np.ndarray, luck: np.ndarray) -> Ints:
    """The reason on record: the strongest true one where it is told, else another or none."""
    parts = np.stack([part(state, now) for part in hazard.REASON_FAMILIES.values()])
    strongest = np.where(parts.max(axis=0) > 0.15, parts.argmax(axis=0), REASON_NOT_NEEDED)
    anything = (luck * (REASON_NOT_TOLD + 1)).astype(np.int64)
    by_choice = np.where(told < now.parameters.hazard.reason_told, strongest, anything)
    fixed = np.array([0, REASON_UNPAID, REASON_AWAY, REASON_DECEASED, REASON_CLOSED])[np.maximum(state.kind, 0)]
    return np.where(state.kind == hazard.VOLUNTARY, by_choice, fixed)


def _plan_return(state: State, rows: Ints, now: Month, random: np.random.Generator) -> None:
    """Some who left by choice come back after a gap."""
    h = now.parameters.hazard
    luck = random.random(state.size)[rows]
    gap = random.integers(h.return_gap[0], h.return_gap[1] + 1, state.size)[rows]
    state.returns_on[rows] = np.where(luck < h.returns, state.left[rows] + gap, NEVER)


def interrupt(state: State, span: Span, now: Month) -> None:
    """Lines that are off for a few days and come back under new subscriptions: a gap, but the same spell."""
    h, random = now.parameters.hazard, now.random(Subject.JOINING)
    luck, place = random.random((2, state.size))
    gap = random.integers(h.interruption_gap[0], h.interruption_gap[1] + 1, state.size)
    whole = span.present & (span.stop == now.end) & (state.line == 0) & (state.start.max(axis=1) < now.first)
    quiet = ~hazard.ends_in(state.of_main("term_end"), now) & ~hazard.ends_in(state.of_main("discount_end"), now)
    rows = np.flatnonzero(whole & quiet & (luck < h.interruption))
    day = now.first + 1 + (place[rows] * 8).astype(np.int64)
    where, product = np.nonzero(state.held[rows])
    record(state, rows[where], product, end=day[where], book=now.book)
    state.start[rows[where], product] = (day + gap[rows])[where]


def move_house(state: State, now: Month) -> None:
    """Give those who move with us a new account in another area, on the day they leave the old one or the next."""
    leavers = np.flatnonzero(hazard.ends_in(state.left, now) & (state.reason == REASON_WITH_US) & state.active)
    places = np.flatnonzero((state.signup == NEVER) & ~state.active)
    random = now.random(Subject.MOVING)
    luck = random.random((3, state.size))[:, : len(leavers)]
    stranded = leavers[len(places) :]
    state.reason[stranded] = REASON_AWAY
    leavers, luck = leavers[: len(places)], luck[:, : len(places)]
    places = places[: len(leavers)]
    for name in COPIED_ON_A_MOVE:
        getattr(state, name)[places] = getattr(state, name)[leavers]
    state.replaces[places] = state.account[leavers]
    state.signup[places] = state.left[leavers] + (luck[0] < 0.4)
    state.area[places] = another_area(state.area[leavers], now.world.areas, luck[1])
    state.offered[places] = connection(state.area[places], now.world.areas, luck[2])


COPIED_ON_A_MOVE = (
    "person", "type", "industry", "employees", "birth_year", "household", "parent", "channel", "role", "payment_method",
    "frailty", "sensitivity", "level", "payer", "behaviour", *OWN, "satisfaction",
    "shown", "endured", "endured_before", "choices", "nps", "csat", "answered_on", "asked_in", "shown_then", "bills",
    "late_bills", "stops",
)  # fmt: skip


def arrive(state: State, span: Span, now: Month) -> Span:
    """Open the spells that begin in this month: joiners, house moves and returners."""
    new = hazard.ends_in(state.signup, now) & ~state.active
    back = hazard.ends_in(state.returns_on, now) & ~state.active
    rows = np.flatnonzero(new | back)
    day = np.where(new, state.signup, state.returns_on)
    join(state, rows, day[rows], parameters=now.parameters, random=now.random(Subject.PEOPLE))
    for name in ("left", "returns_on"):
        getattr(state, name)[rows] = NEVER
    state.unpaid[rows], state.pays_on[rows] = 0, NEVER
    state.kind[rows] = state.reason[rows] = NOBODY
    start, stop = span.start.copy(), span.stop.copy()
    start[rows], stop[rows] = day[rows], now.end
    return Span(start, stop)


def close_leavers(state: State, now: Month) -> None:
    """End what the month's leavers hold, on the day they leave."""
    rows = np.flatnonzero(state.active & hazard.ends_in(state.left, now))
    close_all(state, rows, state.left[rows], now.book)
    state.active[rows] = False


def grow_older(state: State) -> None:
    """Everything that is felt for some months is a month further back."""
    for name in ("rise_age", "lost_age", "ended_age", "contact_age"):
        age = getattr(state, name)
        np.minimum(age + 1, LONG_AGO, out=age)
