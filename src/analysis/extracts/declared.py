"""What source.yml declares about dates and codes, held against the contract."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.extracts.contract import CONTRACT
from analysis.extracts.dates import COUNTED, contradictory

_DATES = [
    (table, column.name)
    for table in CONTRACT.values()
    for column in table.columns
    if column.type in ("date", "time", "month")
]
MONTHS = {"month"} | {f"{table.name}.{name}" for table, name in _DATES if name == "month"}
DATED = ["default", *sorted({name for _, name in _DATES}), *sorted(f"{table.name}.{name}" for table, name in _DATES)]


@dataclass(frozen=True)
class Objection:
    """A value of source.yml that means nothing: where it stands, what was expected there, and what may be meant."""

    path: tuple[str, ...]
    expected: str
    found: str
    of: Sequence[str] = ()


def format_objections(ways: Mapping[str, Sequence[str]]) -> Iterator[Objection]:
    """Columns that are no date of the contract, and formats that say no day, or more than one."""
    path = ("csv", "date_format")
    for column, formats in ways.items():
        if column not in DATED:
            yield Objection((*path, column), "`default` or a date column of the contract", column, DATED)
        says = _says_a_month if column in MONTHS else _says_a_day
        odd = next((form for form in formats if form not in COUNTED and not says(form)), None)
        if odd is not None or not formats:
            expected = "a date_format with year, month and day, like %Y-%m-%d"
            if odd and _says_a_month(odd):
                expected += f' (of months alone: {{month: "{odd}"}})'
            yield Objection(path, expected, odd or "")
        if contradictory(formats):
            yield Objection(path, "formats that read a text one way only", " and ".join(formats))


def order_objections(column: str, by: str) -> Iterator[Objection]:
    """A column that is no date of the contract, and an id that no table holds beside it."""
    beside = [table for table, name in _DATES if name == column and table.column(name).type != "month"]
    ids = [name for table in beside for name in table.key]
    if not beside:
        yield Objection(("date_order", "column"), "a date column of the contract", column, DATED[1:])
    elif by not in ids:
        expected = f"the id of a table that has {column}: {' or '.join(ids)}"
        yield Objection(("date_order", "by"), expected, by, ids)


def code_objections(codes: Mapping[str, Sequence[str]]) -> Iterator[Objection]:
    """Columns that are no text of the contract, or hold ids or values of its own; and lists without a code."""
    texts = [
        (table.name, column.name)
        for table in CONTRACT.values()
        for column in table.columns
        if column.type == "text" and not column.values and not column.name.endswith("_id")
    ]
    known = sorted({name for _, name in texts} | {f"{table}.{name}" for table, name in texts})
    for column, listed in codes.items():
        if column not in known:
            yield Objection(("codes", column), "a column of text of the contract", column, known)
        elif not listed:
            yield Objection(("codes", column), "a list of codes", "none")


def _says_a_day(form: str) -> bool:
    """Whether a format says year, month and day: a day written in it is read back as the same."""
    return _is_read_back(dt.date(2026, 9, 30), form)


def _says_a_month(form: str) -> bool:
    """Whether a format says year and month at least: a month's first day is read back as the same."""
    return _is_read_back(dt.date(2026, 9, 1), form)


def _is_read_back(day: dt.date, form: str) -> bool:
    try:
        return dt.date(*time.strptime(day.strftime(form), form)[:3]) == day
    except ValueError:
        return False
