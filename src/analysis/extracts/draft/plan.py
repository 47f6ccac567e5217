"""Which raw tables each contract table is drafted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.extracts.contract import CONTRACT
from analysis.extracts.draft.assign import SURE, Match, matches, table_score
from analysis.extracts.draft.keys import Keys
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.samples import RawTable

_PER_CUSTOMER = ("customers", "identities")  # contract tables with one row per customer
RARELY_FULL = 0.95


@dataclass(frozen=True)
class Planned:
    """A contract table and what it is drafted from: the first raw table, others joined to it by the customer's key.

    `also` are raw tables that look like this contract table too and are not used.
    """

    table: str
    raws: tuple[RawTable, ...]
    found: tuple[Match, ...]
    also: tuple[str, ...] = ()

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
    people = _people(raws, columns, keys, own)
    plans = {}
    taken = {raw.name for raw in (*own.values(), *people)}
    for table, raw in own.items():
        also = tuple(other.name for other in raws if other.name not in taken and _best(other.name, scores) == table)
        plans[table] = Planned(table, (raw,), tuple(fits[raw.name, table]), also)
    if people:
        plans |= _of_people(people, columns, keys, plans)
    return [plans[table] for table in CONTRACT if table in plans]


def _may_be(raw: str, table: str, columns: Mapping[str, Sequence[Column]], keys: Keys, found: Sequence[Match]) -> bool:
    """Whether the rows could be the contract table's: one row per customer is one, several are others."""
    if table in _PER_CUSTOMER:
        return _one_per_customer(raw, columns, keys)
    if table == "subscriptions" and _one_per_customer(raw, columns, keys):
        return any(match.target.name == "subscription_id" and match.header >= 0.5 for match in found)
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
