"""A whole column that cannot be used is refused at once, never set aside row by row."""

from __future__ import annotations

from difflib import get_close_matches

from analysis.basis.errors import InputRefused
from analysis.extracts.check import Checked
from analysis.extracts.contract import Column
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.findings import expected_value, row_count, said, setting, without_key
from analysis.extracts.mapping import Source
from analysis.extracts.rules import is_id
from analysis.extracts.selected import Selected

ENOUGH = 10  # unreadable values that make an optional column a misread one, when not one value of it can be read


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
    """Refuse a required column without a single good value, and an optional one misread throughout."""
    for name in checked.selected.supplied:
        column = checked.table.column(name)
        failed, good = checked.failed[name], checked.good[name]
        if good == 0 and failed >= (1 if column.required else ENOUGH):
            raise _misread(checked, column, failed, source=source, engine=engine)
        if good == 0 and column.required and checked.rows:
            do = f"Select the right column AS {name} in {source.shown}/{checked.table.name}.sql."
            raise InputRefused(checked.selected.where, expected=f"values in {name}", found="none in any row", do=do)
    if checked.rows == 0:
        do = f"Check the WHERE and JOIN of {source.shown}/{checked.table.name}.sql."
        raise InputRefused(checked.selected.where, expected="rows", found="none", do=do)


def _misread(checked: Checked, column: Column, failed: int, *, source: Source, engine: Engine) -> InputRefused:
    own = f"('type:{column.name}', 'accepted_values:{column.name}')"
    held = quoted(checked.held)
    first = engine.rows(
        f"SELECT _file, _line, _found FROM {held} WHERE _rule IN {own} ORDER BY _file, _line, _row LIMIT 1"
    )
    file, line, found = first[0] if first else (None, None, None)
    found = without_key(found, checked, engine=engine)
    value = "such values" if found is None or is_id(column) else said(found)
    sql, key = f"{source.shown}/{checked.table.name}.sql", setting(column)
    if column.values:
        expected, do = f"{column.name} to be one of {', '.join(column.values)}", f"Translate it with CASE in {sql}."
    else:
        expected = expected_value(column, source.csv)
        do = f"Set `csv: {{{key}: …}}` in {source.shown}/source.yml, or " if key else ""
        do = f"{do}map the right column in {sql}."
        do = do[0].upper() + do[1:]
    return InputRefused(
        f"{file}, line {line:,}" if line is not None else checked.selected.where,
        expected=expected,
        found=f"{value}, and no good value in {row_count(failed)}",
        do=do,
    )
