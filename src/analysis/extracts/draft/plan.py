"""Which raw tables each contract table is drafted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.extracts.contract import CONTRACT
from analysis.extracts.draft.assign import FEWEST, NAMED, SURE, Match, matches, named_for, table_score
from analysis.extracts.draft.keys import Keys
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.samples import RawTable
from analysis.extracts.selected import IDENTITIES

_PER_CUSTOMER = ("customers", "identities")  # contract tables with one row per customer
NAMED_SO = 0.5  # likeness of a header from which it, rather than the values, says what a column is


@dataclass(frozen=True)
class Planned:
    """A contract table and what it is drafted from: the first raw table, others joined to it by the customer's key.

    `also` are raw tables that look like this contract table too and are not used; `more` are plans of the same
    contract table from other systems, whose customers the first does not know: their rows are put below.
    """

    table: str
    raws: tuple[RawTable, ...]
    found: tuple[Match, ...]
    also: tuple[str, ...] = ()
    more: tuple[Planned, ...] = ()

    @property
    def every(self) -> tuple[Planned, ...]:
        """The plan, and those of further systems."""
        return (self, *self.more)

    @property
    def every_raw(self) -> list[RawTable]:
        return [raw for plan in self.every for raw in plan.raws]

    @property
    def missing(self) -> list[str]:
        names = {match.target.name for match in self.found}
        return [column.name for column in CONTRACT[self.table].columns if column.required and column.name not in names]

    def match(self, name: str) -> Match | None:
        return next((match for match in self.found if match.target.name == name), None)


def planned(raws: Sequence[RawTable], columns: Mapping[str, Sequence[Column]], keys: Keys) -> list[Planned]:
    """The contract tables that can be drafted, in the contract's order."""
    fits = {(raw.name, table): matches(columns[raw.name], table, keys) for raw in raws for table in CONTRACT}
    scores = {
        (raw, table): table_score(raw, columns[raw], table, found)
        if _may_be(raw, table, columns, keys, found)
        else -1.0
        for (raw, table), found in fits.items()
    }
    own = _assigned(raws, scores)
    if "customers" not in own and IDENTITIES in own and _named(fits[own[IDENTITIES].name, "customers"]):
        own["customers"] = own[IDENTITIES]  # who a customer is, and all else of one, in one table
    apart = _apart(own, raws, columns, keys, fits)
    people = [raw for raw in _people(raws, columns, keys, own) if raw not in apart]
    plans = {}
    taken = {raw.name for raw in (*own.values(), *people, *apart)}
    for table, raw in own.items():
        also = tuple(other.name for other in raws if other.name not in taken and _best(other.name, scores) == table)
        plans[table] = Planned(table, (raw,), tuple(fits[raw.name, table]), also)
    if people:
        plans |= _of_people(people, columns, keys, plans)
    if apart:
        plans |= _of_systems([own["customers"], *apart], plans, fits)
    return [plans[table] for table in CONTRACT if table in plans]


def _may_be(raw: str, table: str, columns: Mapping[str, Sequence[Column]], keys: Keys, found: Sequence[Match]) -> bool:
    """Whether the rows could be the contract table's: one row per customer is one, several are others."""
    if table in _PER_CUSTOMER:
        return _one_per_customer(raw, columns, keys)
    if table == "subscriptions" and _one_per_customer(raw, columns, keys):
        names = {match.target.name: match.header for match in found}
        told = named_for(raw, table) >= NAMED and "product" in names
        return "subscription_id" in names and (told or names["subscription_id"] >= NAMED_SO)
    return True


def _one_per_customer(raw: str, columns: Mapping[str, Sequence[Column]], keys: Keys) -> bool:
    name = keys.customer.get(raw)
    column = next((column for column in columns[raw] if column.name == name), None)
    return column is not None and column.is_unique


def _assigned(raws: Sequence[RawTable], scores: Mapping[tuple[str, str], float]) -> dict[str, RawTable]:
    """Contract table → the raw table that fits it best, each used once."""
    tables = list(CONTRACT)
    grid = np.array([[max(scores[raw.name, table], 0.0) for table in tables] for raw in raws])
    if not grid.size:
        return {}
    rows, picked = linear_sum_assignment(grid - 1e-6 * np.arange(len(raws))[:, None], maximize=True)
    return {tables[pick]: raws[row] for row, pick in zip(rows, picked, strict=True) if grid[row, pick] > 0}


def _apart(
    own: dict[str, RawTable],
    raws: Sequence[RawTable],
    columns: Mapping[str, Sequence[Column]],
    keys: Keys,
    fits: Mapping[tuple[str, str], Sequence[Match]],
) -> list[RawTable]:
    """Raw tables with one row per customer that hold customers of another system: most are not in `customers`."""
    first = own.get("customers")
    if first is None or first.name not in keys.customer:
        return []
    taken = {raw.name: table for table, raw in own.items()}
    known = keys.linked.get((first.name, keys.customer[first.name]), frozenset())
    return [
        raw
        for raw in raws
        if taken.get(raw.name, IDENTITIES) == IDENTITIES
        and _one_per_customer(raw.name, columns, keys)
        and (raw.name, keys.customer[raw.name]) not in known
        and _named(fits[raw.name, "customers"])
    ]


def _named(found: Sequence[Match]) -> int:
    """How many columns beside keys say by their headers what they are."""
    return sum(match.header >= NAMED_SO and not match.target.is_id for match in found)


def _of_systems(
    systems: Sequence[RawTable], plans: Mapping[str, Planned], fits: Mapping[tuple[str, str], Sequence[Match]]
) -> dict[str, Planned]:
    """Customers of every system, one below the other, and who they are where their names are told."""
    more = [Planned("customers", (raw,), tuple(fits[raw.name, "customers"])) for raw in systems[1:]]
    found = {"customers": replace(plans["customers"], more=tuple(more))}
    people = [
        Planned(IDENTITIES, (raw,), tuple(fits[raw.name, IDENTITIES]))
        for raw in systems
        if _named(fits[raw.name, IDENTITIES]) >= FEWEST
    ]
    own = plans.get(IDENTITIES)
    if own and own.raws[0] not in systems:
        people.insert(0, own)
    return found | ({IDENTITIES: replace(people[0], more=tuple(people[1:]))} if people else {})


def _best(raw: str, scores: Mapping[tuple[str, str], float]) -> str | None:
    table = max(CONTRACT, key=lambda table: scores[raw, table])
    return table if scores[raw, table] > 0 else None


def _people(
    raws: Sequence[RawTable], columns: Mapping[str, Sequence[Column]], keys: Keys, own: dict[str, RawTable]
) -> list[RawTable]:
    """Raw tables with one row per customer, the one that is `customers` first, then the fullest."""
    taken = {raw.name: table for table, raw in own.items()}
    some = [
        raw
        for raw in raws
        if _one_per_customer(raw.name, columns, keys) and taken.get(raw.name, "customers") == "customers"
    ]
    return sorted(some, key=lambda raw: (taken.get(raw.name) != "customers", -columns[raw.name][0].rows))


def _of_people(
    people: Sequence[RawTable], columns: Mapping[str, Sequence[Column]], keys: Keys, plans: Mapping[str, Planned]
) -> dict[str, Planned]:
    """Customers, and what is held where no raw table tells it by itself, from all tables with one row per customer."""
    first, *others = people
    pool = list(columns[first.name])
    for raw in others:
        pool += [column for column in columns[raw.name] if column.name != keys.customer[raw.name]]
    found = {"customers": _needed(people, matches(pool, "customers", keys), "customers")}
    if "subscriptions" not in plans:
        held = matches(pool, "subscriptions", keys)
        fee = next((match for match in held if match.target.name == "monthly_fee"), None)
        if fee is not None and fee.score >= SURE:
            held = [match for match in held if match.score >= SURE or match.target.name == "customer_id"]
            found["subscriptions"] = _needed(people, held, "subscriptions")
    return found


def _needed(people: Sequence[RawTable], found: Sequence[Match], table: str) -> Planned:
    """The plan with only those tables joined that give a column."""
    used = {match.column.table for match in found}
    raws = tuple(raw for place, raw in enumerate(people) if place == 0 or raw.name in used)
    return Planned(table, raws, tuple(found))
