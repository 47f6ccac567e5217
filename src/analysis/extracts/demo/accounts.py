"""The tables with a row per account: `customers` and `identities`."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo import names
from analysis.extracts.demo.cells import Cells, dates, integers, money, words
from analysis.extracts.demo.days import NEVER
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.state import NOBODY, NORMAL, TEST, Ints, State
from analysis.extracts.demo.tables import Labels, area_ids

ACTIVE, SUSPENDED, CHURNED, TEST_LINE, STAFF_LINE = range(5)


def statuses(state: State, suspended_after: int) -> Ints:
    """What the provider's system says of each account on the last day."""
    line = np.where(state.line == TEST, TEST_LINE, STAFF_LINE)
    standing = np.where(state.unpaid >= suspended_after, SUSPENDED, ACTIVE)
    return np.where(state.line != NORMAL, line, np.where(state.active, standing, CHURNED))


def customers(state: State, labels: Labels) -> dict[str, Cells]:
    """A row per account that has joined; the first signup, the last leaving."""
    world = labels.world
    areas = world.areas
    there = labels.number >= 0
    return {
        "customer_id": words(state.account, labels.customers),
        "signup_date": dates(state.signup),
        "churn_date": dates(np.where(state.active, NEVER, state.left)),
        "churn_reason": words(state.reason, names.REASONS),
        "churn_kind": words(state.kind, names.KINDS),
        "status": words(statuses(state, world.parameters.bills.suspended_after), names.STATUSES),
        "customer_type": words(state.type, names.TYPES),
        "industry": words(state.industry, names.INDUSTRIES),
        "employees": integers(state.employees),
        "birth_year": integers(state.birth_year),
        "household_id": words(state.household, labels.households),
        "parent_id": words(_if_there(state.parent, there), labels.customers),
        "region": words(areas.region[state.area], names.REGIONS[labels.language]),
        "area_id": words(state.area, area_ids(world)),
        "area_type": words(areas.rural[state.area].astype(np.int64), names.AREA_TYPES),
        "acquisition_channel": words(state.channel, names.CHANNELS),
        "acquisition_cost": money(state.cost),
        "account_role": words(state.role, names.ROLES),
        "replaces_customer_id": words(_if_there(state.replaces, there), labels.customers),
    }


def _if_there(account: Ints, there: np.ndarray) -> Ints:
    """Accounts that are in the extract; nobody for the others."""
    return np.where((account >= 0) & there[np.maximum(account, 0)], account, NOBODY)


def identities(state: State, labels: Labels) -> dict[str, Cells]:
    """Invented names, telephone numbers kept free for fiction, addresses at example.com; the same after a move."""
    random = labels.world.draws.stream(Subject.IDENTITIES, labels.chunk)
    size = len(labels.number)
    draws = {
        "first": random.integers(0, len(names.SYLLABLES_FIRST), size),
        "last": random.integers(0, len(names.SYLLABLES_LAST), size),
        "company": random.integers(0, len(names.COMPANIES), size),
        "phone": random.integers(0, 1000 * len(names.FICTIONAL_PHONES), size),
        "street": random.integers(0, len(names.STREETS), size),
        "house": random.integers(1, 180, size),
    }
    people = [_identity(row, state, labels, draws) for row in range(state.size)]
    columns = ("last_name", "account_name", "company", "phone", "email", "address")
    by_column = list(zip(*people, strict=True))
    there = {name: words(np.arange(state.size), by_column[place]) for place, name in enumerate(columns)}
    return {"customer_id": words(state.account, labels.customers), **there}


def _identity(row: int, state: State, labels: Labels, draws: dict[str, Ints]) -> tuple[str | None, ...]:
    """Last name, account name, company, telephone, mail, address of one account."""
    account = int(state.account[row])
    person = int(state.person[row])
    name = names.SYLLABLES_FIRST[draws["first"][person]] + names.SYLLABLES_LAST[draws["last"][person]]
    company = f"{name} {names.COMPANIES[draws['company'][person]]}" if state.type[row] > 0 else None
    login = f"{name.lower()}{labels.chunk}x{person}"
    prefix, digits = divmod(int(draws["phone"][person]), 1000)
    phone = f"{names.FICTIONAL_PHONES[prefix]} {digits:03d}"
    region = names.REGIONS[labels.language][labels.world.areas.region[state.area[row]]]
    street = f"{draws['house'][account]} {names.STREETS[draws['street'][account]]} {region}"
    return name, login, company, phone, f"{login}@example.com", street
