"""How each column of a database table is asked for, and the engine's type that holds it exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from analysis.extracts.engine import literal, quoted
from analysis.extracts.mapping import Source
from analysis.extracts.postgres import Session

WIDEST = 38  # digits of the engine's decimals
_COLUMNS = """
    SELECT a.attname::text, CASE WHEN b.typnamespace = 'pg_catalog'::regnamespace THEN b.typname::text ELSE '' END,
        CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_type AS t ON t.oid = a.atttypid
    JOIN pg_type AS b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    WHERE n.nspname = {schema} AND c.relname = {table} AND a.attnum > 0 AND NOT a.attisdropped
        AND has_column_privilege(c.oid, a.attnum, 'SELECT')
    ORDER BY a.attnum
"""
_PLAIN = {"int2": "SMALLINT", "int4": "INTEGER", "int8": "BIGINT", "float8": "DOUBLE", "bool": "BOOLEAN"}


@dataclass(frozen=True)
class Extremes:
    """Of a numeric column: the largest amount without its sign, and the most decimals; missing without any value."""

    largest: Decimal | None
    decimals: int | None


@dataclass(frozen=True)
class Column:
    """A column: what the server is asked for (`given`, in its SQL), and how the engine holds it.

    `decimal` is the source's decimal sign, for numbers that only text can hold.
    """

    name: str
    given: str
    engine_type: str
    numeric: bool = False
    declared: tuple[int, int] | None = None
    decimal: str = "."

    def holding(self, extremes: Extremes) -> Column:
        """A numeric column with a type that holds its numbers exactly: a decimal, else text as the source writes it.

        The declared precision and scale where there are any, so that the type does not depend on the rows.
        """
        largest, decimals = extremes.largest or Decimal(0), extremes.decimals or 0
        precision, scale = self.declared or (WIDEST, decimals)
        fits = largest.is_finite() and 0 <= scale <= precision <= WIDEST
        if fits and largest < Decimal(10) ** (precision - scale):
            return replace(self, engine_type=f"DECIMAL({precision},{scale})")
        written = f"CAST({self.given} AS text)"
        given = written if self.decimal == "." else f"replace({written}, '.', {literal(self.decimal)})"
        return replace(self, given=given)


def columns_of(session: Session, schema: str, table: str, *, source: Source) -> list[Column]:
    """The columns of a table that may be read, in its order; a domain counts as what it is made of."""
    found = session.rows(_COLUMNS.format(schema=literal(schema), table=literal(table)))
    return [_column(str(name), str(kind), int(modifier), source=source) for name, kind, modifier in found]


def _column(name: str, kind: str, modifier: int, *, source: Source) -> Column:
    """Numbers, days and truth values keep their types; everything else is text, blank missing, as in a file."""
    bare = quoted(name)
    if kind in _PLAIN:
        return Column(name, bare, _PLAIN[kind])
    if kind == "float4":  # 0.3 as it is shown, not as its bits say it
        return Column(name, f"CAST(CAST({bare} AS text) AS float8)", "DOUBLE")
    if kind in ("numeric", "money"):
        given, declared = (bare, _declared(modifier)) if kind == "numeric" else (f"CAST({bare} AS numeric)", None)
        return Column(name, given, "VARCHAR", numeric=True, declared=declared, decimal=source.csv.decimal)
    if kind == "date":
        return Column(name, _endless(bare, "date"), "DATE")
    if kind in ("timestamp", "timestamptz"):
        local = bare if kind == "timestamp" else f"({bare} AT TIME ZONE {literal(source.timezone)})"
        return Column(name, _endless(local, "timestamp"), "TIMESTAMP")
    return Column(name, f"nullif(CAST({bare} AS text), '')", "VARCHAR")


def _declared(modifier: int) -> tuple[int, int] | None:
    """Precision and scale of numeric(p, s); None where none are declared."""
    if modifier < 4:
        return None
    precision, scale = (modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0x7FF
    return precision, scale - 2048 if scale >= 1024 else scale


def _endless(given: str, kind: str) -> str:
    """A day or a time, "infinity" written as systems without it write "no end"; before all time, as the year 1."""
    return (
        f"CASE {given} WHEN 'infinity' THEN {kind} '9999-12-31' WHEN '-infinity' THEN {kind} '0001-01-01' "
        f"ELSE {given} END"
    )
