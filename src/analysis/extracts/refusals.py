"""A whole column that cannot be used is refused at once, never set aside row by row."""

from __future__ import annotations

from difflib import get_close_matches

from analysis.basis.errors import InputRefused
from analysis.extracts.amounts import other_number
from analysis.extracts.check import Checked
from analysis.extracts.contract import Column
from analysis.extracts.dates import advice
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.findings import expected_value, row_count, setting, without_key
from analysis.extracts.mapping import Source
from analysis.extracts.personal import said, said_code
from analysis.extracts.rules import is_id
from analysis.extracts.selected import Selected

ENOUGH = 10  # unreadable values that make an optional column a misread one, when not one value of it can be read
STRAY = 100  # good values to one of another decimal sign, below which the whole column is in doubt


def check_columns(selected: Selected, *, source: Source) -> None:
    """Refuse a SELECT that lacks a required column of its table, naming the closest it has."""
    missing = [column.name for column in selected.table.columns if column.required and not selected.named(column.name)]
    if not missing:
        return
    names = [name for name, _ in selected.columns]
    by_plain_name = {name.casefold().replace(" ", "_"): name for name in names}
    close = get_close_matches(missing[0], by_plain_name, n=3, cutoff=0.5)
    do = f"Closest: {', '.join(repr(by_plain_name[name]) for name in close)}. " if close else ""
    listed = ", ".join(repr(name) for name in names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    raise InputRefused(
        selected.where,
        expected=f"a column {missing[0]}",
        found=f"columns {listed}",
        do=f"{do}Select the right one AS {missing[0]} in {source.shown}/{selected.table.name}.sql.",
    )


def check_whole_columns(checked: Checked, *, source: Source, engine: Engine) -> None:
    """Refuse a required column without a single good value, an optional one misread throughout, a doubtful decimal."""
    for name in checked.selected.supplied:
        column = checked.table.column(name)
        failed, good = checked.failed[name], checked.good[name]
        if good == 0 and failed >= _enough(checked, column, engine=engine):
            raise _misread(checked, column, failed, source=source, engine=engine)
        if failed and column.type in ("money", "number", "integer"):
            _check_decimal(checked, column, source=source, engine=engine)
        if good == 0 and column.required and checked.rows:
            do = f"Select the right column AS {name} in {source.shown}/{checked.table.name}.sql."
            raise InputRefused(checked.selected.where, expected=f"values in {name}", found="none in any row", do=do)
    if checked.rows == 0:
        do = f"Check the WHERE and JOIN of {source.shown}/{checked.table.name}.sql."
        raise InputRefused(checked.selected.where, expected="rows", found="none", do=do)


def check_zones(checked: Checked, *, source: Source, engine: Engine) -> None:
    """Refuse a column in which some moments name their zone and others do not: nobody knows whose hour they tell."""
    for name, (named, bare) in checked.zoned.items():
        if not named or not bare:
            continue
        bit = 1 << checked.fixes.index(f"zone:{name}")
        first = engine.rows(
            f"SELECT _file, _line FROM {quoted(checked.held)} WHERE _fixed & {bit} <> 0 ORDER BY _file, _line LIMIT 1"
        )
        file, line = first[0]
        raise InputRefused(
            f"{file}, line {line:,}" if line is not None else checked.selected.where,
            expected=f"every {name} with its time zone, or none with one",
            found=f"{row_count(named)} with one and {row_count(bare)} without",
            do=f"Ask in which zone the others are written, then make them alike in "
            f"{source.shown}/{checked.table.name}.sql; times without a zone are read as {source.timezone}.",
        )


def _enough(checked: Checked, column: Column, *, engine: Engine) -> int:
    """From how many unreadable values on a column without a good one is refused.

    One is enough where the table needs it, or where it is plainly a date in a writing that was not declared.
    """
    if column.required:
        return 1
    if setting(column) != "date_format" or not 0 < checked.failed[column.name] < ENOUGH:
        return ENOUGH
    rule = literal(f"type:{column.name}")
    found = engine.rows(f"SELECT _found FROM {quoted(checked.held)} WHERE _rule = {rule} ORDER BY _found")
    return 1 if found and all(advice(str(text), month=column.type == "month") for (text,) in found) else ENOUGH


def _check_decimal(checked: Checked, column: Column, *, source: Source, engine: Engine) -> None:
    """Refuse a column with numbers that make sense only with the other decimal sign: "1,234" may mean either then.

    A stray one among plain numbers (under one in a hundred) is set aside like any other.
    """
    spelling, form, good = checked.selected.named(column.name) or "", source.csv, checked.good[column.name]
    text = f"trim(json_extract_string(_row, {literal(_json_path(spelling))}))"
    [(other, first)] = engine.rows(
        f"SELECT count(*), arg_min(struct_pack(file := _file, line := _line, found := {text}), "
        f"struct_pack(file := _file, line := _line, row := _row)) FROM {quoted(checked.held)} "
        f"WHERE _row IS NOT NULL AND regexp_full_match({text}, {literal(other_number(form))})"
    )
    if other and (checked.fixed.get(f"written:{column.name}") or other * STRAY >= good):
        place = f"{first['file']}, line {first['line']:,}" if first["line"] is not None else checked.selected.where
        sign = "," if form.decimal == "." else "."
        raise InputRefused(
            place,
            expected=f"{column.name} with {form.decimal!r} before its decimals",
            found=f"{said(first['found'])}, and {row_count(other)} like it",
            do=f'Set `csv: {{decimal: "{sign}"}}` in {source.shown}/source.yml if {sign!r} stands before the decimals '
            f"everywhere, or translate the column in {source.shown}/{checked.table.name}.sql: it is not guessed.",
        )


def _json_path(name: str) -> str:
    return '$."' + name.replace('"', '\\"') + '"'


def _misread(checked: Checked, column: Column, failed: int, *, source: Source, engine: Engine) -> InputRefused:
    own = f"('type:{column.name}', 'accepted_values:{column.name}')"
    held = quoted(checked.held)
    first = engine.rows(
        f"SELECT _file, _line, _found FROM {held} WHERE _rule IN {own} ORDER BY _file, _line, _row LIMIT 1"
    )
    file, line, found = first[0] if first else (None, None, None)
    found = without_key(found, checked, engine=engine)
    value = "such values" if found is None or is_id(column) else (said_code if column.values else said)(found)
    sql, key = f"{source.shown}/{checked.table.name}.sql", setting(column)
    if column.values:
        expected, do = f"{column.name} to be one of {', '.join(column.values)}", f"Translate it with CASE in {sql}."
    else:
        expected = expected_value(column, checked.table, source.csv)
        hint = advice(str(found), month=column.type == "month") if key == "date_format" else None
        set_it = hint or f"Set `csv: {{{key}: …}}`"
        do = f"{set_it} in {source.shown}/source.yml, or " if key else ""
        do = f"{do}map the right column in {sql}."
        do = do[0].upper() + do[1:]
    return InputRefused(
        f"{file}, line {line:,}" if line is not None else checked.selected.where,
        expected=expected,
        found=f"{value}, and no good value in {row_count(failed)}",
        do=do,
    )
