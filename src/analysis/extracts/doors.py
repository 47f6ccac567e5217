"""Where every row of a SELECT went, and what its columns hold: counted in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.extracts.check import Checked, dated_later
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.rules import STOOD_FOR


@dataclass(frozen=True)
class Values:
    """A column of a SELECT, over its rows dated by the as-of date: values given, and those of them that failed.

    A value failed when it could not be read, or is none the contract knows.
    """

    column: str
    rows: int
    given: int
    failed: int


def absolve_later(checked: Checked, *, as_of: dt.date, engine: Engine) -> None:
    """Drop the verdict on rows dated after `as_of`, once every table that refers to them has been judged.

    A row whose own date cannot be read keeps its verdict.
    """
    later = dated_later(checked, as_of)
    if later != "false":
        engine.execute(f"UPDATE {quoted(checked.held)} SET _rule = NULL WHERE _rule IS NOT NULL AND {later}")


def doors_of(checked: Checked, *, as_of: dt.date, engine: Engine) -> tuple[dict[str, int], list[Values]]:
    """Rows of the SELECT by where they went, and its columns; `later` are rows dated after `as_of`, whatever they hold.

    Call `absolve_later` first. Repairs are counted anew, for rows that are used only.
    """
    # A group per pattern of defects and repairs, of which there are few: far cheaper than a filtered count per column.
    groups = engine.rows(
        f"""
        SELECT CASE WHEN _rule IS NULL THEN 'accepted' WHEN _rule IN {STOOD_FOR} THEN 'duplicates'
            ELSE 'set_aside' END, {dated_later(checked, as_of)}, _failed, _fixed, count(*),
            {", ".join(f"count({quoted(name)})" for name in checked.failed)}
        FROM {quoted(checked.held)} GROUP BY ALL
        """
    )
    doors = {"selected": checked.rows, "accepted": 0, "set_aside": 0, "duplicates": 0, "later": 0}
    for way, later, _, _, rows, *_ in groups:
        doors["later" if later else way] += rows
    known = [group for group in groups if not group[1]]
    checked.fixed = _repairs(checked, known)
    values = [_values(checked, name, known) for name in checked.failed]
    checked.dated, checked.given = checked.rows - doors["later"], {one.column: one.given for one in values}
    return doors, values


Group = tuple[Any, ...]  # where its rows went, whether they are dated later, _failed, _fixed, rows, values by column


def _repairs(checked: Checked, groups: Sequence[Group]) -> dict[str, int]:
    """Repairs by rule, in rows that are used."""
    used = [(fixed, rows) for way, _, _, fixed, rows, *_ in groups if way == "accepted"]
    return {rule: sum(rows for fixed, rows in used if fixed >> place & 1) for place, rule in enumerate(checked.fixes)}


def _values(checked: Checked, name: str, groups: Sequence[Group]) -> Values:
    """One column: a value that failed, or that was repaired away, was given."""
    place, repaired = list(checked.failed).index(name), checked.repaired(name)
    given, failed = 0, 0
    for _, _, failures, repairs, rows, *filled in groups:
        wrong = failures >> place & 1
        failed += rows if wrong else 0
        given += rows if wrong or repairs & repaired else filled[place]
    return Values(name, sum(group[4] for group in groups), given, failed)
