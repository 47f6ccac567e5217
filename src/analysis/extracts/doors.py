"""Where every row of a SELECT went, and what its columns hold: counted in one pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

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
    later = dated_later(checked, as_of)
    [(accepted, set_aside, duplicates, later_rows, *values)] = engine.rows(
        f"""
        SELECT count(*) FILTER (_rule IS NULL AND NOT later), count(*) FILTER (_rule IS NOT NULL AND NOT again),
            count(*) FILTER (again), count(*) FILTER (_rule IS NULL AND later){_value_counts(checked)}
        FROM (SELECT *, coalesce(_rule IN {STOOD_FOR}, false) AS again, {later} AS later FROM {quoted(checked.held)})
        """
    )
    doors = {
        "selected": checked.rows,
        "accepted": accepted,
        "set_aside": set_aside,
        "duplicates": duplicates,
        "later": later_rows,
    }
    rows = checked.rows - later_rows
    checked.fixed = _repairs(checked, later, engine=engine)
    pairs = list(zip(checked.failed, values[::2], values[1::2], strict=True))
    checked.dated, checked.given = rows, {name: given for name, given, _ in pairs}
    return doors, [Values(name, rows, given, failed) for name, given, failed in pairs]


def _repairs(checked: Checked, later: str, *, engine: Engine) -> dict[str, int]:
    """Repairs by rule: rows alike in what was repaired are counted together, and most rows need no repair."""
    kinds = engine.rows(
        f"SELECT _fixed, count(*) FROM {quoted(checked.held)} "
        f"WHERE _fixed <> 0 AND _rule IS NULL AND NOT {later} GROUP BY _fixed"
    )
    return {rule: sum(rows for bits, rows in kinds if bits >> place & 1) for place, rule in enumerate(checked.fixes)}


def _value_counts(checked: Checked) -> str:
    """Per column: values given, read or not, and those that failed."""
    counts = ""
    for place, name in enumerate(checked.failed):
        column, bit = quoted(name), 1 << place
        failed = f"_failed & {bit} <> 0"
        given = f"{column} IS NOT NULL OR {failed} OR _fixed & {checked.repaired(name)} <> 0"
        counts += f", count(*) FILTER (({given}) AND NOT later), count(*) FILTER ({failed} AND NOT later)"
    return counts
