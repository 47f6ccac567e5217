"""Products held: rows of `subscriptions` opened, closed, and turned into the next on changed terms."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from analysis.extracts.demo.affinity import log_odds
from analysis.extracts.demo.behaviour import settle_behaviour, speeds, who
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.catalogue import catalogue
from analysis.extracts.demo.days import NEVER, add_months
from analysis.extracts.demo.parameters import BROADBAND, PRODUCTS, TECHNOLOGIES, Parameters
from analysis.extracts.demo.state import STAFF, TEST, Bools, Floats, Ints, State
from analysis.extracts.demo.world import Month

TERM_CHOICES = np.array([1, 12, 24])


def record(state: State, rows: Ints, product: Ints, *, end: Ints | int, book: Book) -> None:
    """Write the subscription rows as they stand, ended on `end`."""
    at = (rows, product)
    book.add(
        "subscriptions", customer=state.account[rows], product=product, plan=state.plan[at],
        monthly_fee=state.fee[at], discount=state.discount[at], discount_end_date=state.discount_end[at],
        contract_months=state.term[at], contract_end_date=state.term_end[at],
        payment_method=state.payment_method[rows], start_date=state.start[at], end_date=end,
    )  # fmt: skip


def turn(state: State, rows: Ints, product: Ints, day: Ints, book: Book) -> None:
    """Close rows on a day, so that the caller can set the terms of the next; a row of no length leaves no trace."""
    older = day > state.start[rows, product]
    record(state, rows[older], product[older], end=day[older], book=book)
    state.start[rows, product] = np.maximum(day, state.start[rows, product])


def close(state: State, rows: Ints, product: Ints, day: Ints, book: Book) -> None:
    """End products on a day."""
    turn(state, rows, product, day, book)
    state.held[rows, product] = False


def close_all(state: State, rows: Ints, day: Ints, book: Book) -> None:
    """End everything that accounts hold, each on its day."""
    place, product = np.nonzero(state.held[rows])
    close(state, rows[place], product, day[place], book)


def choose(state: State, rows: Ints, product: int, *, luck: Floats, parameters: Parameters) -> Ints:
    """A plan of a product for each account, by the house's connection and the kind of customer."""
    prices = catalogue(parameters.plans)
    return prices.choice(np.full(len(rows), product), state.offered[rows], state.type[rows] > 0, luck)


def open_products(state: State, rows: Ints, plan: Ints, *, day: Ints, parameters: Parameters) -> None:
    """Begin to hold a plan's product on monthly terms at the list price."""
    prices = catalogue(parameters.plans)
    at = (rows, prices.product[plan])
    state.held[at] = True
    state.plan[at] = plan
    state.fee[at] = own_price(state, rows, prices.fee[plan], parameters)
    state.discount[at] = 0
    state.discount_end[at] = NEVER
    state.term[at] = 1
    state.term_end[at] = NEVER
    state.start[at] = day


def own_price(state: State, rows: Ints, fee: Ints, parameters: Parameters) -> Ints:
    """What the account pays of a list price: staff less, test lines nothing."""
    line = state.line[rows]
    return np.where(line == TEST, 0, np.where(line == STAFF, (fee * parameters.terms.staff_fee).astype(int), fee))


def join(state: State, rows: Ints, day: Ints, *, parameters: Parameters, random: np.random.Generator) -> None:
    """A spell begins: main product, contract, promotion and add-ons."""
    terms = parameters.terms
    main = random.choice(3, len(rows), p=parameters.population.main_product)
    customers = who(state, rows, main, day)
    settle_behaviour(state, rows, customers, behaviours=parameters.behaviours, luck=random.random(len(rows)))
    for product in range(len(PRODUCTS)):
        wanted = main == product
        if product > 0:
            wanted = wanted | (random.random(len(rows)) < _chosen(state, rows, product, parameters))
        luck = random.random(len(rows))[wanted] ** (1.2 * _slower(state, rows[wanted], product, parameters))
        plan = choose(state, rows[wanted], product, luck=luck, parameters=parameters)
        open_products(state, rows[wanted], plan, day=day[wanted], parameters=parameters)
    state.active[rows] = True
    state.spell_start[rows] = day
    bind(state, rows, day, TERM_CHOICES[random.choice(3, len(rows), p=terms.contract)])
    promised = random.random(len(rows)) < terms.promotion
    share = random.uniform(*terms.promotion_share, len(rows))
    length = np.array(terms.promotion_months)[random.integers(0, len(terms.promotion_months), len(rows))]
    promise(state, rows[promised], day[promised], share=share[promised], months=length[promised])


def _chosen(state: State, rows: Ints, product: int, parameters: Parameters) -> Floats:
    """Chance of choosing an add-on at signup, by what is chosen before it in the order of `PRODUCTS`."""
    terms = parameters.terms
    odds = terms.signup_affinity * log_odds(state, rows, product, parameters)
    return expit(logit(terms.at_signup[product]) + odds)


def _slower(state: State, rows: Ints, product: int, parameters: Parameters) -> Floats:
    """How much the choice of a broadband plan is drawn towards the slower ones, by behaviour."""
    speed = speeds(parameters.behaviours)[state.behaviour[rows]]
    return np.exp(-speed) if product == BROADBAND else np.ones(len(rows))


def bind(state: State, rows: Ints, day: Ints, months: Ints) -> None:
    """A contract on the main product from a day on; one month means that it is not bound."""
    product = state.main[rows]
    state.term[rows, product] = months
    state.term_end[rows, product] = np.where(months > 1, add_months(day, months), NEVER)


def promise(state: State, rows: Ints, day: Ints, *, share: Floats, months: Ints) -> None:
    """A discount on the main product from a day on, rounded down to half a euro."""
    product = state.main[rows]
    discount = (state.fee[rows, product] * share / 50).astype(np.int64) * 50
    state.discount[rows, product] = discount
    state.discount_end[rows, product] = np.where(discount > 0, add_months(day, months), NEVER)


def technology_of(state: State, parameters: Parameters) -> Ints:
    """Technology of the broadband line; NO_TECHNOLOGY without one."""
    found = catalogue(parameters.plans).technology[state.plan[:, BROADBAND]]
    return np.where(state.held[:, BROADBAND], found, -1)


def held_with(state: State, technologies: tuple[str, ...], product: int, parameters: Parameters) -> Bools:
    """Who holds a product, of some technologies where any are named."""
    wanted = [TECHNOLOGIES.index(name) for name in technologies if name in TECHNOLOGIES]
    right = np.isin(technology_of(state, parameters), wanted) if wanted else np.True_
    return state.held[:, product] & right


def rise_prices(state: State, now: Month) -> None:
    """The price rises of this month, on its first day, for accounts that are settled."""
    for rise in now.parameters.rises:
        in_year = rise.even_years is None or rise.even_years == ((now.number // 12) % 2 == 0)
        if now.number % 12 + 1 != rise.calendar_month or not in_year:
            continue
        settled = state.active & (state.line == 0) & (state.tenure(now.first) >= rise.settled_months)
        rows = np.flatnonzero(settled & held_with(state, rise.technologies, rise.product, now.parameters))
        product = np.full(len(rows), rise.product)
        share = rise.fee / np.maximum(state.of_main("fee")[rows], 1)
        turn(state, rows, product, np.full(len(rows), now.first), now.book)
        state.fee[rows, product] += rise.fee
        state.rise[rows] = np.where(state.rise_age[rows] == 0, state.rise[rows], 0) + share
        state.rise_age[rows] = 0
