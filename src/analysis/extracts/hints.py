"""What would put rows right that were set aside: zeros in front of a key, day and month that changed places."""

from __future__ import annotations

from analysis.extracts.check import Checked
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.mapping import Source
from analysis.extracts.rules import ORDERED, ORPHAN

ENOUGH = 5  # rows set aside that a hint must explain


def hint(checked: Checked, rule: str, *, rows: int, source: Source, engine: Engine) -> tuple[str, str]:
    """What is to be added to what was found and to the advice; empty where nothing plain explains the rows."""
    kind, _, name = rule.partition(":")
    if kind == ORPHAN and name in checked.parents:
        return _zeros(checked, name, rows, source=source, engine=engine)
    if kind == "dates" and rows >= ENOUGH:
        return _exchanged(checked, rule, rows, source=source, engine=engine)
    return "", ""


def _zeros(checked: Checked, name: str, rows: int, *, source: Source, engine: Engine) -> tuple[str, str]:
    """Orphans whose key the other table holds with other zeros in front. Keys are told by their lengths only."""
    parent = checked.parents[name]
    key, bare = quoted(parent.table.key[0]), f"ltrim({quoted(name)}, '0')"
    [(count, shortest, longest, low, high)] = engine.rows(
        f"SELECT count(*), min(length({quoted(name)})), max(length({quoted(name)})), min(low), max(high) "
        f"FROM {quoted(checked.held)} JOIN (SELECT ltrim({key}, '0') AS bare, min(length({key})) AS low, "
        f"max(length({key})) AS high FROM {quoted(parent.held)} WHERE _rule IS NULL GROUP BY bare) "
        f"ON bare = {bare} AND bare <> '' WHERE _rule = {literal(f'{ORPHAN}:{name}')}"
    )
    if not count:
        return "", ""
    here, there = _length(shortest, longest), _length(low, high)
    other, sql = parent.table.name, f"{source.shown}/{checked.table.name}.sql"
    found = f"; {count:,} of {rows:,} would match without leading zeros (length {here} here, {there} in {other})"
    padded = f"lpad({name}, {high}, '0')" if low == high and longest <= high else f"ltrim({name}, '0')"
    both = "" if padded.startswith("lpad") else f", in {other}.sql too"
    do = (
        f"Leading zeros were lost or added, as a spreadsheet does: keep keys as text, or write {padded} in {sql}{both}."
    )
    return found, do


def _length(low: int, high: int) -> str:
    return f"{high}" if low == high else f"{low} to {high}"


def _exchanged(checked: Checked, rule: str, rows: int, *, source: Source, engine: Engine) -> tuple[str, str]:
    """Dates in the wrong order that most would be in the right one if day and month of one of them changed places."""
    earlier, later = ORDERED[checked.table.name]
    declared = source.date_order.column if source.date_order else None
    if declared in (earlier, later):
        return "", ""
    first, last = (f"CAST({quoted(name)} AS DATE)" for name in (earlier, later))
    fits = f"coalesce({_other(first)} <= {last}, false) OR coalesce({_other(last)} >= {first}, false)"
    [(count,)] = engine.rows(f"SELECT count(*) FROM {quoted(checked.held)} WHERE _rule = {literal(rule)} AND ({fits})")
    if count < ENOUGH or 2 * count < rows:
        return "", ""
    by = (checked.table.key or ("the id",))[0]
    found = f"; {count:,} of {rows:,} would be in order with day and month exchanged"
    do = (
        f"If ids follow time, `date_order: {{column: {earlier}, by: {by}}}` in source.yml exchanges them where the "
        "order shows it; else ask for the extract again."
    )
    return found, do


def _other(day: str) -> str:
    """The second reading of a date that has one."""
    return f"CASE WHEN day({day}) <= 12 THEN make_date(year({day}), day({day}), month({day})) END"
