"""Text files as raw tables: the engine's reader where a file is plain, Python's where line numbers need care.

The engine's reader is many times faster but counts neither blank lines nor lines inside quotes. Where records and
physical lines agree one to one, its row number *is* the line; everywhere else `csv` reads again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import Engine, SqlError, literal, quoted
from analysis.extracts.mapping import CsvFormat
from analysis.extracts.part import Part, Unreadable, check_header
from analysis.extracts.probe import opened, probe

BATCH = 50_000  # rows held as Python objects at a time
LONGEST_FIELD = 16 * 1024 * 1024  # characters; more is a quote nobody closed
_RIVALS = (";", "\t", "|")


@dataclass(frozen=True)
class _Text:
    """A text file and how it is written."""

    path: Path
    encoding: str
    delimiter: str
    lines: int

    def physical_lines(self) -> Iterator[str]:
        """Lines of the text, line ends kept."""
        with opened(self.path) as file, io.TextIOWrapper(file, encoding=self.encoding, newline="") as text:
            yield from text

    def records(self, lines: Iterator[str]) -> Iterator[list[str]]:
        csv.field_size_limit(LONGEST_FIELD)
        return csv.reader(lines, delimiter=self.delimiter, strict=True)


def read_csv(path: Path, *, name: str, engine: Engine, table: str, form: CsvFormat) -> Part:
    """One text file as the engine's table `table`: every cell text, blank missing, `_file` and `_line` at the end.

    Records with another number of fields than the header are unreadable: kept apart with line and text.

    Raises
    ------
    InputRefused
        When the file is no such text, has no usable header, or not one record that fits it.
    """
    facts = probe(path, name=name, encoding=form.encoding)
    text = _Text(path, facts.encoding, form.delimiter or _usual(path), facts.lines)
    if form.delimiter is None:
        text = replace(text, delimiter=_delimiter(text))
    part = Part(name=name, sha256=facts.sha256, bytes=facts.bytes, columns=_header(text, name=name))
    if facts.plain and not set("*?[") & set(str(path)):  # a path with wildcards would be read as several
        part.records = _read_fast(text, part, engine=engine, table=table)
    if part.records == 0:
        _read_exact(text, part, engine=engine, table=table)
    [(part.parsed,)] = engine.rows(f"SELECT count(*) FROM {quoted(table)}")
    if form.delimiter is None and text.delimiter != _usual(path):
        part.notes.append(("delimiter", f"columns separated by {text.delimiter!r}, as the header shows"))
    if facts.encoding == "gb18030" != form.encoding:
        part.notes.append(("encoding", "text in GB18030, as its header shows"))
    if facts.encoding == "utf-16" and form.encoding != "utf-16":
        part.notes.append(("encoding", "text in UTF-16, as its byte-order mark says"))
    return part


def _usual(path: Path) -> str:
    return "\t" if ".tsv" in path.suffixes else ","


def _delimiter(text: _Text) -> str:
    """The usual separator; another one where the header has none of the usual and plainly one other."""
    first = next(text.physical_lines(), "")
    rivals = [mark for mark in _RIVALS if mark in first and mark != text.delimiter]
    return rivals[0] if text.delimiter not in first and len(rivals) == 1 else text.delimiter


def _header(text: _Text, *, name: str) -> list[str]:
    try:
        header = next(text.records(text.physical_lines()), [])
    except csv.Error:
        raise _unclosed(name, 1) from None
    check_header(header, where=f"{name}, line 1")
    return header


def _read_fast(text: _Text, part: Part, *, engine: Engine, table: str) -> int:
    """Records read by the engine, as the file's lines count them; 0, and no table, when the two do not agree."""
    types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in part.columns)
    cells = ", ".join(f"nullif({quoted(column)}, '') AS {quoted(column)}" for column in part.columns)
    packed = "gzip" if text.path.suffix == ".gz" else "none"
    try:
        # Fields of nothing beyond the header's are let through when they equal `nullstr`; no text holds chr(0).
        engine.execute(
            f"CREATE TABLE {quoted(table)} AS SELECT {cells}, {literal(part.name)} AS _file, "
            f"row_number() OVER () + 1 AS _line FROM read_csv({literal(str(text.path))}, columns = {{{types}}}, "
            f"header = true, auto_detect = false, delim = {literal(text.delimiter)}, quote = '\"', escape = '\"', "
            f"nullstr = chr(0), strict_mode = true, compression = {literal(packed)})"
        )
    except SqlError:
        return 0
    [(rows,)] = engine.rows(f"SELECT count(*) FROM {quoted(table)}")
    if rows + 1 != text.lines or rows == 0:
        engine.drop(table)
        return 0
    return text.lines - 1


@dataclass
class _Taken:
    """Physical lines as they are handed out, remembered until a record is complete."""

    lines: Iterator[str]
    of_record: list[str] = field(default_factory=list)
    before: int = 0  # lines of records already complete

    def __iter__(self) -> _Taken:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.of_record.append(line)
        return line

    def raw(self) -> str:
        """Text of the record just read, as it stands in the file."""
        return "".join(self.of_record).rstrip("\r\n")

    def finish(self) -> int:
        """First line of the record just read; the next line begins another."""
        first = self.before + 1
        self.before += len(self.of_record)
        self.of_record.clear()
        return first


def _read_exact(text: _Text, part: Part, *, engine: Engine, table: str) -> None:
    """Rows read record by record, each with the physical line it begins on."""
    taken = _Taken(text.physical_lines())
    kept: list[tuple[int, list[str]]] = []
    _append(kept, part, engine=engine, table=table)
    records = _records(text, taken, part)
    next(records)  # the header
    for line, cells in records:
        part.records += 1
        kept.append((line, cells))
        if len(kept) == BATCH:
            _append(kept, part, engine=engine, table=table)
            kept.clear()
    part.records += len(part.unreadable)
    _append(kept, part, engine=engine, table=table)


def _records(text: _Text, taken: _Taken, part: Part) -> Iterator[tuple[int, list[str]]]:
    """Readable records and their first lines; the others go to `part.unreadable`. Blank lines are no records."""
    reader = text.records(taken)
    width = len(part.columns)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            unclosed = len(taken.of_record) > 1 or "end of data" in str(error)
            raw, line = taken.raw(), taken.finish()
            if unclosed:
                raise _unclosed(part.name, line) from None
            part.unreadable.append(Unreadable(part.name, line, "text after a closing quote", raw))
            continue
        raw = "" if len(cells) == width else taken.raw()
        line = taken.finish()
        if len(cells) == width:
            yield line, cells
        elif len(cells) > 1 or (cells and cells[0].strip()):
            found = f"{len(cells)} field{'s' * (len(cells) > 1)} where the header has {width}"
            part.unreadable.append(Unreadable(part.name, line, found, raw))


def _append(kept: list[tuple[int, list[str]]], part: Part, *, engine: Engine, table: str) -> None:
    by_column = zip(*(cells for _, cells in kept), strict=True) if kept else [()] * len(part.columns)
    columns = {
        name: pa.array([cell or None for cell in cells], pa.string())
        for name, cells in zip(part.columns, by_column, strict=True)
    }
    columns["_file"] = pa.array([part.name] * len(kept), pa.string())
    columns["_line"] = pa.array([line for line, _ in kept], pa.int64())
    engine.append(table, pa.table(columns))


def _unclosed(name: str, line: int) -> InputRefused:
    return InputRefused(
        f"{name}, line {line:,}",
        expected="every quote closed on its own field",
        found="a quote that opens here and is not closed where the field ends",
        do="Correct that line, or ask for the extract again: rows after it cannot be told apart.",
    )
