"""Changes of terms within a month: promotions and contracts that end, plans and add-ons that change."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.affinity import takers, upgrading
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.catalogue import catalogue
from analysis.extracts.demo.days import NEVER
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import BROADBAND, MOBILE, PRODUCTS, Parameters
from analysis.extracts.demo.products import TERM_CHOICES, bind, choose, close, open_products, own_price, promise, turn
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.state import Bools, Ints, State, main_products
from analysis.extracts.demo.world import Month

NEW, UPGRADE = range(2)  # kinds of what is taken


def end_promotions(state: State, before: Ints, book: Book) -> None:
    """Promotions that end before a day: the full fee from their end on."""
    rows, product = np.nonzero(state.held & (state.discount_end < before[:, None]))
    at = (rows, product)
    main = product == state.main[rows]
    lost = state.discount[at] / np.maximum(state.fee[at], 1)
    turn(state, rows, product, state.discount_end[at], book)
    state.discount[at] = 0
    state.discount_end[at] = NEVER
    state.lost[rows[main]] = lost[main]
    state.lost_age[rows[main]] = 0


def end_terms(state: State, before: Ints, *, parameters: Parameters, random: np.random.Generator, book: Book) -> None:
    """Promotions and at most one contract of each product that end before a day, in the order of their days."""
    end_promotions(state, np.minimum(before, state.of_main("term_end") + 1), book)
    end_contracts(state, before, parameters=parameters, random=random, book=book)
    end_promotions(state, np.minimum(before, state.of_main("term_end") + 1), book)


def end_contracts(
    state: State, before: Ints, *, parameters: Parameters, random: np.random.Generator, book: Book
) -> None:
    """Contracts that end before a day: renewed, some with a discount, or carried on month by month."""
    terms = parameters.terms
    rows, product = np.nonzero(state.held & (state.term_end < before[:, None]))
    day = np.maximum(state.term_end[rows, product], state.start[rows, product])
    draws = random.random((3, state.size))[:, rows]
    turn(state, rows, product, day, book)
    state.term[rows, product] = 1
    state.term_end[rows, product] = NEVER
    state.ended_age[rows] = 0
    renews = (draws[0] < terms.renewal) & (product == state.main[rows])
    bind(state, rows[renews], day[renews], np.where(draws[1] < 0.35, 12, 24)[renews])
    rewarded = renews & (draws[2] < terms.renewal_discount) & (state.discount[rows, product] == 0)
    months = np.full(int(rewarded.sum()), 12)
    promise(state, rows[rewarded], day[rewarded], share=np.full(len(months), terms.renewal_share), months=months)


def change_terms(state: State, span: Span, now: Month) -> None:
    """All changes of terms of a month, for as long as each account is there."""
    random = now.random(Subject.TERMS)
    end_terms(state, span.stop_of_present, parameters=now.parameters, random=random, book=now.book)
    change_plans(state, span, now, random)
    rebind(state, span, now, random)
    change_add_ons(state, span, now, random)


def _later_day(state: State, rows: Ints, product: Ints, span: Span, luck: np.ndarray) -> tuple[Ints, Bools]:
    """A day after the row's start and within the span; and where there is one."""
    low = np.maximum(span.start[rows], state.start[rows, product] + 1)
    room = span.stop[rows] - low
    return low + (luck[rows] * np.maximum(room, 0)).astype(np.int64), room > 0


def change_plans(state: State, span: Span, now: Month, random: np.random.Generator) -> None:
    """Broadband plans changed: faster with a new contract, slower, or from copper to fibre."""
    terms, prices = now.parameters.terms, catalogue(now.parameters.plans)
    luck, choice, place = random.random((3, state.size))
    ordinary = span.present & state.held[:, BROADBAND] & (state.line == 0)
    plan = state.plan[:, BROADBAND]
    rollout = (prices.technology[plan] == 0) & (random.random(state.size) < terms.fibre_rollout)
    fibre = prices.choice(np.zeros(state.size, int), np.full(state.size, 2), state.type > 0, choice)
    upgrade = upgrading(state, now.parameters)
    up = choice < upgrade
    down = ~up & (choice < upgrade + terms.downgrade)
    wanted = np.where(rollout, fibre, np.where(up, prices.step(plan, 1), np.where(down, prices.step(plan, -1), plan)))
    rows = np.flatnonzero(ordinary & (wanted != plan))
    product = np.full(len(rows), BROADBAND)
    day, room = _later_day(state, rows, product, span, place)
    rows, product, day = rows[room], product[room], day[room]
    faster = rows[prices.mbps[wanted[rows]] > prices.mbps[plan[rows]]]
    turn(state, rows, product, day, now.book)
    _note(state, faster, BROADBAND, UPGRADE, now)
    state.plan[rows, product] = wanted[rows]
    state.fee[rows, product] = own_price(state, rows, prices.fee[wanted[rows]], now.parameters)
    state.offered[rows] = prices.technology[wanted[rows]]
    state.discount[rows, product] = np.minimum(state.discount[rows, product], state.fee[rows, product])
    bound = rows[~down[rows]]
    bind(state, bound, day[~down[rows]], np.where(luck < 0.5, 12, 24)[bound])


def _note(state: State, rows: Ints, product: int, kind: int, now: Month) -> None:
    """Write down who takes what, before it is taken: for the truth alone."""
    now.book.add("taken", customer=state.account[rows], month=now.number, product=product, kind=kind)


def rebind(state: State, span: Span, now: Month, random: np.random.Generator) -> None:
    """Accounts on monthly terms that take a new contract."""
    luck, place, choice = random.random((3, state.size))
    free = span.present & (state.line == 0) & (state.of_main("term_end") == NEVER)
    rows = np.flatnonzero(free & (luck < now.parameters.terms.recontract))
    product = state.main[rows]
    day, room = _later_day(state, rows, product, span, place)
    rows, product, day = rows[room], product[room], day[room]
    turn(state, rows, product, day, now.book)
    bind(state, rows, day, TERM_CHOICES[1 + (choice[rows] < 0.6).astype(int)])


def change_add_ons(state: State, span: Span, now: Month, random: np.random.Generator) -> None:
    """Add-ons taken and given up; seldom the broadband line itself, by those who keep mobile."""
    terms = now.parameters.terms
    luck, place, choice = random.random((3, len(PRODUCTS), state.size))
    ordinary = span.present & (state.line == 0)
    for product in range(len(PRODUCTS)):
        held = state.held[:, product]
        rows = takers(state, product, luck=luck[product], base=terms.added[product], parameters=now.parameters)
        rows = rows[(ordinary & ~held)[rows]]
        _note(state, rows, product, NEW, now)
        day = span.start[rows] + (place[product][rows] * span.length[rows]).astype(np.int64)
        ended = np.flatnonzero(ordinary & held & (luck[product] < terms.dropped[product]))
        ended = ended[main_products(state.held[ended]) != product]
        if product == BROADBAND:
            ended = np.flatnonzero(ordinary & held & state.held[:, MOBILE] & (luck[product] < terms.dropped_main))
        plan = choose(state, rows, product, luck=choice[product][rows], parameters=now.parameters)
        open_products(state, rows, plan, day=day, parameters=now.parameters)
        code = np.full(len(ended), product)
        last, room = _later_day(state, ended, code, span, place[product])
        close(state, ended[room], code[room], last[room], now.book)
