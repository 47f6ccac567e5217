"""The first door: raw files into raw tables, every record counted, none lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.basis.errors import InputRefused, LinecardError
from analysis.extracts.database import Database
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.mapping import Source
from analysis.extracts.part import EXPECTED, Part
from analysis.extracts.raw_files import RawFiles, format_of, raw_files
from analysis.extracts.read_csv import read_csv
from analysis.extracts.read_excel import read_excel
from analysis.extracts.read_parquet import read_parquet
from analysis.extracts.read_postgres import read_tables, schema_tables
from analysis.extracts.reading import reading

Reader = Callable[..., Part]


@dataclass
class RawRead:
    """What reading left behind: raw table → its files, and what the engine holds of it; hash → the file seen first.

    `bring` reads a further raw table, which happens once; `let_go` takes one out of the engine, its counts stay.
    """

    tables: dict[str, list[Part]] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[str, Path] = field(default_factory=dict)
    may_be_empty: frozenset[str] = frozenset()
    reader: Callable[[str], None] | None = None

    def bring(self, table: str) -> None:
        """Read a raw table that was not read yet."""
        if self.reader is not None and table not in self.tables:
            self.reader(table)
            _check_door(self.tables[table])

    def let_go(self, table: str, *, engine: Engine) -> None:
        """Drop what the engine holds of a raw table."""
        for name in (table, *self.held.pop(table, [])):
            engine.drop(name)

    @property
    def parts(self) -> list[Part]:
        """Every file read, table by table, in order of name within each."""
        return [part for parts in self.tables.values() for part in parts]

    @property
    def empty(self) -> set[str]:
        """Raw tables without a row, where that is allowed."""
        return {table for table, parts in self.tables.items() if not any(part.records for part in parts)}

    def doors(self) -> pd.DataFrame:
        """Table, one row per raw file: file, lines, parsed, unreadable."""
        rows = [(part.name, part.records, part.parsed, len(part.unreadable)) for part in self.parts]
        return pd.DataFrame(rows, columns=["file", "lines", "parsed", "unreadable"])

    def files(self) -> list[dict[str, object]]:
        return [{"file": part.name, "sha256": part.sha256, "bytes": part.bytes} for part in self.parts]

    def unreadable(self) -> pd.DataFrame:
        """Table, one row per record that is no row, with the quarantine's columns."""
        rows = [
            (bad.rule, None, bad.file, bad.line, None, bad.found, json.dumps(bad.raw, ensure_ascii=False))
            for part in self.parts
            for bad in part.unreadable
        ]
        return pd.DataFrame(rows, columns=["rule", "column", "file", "line", "key", "found", "row"])


def offered(source: Source) -> RawFiles:
    """The raw tables a source offers, files or tables of a database, no row read."""
    return schema_tables(source, source.database) if source.database else raw_files(source)


@contextmanager
def read_raw(
    source: Source, files: RawFiles, tables: Iterable[str], *, engine: Engine, may_be_empty: Iterable[str] = ()
) -> Iterator[RawRead]:
    """Read the named raw tables into the engine, each under its own name, and count every record.

    They are in the engine inside the `with` only; an older table of such a name goes. Without rows are refused all
    but those that `may_be_empty`.

    Raises
    ------
    InputRefused
        When a file cannot be read as rows of one header, or changes while it is read.
    """
    read = RawRead(may_be_empty=frozenset(may_be_empty))
    try:
        if source.database:
            _read_database(source, source.database, list(tables), read=read, engine=engine)
            _check_door(read.parts)
        else:
            read.reader = partial(_read_table, source, files, read=read, engine=engine)
            for table in tables:
                read.bring(table)
        yield read
    finally:
        for table in list(read.held):
            read.let_go(table, engine=engine)


def _check_door(parts: Sequence[Part]) -> None:
    """Stop when a record went missing between a file and its raw table."""
    for part in parts:
        if part.records != part.parsed + len(part.unreadable):
            found = f"{part.parsed:,} rows and {len(part.unreadable):,} unreadable ones"
            do = "This is an error in Linecard: please report it with this line."
            raise LinecardError(part.name, expected=f"{part.records:,} records", found=found, do=do)


def _read_table(source: Source, files: RawFiles, table: str, *, read: RawRead, engine: Engine) -> None:
    """Every file of a raw table into a table of its own, and one view over them."""
    parts: list[Part] = []
    views = read.held.setdefault(table, [])
    for path in files.tables[table]:
        held = engine.fresh_name()
        views.append(held)
        part = _read_file(files, path, _reader(source, table, path), engine=engine, held=held)
        if part.records or table not in read.may_be_empty:
            _check_rows(part)
            _check_copy(read.seen.setdefault(part.sha256, path), path, files=files)
        _check_columns(parts, part)
        parts.append(part)
    columns = ", ".join(quoted(name) for name in parts[0].columns)
    union = " UNION ALL ".join(
        f"SELECT {columns}, {literal(part.name)} AS _file, {part.line} AS _line FROM {quoted(held)}"
        for part, held in zip(parts, views, strict=True)
    )
    engine.drop(table)
    engine.execute(f"CREATE VIEW {quoted(table)} AS {union}")
    read.tables[table] = parts


def _read_database(source: Source, database: Database, tables: Sequence[str], *, read: RawRead, engine: Engine) -> None:
    """Every raw table of one snapshot, under its own name."""
    read.held |= {table: [] for table in tables}
    with closing(read_tables(source, database, tables, engine=engine)) as parts:
        for table, part in zip(tables, parts, strict=True):
            if not part.records and table not in read.may_be_empty:
                do = "Ask why it has none; a table that may have none is named under `optional` in source.yml."
                raise InputRefused(part.name, expected="rows", found="none", do=do)
            read.tables[table] = [part]


def _reader(source: Source, table: str, path: Path) -> Reader:
    """What reads one file of a raw table."""
    how, kind = reading(source, table), format_of(path, source.format)
    if kind == "csv":
        return partial(read_csv, how=how)
    return partial(read_excel, how=how) if kind == "excel" else read_parquet


def _read_file(files: RawFiles, path: Path, reader: Reader, *, engine: Engine, held: str) -> Part:
    name = files.name(path)
    _check_inside(path, files, name=name)
    before = _stamp(path, name=name)
    try:
        part = reader(path, name=name, engine=engine, table=held)
    except InputRefused:
        _check_at_rest(path, before, name=name)
        raise
    _check_at_rest(path, before, name=name)
    return part


def _check_at_rest(path: Path, before: tuple[int, int, int], *, name: str) -> None:
    if _stamp(path, name=name) != before:
        do = "Run again when the extract is complete."
        raise InputRefused(name, expected="a file at rest", found="that it changed while it was read", do=do)


def _check_inside(path: Path, files: RawFiles, *, name: str) -> None:
    root = files.root.resolve()
    if not path.resolve().is_relative_to(root):
        do = "Copy the file itself there, or point `files:` to where it lies."
        raise InputRefused(name, expected="a file inside the folder of extracts", found="a link out of it", do=do)


def _stamp(path: Path, *, name: str) -> tuple[int, int, int]:
    try:
        with path.open("rb"):
            status = path.stat()
    except OSError as error:
        found = (error.strerror or "an error").lower()
        raise InputRefused(name, expected="a file that can be read", found=found, do="Check its rights.") from None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _check_rows(part: Part) -> None:
    """Refuse a file without rows, or none of whose records fit the header."""
    if part.records == 0:
        do = "Ask for the extract again; a table that may have none is named under `optional` in source.yml."
        raise InputRefused(part.name, expected="rows below the header", found="none", do=do)
    if part.parsed == 0:
        first = part.unreadable[0]
        where = f"{part.name}, line {first.line:,}"
        found = f"{first.found}, and so in {'the one row' if part.records == 1 else f'all {part.records:,} rows'}"
        do = "Check the separator (`csv: {delimiter: …}` in source.yml) and the header line."
        raise InputRefused(where, expected=EXPECTED[first.rule], found=found, do=do)


def _check_copy(first: Path, path: Path, *, files: RawFiles) -> None:
    """Refuse a file that has the very bytes of one already read, under another name."""
    if first != path:
        do, found = "Remove one of them: its rows would count twice.", f"a copy of {files.name(first)}"
        raise InputRefused(files.name(path), expected="a file of its own", found=found, do=do)


def _check_columns(others: list[Part], part: Part) -> None:
    """Refuse a further file of a table that has other columns; their order is free."""
    odd = sorted(set(others[0].columns) ^ set(part.columns)) if others else []
    if odd:
        where, do = part.name, "Files in one folder make one raw table: give them the same columns."
        found = f"a difference in {odd[0]!r}"
        raise InputRefused(where, expected=f"the columns of {others[0].name}", found=found, do=do)
