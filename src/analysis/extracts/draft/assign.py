"""Raw columns against contract columns, one to one, so that the whole fits best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.extracts.contract import CONTRACT
from analysis.extracts.draft.keys import Keys
from analysis.extracts.draft.likely_names import TABLE_NAMES
from analysis.extracts.draft.likeness import words
from analysis.extracts.draft.plausible import scored
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.targets import Target, targets_of
from analysis.extracts.rules import ORDERED
from analysis.extracts.spellings import plain_name

FLOOR = 0.34  # a worse fit is no fit
SURE = 0.62  # below it, or with a rival nearly as good, a person must look
CLOSE = 0.88
NAMED = 0.4  # from which a raw table's name speaks for a contract table
SEVERAL = 4  # required columns of which one may be missing
FEWEST = 2  # columns beside the customer's key without which a raw table is no contract table


@dataclass(frozen=True)
class Match:
    """A raw column taken for a contract column; `rivals` are others that fit nearly as well."""

    target: Target
    column: Column
    score: float
    header: float
    rivals: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE and not self.rivals


def matches(columns: Sequence[Column], table: str, keys: Keys) -> list[Match]:
    """The best one-to-one assignment of raw columns to the table's columns, in the contract's order."""
    targets = targets_of(table)
    if not columns:
        return []
    scores = [[scored(column, target, keys) for column in columns] for target in targets]
    totals = np.array([[cell.total for cell in row] for row in scores])
    totals = np.where(totals >= FLOOR, totals, 0.0)
    # Of equals the column that stands first: a hair less for each place.
    rows, picked = linear_sum_assignment(totals - 1e-6 * np.arange(len(columns)), maximize=True)
    found = []
    for row, pick in zip(rows, picked, strict=True):
        if totals[row, pick] > 0:
            rivals = _rivals(row, pick, totals, columns, set(picked))
            cell = scores[row][pick]
            found.append(Match(targets[row], columns[pick], cell.total, cell.header, rivals))
    return _with_days_left(found, targets, columns)


def _with_days_left(found: list[Match], targets: Sequence[Target], columns: Sequence[Column]) -> list[Match]:
    """The matches, and days or times that are left when all else has its place: never those of customers.

    A required one takes the fullest column left; the day that ends it the only one left that is not always filled.
    """
    table = targets[0].table
    if table in ("customers", "subscriptions"):
        return found
    names, used = {match.target.name for match in found}, {match.column.name for match in found}
    left = [
        one
        for one in columns
        if one.name not in used and one.is_date and one.written and one.written.kind != "clock" and one.whole < 1
    ]
    for target in targets:
        if target.name in names or target.type not in ("date", "time"):
            continue
        own = target.required and target.name in CONTRACT[table].own_date
        later = target.name == ORDERED.get(table, ("", ""))[1] and ORDERED[table][0] in names
        fitting = [one for one in left if (one.filled == one.rows if own else 0 < one.filled < one.rows)]
        if (own or later) and len(fitting) == 1:
            found.append(Match(target, fitting[0], FLOOR, 0.0))
            left.remove(fitting[0])
            names.add(target.name)
    order = [target.name for target in targets]
    return sorted(found, key=lambda match: order.index(match.target.name))


def _rivals(row: int, pick: int, totals: np.ndarray, columns: Sequence[Column], taken: set[int]) -> tuple[str, ...]:
    """Columns left over that fit the same target nearly as well."""
    return tuple(
        columns[other].name
        for other in range(len(columns))
        if other != pick
        and other not in taken
        and totals[row, other] >= CLOSE * totals[row, pick]
        and columns[other].name != columns[pick].name
    )


def named_for(name: str, table: str) -> float:
    """How much a raw table's name says that it is the contract table, 0 to 1."""
    plain, mine = plain_name(name), words(name)
    best = 1.0 if plain in (table.replace("_", ""), table.replace("_", "").rstrip("s")) else 0.0
    for spelling in TABLE_NAMES[table].split("|"):
        other = words(spelling)
        if plain == plain_name(spelling):
            best = max(best, 1.0)
        elif other and other <= mine:
            best = max(best, 0.4 + 0.5 * len(other) / len(mine))
        elif other & mine:
            best = max(best, 0.4 * len(other & mine) / len(other | mine))
    return best


def table_score(raw: str, columns: Sequence[Column], table: str, found: Sequence[Match]) -> float:
    """How well a raw table fits a contract table: columns found, required ones missing, the name, what is left over.

    Below zero when too little of what is required was found.
    """
    required = [column.name for column in CONTRACT[table].columns if column.required]
    names, name = {match.target.name for match in found}, named_for(raw, table)
    missing = [column for column in required if column not in names]
    if name < 1 and len(names - {"customer_id"}) < FEWEST:
        return -1.0
    if len(missing) > _may_lack(len(required), name):
        return -1.0
    shared = sum(0.3 if match.target.name == "customer_id" else 1.0 * min(match.score, 1.0) for match in found)
    return (
        shared / (len(CONTRACT[table].columns) ** 0.5)
        + 2.0 * len(found) / max(len(columns), 1)
        + 1.5 * name
        - 1.0 * len(missing)
    )


def _may_lack(required: int, name: float) -> int:
    """How many required columns may be missing: half where the name speaks for the table, else a third, or none."""
    if name >= NAMED:
        return required // 2
    return required // 3 if required >= SEVERAL else 0
