"""One row per key out of several systems': column by column the first system's word, and a count of every other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from analysis.basis.errors import ParamsError
from analysis.extracts.check import Checked, dated_later, packed
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.findings import Finding, row_count
from analysis.extracts.mapping import Source
from analysis.extracts.rules import MERGED, ORDERED
from analysis.extracts.selected import SYSTEM


def check_systems(checked: Mapping[str, Checked], *, source: Source) -> None:
    """Refuse a `precedence` that no table can follow."""
    if source.precedence and not any(one.selected.ranked for one in checked.values()):
        expected = f"a column {SYSTEM} in the SELECT of a table with a primary key"
        do = "Let the SELECT say which system each row comes from, or remove `precedence`."
        raise ParamsError(f"{source.shown}/source.yml", expected=expected, found="none", do=do)


def join_systems(checked: Checked, *, as_of: dt.date, engine: Engine) -> None:
    """Make one row of the good rows that share a primary key, one from each system; rows after `as_of` stay apart.

    The row of the system named first in `precedence` stays. What it does not say is taken from the next that says it.
    Counts, by column, where systems differ and where one fills the gap of another.
    """
    if not checked.selected.ranked:
        return
    columns = [name for name in checked.columns if name not in checked.table.key]
    joined = engine.fresh_name()
    engine.execute(f"CREATE TABLE {quoted(joined)} AS {_joined_sql(checked, columns, as_of)}")
    checked.differ = _counts(checked, joined, "differ", engine=engine)
    checked.filled = _counts(checked, joined, "filled", engine=engine)
    held, good = quoted(checked.held), _good(checked, as_of)
    same = " AND ".join(f"{held}.{quoted(name)} = joined.{quoted(name)}" for name in checked.table.key)
    engine.execute(
        f"UPDATE {held} SET _rule = {literal(MERGED)} FROM {quoted(joined)} AS joined "
        f"WHERE {same} AND {good} AND {held}.rowid <> joined.id"
    )
    if columns:
        values = ", ".join(f"{quoted(name)} = joined.{quoted(f'value {name}')}" for name in columns)
        engine.execute(f"UPDATE {held} SET {values} FROM {quoted(joined)} AS joined WHERE {held}.rowid = joined.id")
    _set_reversed_aside(checked, joined, engine=engine)
    engine.drop(joined)


def conflict_findings(checked: Checked, *, source: Source) -> list[Finding]:
    """One finding per column in which systems differ, or in which one fills the gaps of another."""
    found, table, yml = [], checked.table.name, f"{source.shown}/source.yml"
    for name, kept in checked.differ.items():
        rows, expected = sum(kept.values()), f"{name} the same in every system"
        do = f"Kept: {_by_system(kept)}, by `precedence` in {yml}."
        what = f"{row_count(rows)} in which systems differ"
        found.append(Finding(table, f"conflict:{name}", name, "note", rows, table, expected, what, do))
    for name, taken in checked.filled.items():
        rows, expected = sum(taken.values()), f"{name} in the system that goes first"
        what, do = f"none in {row_count(rows)}", f"Taken: {_by_system(taken)}, by `precedence` in {yml}."
        found.append(Finding(table, f"filled:{name}", name, "note", rows, table, expected, what, do))
    return found


def _by_system(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{system}'s in {row_count(rows)}" for system, rows in counts.items())


def _good(checked: Checked, as_of: dt.date) -> str:
    return f"_rule IS NULL AND NOT {dated_later(checked, as_of)}"


def _joined_sql(checked: Checked, columns: list[str], as_of: dt.date) -> str:
    """One row per key of several systems: `id` of the row that stays; by column its value, whose it is where systems
    differ, and whose it is where the first says nothing.
    """
    keys, good = ", ".join(quoted(name) for name in checked.table.key), _good(checked, as_of)
    parts = []
    for name in columns:
        column = quoted(name)
        first, whose = (f"arg_min({what}, _rank) FILTER ({column} IS NOT NULL)" for what in (column, "_rank"))
        differs = f"min({column}) IS DISTINCT FROM max({column})"
        filled = f"{whose} > min(_rank)"
        parts += [
            f"{first} AS {quoted(f'value {name}')}",
            f"CASE WHEN {differs} THEN {whose} END AS {quoted(f'differ {name}')}",
            f"CASE WHEN {filled} THEN {whose} END AS {quoted(f'filled {name}')}",
        ]
    return f"""
        WITH candidate AS (
            SELECT hash({keys}) AS h FROM {quoted(checked.held)} WHERE {good} GROUP BY h HAVING count(*) > 1
        ), twin AS (
            SELECT rowid AS id, * FROM {quoted(checked.held)}
            WHERE {good} AND hash({keys}) IN (SELECT h FROM candidate)
        )
        SELECT {keys}, arg_min(id, _rank) AS id, {", ".join(parts) or "NULL AS nothing"}
        FROM twin GROUP BY {keys} HAVING count(*) > 1
    """


def _counts(checked: Checked, joined: str, what: str, *, engine: Engine) -> dict[str, dict[str, int]]:
    """Column → system → keys, where `what` ("differ" or "filled") befell a column of the joined rows."""
    counts = {}
    for name in checked.columns:
        if name in checked.table.key:
            continue
        place = quoted(f"{what} {name}")
        rows = engine.rows(
            f"SELECT {place}, count(*) FROM {quoted(joined)} WHERE {place} IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        if rows:
            counts[name] = {checked.selected.systems[rank - 1]: int(count) for rank, count in rows}
    return counts


def _set_reversed_aside(checked: Checked, joined: str, *, engine: Engine) -> None:
    """Judge joined rows whose dates, taken from different systems, are reversed."""
    earlier, later = ORDERED.get(checked.table.name, ("", ""))
    if not {earlier, later} <= set(checked.columns):
        return
    begins, ends = f"CAST({quoted(earlier)} AS DATE)", f"CAST({quoted(later)} AS DATE)"
    engine.execute(
        f"UPDATE {quoted(checked.held)} SET _rule = {literal(f'dates:{later}')}, "
        f"_found = concat({ends}, ', before ', {begins}), _row = to_json(struct_pack({packed(checked)})) "
        f"WHERE rowid IN (SELECT id FROM {quoted(joined)}) AND {ends} < {begins}"
    )
