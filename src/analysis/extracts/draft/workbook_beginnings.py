"""The first rows of a workbook's sheet, as text: a draft needs no more of it."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import Engine
from analysis.extracts.part import check_header

SHORT = 10  # times longer than any other is the sheet that is taken
DEEPEST, NEARLY = 30, 0.8  # rows among which the header is looked for, and the share of columns that it names
_DAMAGED = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError, OSError)


@dataclass(frozen=True)
class Sheet:
    """Which sheet of a workbook holds the rows, and which row the header; None where none need be said."""

    columns: tuple[str, ...]
    name: str | None = None
    header_row: int | None = None


def read_workbook(path: Path, shown: str, held: str, *, most_rows: int, engine: Engine) -> Sheet:
    """Read the header and at most `most_rows` rows into the engine's table `held`, and say where they were found.

    Of several sheets the longest is taken, where no other has a tenth of its rows; as header the first row in which
    nearly every column has a name.

    Raises
    ------
    InputRefused
        When it is no workbook, or it is not plain which sheet holds the rows.
    """
    sheets = _sheets(path, shown, most_rows=most_rows)
    title, rows = max(sheets.items(), key=lambda one: len(one[1]))
    if sum(len(other) * SHORT >= len(rows) for other in sheets.values()) > 1:
        titles = ", ".join(map(repr, list(sheets)[:5]))
        do = (
            "Keep the sheet with the rows, or export each as a file of its own; or write source.yml by hand, where "
            "`sheet:` and `header_row:` say which sheet and row are meant (params/README.md)."
        )
        raise InputRefused(shown, expected="one sheet with rows", found=f"{len(sheets)} sheets: {titles}", do=do)
    first = _header_row(rows)
    header = list(rows[first - 1]) if rows else []
    while header and header[-1] is None:
        header.pop()
    names = [cell or "" for cell in header]
    check_header(names, where=f"{shown}, row {first}")
    kept = [(number, row) for number, row in enumerate(rows[first:], start=first + 1) if any(row)]
    columns = {
        name: pa.array([row[place] if place < len(row) else None for _, row in kept], pa.string())
        for place, name in enumerate(names)
    }
    columns["_file"] = pa.array([shown] * len(kept), pa.string())
    columns["_line"] = pa.array([number for number, _ in kept], pa.int64())
    engine.append(held, pa.table(columns))
    return Sheet(tuple(names), title if len(sheets) > 1 else None, first if first > 1 else None)


def _sheets(path: Path, shown: str, *, most_rows: int) -> dict[str, list[list[str | None]]]:
    """Sheet → its first rows; a sheet without a value is none."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        found = {
            sheet.title: _first_rows(sheet.iter_rows(values_only=True), most_rows + 1) for sheet in book.worksheets
        }
        book.close()
    except _DAMAGED:
        what, do = "another kind of file, or one cut off", "Export it again as .xlsx."
        raise InputRefused(shown, expected="an Excel workbook (.xlsx)", found=what, do=do) from None
    return {title: rows for title, rows in found.items() if any(map(any, rows))} or {"": []}


def _first_rows(rows: Iterable[Iterable[object]], most: int) -> list[list[str | None]]:
    return [[_text(cell) for cell in row] for row in islice(rows, most)]


def _header_row(rows: Sequence[Sequence[str | None]]) -> int:
    """The first of the upper rows in which nearly every column has a name; the first where there is none."""
    filled = [sum(cell is not None for cell in row) for row in rows[:DEEPEST]]
    widest = max(filled, default=0)
    return next((number for number, some in enumerate(filled, start=1) if some >= NEARLY * widest), 1)


def _text(cell: object) -> str | None:
    """A cell as text: days and times in ISO, numbers as the sheet shows them; None when blank."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == dt.time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)
