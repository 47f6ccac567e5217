"""One snapshot of a PostgreSQL database, read-only; the only module that knows the driver.

What the driver says is never repeated: its messages may hold the connection string or a value of a row.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal

import pyarrow as pa

from analysis.basis.errors import InputRefused, LinecardError, ParamsError
from analysis.extracts.database import Database
from analysis.extracts.engine import literal

BACK_OFF_S = (1.0, 3.0)  # waited before the second try and before the third
BATCH_BYTES = 8 * 1024 * 1024
Trouble = Literal["lost", "rights", "gone", "time", "text", "other"]

_FINAL = {  # answers that a further try cannot change → what was found
    r"password authentication failed|role .* does not exist|no password supplied|authentication": (
        "that it refuses this user, or the password"
    ),
    r"database .* does not exist": "no database of the name asked for",
    r"pg_hba\.conf": "that it lets nobody in from here as this user",
}
_TROUBLES: dict[str, Trouble] = {
    "42501": "rights",
    "42P01": "gone",
    "3F000": "gone",
    "57014": "time",
    "22021": "text",
    "22P05": "text",
}
_UNCODED = {"statement timeout": "57014", "invalid byte sequence": "22021"}  # once rows come, no code comes with it
_WAITING = {
    "connect_timeout": 10,
    "keepalives_idle": 30,  # a connection that died without a word is noticed within a minute
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "application_name": "linecard",
}
_SETTINGS = (
    "SET client_encoding = 'UTF8'",
    "SET standard_conforming_strings = on",
    "SET search_path = pg_catalog",  # no function or cast of somebody's schema is called by a plain name
    "SET idle_in_transaction_session_timeout = 0",
    "SET TimeZone = 'UTC'",  # what is written out as text does not depend on the user's own settings
    "SET DateStyle = 'ISO, YMD'",
    "SET IntervalStyle = 'postgres'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
    "SET synchronize_seqscans = off",  # rows come from the beginning of a table
)


class DatabaseError(Exception):
    """A statement that failed; `code` is the server's SQLSTATE, empty where there is none."""

    def __init__(self, trouble: Trouble, code: str = "") -> None:
        self.trouble, self.code = trouble, code
        super().__init__(trouble)


class Session:
    """A connection in one read-only, repeatable-read transaction: a context manager.

    Parameters
    ----------
    snapshot
        Name of a snapshot that another session keeps; a new one when missing.

    Raises
    ------
    InputRefused, ParamsError
        When no connection comes about.
    """

    def __init__(self, database: Database, snapshot: str | None = None) -> None:
        self._connection = _connected(database)
        try:
            self.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            if snapshot:
                self.execute(f"SET TRANSACTION SNAPSHOT {literal(snapshot)}")
            for setting in _SETTINGS:
                self.execute(setting)
            self.execute(f"SET statement_timeout = {int(database.minutes_per_statement * 60_000)}")
        except DatabaseError:
            self.close()
            raise

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the transaction; nothing it did can stay."""
        with suppress(DatabaseError), _Told(self._connection):
            self._connection.close()

    def execute(self, sql: str) -> None:
        """Run one statement for its effect; DatabaseError when it fails."""
        with _Told(self._connection), self._connection.cursor() as cursor:
            cursor.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query whose answer is small."""
        with _Told(self._connection), self._connection.cursor() as cursor:
            cursor.execute(sql)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def batches(self, sql: str) -> Generator[pa.Table]:
        """The rows of a query, some megabytes at a time; a lost connection raises, it never ends the rows."""
        size = {"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)}
        with _Told(self._connection), self._connection.cursor(adbc_stmt_kwargs=size) as cursor:
            cursor.execute(sql)
            for batch in cursor.fetch_record_batch():
                columns = [column.storage if isinstance(column, pa.ExtensionArray) else column for column in batch]
                yield pa.table(columns, names=batch.schema.names)


class Snapshot:
    """A database as it was at one moment: one session keeps the moment, another reads and may be replaced."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keeper = Session(database)
        try:
            [(self._name,)] = self._keeper.rows("SELECT pg_export_snapshot()")
            self.session = Session(database, self._name)
        except BaseException:
            self._keeper.close()
            raise

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()
        self._keeper.close()

    def reconnect(self) -> None:
        """Replace the reading session, at the same moment; DatabaseError when the moment is lost as well."""
        self.session.close()
        self.session = Session(self._database, self._name)


def _connected(database: Database) -> Any:
    """An open connection, within three tries."""
    from adbc_driver_manager import Error
    from adbc_driver_postgresql.dbapi import connect

    for wait in (*BACK_OFF_S, None):
        try:
            return connect(_bounded(database.dsn.get_secret_value()), autocommit=False)
        except Error as error:
            refusal = _final(str(error), database)
        if refusal is not None:
            raise refusal
        if wait is not None:
            time.sleep(wait)
    raise InputRefused(
        database.host,
        expected="a PostgreSQL server that answers",
        found=f"none in {len(BACK_OFF_S) + 1} tries",
        do=f"Check that it runs, that this machine may reach it, and what {database.variable} says.",
    )


def _bounded(dsn: str) -> str:
    """The connection string, with an end to waiting where it has none, and a name the server's log can show."""
    added = [f"{key}={value}" for key, value in _WAITING.items() if key not in dsn]
    if re.match(r"postgres(ql)?://", dsn):
        return dsn + ("&" if "?" in dsn else "?") + "&".join(added) if added else dsn
    return " ".join([dsn, *added])


def _final(message: str, database: Database) -> LinecardError | None:
    """What to say where a further try is no use; None where it may be."""
    if re.search(r"connection info string|invalid (URI|connection option|port|percent)|URI query|in URI", message):
        do = f"Write {database.variable} as postgresql://user@host/database; %-escape / @ : ? # in a password."
        where = f"the environment variable {database.variable}"
        return ParamsError(where, expected="a connection string", found="a text that is none", do=do)
    for pattern, found in _FINAL.items():
        if re.search(pattern, message):
            do = f"Check the user, the password and the database in {database.variable}."
            return InputRefused(database.host, expected="a PostgreSQL server that lets us in", found=found, do=do)
    return None


class _Told:
    """Turns the driver's own errors into DatabaseError, none of their words kept."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from adbc_driver_manager import Error

        if not isinstance(error, Error | OSError | pa.ArrowException):
            return
        code = getattr(error, "sqlstate", None) or ""
        if not code and (said := re.search(r"SQLSTATE:? (\w{5})", str(error))):
            code = said[1]
        code = next((known for words, known in _UNCODED.items() if words in str(error)), code)
        raise DatabaseError("lost" if self._lost() else _TROUBLES.get(code, "other"), code) from None

    def _lost(self) -> bool:
        status = self._connection.adbc_connection.get_option("adbc.postgresql.transaction_status")
        return str(status) == "unknown"
