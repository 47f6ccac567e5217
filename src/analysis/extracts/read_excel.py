"""Workbooks as raw tables of text, each row with the number its sheet shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.mapping import CsvFormat
from analysis.extracts.part import Part, Unreadable, check_header
from analysis.extracts.probe import LARGEST

BATCH = 50_000
Row = tuple[object, ...]


def read_excel(path: Path, *, name: str, engine: Engine, table: str, form: CsvFormat) -> Part:
    """The one sheet of a workbook as the engine's table `table`: text as the source writes it, blank missing.

    Numbers and dates of the workbook are written out with the source's decimal sign and date format, so that
    the contract reads them as it reads the source's text. Row 1 names the columns.

    Raises
    ------
    InputRefused
        When the file is no workbook, has several sheets, or no usable header.
    """
    data = path.read_bytes()
    rows = _rows(path, name=name)
    number, first = next(rows, (1, ()))
    if not first:
        raise InputRefused(name, expected="a header row and rows", found="an empty sheet", do="Export it again.")
    header = _trimmed([_text(cell, form) or "" for cell in first])
    check_header(header, where=f"{name}, row {number}")
    part = Part(name=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), columns=header)
    kept: list[tuple[int, list[str | None]]] = []
    _append(kept, part, engine=engine, table=table)
    for number, row in rows:
        cells = [_text(cell, form) for cell in row]
        if not any(cells):
            continue
        part.records += 1
        if any(cells[len(header) :]):
            found = f"a value right of the last named column ({len(header)} named)"
            part.unreadable.append(Unreadable(name, number, found, "\t".join(cell or "" for cell in cells)))
            continue
        kept.append((number, (cells + [None] * len(header))[: len(header)]))
        if len(kept) == BATCH:
            _append(kept, part, engine=engine, table=table)
            kept.clear()
    _append(kept, part, engine=engine, table=table)
    [(part.parsed,)] = engine.rows(f"SELECT count(*) FROM {quoted(table)}")
    return part


def _rows(path: Path, *, name: str) -> Iterator[tuple[int, Row]]:
    """Sheet rows with their numbers, blank ones above the header left out."""
    _check_archive(path, name=name)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = book.worksheets
        if len(sheets) != 1:
            found = f"{len(sheets)} sheets: {', '.join(repr(sheet.title) for sheet in sheets[:5])}"
            raise InputRefused(name, expected="one sheet", found=found, do="Keep the sheet with the rows, or use CSV.")
        sheets[0].reset_dimensions()  # some writers note a smaller range than they fill
        yield from enumerate(sheets[0].iter_rows(values_only=True), start=1)
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError) as error:
        found = f"a damaged workbook ({type(error).__name__})"
        raise InputRefused(name, expected="an Excel workbook (.xlsx)", found=found, do="Export it again.") from None


def _check_archive(path: Path, *, name: str) -> None:
    """Refuse what is no workbook, and what would unpack beyond the size limit."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            is_book = "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        unpacked, is_book = 0, False
    if not is_book:
        found = "an empty file" if path.stat().st_size == 0 else "another kind of file, or one cut off"
        raise InputRefused(name, expected="an Excel workbook (.xlsx)", found=found, do="Export it again as .xlsx.")
    if unpacked > LARGEST:
        expected = f"at most {LARGEST // 1024**3} GB when unpacked"
        raise InputRefused(name, expected=expected, found="more", do="Export it as CSV.")


def _text(cell: object, form: CsvFormat) -> str | None:
    """A cell as the source would write it: numbers with its decimal sign, dates in its format; None when blank."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.strftime(form.written_day if midnight else f"{form.written_day} %H:%M:%S")
    if isinstance(cell, dt.date):
        return cell.strftime(form.written_day)
    if isinstance(cell, float):
        # Fifteen digits, as the sheet shows it: 415.45, where the workbook's sum holds 415.45000000000005.
        return f"{cell:.15g}".replace(".", form.decimal)
    return str(cell)


def _trimmed(header: list[str]) -> list[str]:
    """The header without the blank cells a sheet shows to the right of it."""
    while header and not header[-1].strip():
        header = header[:-1]
    return header


def _append(kept: list[tuple[int, list[str | None]]], part: Part, *, engine: Engine, table: str) -> None:
    columns = {name: pa.array([row[i] for _, row in kept], pa.string()) for i, name in enumerate(part.columns)}
    columns["_file"] = pa.array([part.name] * len(kept), pa.string())
    columns["_line"] = pa.array([number for number, _ in kept], pa.int64())
    engine.append(table, pa.table(columns))
