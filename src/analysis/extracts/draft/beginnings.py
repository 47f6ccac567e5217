"""The first megabytes of a raw table, whatever way it is written."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

from analysis.basis.errors import InputRefused
from analysis.extracts.chinese import ENCODING as CHINESE
from analysis.extracts.draft.workbook_beginnings import read_workbook
from analysis.extracts.engine import Engine, SqlError, literal, quoted
from analysis.extracts.mapping import Format
from analysis.extracts.part import check_header
from analysis.extracts.probe import opened
from analysis.extracts.raw_files import RawFiles, format_of

MOST_BYTES = 4 * 1024 * 1024  # of a text file
MOST_ROWS = 50_000  # of a raw table
MOST_FILES = 12  # of a folder that is one raw table
_MARKS = (",", ";", "\t", "|")
_CHINESE_WORD = re.compile("[\u4e00-\u9fff]{2}")  # a misread Latin accent gives one sign between letters


@dataclass(frozen=True)
class Beginning:
    """How a raw table is written, as its beginning shows: columns, and for text encoding and delimiter.

    `encoding` is ascii where nothing tells more, utf-8-sig where a mark does, and missing where it is no text. `sheet`
    and `header_row` are those of a workbook, where source.yml has to name them.
    """

    columns: tuple[str, ...]
    encoding: str | None = None
    delimiter: str = ","
    sheet: str | None = None
    header_row: int | None = None


def beginning(paths: Sequence[Path], files: RawFiles, name: str, *, usual: Format, engine: Engine) -> Beginning:
    """Read the first rows of a raw table's files into the engine's table `name`, every cell as the file has it.

    Raises
    ------
    InputRefused
        When a file has no usable header, no row, or is not of this format.
    """
    engine.drop(name)
    some = list(paths)[:MOST_FILES]
    begun = [_read(path, files.name(path), name, format=format_of(path, usual), engine=engine) for path in some]
    if not engine.rows(f"SELECT 1 FROM {quoted(name)} LIMIT 1"):
        raise InputRefused(files.name(some[0]), expected="rows below the header", found="none", do="It is left out.")
    return begun[0]


def _read(path: Path, shown: str, table: str, *, format: Format, engine: Engine) -> Beginning:
    if format == "csv":
        return _read_text(path, shown, table, engine=engine)
    held = engine.fresh_name()
    if format == "excel":
        sheet = read_workbook(path, shown, held, most_rows=MOST_ROWS, engine=engine)
        begun = Beginning(sheet.columns, sheet=sheet.name, header_row=sheet.header_row)
    else:
        begun = Beginning(tuple(_read_parquet(path, shown, held, engine=engine)))
    _add(table, held, engine=engine)
    return begun


def _read_parquet(path: Path, shown: str, held: str, *, engine: Engine) -> list[str]:
    scan = f"read_parquet({literal(str(path))}, file_row_number = true)"
    try:
        columns = [column for column, _ in engine.columns(f"SELECT * EXCLUDE (file_row_number) FROM {scan}")]
        check_header(columns, where=shown)
        engine.execute(
            f"CREATE TABLE {quoted(held)} AS SELECT * EXCLUDE (file_row_number), {literal(shown)} AS _file, "
            f"file_row_number + 1 AS _line FROM {scan} LIMIT {MOST_ROWS}"
        )
    except SqlError:
        found = "one that is cut off or damaged"
        raise InputRefused(shown, expected="a complete Parquet file", found=found, do="Export it again.") from None
    return columns


def _add(table: str, held: str, *, engine: Engine) -> None:
    """Append the first rows of `held` to the raw table's sample."""
    rows = f"SELECT * FROM {quoted(held)} LIMIT {MOST_ROWS}"
    into = f"INSERT INTO {quoted(table)} BY NAME" if engine.has(table) else f"CREATE TABLE {quoted(table)} AS"
    try:
        engine.execute(f"{into} {rows}")
    except SqlError:
        do = "Give the files of a folder the same columns."
        raise InputRefused(f"{table}/", expected="files of the same columns", found="others", do=do) from None
    engine.drop(held)


def _read_text(path: Path, shown: str, table: str, *, engine: Engine) -> Beginning:
    text, encoding = _decoded(_bytes(path, shown), shown)
    first = text.partition("\n")[0]
    delimiter = max(_MARKS, key=first.count)
    csv.field_size_limit(MOST_BYTES)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = next(records, [])
    check_header(header, where=f"{shown}, line 1")
    rows = [row for row in islice(records, MOST_ROWS) if len(row) == len(header)]
    by_column = list(zip(*rows, strict=True)) or [()] * len(header)
    columns = {
        name: pa.array([cell or None for cell in cells], pa.string())
        for name, cells in zip(header, by_column, strict=True)
    }
    columns["_file"] = pa.array([shown] * len(rows), pa.string())
    columns["_line"] = pa.array(range(2, len(rows) + 2), pa.int64())
    held = engine.fresh_name()
    engine.append(held, pa.table(columns))
    _add(table, held, engine=engine)
    return Beginning(tuple(header), encoding, delimiter)


def _bytes(path: Path, shown: str) -> bytes:
    """The first bytes of the text, up to the last whole line."""
    try:
        with opened(path) as file:
            head = file.read(MOST_BYTES)
    except (OSError, EOFError) as error:
        found = (getattr(error, "strerror", None) or "one that is cut off or damaged").lower()
        raise InputRefused(shown, expected="a file that can be read", found=found, do="It is left out.") from None
    if not head.strip():
        raise InputRefused(shown, expected="a header line and rows", found="an empty file", do="It is left out.")
    return head[: head.rindex(b"\n") + 1] if len(head) == MOST_BYTES and b"\n" in head else head


def _decoded(head: bytes, shown: str) -> tuple[str, str]:
    """Text and encoding: UTF-8, UTF-16 with its mark, GB18030 where that gives Chinese, else Western European."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="ignore"), "utf-16"
    if b"\x00" in head:
        raise InputRefused(shown, expected="text", found="another kind of file", do="It is left out.")
    try:
        marked = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
        return head.decode("utf-8-sig"), "ascii" if head.isascii() else marked
    except UnicodeDecodeError:
        pass
    try:
        text = head.decode(CHINESE)
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace"), "cp1252"
    if _CHINESE_WORD.search(text.partition("\n")[0]):
        return text, CHINESE
    return head.decode("cp1252", errors="replace"), "cp1252"
