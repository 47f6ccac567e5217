"""What the checks found, in words: where, what was expected, what was found, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace

import pandas as pd

from analysis.basis.failures import shown
from analysis.extracts.check import Checked
from analysis.extracts.contract import OF_LEAVERS, Column, Table
from analysis.extracts.dates import COUNTED, described
from analysis.extracts.draft.likeness import looks_like
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.form import CsvFormat
from analysis.extracts.hints import hint
from analysis.extracts.mapping import Source
from analysis.extracts.personal import A_KEY, said, said_code
from analysis.extracts.rules import FOLLOWS, MERGED, ORDERED, ORPHAN, STOOD_FOR, SUPERSEDED, is_id
from analysis.extracts.selected import SYSTEM

NAMED = {
    "invoices": ("invoice", "invoice_id"),
    "tickets": ("ticket", "ticket_id"),
    "campaigns": ("campaign", "campaign_id"),
}  # keys a message may show: they name no customer
_KINDS = {
    "time": "{time}, with hours or without",
    "date": "{date}",
    "month": "a month written YYYY-MM, or its first day",
    "money": "an amount with {decimal!r} before its decimals",
    "number": "a number with {decimal!r} before its decimals",
    "integer": "a whole number",
    "boolean": "true or false, yes or no (ja or nein, oui or non, sí or no, 是 or 否), 1 or 0",
    "text": "an id of visible characters",
}
_SETTINGS = {
    "time": "date_format",
    "date": "date_format",
    "month": "date_format",
    "money": "decimal",
    "number": "decimal",
}


@dataclass(frozen=True)
class Finding:
    """One rule that struck in one table: how many rows, and its first case. Never holds a customer's key."""

    table: str
    rule: str
    column: str | None
    severity: str  # set_aside, fixed or note
    rows: int
    where: str
    expected: str
    found: str
    do: str


def findings_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Table, one row per finding, in the order given."""
    return pd.DataFrame([astuple(finding) for finding in findings], columns=[field.name for field in fields(Finding)])


def table_findings(checked: Checked, *, source: Source, engine: Engine) -> list[Finding]:
    """What the second door found in one contract table: rows set aside first, then repairs, then notes."""
    return [
        *_set_aside(checked, source=source, engine=engine),
        *_renamed(checked, source=source),
        *_fixed(checked, source=source),
        *_notes(checked),
    ]


def expected_value(column: Column, table: Table, form: CsvFormat) -> str:
    """What a value of this column looks like."""
    formats = form.date_formats(table.name, column.name)
    ways = {"date": described(formats, "a date"), "time": described(formats, "a time"), "decimal": form.decimal}
    return f"{column.name} as {_KINDS[column.type].format(**ways)}"


def setting(column: Column) -> str | None:
    """The key of source.yml's `csv:` that says how this column is written; None when none does."""
    return _SETTINGS.get(column.type)


def without_key(value: object, checked: Checked, *, engine: Engine) -> object:
    """The value, unless it is a customer's key that stands in the wrong column."""
    if value is None or "customer_id" not in checked.selected.supplied:
        return value
    keys = f"SELECT 1 FROM {quoted(checked.held)} WHERE customer_id = $value LIMIT 1"
    return A_KEY if engine.rows(keys, {"value": str(value)}) else value


def _set_aside(checked: Checked, *, source: Source, engine: Engine) -> list[Finding]:
    key = quoted(NAMED[checked.table.name][1]) if checked.table.name in NAMED else "NULL"
    rows = engine.rows(
        f"""
        SELECT _rule, count(*), arg_min(struct_pack(file := _file, line := _line, key := {key}, found := _found),
            struct_pack(file := _file, line := _line, row := _row)) AS first
        FROM {quoted(checked.held)} WHERE _rule IS NOT NULL AND _rule NOT LIKE 'erased:%' GROUP BY _rule ORDER BY _rule
        """
    )
    found = []
    for rule, count, first in rows:
        first["found"] = without_key(first["found"], checked, engine=engine)
        plain = _finding(checked, str(rule), int(count), first, source=source)
        more, do = hint(checked, str(rule), rows=int(count), source=source, engine=engine)
        better = f"{set_aside_in(checked.table.name, int(count))} {do}"
        found.append(replace(plain, found=plain.found + more, do=better) if do else plain)
    return found


def _finding(checked: Checked, rule: str, rows: int, first: dict[str, object], *, source: Source) -> Finding:
    table, name = checked.table.name, rule.partition(":")[2]
    sql = f"{source.shown}/{table}.sql"
    where = _place(checked, first)
    if rule in STOOD_FOR:
        keys, were = ", ".join(checked.table.key), "was" if rows == 1 else "were"
        found, do = _stood_for(rule, f"{row_count(rows)} {{}} {were} left out", checked, source)
        return Finding(table, rule, keys, "fixed", rows, where, f"each {keys} once", found, do)
    expected, found, advice = _words(checked, rule, first["found"], source=source)
    if table in NAMED and first["key"] and first["line"] is not None:
        found = f"{found} ({NAMED[table][0]} {shown(first['key']).strip(chr(39))})"
    do = f"{set_aside_in(table, rows)} {advice.format(sql=sql)}"
    return Finding(table, rule, name, "set_aside", rows, where, expected, found, do)


def _stood_for(rule: str, rows: str, checked: Checked, source: Source) -> tuple[str, str]:
    """Found and advice for rows that another row of their key stands for."""
    yml = f"{source.shown}/source.yml"
    if rule == SUPERSEDED:
        do = f"{rows.format(f'with a later {checked.selected.kept} beside them')}, by `keep` in {yml}."
        return "earlier versions of a row", do
    if rule == MERGED:
        do = f"{rows.format('of systems later in `precedence`')}: their values stand only where those before had none."
        return "rows of several systems", f"{do} Where they differ, conflict:… says."
    return "the same row again", f"{rows.format('equal in every column to another')}."


def _place(checked: Checked, first: dict[str, object]) -> str:
    """File and line of the first case; without them the key of an invoice, ticket or campaign; else the table."""
    table = checked.table.name
    if first["line"] is not None:
        return f"{first['file']}, line {first['line']:,}"
    if table in NAMED and first["key"]:
        return f"{table}, {NAMED[table][0]} {shown(first['key']).strip(chr(39))}"
    return table


def _words(checked: Checked, rule: str, value: object, *, source: Source) -> tuple[str, str, str]:
    """Expected, found and advice for a rule; `{sql}` in the advice stands for the table's SELECT."""
    kind, _, name = rule.partition(":")
    if kind == "unique":
        do = "Keep the right one in {sql}, e.g. with QUALIFY, or by `keep` in source.yml."
        return f"each {name} once", "rows of one key that differ", do
    if name == SYSTEM:
        do = "Add it to `precedence` in source.yml, or correct {sql}."
        return f"{SYSTEM} to be {_either(checked.selected.systems)}", said_code(value) if value else "none", do
    if kind == "crosswalk":
        return (
            f"a {name} that is one customer's",
            "one that is several customers' in the crosswalk",
            "Correct the crosswalk.",
        )
    column = checked.table.column(name)
    other = checked.table.references.get(name, "")
    found = "a value that is none" if is_id(column) else (said_code if column.values else said)(value)
    words = {
        ORPHAN: (f"a {name} that {other} holds", "one that it does not hold", f"Complete {other}."),
        FOLLOWS: (
            f"a {name} whose own row in {other} is used",
            "one whose own row was set aside",
            f"It comes back with that row: mend it in {other}.",
        ),
        "not_null": (f"a {name}", "a placeholder" if value else "none", "Map the right column in {sql}."),
        "type": (expected_value(column, checked.table, source.csv), found, _translate(value)),
        "accepted_values": (f"{name} to be {_either(column.values)}", found, "Translate it with CASE in {sql}."),
        "dates": (f"{name} on or after {_earlier(checked)}", str(value), "Correct it there, or in {sql}."),
        "agrees": (f"a {name} that agrees with churn_date", str(value), "Correct it there, or in {sql}."),
        "range": (f"{name} {_bounds(column)}", str(value), "Correct it there, or leave it missing in {sql}."),
        "credit": (
            "a credit below 0",
            str(value),
            "If the source writes credits without a sign, give them one in {sql}, e.g. -abs(amount).",
        ),
        "range:amount": (
            "a recurring amount ≥ 0",
            str(value),
            "If these are credit notes, give them kind = 'credit' in {sql}.",
        ),
    }
    return words.get(rule) or words[kind]


def _translate(value: object) -> str:
    """What to do about a value of another writing."""
    if re.fullmatch(r"[\d.,]+ *-", str(value)):
        return "A minus stands behind the number: put it before it in {sql}, e.g. '-' || rtrim(…, '- ')."
    return "Correct it there, or translate it in {sql}."


def _renamed(checked: Checked, *, source: Source) -> list[Finding]:
    """Headers that the dictionary knows by another name than the contract's."""
    names = checked.selected.renamed
    if not names:
        return []
    table, where = checked.table.name, checked.selected.where
    found = ", ".join(f"{shown(spelt)} for {column}" for spelt, column in names.items())
    do = f"Read as what they mean. If one is wrong, select the right column in {source.shown}/{table}.sql."
    return [Finding(table, "headers", None, "fixed", checked.rows, where, "the contract's column names", found, do)]


_FIXED = {  # kind of repair → what is expected, what was found instead, what was done
    "written": (
        "plain numbers",
        "thousands separated, a currency sign, a minus behind or full-width digits",
        "Read as the numbers they say.",
    ),
    "hidden": ("visible characters", "control, zero-width or turning characters", "Read without them."),
    "sentinel": ("a day, or nothing while it is open", "9999-12-31 or 2099-12-31", "Read as open: no end yet."),
    "no_start": (
        "a day, or nothing where it is unknown",
        "1900-01-01 or 1970-01-01",
        "Read as unknown: not in survival.",
    ),
    "zone": ("times of {zone}", "times that name their own zone", "Read as the hour it was in {zone}."),
    "chinese": (
        "dates as source.yml declares them",
        "dates written like 2026年9月30日",
        "Read as year, month and day.",
    ),
    "counted": ("a day", "numbers, declared to be {declared}", "Read as the day each of them is."),
}


def _fixed(checked: Checked, *, source: Source) -> list[Finding]:
    found, table = [], checked.table.name
    for rule, rows in checked.fixed.items():
        kind, _, name = rule.partition(":")
        if rows:
            declared = described([form for form in source.csv.date_formats(table, name) if form in COUNTED], "")
            words = (text.format(zone=source.timezone, declared=declared) for text in _FIXED[kind])
            severity = "note" if kind == "no_start" else "fixed"
            found.append(Finding(table, rule, name, severity, rows, table, *words))
    return found


def _notes(checked: Checked) -> list[Finding]:
    table, found = checked.table.name, []
    for name in checked.selected.supplied:
        if checked.dated and checked.given[name] == 0:
            do = "What needs it is left out of the report."
            if name in OF_LEAVERS.get(table, ()):
                do = "That is right while nobody has left; else map the column that says who did."
            found.append(Finding(table, f"empty:{name}", name, "note", checked.dated, table, "values", "none", do))
    for name in checked.selected.ignored:
        do = f"It is ignored. {_to_keep(name, checked)}"
        what = "one it does not know"
        found.append(Finding(table, "ignored", name, "note", checked.dated, table, "columns of the contract", what, do))
    return found


def _to_keep(name: str, checked: Checked) -> str:
    """How to keep an ignored column: as what its header looks like, where that is free, or under a name of its own."""
    as_own = f"select it as attr_{name.lower().replace(' ', '_')}."
    meant = looks_like(name, checked.table, free_of=checked.selected.supplied)
    return f"If it is {meant}, select it as {meant}; else, to keep it, {as_own}" if meant else f"To keep it, {as_own}"


def set_aside_in(name: str, rows: int) -> str:
    """Where rows went, in words."""
    subject, them = ("This row is", "it") if rows == 1 else (f"{rows:,} rows like it are", "them")
    return f"{subject} set aside (a run writes {them} to quarantine/{name}.parquet)."


def row_count(rows: int) -> str:
    """A number of rows in words."""
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _earlier(checked: Checked) -> str:
    return ORDERED.get(checked.table.name, ("", ""))[0]


def _either(values: Sequence[str]) -> str:
    return " or ".join([", ".join(values[:-1]), *values[-1:]])


def _bounds(column: Column) -> str:
    if column.low is None or column.high is None:
        return "" if column.low is None else f"≥ {column.low:g}"
    return f"between {column.low:g} and {column.high:g}"
