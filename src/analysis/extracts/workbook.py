"""The one sheet of a workbook that holds a raw table's rows, and how it is laid out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from analysis.basis.errors import InputRefused
from analysis.extracts.reading import GIGABYTE, Reading

CHUNK = 4 * 1024 * 1024
OVERLAP = 1024  # bytes of a tag that may reach from one chunk into the next
FIRST_ROWS = 20  # among which a title shows that it is none of them
_LAYOUT = {
    "merged cells": re.compile(rb"<(?:\w+:)?mergeCell\s"),
    "hidden rows": re.compile(rb"<(?:\w+:)?row\s[^>]*?\bhidden=\"(?:1|true)\""),
}
_NEVER_CALCULATED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></|</(?:\w+:)?c>)"
)
Row = tuple[int, tuple[object, ...]]


@contextmanager
def sheet_rows(path: Path, *, name: str, how: Reading) -> Iterator[Iterator[Row]]:
    """Rows of the sheet from its header row on, each with the number the sheet shows.

    Raises
    ------
    InputRefused
        When the file is no workbook, or it is not plain which sheet holds the rows and which row names the columns.
    """
    _check_archive(path, name=name, how=how)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = _sheet(book, name=name, how=how)
            _check_layout(path, sheet, name=name, how=how)
            sheet.reset_dimensions()  # some writers note a smaller range than they fill
            rows = enumerate(sheet.iter_rows(values_only=True), start=1)
            yield islice(rows, how.header_row - 1, None) if how.header_row else _from_first(rows, name=name)
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError) as error:
        found = f"a damaged workbook ({type(error).__name__})"
        raise InputRefused(name, expected="an Excel workbook (.xlsx)", found=found, do="Export it again.") from None


def _check_archive(path: Path, *, name: str, how: Reading) -> None:
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
    if unpacked > how.largest:
        expected = f"at most {how.largest / GIGABYTE:.2g} GB when unpacked"
        do = "Export it as CSV, or raise `max_file_gb` in source.yml."
        raise InputRefused(name, expected=expected, found="more", do=do)


def _sheet(book: Any, *, name: str, how: Reading) -> Any:
    """The sheet that the source names, or the only one."""
    titles = [sheet.title for sheet in book.worksheets]
    listed = ", ".join(repr(title) for title in titles[:5]) + (", …" if len(titles) > 5 else "")
    if how.sheet is None:
        if len(titles) == 1:
            return book.worksheets[0]
        found = f"{len(titles)} sheets: {listed}"
        do = "Name the one with the rows in source.yml: `sheet: …`, or `sheet: {raw table: …}`."
        raise InputRefused(name, expected="one sheet", found=found, do=do)
    if how.sheet not in titles:
        close = get_close_matches(how.sheet, titles, n=1)
        do = f"Did you mean {close[0]!r}?" if close else "Correct `sheet:` in source.yml."
        raise InputRefused(name, expected=f"a sheet {how.sheet!r}", found=f"sheets {listed}", do=do)
    return book[how.sheet]


def _check_layout(path: Path, sheet: Any, *, name: str, how: Reading) -> None:
    """Refuse formulas without values; and, unless the source names the header row, merged cells and hidden rows."""
    found, empty = set(), False
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as file:
        before = b""
        while chunk := file.read(CHUNK):
            text = before + chunk
            found |= {what for what, tag in _LAYOUT.items() if tag.search(text)}
            empty = empty or _NEVER_CALCULATED.search(text) is not None
            before = text[-OVERLAP:]
    if empty:
        do = "Open it in Excel and save it: the values are missing until then."
        raise InputRefused(name, expected="formulas with their values", found="formulas without", do=do)
    if found and how.header_row is None:
        do = "Remove them, or name the header row in source.yml, `header_row: …`, to read every row as it stands."
        raise InputRefused(name, expected="a plain table", found=" and ".join(sorted(found)), do=do)


def _from_first(rows: Iterator[Row], *, name: str) -> Iterator[Row]:
    """The rows, when the first of them can be the header: refused when a blank row or a title stands above it."""
    first = list(islice(rows, FIRST_ROWS))
    filled = {number: sum(cell not in (None, "") for cell in cells) for number, cells in first}
    if not any(filled.values()):
        raise InputRefused(name, expected="a header row and rows", found="an empty sheet", do="Export it again.")
    wider = [number for number, cells in filled.items() if cells > max(filled[1], 1)]
    if filled[1] == 0 or (filled[1] == 1 and wider):
        what = "a blank row" if filled[1] == 0 else "one value only, as a title has,"
        header = wider[0] if wider else next(number for number in filled if filled[number])
        do = f"Name the row with the columns' names in source.yml: `header_row: …` (row {header}, it seems)."
        raise InputRefused(f"{name}, row 1", expected="the columns' names", found=f"{what} above the rows", do=do)
    return chain(first, rows)
