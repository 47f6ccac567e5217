"""Tables and views of a database schema as raw tables: one snapshot for all, every number exact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from analysis.basis.errors import InputRefused
from analysis.extracts.database import Database
from analysis.extracts.engine import Engine, SqlError, literal, quoted
from analysis.extracts.mapping import Source
from analysis.extracts.part import Part, check_header
from analysis.extracts.postgres import DatabaseError, Session, Snapshot
from analysis.extracts.postgres_columns import Column, Extremes, columns_of
from analysis.extracts.raw_files import RawFiles

_OFFERED = """
    SELECT c.relname::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = {schema} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
    ORDER BY c.relname COLLATE "C"
"""


@dataclass(frozen=True)
class SchemaTables(RawFiles):
    """What a schema offers: tables and views that may be read. They have no files."""

    schema: str = ""

    def where(self, table: str) -> str:
        return f"{self.schema}.{table}"

    def missing(self, table: str) -> tuple[str, str]:
        return f"none in the schema {self.schema} that this user may read", f"Grant SELECT on {table}"


def schema_tables(source: Source, database: Database) -> SchemaTables:
    """The tables and views of a schema, no row read.

    Raises
    ------
    InputRefused
        When there is none, or two whose names differ only by case.
    """
    schema = database.schema
    with _refusing(database), Session(database) as session:
        names = [str(name) for (name,) in session.rows(_OFFERED.format(schema=literal(schema)))]
    if not names:
        do = f"Correct `schema:` in {source.shown}/source.yml, or grant USAGE on it and SELECT on its tables."
        expected = f"tables that may be read in the schema {schema!r}"
        raise InputRefused(database.host, expected=expected, found="none", do=do)
    seen: dict[str, str] = {}
    for name in names:
        twin = seen.setdefault(name.casefold(), name)
        if twin != name:
            found, do = f"{twin!r} and {name!r}", "Give one of them another name: SELECTs could not tell them apart."
            raise InputRefused(schema, expected="one table of a name", found=found, do=do)
    return SchemaTables(source.files, dict.fromkeys(names, ()), (), schema=schema)


def read_tables(source: Source, database: Database, tables: Iterable[str], *, engine: Engine) -> Generator[Part]:
    """Read tables into the engine, each under its own name with `_file` (schema.table) and no `_line`.

    All of them are as they were at one moment. A connection that is lost begins its table again once.

    Raises
    ------
    InputRefused
        When a table cannot be read whole.
    """
    with _refusing(database), Snapshot(database) as snapshot:
        for table in tables:
            where = f"{database.schema}.{table}"
            with _refusing(database, where):
                try:
                    yield _read_table(source, where, table, session=snapshot.session, engine=engine)
                except DatabaseError as error:
                    if error.trouble != "lost":
                        raise
                    snapshot.reconnect()
                    yield _read_table(source, where, table, session=snapshot.session, engine=engine)


def _read_table(source: Source, where: str, table: str, *, session: Session, engine: Engine) -> Part:
    engine.drop(table)
    try:
        return _copied(source, where, table, session=session, engine=engine)
    except BaseException:
        engine.drop(table)  # nobody may take a part for the whole
        raise


def _copied(source: Source, where: str, table: str, *, session: Session, engine: Engine) -> Part:
    schema = where[: -len(table) - 1]
    origin = f"{quoted(schema)}.{quoted(table)}"
    columns = columns_of(session, schema, table, source=source)
    check_header([column.name for column in columns], where=where)
    counted, columns = _counted(origin, columns, session=session)
    held = ", ".join(f"{quoted(column.name)} {column.engine_type}" for column in columns)
    engine.execute(f"CREATE TABLE {quoted(table)} ({held}, _file VARCHAR DEFAULT {literal(where)}, _line BIGINT)")
    given = ", ".join(f"{column.given} AS {quoted(column.name)}" for column in columns)
    session.execute("SET max_parallel_workers_per_gather = 0")  # workers would mix the rows
    try:
        with closing(session.batches(f"SELECT {given} FROM {origin}")) as batches:
            for batch in batches:
                engine.append(table, batch)
    except SqlError as error:
        do = "Look for a day beyond all calendars in that table, or for more rows than this machine can hold."
        expected = "values the engine can hold"
        raise InputRefused(where, expected=expected, found=f"one it cannot ({error.trouble})", do=do) from None
    digest, parsed = _digest(table, columns, engine=engine)
    if parsed != counted:
        do = "Rows of a foreign table, or of a view that rolls dice, do not hold still: copy them into a table."
        expected = f"the {counted:,} rows counted at the same moment"
        raise InputRefused(where, expected=expected, found=f"{parsed:,}", do=do)
    return Part(where, digest, None, [column.name for column in columns], records=counted, parsed=parsed)


def _counted(origin: str, columns: list[Column], *, session: Session) -> tuple[int, list[Column]]:
    """Rows of a table, and its columns with the types that hold their numbers: one query for both."""
    numbers = [column for column in columns if column.numeric]
    asked = [f"max(abs({column.given})), max(scale({column.given}))" for column in numbers]
    [(rows, *found)] = session.rows(f"SELECT {', '.join(['count(*)', *asked])} FROM {origin}")
    extremes = {
        column.name: Extremes(None if largest is None else _decimal(largest), scale)
        for column, largest, scale in zip(numbers, found[::2], found[1::2], strict=True)
    }
    return int(rows), [column.holding(extremes[column.name]) if column.numeric else column for column in columns]


def _decimal(text: object) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return Decimal("nan")


def _digest(table: str, columns: list[Column], *, engine: Engine) -> tuple[str, int]:
    """What tells one content of a table from another, whatever the order of its rows; and how many they are."""
    names = ", ".join(quoted(column.name) for column in columns)
    [(rows, total)] = engine.rows(f"SELECT count(*), sum(hash({names})) FROM {quoted(table)}")
    facts = [[column.name, column.engine_type] for column in columns]
    return hashlib.sha256(json.dumps([facts, rows, str(total)]).encode()).hexdigest(), int(rows)


@contextmanager
def _refusing(database: Database, where: str | None = None) -> Iterator[None]:
    """Says in the house's words why the database did not answer; nothing of what the driver said is in them."""
    try:
        yield
    except DatabaseError as error:
        place = where or database.host
        raise _refusal(error, database, place) from None


def _refusal(error: DatabaseError, database: Database, place: str) -> InputRefused:
    code = f" (SQLSTATE {error.code})" if error.code else ""
    minutes = f"{database.minutes_per_statement:g} minutes"
    expected, found, do = {
        "lost": ("a connection that lasts", "that it was lost", f"Ask why {database.host} ended it, and run again."),
        "rights": ("a table that may be read", "that this user may not", "Grant SELECT on it to this user."),
        "gone": ("the table it was", "that it is gone", "Run again when nobody changes the schema."),
        "time": (f"an answer within {minutes}", "none", "Raise `minutes_per_statement`, or read a smaller table."),
        "text": ("text in UTF-8", "bytes that are none", "Correct them there, or offer a view without that column."),
        "other": ("rows", f"an error of the server{code}", f"Ask who runs {database.host}: its log has the words."),
    }[error.trouble]
    return InputRefused(place, expected=expected, found=found, do=do)
