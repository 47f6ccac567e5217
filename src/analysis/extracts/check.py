"""The second door: the rows of a SELECT, typed as the contract says, each accepted or set aside with its rule.

A row is judged by what it holds, never by the as-of date: moving that date back cannot make a row defective. Rows
dated after it are no part of the report, good or not, and are counted as later (`doors`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.extracts.cast import ENGINE_TYPES, Cast, Fix, cast, trimmed
from analysis.extracts.contract import Table
from analysis.extracts.day_month import Order
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.hidden import IN_LABELS, holds_hidden, visible
from analysis.extracts.mapping import Source
from analysis.extracts.marks import given_marks, held_marks, mark_rules, version
from analysis.extracts.part import RESERVED
from analysis.extracts.rules import FOLLOWS, ORPHAN, Rule, rules
from analysis.extracts.selected import Selected

_WIDTHS = {8: "UTINYINT", 16: "USMALLINT", 32: "UINTEGER", 64: "UBIGINT"}  # how many flags a number holds


@dataclass
class Checked:
    """A contract table in the engine, as `held`: typed columns, `_file`, `_line`, and `_rule` where a row is not good.

    `failed` counts, by column, the values that could not be read or are not known; `good` those that could.
    `zoned` counts, by column, the moments that name their own zone and those that do not.
    `fixes` are the rules of the repairs that its readings may need, in the order of their bits; `fixed` counts those
    made, by rule; `order` is what the order of ids says about its dates. `dated` are the rows dated by the
    as-of date, `given` the values in them by column, read or not: the doors count them. Where several systems give
    rows, `differ` counts, by column and system kept, the keys on which they differ, and `filled`, by column and system
    taken from, those on which the first says nothing. `parents` are the tables in which its keys were looked up, by
    column.
    """

    selected: Selected
    held: str
    rows: int
    failed: dict[str, int] = field(default_factory=dict)
    good: dict[str, int] = field(default_factory=dict)
    zoned: dict[str, tuple[int, int]] = field(default_factory=dict)
    fixes: list[str] = field(default_factory=list)
    fixed: dict[str, int] = field(default_factory=dict)
    order: Order | None = None
    dated: int = 0
    given: dict[str, int] = field(default_factory=dict)
    differ: dict[str, dict[str, int]] = field(default_factory=dict)
    filled: dict[str, dict[str, int]] = field(default_factory=dict)
    parents: dict[str, Checked] = field(default_factory=dict, repr=False)

    @property
    def table(self) -> Table:
        return self.selected.table

    @property
    def columns(self) -> list[str]:
        """Columns held that the SELECT gives: the contract's, then attr_ columns."""
        return [*self.selected.supplied, *self.selected.extra]

    def repaired(self, column: str) -> int:
        """The bits of `_fixed` that say a value of this column was repaired."""
        return sum(1 << place for place, rule in enumerate(self.fixes) if rule.partition(":")[2] == column)


def check_rows(selected: Selected, *, source: Source, as_of: dt.date, engine: Engine) -> Checked:
    """Run the SELECT once, cast every column, and name the first rule each row breaks by itself.

    What the data knows of leaving ends with the day it was extracted, else with `as_of`.
    One pass over the rows and one over the result, however many rules there are.
    """
    types = dict(selected.columns)
    casts = [
        cast(column, spelling, types[spelling], source=source, table=selected.table)
        for column in selected.table.columns
        if (spelling := selected.named(column.name))
    ]
    held = engine.fresh_name()
    end = source.extracted_on or source.snapshot_date or as_of
    judged = [*mark_rules(selected), *rules(selected.table, casts, end=end)]
    sql = _judged_sql(selected, casts, judged, version(selected, source=source))
    engine.execute(f"CREATE TABLE {quoted(held)} AS {sql}", selected.parameters)
    return _counted(selected, held, casts, engine=engine)


def set_orphans_aside(checked: Checked, others: Mapping[str, Checked], *, engine: Engine) -> None:
    """Judge keys that must be found in another table, where the source has it.

    Found means: in a good row there, also one dated after the as-of date. A missing optional key is no orphan. A key
    found only in rows that were set aside is told apart: that row is the one to mend.
    """
    for column, other in checked.table.references.items():
        if other not in others or column not in checked.selected.supplied:
            continue
        held, parent = quoted(checked.held), others[other]
        checked.parents[column] = parent
        key = quoted(parent.table.key[0])
        named = f"SELECT 1 FROM {quoted(parent.held)} AS parent WHERE parent.{key} = {held}.{quoted(column)}"
        engine.execute(
            f"UPDATE {held} SET _rule = CASE WHEN EXISTS ({named}) THEN {literal(f'{FOLLOWS}:{column}')} "
            f"ELSE {literal(f'{ORPHAN}:{column}')} END, _row = to_json(struct_pack({packed(checked)})) "
            f"WHERE _rule IS NULL AND {quoted(column)} IS NOT NULL "
            f"AND NOT EXISTS ({named} AND parent._rule IS NULL)"
        )


def dated_later(checked: Checked, day: dt.date) -> str:
    """SQL that says whether the first filled of the columns that date a row can be read and lies after `day`.

    Where source.yml keeps the latest version of a row, a version from after that day is later too.
    """
    bits = {name: 1 << place for place, name in enumerate(checked.failed)}
    steps = [
        f"WHEN {quoted(name)} IS NOT NULL OR _failed & {bits[name]} <> 0 THEN CAST({quoted(name)} AS DATE)"
        for name in checked.table.own_date
        if name in bits
    ]
    later = [f"coalesce(CASE {' '.join(steps)} END > DATE '{day}', false)"] if steps else []
    later += [f"coalesce(CAST(_kept AS DATE) > DATE '{day}', false)"] if checked.selected.kept else []
    return f"({' OR '.join(later)})" if later else "false"


def packed(checked: Checked) -> str:
    """What the SELECT gave of a row, as fields of a struct."""
    return ", ".join(f"{quoted(name)} := {quoted(name)}" for name in checked.columns)


def _judged_sql(selected: Selected, casts: Sequence[Cast], judged: Sequence[Rule], versions: Sequence[Cast]) -> str:
    """Step by step in one statement, sure, given, parsed, value, final, judged: the engine streams through it."""
    steps, columns = [*casts, *versions], _typed(selected, casts)
    columns += [f"{step.final} AS {quoted(step.column.name)}" for step in versions]
    lines = [quoted(selected.named(name) or "") if selected.has_lines else "NULL" for name in RESERVED]
    given = [f"{step.given} AS {step.text}" for step in steps]
    extra = [f"{_extra(selected, name)} AS {quoted(name)}" for name in selected.extra]
    given += [*extra, f"CAST({lines[0]} AS VARCHAR) AS _file", f"CAST({lines[1]} AS BIGINT) AS _line"]
    given += given_marks(selected)
    first = " ".join(f"WHEN {rule.strikes} THEN {literal(rule.name)}" for rule in judged)
    found = " ".join(f"WHEN {literal(rule.name)} THEN {rule.found}" for rule in judged)
    return f"""
        WITH __selected AS (
            {selected.sql}
        ), __sure AS (
            SELECT *, __selected AS __row{"".join(f", {step.sure} AS {step.glance}" for step in steps)} FROM __selected
        ), __given AS (
            SELECT __row, {", ".join([*(step.glance for step in steps), *given])} FROM __sure
        ), __parsed AS (
            SELECT *, {", ".join(f"{step.parsed} AS {step.read}" for step in steps)} FROM __given
        ), __value AS (
            SELECT *, {", ".join(f"{step.value} AS {step.cast}" for step in steps)} FROM __parsed
        ), __final AS (
            SELECT *, {", ".join(f"{step.opened} AS {step.final}" for step in steps)} FROM __value
        ), __judged AS (
            SELECT *, CASE {first} END AS _rule FROM __final
        )
        SELECT {", ".join(columns)}, _file, _line, _rule,
            CASE _rule {found} END AS _found,
            CASE WHEN _rule IS NOT NULL THEN CAST(to_json(__row) AS VARCHAR) END AS _row,
            {_bits([_failed(step, judged) for step in casts])} AS _failed,
            {_bits([fix.made for fix in _fixes(selected, casts)])} AS _fixed
        FROM __judged
    """


def _typed(selected: Selected, casts: Sequence[Cast]) -> list[str]:
    """Every contract column with its type, missing where the SELECT has none; then the attr_ columns."""
    final = {step.column.name: step.final for step in casts}
    columns = [
        f"CAST({final.get(column.name, 'NULL')} AS {ENGINE_TYPES[column.type]}) AS {quoted(column.name)}"
        for column in selected.table.columns
    ]
    labels = _text_extra(selected)
    return (
        columns
        + [f"{visible(quoted(name))} AS {quoted(name)}" if name in labels else quoted(name) for name in selected.extra]
        + held_marks(selected)
    )


def _fixes(selected: Selected, casts: Sequence[Cast]) -> list[Fix]:
    """Repairs of every column, in the order of their bits; those of all attr_ columns share one."""
    labels = [holds_hidden(quoted(name), IN_LABELS) for name in _text_extra(selected)]
    shared = [Fix("hidden:attr_", f"({' OR '.join(labels)})")] if labels else []
    return [fix for step in casts for fix in step.fixes] + shared


def _text_extra(selected: Selected) -> list[str]:
    types = dict(selected.columns)
    return [name for name in selected.extra if types[name] == "VARCHAR"]


def _extra(selected: Selected, name: str) -> str:
    return trimmed(quoted(name)) if name in _text_extra(selected) else quoted(name)


def _failed(step: Cast, judged: Sequence[Rule]) -> str:
    """Whether the column's own value cannot be read, or is none the contract knows; asked of rows with a rule only."""
    own = (f"type:{step.column.name}", f"accepted_values:{step.column.name}")
    strikes = " OR ".join(rule.strikes for rule in judged if rule.name in own)
    return f"_rule IS NOT NULL AND ({strikes})" if strikes else "false"


def _bits(flags: Sequence[str]) -> str:
    """One number per row that holds a flag per column: so one scan counts them all. As narrow as it can be."""
    terms = [f"CASE WHEN {flag} THEN {1 << place} ELSE 0 END" for place, flag in enumerate(flags) if flag != "false"]
    kind = next(kind for bits, kind in _WIDTHS.items() if len(flags) <= bits)
    return f"CAST({' + '.join(terms) or '0'} AS {kind})"


def _counted(selected: Selected, held: str, casts: Sequence[Cast], *, engine: Engine) -> Checked:
    """Rows alike in what failed and what was repaired are counted together: they are few kinds, in one scan."""
    names = [step.column.name for step in casts]
    filled = "".join(f", count({quoted(name)})" for name in names)
    kinds = engine.rows(f"SELECT _failed, _fixed, _rule IS NULL, count(*){filled} FROM {quoted(held)} GROUP BY ALL")
    checked = Checked(
        selected, held, sum(kind[3] for kind in kinds), fixes=[fix.rule for fix in _fixes(selected, casts)]
    )
    for place, name in enumerate(names):
        repaired = checked.repaired(name)
        failed = [kind for kind in kinds if kind[0] >> place & 1]
        good = [kind for kind in kinds if not kind[0] >> place & 1]
        checked.failed[name] = sum(kind[3] for kind in failed)
        if f"zone:{name}" in checked.fixes:
            bit = checked.fixes.index(f"zone:{name}")
            named = sum(kind[4 + place] for kind in good if kind[1] >> bit & 1)
            checked.zoned[name] = named, sum(kind[4 + place] for kind in good) - named
        checked.good[name] = sum(kind[3] if kind[1] & repaired else kind[4 + place] for kind in good)
    checked.fixed = {
        rule: sum(kind[3] for kind in kinds if kind[2] and kind[1] >> place & 1)
        for place, rule in enumerate(checked.fixes)
    }
    return checked
