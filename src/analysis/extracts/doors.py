"""Where every row of a SELECT went, and what its columns hold: counted in one pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analysis.extracts.check import Checked
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.rules import DUPLICATE


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
    later = _later(checked)
    if "$as_of" in later:
        sql = f"UPDATE {quoted(checked.held)} SET _rule = NULL WHERE _rule IS NOT NULL AND {later}"
        engine.execute(sql, {"as_of": as_of})


def doors_of(checked: Checked, *, as_of: dt.date, engine: Engine) -> tuple[dict[str, int], list[Values]]:
    """Rows of the SELECT by where they went, and its columns; `later` are rows dated after `as_of`, whatever they hold.

    Call `absolve_later` first.
    """
    later = _later(checked)
    [(accepted, set_aside, duplicates, later_rows, *values)] = engine.rows(
        f"""
        SELECT count(*) FILTER (_rule IS NULL AND NOT later), count(*) FILTER (_rule IS NOT NULL AND NOT again),
            count(*) FILTER (again), count(*) FILTER (_rule IS NULL AND later){_value_counts(checked)}
        FROM (SELECT *, coalesce(_rule = '{DUPLICATE}', false) AS again, {later} AS later FROM {quoted(checked.held)})
        """,
        {"as_of": as_of} if "$as_of" in later else None,
    )
    doors = {
        "selected": checked.rows,
        "accepted": accepted,
        "set_aside": set_aside,
        "duplicates": duplicates,
        "later": later_rows,
    }
    rows = checked.rows - later_rows
    pairs = zip(checked.failed, values[::2], values[1::2], strict=True)
    return doors, [Values(name, rows, given, failed) for name, given, failed in pairs]


def _later(checked: Checked) -> str:
    """Whether the first filled of the columns that date a row can be read and lies after the as-of date."""
    bits = {name: 1 << place for place, name in enumerate(checked.failed)}
    steps = [
        f"WHEN {quoted(name)} IS NOT NULL OR _failed & {bits[name]} <> 0 THEN CAST({quoted(name)} AS DATE)"
        for name in checked.table.own_date
        if name in bits
    ]
    return f"coalesce(CASE {' '.join(steps)} END > $as_of, false)" if steps else "false"


def _value_counts(checked: Checked) -> str:
    """Per column: values given, read or not, and those that failed."""
    counts = ""
    for place, name in enumerate(checked.failed):
        column, bit = quoted(name), 1 << place
        failed = f"_failed & {bit} <> 0"
        given = f"{column} IS NOT NULL OR {failed} OR _fixed & {checked.repaired(name)} <> 0"
        counts += f", count(*) FILTER (({given}) AND NOT later), count(*) FILTER ({failed} AND NOT later)"
    return counts
