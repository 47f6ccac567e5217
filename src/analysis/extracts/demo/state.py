"""The state of a chunk of accounts at the start of a month: all that the next month depends on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.extracts.demo.days import AVERAGE_MONTH, NEVER
from analysis.extracts.demo.parameters import BROADBAND, MOBILE, PRODUCTS, VOICE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOBODY = -1
LONG_AGO = 99  # months since something that is no longer felt
NORMAL, TEST, STAFF = 0, 1, 2  # what `line` says
OWN = ("gb", "upload", "voice", "days", "logins", "evening")  # in the order of `Use.spreads`


@dataclass
class State:
    """Arrays with one entry per account; those of products have a column per product of `PRODUCTS`.

    Accounts that have not joined yet, and places kept for house moves, are in it with `active` false.
    """

    # profile
    account: Ints  # place in the chunk; never changes
    person: Ints  # the account a person had first: a house move does not change it
    type: Ints
    industry: Ints
    employees: Ints
    birth_year: Ints
    household: Ints
    parent: Ints
    area: Ints
    offered: Ints  # technology that the house is connected by
    channel: Ints
    cost: Ints
    role: Ints
    line: Ints
    replaces: Ints
    payment_method: Ints
    # latent: no column shows these
    frailty: Floats
    sensitivity: Floats
    level: Floats
    payer: Ints
    behaviour: Ints  # place in `behaviour.everyone`
    gb: Floats  # from here on: how far the use of each kind lies from the mean of those who behave alike
    upload: Floats
    voice: Floats
    days: Floats
    logins: Floats
    evening: Floats
    # spells
    signup: Ints
    spell_start: Ints
    active: Bools
    left: Ints
    kind: Ints
    reason: Ints
    returns_on: Ints
    # products
    held: Bools
    plan: Ints
    fee: Ints
    discount: Ints
    discount_end: Ints
    term: Ints
    term_end: Ints
    start: Ints
    # moving
    satisfaction: Floats
    fading: Bools
    fall: Floats
    felt_fall: Floats
    tickets: Floats
    complaints: Floats
    mentions: Floats
    unpaid: Ints
    pays_on: Ints
    rise: Floats
    rise_age: Ints
    lost: Floats
    lost_age: Ints
    ended_age: Ints
    contact_effect: Floats
    contact_age: Ints
    contacted: Ints  # month of the last contact of any campaign
    credit: Ints
    credits_left: Ints
    goodwill: Ints
    # what the records tell of the latent parts: for the truth alone, no leaving and no row depends on it
    shown: Floats  # the part of satisfaction that recorded events made: the rest is level and mood
    endured: Floats  # hazard of leaving by choice lived through since the warm-up began, hidden parts at zero
    endured_before: Floats  # the same before the warm-up
    choices: Ints  # times left by choice
    nps: Ints  # of the last answered survey
    csat: Ints
    answered_on: Ints
    asked_in: Ints  # its month
    shown_then: Floats  # `shown` at the end of that month
    bills: Ints  # months billed, but for those after the first of a run without payment
    late_bills: Ints  # paid, but after the day they were due
    stops: Ints  # times that payment stopped
    billed_on: Ints  # the last bill: its day, and the day it will be paid
    pays_last: Ints

    @property
    def size(self) -> int:
        return len(self.account)

    def take(self, rows: Ints) -> State:
        """The state of some accounts, copied."""
        return State(**{f.name: getattr(self, f.name)[rows].copy() for f in fields(self)})

    @property
    def main(self) -> Ints:
        """The product an account hangs on."""
        return main_products(self.held)

    def of_main(self, name: str) -> Any:
        """A column of `products`, at the main product."""
        return getattr(self, name)[np.arange(self.size), self.main]

    def tenure(self, day: int) -> Floats:
        """Months of the present spell on a day."""
        return np.maximum(day - self.spell_start, 0) / AVERAGE_MONTH


_START: dict[str, tuple[Any, Any]] = {
    "household": (NOBODY, np.int64), "parent": (NOBODY, np.int64), "replaces": (NOBODY, np.int64),
    "signup": (NEVER, np.int64), "spell_start": (NEVER, np.int64), "left": (NEVER, np.int64),
    "returns_on": (NEVER, np.int64), "discount_end": (NEVER, np.int64), "term_end": (NEVER, np.int64),
    "pays_on": (NEVER, np.int64), "rise_age": (LONG_AGO, np.int64), "lost_age": (LONG_AGO, np.int64),
    "ended_age": (LONG_AGO, np.int64), "contact_age": (LONG_AGO, np.int64), "kind": (NOBODY, np.int64),
    "reason": (NOBODY, np.int64), "employees": (NOBODY, np.int64), "industry": (NOBODY, np.int64),
    "birth_year": (NOBODY, np.int64), "behaviour": (NOBODY, np.int64), "answered_on": (NEVER, np.int64),
}  # fmt: skip
_BY_PRODUCT = ("held", "plan", "fee", "discount", "discount_end", "term", "term_end", "start")
_TYPES = {"Floats": np.float64, "Ints": np.int64, "Bools": np.bool_}


def empty_state(size: int) -> State:
    """Accounts of which nothing is known yet."""
    arrays: dict[str, Any] = {}
    for f in fields(State):
        value, kind = _START.get(f.name, (0, _TYPES[str(f.type)]))
        shape = (size, len(PRODUCTS)) if f.name in _BY_PRODUCT else (size,)
        arrays[f.name] = np.full(shape, value, dtype=kind)
    arrays["account"], arrays["person"] = np.arange(size), np.arange(size)
    return State(**arrays)


def main_products(held: Bools) -> Ints:
    """The product each account hangs on: broadband, else mobile, else voice, else the first held."""
    without = np.where(held[:, MOBILE], MOBILE, np.where(held[:, VOICE], VOICE, held.argmax(axis=1)))
    return np.where(held[:, BROADBAND], BROADBAND, without)


def active_rows(state: State, suspended_after: int) -> Ints:
    """Customers whose truth is told: active, not suspended, neither test nor staff."""
    return np.flatnonzero(state.active & (state.line == NORMAL) & (state.unpaid < suspended_after))
