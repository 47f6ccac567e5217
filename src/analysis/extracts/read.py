"""The first door: raw files into raw tables, every record counted, none lost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.basis.errors import InputRefused, LinecardError
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.mapping import Source
from analysis.extracts.part import Part
from analysis.extracts.raw_files import RawFiles
from analysis.extracts.read_csv import read_csv
from analysis.extracts.read_excel import read_excel
from analysis.extracts.read_parquet import read_parquet


@dataclass
class RawRead:
    """What reading left behind, file by file."""

    parts: list[Part] = field(default_factory=list)
    held: dict[str, list[str]] = field(default_factory=dict)

    def doors(self) -> pd.DataFrame:
        """Table, one row per raw file: file, lines, parsed, unreadable."""
        rows = [(part.name, part.records, part.parsed, len(part.unreadable)) for part in self.parts]
        return pd.DataFrame(rows, columns=["file", "lines", "parsed", "unreadable"])

    def files(self) -> list[dict[str, object]]:
        return [{"file": part.name, "sha256": part.sha256, "bytes": part.bytes} for part in self.parts]

    def unreadable(self) -> pd.DataFrame:
        """Table, one row per record that is no row, with the quarantine's columns."""
        rows = [
            ("fields", None, bad.file, bad.line, None, bad.found, json.dumps(bad.raw, ensure_ascii=False))
            for part in self.parts
            for bad in part.unreadable
        ]
        return pd.DataFrame(rows, columns=["rule", "column", "file", "line", "key", "found", "row"])


@contextmanager
def read_raw(source: Source, files: RawFiles, tables: Iterable[str], *, engine: Engine) -> Iterator[RawRead]:
    """Read the named raw tables into the engine, each under its own name, and count every record.

    They are in the engine inside the `with` only; an older table of such a name goes.

    Raises
    ------
    InputRefused
        When a file cannot be read as rows of one header, or changes while it is read.
    """
    read = RawRead()
    try:
        for table in tables:
            _read_table(source, files, table, read=read, engine=engine)
        _check_door(read)
        yield read
    finally:
        for table, parts in read.held.items():
            for name in (table, *parts):
                engine.drop(name)


def _check_door(read: RawRead) -> None:
    """Stop when a record went missing between a file and its raw table."""
    for part in read.parts:
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
        part = _read_file(source, files, path, engine=engine, held=held)
        _check_rows(part)
        if parts:
            _check_same(parts, part)
        parts.append(part)
    columns = ", ".join(quoted(name) for name in (*parts[0].columns, "_file", "_line"))
    union = " UNION ALL ".join(f"SELECT {columns} FROM {quoted(held)}" for held in views)
    engine.drop(table)
    engine.execute(f"CREATE VIEW {quoted(table)} AS {union}")
    read.parts += parts


def _read_file(source: Source, files: RawFiles, path: Path, *, engine: Engine, held: str) -> Part:
    name = files.name(path)
    _check_inside(path, files, name=name)
    before = _stamp(path, name=name)
    if source.format == "csv":
        part = read_csv(path, name=name, engine=engine, table=held, form=source.csv)
    elif source.format == "excel":
        part = read_excel(path, name=name, engine=engine, table=held, form=source.csv)
    else:
        part = read_parquet(path, name=name, engine=engine, table=held)
    if _stamp(path, name=name) != before:
        do = "Run again when the extract is complete."
        raise InputRefused(name, expected="a file at rest", found="that it changed while it was read", do=do)
    return part


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
        do = "Ask for the extract again; a table that has no rows yet is left out by removing its file."
        raise InputRefused(part.name, expected="rows below the header", found="none", do=do)
    if part.parsed == 0:
        first = part.unreadable[0]
        where = f"{part.name}, line {first.line:,}"
        found = f"{first.found}, and so in all {part.records:,} rows"
        do = "Check the separator (`csv: {delimiter: …}` in source.yml) and the header line."
        raise InputRefused(where, expected="as many fields as the header has", found=found, do=do)


def _check_same(parts: list[Part], part: Part) -> None:
    """Refuse a further file of a table that has other columns, or that is a file already read."""
    for other in parts:
        if other.sha256 == part.sha256:
            do = "Remove one of them: its rows would count twice."
            raise InputRefused(part.name, expected="a file of its own", found=f"a copy of {other.name}", do=do)
    odd = sorted(set(parts[0].columns) ^ set(part.columns))
    if odd:
        where, do = part.name, "Files in one folder make one raw table: give them the same columns."
        found = f"a difference in {odd[0]!r}"
        raise InputRefused(where, expected=f"the columns of {parts[0].name}", found=found, do=do)
