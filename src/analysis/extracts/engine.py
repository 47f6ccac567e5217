"""The engine behind the tables: one DuckDB connection, spoken to in Narwhals lazy frames.

The only module that knows which engine holds the rows.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow as pa

from analysis.basis.errors import StorageFailed

Trouble = Literal["column", "table", "syntax", "value", "memory", "other"]
ROW_GROUP = 122_880  # fixed, so that a table's bytes do not depend on how many threads wrote it


class SqlError(Exception):
    """A statement the engine would not run; `trouble` says what kind, `message` is the engine's first line."""

    def __init__(self, trouble: Trouble, message: str) -> None:
        self.trouble, self.message = trouble, message
        super().__init__(message)


class Engine:
    """One in-process connection: a context manager; `close` also removes what it spilled to disk.

    Parameters
    ----------
    memory_limit
        As DuckDB writes it ("4GB"); beyond it, rows spill into `temp`.
    threads
        Worker threads; all cores when missing.
    temp
        Folder for spilled rows; the system's own when missing.
    """

    def __init__(
        self, *, memory_limit: str | None = None, threads: int | None = None, temp: Path | None = None
    ) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="linecard-", dir=temp)
        # No extension is fetched, no Python variable is read as a table, and no SELECT can change this again.
        config: dict[str, Any] = {
            "temp_directory": self._spill.name,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
        config |= {"memory_limit": memory_limit} if memory_limit else {}
        config |= {"threads": threads} if threads else {}
        self._connection = duckdb.connect(":memory:", config=config)
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute("SET lock_configuration = true")
        self._tables = 0

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; lazy frames that came from it can no longer be collected."""
        self._connection.close()
        self._spill.cleanup()

    def table(self, data: pd.DataFrame | pa.Table | nw.LazyFrame[Any], name: str | None = None) -> nw.LazyFrame[Any]:
        """`data`, held by the engine under `name` (a fresh one when missing); an older table of that name goes."""
        name = name or self.fresh_name()
        if isinstance(data, nw.LazyFrame):
            fresh = self.fresh_name()
            nw.to_native(data).create(fresh)
            self.drop(name)
            self.execute(f"ALTER TABLE {quoted(fresh)} RENAME TO {quoted(name)}")
        else:
            self.drop(name)
            self.append(name, data)
        return self.named(name)

    def append(self, name: str, data: pd.DataFrame | pa.Table) -> None:
        """Add rows to the table `name`, column by column name; the table is made when it is not there."""
        rows = _typed(data)
        self._connection.register("__incoming", rows)
        try:
            into = f"INSERT INTO {quoted(name)} BY NAME" if self.has(name) else f"CREATE TABLE {quoted(name)} AS"
            self.execute(f"{into} SELECT * FROM __incoming")
        finally:
            self._connection.unregister("__incoming")

    def teach(self, name: str, made_of: Callable[[str], str]) -> None:
        """Let statements call `name` for a function from text to text; missing stays missing. Slow: for few rows."""
        if not self.rows("SELECT 1 FROM duckdb_functions() WHERE function_name = $name LIMIT 1", {"name": name}):
            self._connection.create_function(name, made_of, ["VARCHAR"], "VARCHAR")

    def named(self, name: str) -> nw.LazyFrame[Any]:
        """The table or view of that name."""
        return nw.from_native(self._connection.table(quoted(name)))

    def select(self, sql: str, parameters: Mapping[str, object] | None = None) -> nw.LazyFrame[Any]:
        """The rows of a SELECT over named tables, not computed yet (at once where it has `$name` parameters)."""
        if not parameters:
            with _Told():
                return nw.from_native(self._connection.sql(sql))
        name = self.fresh_name()
        self.execute(f"CREATE TABLE {quoted(name)} AS {sql}", parameters)
        return self.named(name)

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        """Run one statement for its effect; SqlError when the engine refuses it."""
        self.rows(sql, parameters)

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a statement whose answer is small."""
        with _Told():
            return self._connection.execute(sql, dict(parameters) if parameters else None).fetchall()

    def columns(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[str, str]]:
        """Names and engine types of a SELECT's columns, in its order; nothing is computed."""
        return [(str(row[0]), str(row[1])) for row in self.rows(f"DESCRIBE {sql}", parameters)]

    def relations(self, sql: str) -> set[str]:
        """Tables a SELECT reads, as the engine's own parser sees them (paths of files, too)."""
        with _Told():
            return {str(name) for name in self._connection.get_table_names(sql)}

    def has(self, name: str) -> bool:
        """Whether a table or a view of that name is there."""
        return self._kind(name) is not None

    def drop(self, name: str) -> None:
        """Forget a table or a view; nothing happens when there is none."""
        kind = self._kind(name)
        if kind is not None:
            self.execute(f"DROP {kind} {quoted(name)}")

    def _kind(self, name: str) -> str | None:
        """TABLE or VIEW; names are compared as SQL compares them."""
        found = self.rows(
            "SELECT 'TABLE' FROM duckdb_tables() WHERE lower(table_name) = lower($name) "
            "UNION ALL SELECT 'VIEW' FROM duckdb_views() WHERE lower(view_name) = lower($name) AND NOT internal",
            {"name": name},
        )
        return str(found[0][0]) if found else None

    def fresh_name(self) -> str:
        """A table name nobody has used."""
        self._tables += 1
        return f"__linecard_{self._tables}"

    def scan_parquet(self, path: Path) -> nw.LazyFrame[Any]:
        """The rows of a Parquet file, not read yet."""
        with _Told():
            return nw.from_native(self._connection.from_parquet(str(path)))

    def write_parquet(self, table: nw.LazyFrame[Any], path: Path, *, order_by: Sequence[str]) -> int:
        """Write a table as one Parquet file and say how many rows it has.

        The same rows give the same bytes when `order_by` tells every two rows apart. The file appears under
        its name only when it is complete.

        Raises
        ------
        StorageFailed
            When the folder cannot be written to.
        """
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        rows = nw.to_native(table.select(nw.all())).order(", ".join(f"{quoted(name)} NULLS FIRST" for name in order_by))
        try:
            rows.write_parquet(str(partial), compression="zstd", row_group_size=ROW_GROUP)
            partial.replace(path)
        except (duckdb.IOException, OSError) as error:
            partial.unlink(missing_ok=True)
            found = _first_line(error).replace(str(partial), path.name)
            do = "Free some room, or open the folder for writing."
            raise StorageFailed(path.name, expected="a folder to write in", found=found, do=do) from None
        counted = self._connection.execute("SELECT num_rows FROM parquet_file_metadata($path)", {"path": str(path)})
        return int(counted.fetchall()[0][0])  # all of it: a result left open blocks the connection


def to_pandas(table: nw.LazyFrame[Any]) -> pd.DataFrame:
    """A small table as pandas: decimals as float64, dates as datetime64[ns], text as object (missing: None).

    Sums of whole numbers, which the engine counts in 128 bits, come as int64.
    """
    # Cast by the engine: Arrow's own cast makes 29.900000000000002 of a decimal 29.90, and decimals of wide integers.
    plain = {nw.Decimal: nw.Float64, nw.Int128: nw.Int64}
    casts = [
        nw.col(name).cast(plain[kind.base_type()])
        for name, kind in table.collect_schema().items()
        if kind.base_type() in plain
    ]
    arrow = table.with_columns(casts).collect("pyarrow").to_native()
    frame: pd.DataFrame = arrow.to_pandas(date_as_object=False, coerce_temporal_nanoseconds=True)
    return frame


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _typed(data: pd.DataFrame | pa.Table) -> pa.Table:
    """Arrow rows without columns of no type (all missing: text) and without nanoseconds."""
    rows = pa.Table.from_pandas(data, preserve_index=False) if isinstance(data, pd.DataFrame) else data
    kinds = {pa.null(): pa.string(), pa.timestamp("ns"): pa.timestamp("us")}
    fields = [pa.field(column.name, kinds.get(column.type, column.type)) for column in rows.schema]
    return rows.cast(pa.schema(fields)).replace_schema_metadata(None)


class _Told:
    """Turns the engine's own errors into SqlError."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, duckdb.Error):
            raise SqlError(_trouble(error), _first_line(error)) from None


def _trouble(error: duckdb.Error) -> Trouble:
    if isinstance(error, duckdb.ParserException):
        return "syntax"
    if isinstance(error, duckdb.BinderException) and "column" in str(error).lower():
        return "column"
    if isinstance(error, duckdb.CatalogException) and "Table with name" in str(error):
        return "table"
    if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException | duckdb.InvalidInputException):
        return "value"
    return "memory" if isinstance(error, duckdb.OutOfMemoryException) else "other"


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
