"""From what a SELECT gives to the contract's types, as SQL expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.extracts import dates
from analysis.extracts.amounts import mended_number, plain_number
from analysis.extracts.contract import Column, Table, Type
from analysis.extracts.engine import literal, quoted
from analysis.extracts.form import CsvFormat
from analysis.extracts.hidden import visible
from analysis.extracts.mapping import Source

ENGINE_TYPES: dict[Type, str] = {
    "text": "VARCHAR",
    "date": "DATE",
    "time": "TIMESTAMP",
    "month": "DATE",
    "money": "DECIMAL(18,4)",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}
_PARSED: dict[Type, str] = ENGINE_TYPES | {"date": "TIMESTAMP", "month": "TIMESTAMP", "integer": "DOUBLE"}
_AMOUNTS = ("money", "number", "integer")
_DATES = ("date", "time", "month")
_ZONED = ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
EARLIEST = "DATE '1900-01-01'"  # a year of two digits, read as %Y, lies before
LARGEST = "1e15"  # beyond it a float no longer counts in ones
NO_END = ("9999-12-31", "2099-12-31")  # what systems write for "no end"
NO_START = ("1900-01-01", "1970-01-01")  # what they write for a beginning nobody knows
TRUTHS = ("true", "t", "yes", "y", "1", "ja", "j", "oui", "sí", "si", "sì", "tak", "是")
FALSEHOODS = ("false", "f", "no", "n", "0", "nein", "non", "nee", "nie", "否")
_BLANK = " \t\r\n\u00a0\u3000"
_NUMERIC = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
    "DECIMAL",
    "FLOAT",
    "DOUBLE",
)


@dataclass(frozen=True)
class Fix:
    """A repair of one column's reading: its rule (`sentinel:end_date`), and for which rows it was made."""

    rule: str
    made: str


@dataclass(frozen=True)
class Cast:
    """A contract column of one SELECT, step by step: `sure` → `given` → `parsed` → `value` → `opened`.

    `sure` is what nearly every text says at a glance, missing where it takes a closer look; `given` is the text, and
    only one without such a reading is sure to have no blanks around it. These two read the SELECT's column, each later
    expression the name of the step before; a value that cannot be read is missing from `parsed` or `value` on. `fixes`
    are the repairs a reading may need on the way. One step per sub-select: written as one expression, the engine would
    work `parsed` out again wherever it is named.
    """

    column: Column
    sure: str
    given: str
    parsed: str
    value: str
    opened: str
    fixes: tuple[Fix, ...] = ()

    @property
    def glance(self) -> str:
        return quoted(f"__sure {self.column.name}")

    @property
    def text(self) -> str:
        return quoted(f"__given {self.column.name}")

    @property
    def read(self) -> str:
        return quoted(f"__parsed {self.column.name}")

    @property
    def cast(self) -> str:
        return quoted(f"__value {self.column.name}")

    @property
    def final(self) -> str:
        return quoted(f"__final {self.column.name}")


def cast(column: Column, selected: str, engine_type: str, *, source: Source, table: Table) -> Cast:
    """How the SELECT's column `selected`, of `engine_type`, becomes the contract's `column` of `table`.

    Text is read by the source's formats; what the SELECT or a Parquet file has typed already is taken as it is.
    """
    given, kind = quoted(selected), column.type
    sure, text, parsed, value = (quoted(f"__{step} {column.name}") for step in ("sure", "given", "parsed", "value"))
    formats = source.csv.date_formats(table.name, column.name)
    if engine_type in _ZONED:
        given, engine_type = f"({given} AT TIME ZONE {literal(source.timezone)})", "TIMESTAMP"
    fixes: list[Fix] = []
    if _is_typed(kind, engine_type):
        glance, reading = "NULL", f"TRY_CAST({text} AS {_PARSED[kind]})"
    else:
        written = given if engine_type == "VARCHAR" else f"CAST({given} AS VARCHAR)"
        glance = _glance(column, written, source.csv, formats=formats)
        given = f"CASE WHEN {sure} IS NOT NULL THEN {written} ELSE {trimmed(written)} END"
        reading = _reading(kind, text, source.csv, formats=formats, timezone=source.timezone)
        fixes = _text_fixes(column, text, parsed, value, formats=formats)
        if column.is_label:
            reading = visible(text)
            fixes = [Fix(f"hidden:{column.name}", f"({text} IS DISTINCT FROM {parsed})")]
        reading = f"CASE WHEN {sure} IS NOT NULL THEN {sure} ELSE {reading} END"
        fixes = [replace(fix, made=f"({sure} IS NULL AND {fix.made})") for fix in fixes]
    bounded = _bounded(kind, parsed, formats)
    if any(fix.rule.startswith("written:") for fix in fixes):
        # Nearly every number is plain: only a text that is none is looked at again.
        mended = mended_number(text, source.csv, source.currency if kind == "money" else None)
        mended = _bounded(kind, f"TRY_CAST({mended} AS {_PARSED[kind]})", formats)
        bounded = f"CASE WHEN {parsed} IS NOT NULL THEN {bounded} ELSE {mended} END"
    opened = value
    if column.name in table.own_date and not column.required and kind != "month":
        unknown = f"coalesce(CAST({value} AS DATE) IN ({listed_days(NO_START)}), false)"
        fixes.append(Fix(f"no_start:{column.name}", unknown))
        opened = f"CASE WHEN NOT {unknown} THEN {value} END"
    if ends_a_row(table, column):
        sentinel = f"coalesce(CAST({value} AS DATE) IN ({listed_days(NO_END)}), false)"
        fixes.append(Fix(f"sentinel:{column.name}", sentinel))
        opened = f"CASE WHEN NOT {sentinel} THEN {value} END"
    return Cast(column, glance, given, reading, bounded, opened, tuple(fixes))


def _glance(column: Column, text: str, form: CsvFormat, *, formats: Sequence[str]) -> str:
    """What a text says at a glance, blanks around it or not; missing where that cannot be told so cheaply.

    Numbers, and dates in a declared format, are read at once. An id that encoding for the web leaves as it is holds
    neither blanks nor what nobody sees, and a label the contract knows needs no look.
    """
    if column.values:
        return f"CASE WHEN {text} IN {_listed(column.values)} THEN {text} END"
    if column.type in _AMOUNTS:
        return _reading(column.type, text, form, formats=formats, timezone="")
    if column.type in _DATES:
        return dates.declared_moment(text, formats, month=column.type == "month")
    if column.type == "text" and not column.is_label:
        return f"CASE WHEN {text} > '' AND url_encode({text}) = {text} THEN {text} END"
    return "NULL"


def _text_fixes(column: Column, text: str, parsed: str, value: str, *, formats: Sequence[str]) -> list[Fix]:
    """Repairs of a reading from text."""
    if column.type in _AMOUNTS:
        made = {"written": f"{parsed} IS NULL"}
    elif column.type in _DATES:
        made = {
            "zone": dates.names_a_zone(text),
            "chinese": dates.in_chinese(text, formats),
            "counted": dates.counts(text, formats),
        }
    else:
        made = {}
    return [
        Fix(f"{kind}:{column.name}", f"({when} AND {value} IS NOT NULL)")
        for kind, when in made.items()
        if when != "false"
    ]


def ends_a_row(table: Table, column: Column) -> bool:
    """Whether the column is a date that closes something, where systems write 9999-12-31 for "not yet"."""
    closing = set(table.settled_by) | {"discount_end_date", "contract_end_date"}
    return column.name in closing and column.type in ("date", "time")


def trimmed(text: str) -> str:
    """Text without blanks around it; missing when nothing is left."""
    # Of most texts the first and the last sign tell at once that nothing is to be trimmed; to ask the others by
    # a pattern first is four times as fast as trimming all by a set of characters.
    sure = f"{text} BETWEEN '!' AND '~' AND reverse({text}) BETWEEN '!' AND '~'"
    edges = literal(r"^[ \t\r\n\x{a0}\x{3000}]|[ \t\r\n\x{a0}\x{3000}]$")
    bare = f"CASE WHEN regexp_matches({text}, {edges}) THEN trim({text}, {literal(_BLANK)}) ELSE {text} END"
    return f"CASE WHEN {sure} THEN {text} ELSE nullif({bare}, '') END"


def _is_typed(kind: Type, engine_type: str) -> bool:
    """Whether the engine's type already says what the contract's type means."""
    base = engine_type.partition("(")[0]
    if kind in _DATES:
        return base == "DATE" or base.startswith("TIMESTAMP")
    if kind in _AMOUNTS:
        return base in _NUMERIC
    return kind == "boolean" and base == "BOOLEAN"


def _reading(kind: Type, text: str, form: CsvFormat, *, formats: Sequence[str], timezone: str) -> str:
    """What a text says, by the source's formats; missing when they do not fit."""
    if kind in _AMOUNTS:
        return f"TRY_CAST({plain_number(text, form)} AS {_PARSED[kind]})"
    if kind == "boolean":
        truth = (
            f"WHEN lower({text}) IN {_listed(TRUTHS)} THEN true WHEN lower({text}) IN {_listed(FALSEHOODS)} THEN false"
        )
        return f"CASE {truth} END"
    if kind in _DATES:
        return dates.moment(text, formats, timezone=timezone, month=kind == "month")
    return text


def _bounded(kind: Type, parsed: str, formats: Sequence[str]) -> str:
    """The contract's value of what was read: a day without hours, a month's first day, a finite number."""
    if kind == "month":
        return f"CASE WHEN day({parsed}) = 1 AND {parsed} >= {EARLIEST} THEN CAST({parsed} AS DATE) END"
    if kind == "date":
        # A time of day is dropped only where it says nothing, or where the source declares that its dates have one.
        whole = "" if dates.has_hours(formats) else f"AND {parsed} = date_trunc('day', {parsed}) "
        return f"CASE WHEN {parsed} >= {EARLIEST} {whole}THEN CAST({parsed} AS DATE) END"
    if kind == "time":
        return f"CASE WHEN {parsed} >= {EARLIEST} THEN {parsed} END"
    if kind == "number":
        return f"CASE WHEN isfinite({parsed}) AND abs({parsed}) < {LARGEST} THEN {parsed} END"
    if kind == "integer":
        return f"CASE WHEN abs({parsed}) < {LARGEST} AND {parsed} = floor({parsed}) THEN CAST({parsed} AS BIGINT) END"
    return parsed


def listed_days(days: tuple[str, ...]) -> str:
    """Days as SQL lists them."""
    return ", ".join(f"DATE '{day}'" for day in days)


def _listed(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(literal(value) for value in values) + ")"
