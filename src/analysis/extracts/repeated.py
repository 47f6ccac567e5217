"""Rows that share a primary key: equal ones, versions of one row, rows in conflict, and rows a join multiplied."""

from __future__ import annotations

import datetime as dt

from analysis.basis.errors import InputRefused
from analysis.extracts.check import Checked, dated_later, packed
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.mapping import Source
from analysis.extracts.rules import DUPLICATE, SUPERSEDED

_MULTIPLIED = "multiplied"


def set_repeated_aside(checked: Checked, *, source: Source, as_of: dt.date, engine: Engine) -> None:
    """Judge rows that share a primary key (within one system, where several give rows).

    Of equal rows one stays. Of rows that differ the latest stays where `keep:` in source.yml says by which column,
    versions after `as_of` not looked at; without such a rule, or where the latest are several or some have no date,
    all go. Hashes of the key only find candidates; the keys themselves decide.

    Raises
    ------
    InputRefused
        When one raw line stands under one key more than once: a JOIN or UNION of the SELECT multiplied it.
    """
    if checked.table.key:
        kept = "_kept" if checked.selected.kept else "CAST(NULL AS TIMESTAMP)"
        engine.execute(_verdict_sql(checked, kept, as_of))
        _check_multiplied(checked, source=source, engine=engine)
    elif checked.selected.has_lines and checked.selected.joins:
        _check_copied(checked, source=source, engine=engine)


def _verdict_sql(checked: Checked, kept: str, as_of: dt.date) -> str:
    held, names = quoted(checked.held), [quoted(name) for name in checked.table.key]
    keys = ", ".join([*names, *checked.selected.ranked])
    values = ", ".join([*(quoted(name) for name in checked.columns), *checked.selected.ranked])
    good = f"_rule IS NULL AND NOT {dated_later(checked, as_of)}"
    unique = literal(f"unique:{','.join(checked.table.key)}")
    return f"""
        UPDATE {held} SET _rule = verdict.rule, _row = verdict.row
        FROM (
            WITH candidate AS (
                SELECT hash({keys}) AS h FROM {held} WHERE {good} GROUP BY h HAVING count(*) > 1
            ), twin AS (
                SELECT rowid AS id, {values}, _file, _line, {kept} AS version FROM {held}
                WHERE {good} AND hash({keys}) IN (SELECT h FROM candidate)
            ), ranked AS (
                SELECT *, count(*) OVER (PARTITION BY {keys}) AS of_key,
                    count(*) OVER (PARTITION BY {values}) AS of_value,
                    count(*) OVER (PARTITION BY {keys}, version) AS of_version,
                    count(*) OVER (PARTITION BY {values}, version) AS of_both,
                    count(_line) OVER (PARTITION BY {keys}, _file, _line) AS of_line,
                    row_number() OVER (
                        PARTITION BY {values} ORDER BY version DESC NULLS LAST, _file, _line, id) AS place,
                    max(version) OVER (PARTITION BY {keys}) AS latest,
                    count(version) OVER (PARTITION BY {keys}) AS dated,
                    to_json(struct_pack({packed(checked)})) AS row
                FROM twin
            ), decided AS (
                SELECT *, dated = of_key AND NOT bool_or(version = latest AND of_version > of_both)
                    OVER (PARTITION BY {keys}) IS TRUE AS has_latest
                FROM ranked
            )
            SELECT id, row, CASE
                WHEN of_line > 1 THEN {literal(_MULTIPLIED)}
                WHEN has_latest AND version < latest THEN {literal(SUPERSEDED)}
                WHEN of_key > of_value AND NOT has_latest THEN {unique}
                WHEN place > 1 THEN {literal(DUPLICATE)} END AS rule
            FROM decided
        ) AS verdict
        WHERE {held}.rowid = verdict.id AND verdict.rule IS NOT NULL
        """


def _check_multiplied(checked: Checked, *, source: Source, engine: Engine) -> None:
    [(rows, first)] = engine.rows(
        f"SELECT count(*), min(struct_pack(file := _file, line := _line)) FROM {quoted(checked.held)} "
        f"WHERE _rule = {literal(_MULTIPLIED)}"
    )
    if rows:
        raise _multiplied(checked, first, rows, ", ".join(checked.table.key), source=source)


def _check_copied(checked: Checked, *, source: Source, engine: Engine) -> None:
    """Refuse a table without a key whose SELECT joins, and gives one raw line as several equal rows."""
    values = ", ".join(quoted(name) for name in checked.columns)
    [(rows, first)] = engine.rows(
        f"SELECT sum(rows)::BIGINT, min(struct_pack(file := _file, line := _line)) FROM ("
        f"SELECT _file, _line, count(*) AS rows FROM {quoted(checked.held)} "
        f"GROUP BY _file, _line, hash({values}) HAVING count(*) > 1)"
    )
    if rows:
        raise _multiplied(checked, first, rows, "row", source=source)


def _multiplied(checked: Checked, first: dict[str, object], rows: int, key: str, *, source: Source) -> InputRefused:
    sql = f"{source.shown}/{checked.table.name}.sql"
    return InputRefused(
        sql,
        expected=f"each line of the raw table once under one {key}",
        found=f"{first['file']}, line {first['line']:,}, several times; so {rows:,} rows",
        do="A JOIN (or a UNION) multiplies rows: join only on columns that are unique in the table joined, or reduce "
        "that table to one row each first, e.g. with GROUP BY or QUALIFY.",
    )
