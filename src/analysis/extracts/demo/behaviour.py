"""What customers do with what they have: a latent type, drawn at signup, that changes now and then.

No column shows it. It sets the levels of use (`usage`), which products are taken (`affinity`) and how fast a plan is
chosen. A change moves the level of use at once; it is not `State.fall`, so that leaving does not depend on it.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.extracts.demo.days import day_of, months_of
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import MOBILE, VOICE
from analysis.extracts.demo.parameters_behaviour import Behaviours
from analysis.extracts.demo.shapes import Behaviour
from analysis.extracts.demo.state import NOBODY, Bools, Floats, Ints, State, active_rows, main_products
from analysis.extracts.demo.world import Month

MEASURES = ("download", "upload", "voice", "days", "logins", "evening")
MIDDLE_AGE = 45  # where no year of birth is known
QUARTER = 3  # months


@cache
def everyone(behaviours: Behaviours) -> tuple[Behaviour, ...]:
    """All behaviours in the order of their codes, the newcomer last."""
    new = behaviours.newcomer
    return (*behaviours.known, new.behaviour) if new else behaviours.known


@cache
def levels(behaviours: Behaviours) -> Floats:
    """What each behaviour adds to each measure: a row per measure, a column per behaviour; the last, for none, zero."""
    return np.array([[*(getattr(one, name) for one in everyone(behaviours)), 0.0] for name in MEASURES])


@cache
def speeds(behaviours: Behaviours) -> Floats:
    """How much faster a plan each behaviour chooses; the last, for none, zero."""
    return np.array([*(one.speed for one in everyone(behaviours)), 0.0])


class Who(NamedTuple):
    """What a behaviour depends on, an entry per customer."""

    business: Bools
    age: Ints
    main: Ints  # product
    day: Ints


def who(state: State, rows: Ints, main: Ints, day: Ints) -> Who:
    """Some accounts as of a day; middle-aged where no year of birth is known."""
    born = state.birth_year[rows]
    age = np.where(born > 0, months_of(day) // 12 - born, MIDDLE_AGE)
    return Who(state.type[rows] > 0, age, main, day)


def chances(customers: Who, behaviours: Behaviours) -> Floats:
    """Chance of each known behaviour: a row per customer, summing to 1."""
    known = behaviours.known
    effects = np.array([(one.young, one.old, one.mobile, one.voice_only) for one in known])
    age, main = customers.age, customers.main
    is_so = np.stack([age < 30, age >= 65, main == MOBILE, main == VOICE], axis=1)
    shares = np.array([(one.share, one.business) for one in known])[:, customers.business.astype(int)].T
    weights = shares * np.exp(is_so @ effects.T)
    return weights / weights.sum(axis=1, keepdims=True)


def drawn(customers: Who, behaviours: Behaviours, luck: Floats) -> Ints:
    """A behaviour for each customer; `luck` between 0 and 1."""
    new = behaviours.newcomer
    share = new.joiners * (customers.day >= day_of(new.begins)) if new else np.zeros(len(luck))
    edges = np.cumsum(chances(customers, behaviours), axis=1)
    known = (((luck - share) / (1 - share))[:, None] > edges[:, :-1]).sum(axis=1)
    return np.where(luck < share, len(behaviours.known), known)


def settle_behaviour(state: State, rows: Ints, customers: Who, *, behaviours: Behaviours, luck: Floats) -> None:
    """Draw the behaviour of those who never had one; who returns or moves house keeps theirs."""
    first = state.behaviour[rows] == NOBODY
    state.behaviour[rows[first]] = drawn(customers, behaviours, luck)[first]


def change_behaviour(state: State, now: Month) -> None:
    """Draw a few anew on the month's first day; some take up a behaviour that begins in it."""
    behaviours = now.parameters.behaviours
    luck, which = now.random(Subject.BEHAVIOUR).random((2, state.size))
    settled = state.active & (state.behaviour != NOBODY)
    rows = np.flatnonzero(settled & (luck < behaviours.drawn_anew))
    customers = who(state, rows, main_products(state.held[rows]), np.full(len(rows), now.first))
    state.behaviour[rows] = drawn(customers, behaviours, which[rows])
    new = behaviours.newcomer
    if new and now.first <= day_of(new.begins) < now.end:
        state.behaviour[settled & (luck > 1 - new.existing)] = len(behaviours.known)


def note_behaviour(state: State, now: Month) -> None:
    """Write down, at a quarter's end, who behaves how: for the truth alone."""
    if now.number % QUARTER == QUARTER - 1 and now.book.wants("behaviour"):
        rows = active_rows(state, now.parameters.bills.suspended_after)
        now.book.add("behaviour", customer=state.account[rows], month=now.number, behaviour=state.behaviour[rows])
