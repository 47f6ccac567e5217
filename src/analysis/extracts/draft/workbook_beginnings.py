"""The first rows of a workbook's one sheet, as text: a draft needs no more of it."""

from __future__ import annotations

import datetime as dt
import zipfile
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import Engine
from analysis.extracts.part import check_header

_DAMAGED = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError, OSError)


def read_workbook(path: Path, shown: str, held: str, *, most_rows: int, engine: Engine) -> list[str]:
    """Read the header and at most `most_rows` rows into the engine's table `held`; the columns' names.

    Raises
    ------
    InputRefused
        When it is no workbook, or it is not plain which sheet holds the rows.
    """
    rows = _rows(path, shown, most_rows=most_rows)
    header = list(rows[0]) if rows else []
    while header and header[-1] is None:
        header.pop()
    names = [cell or "" for cell in header]
    check_header(names, where=f"{shown}, row 1")
    kept = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
    columns = {
        name: pa.array([row[place] if place < len(row) else None for _, row in kept], pa.string())
        for place, name in enumerate(names)
    }
    columns["_file"] = pa.array([shown] * len(kept), pa.string())
    columns["_line"] = pa.array([number for number, _ in kept], pa.int64())
    engine.append(held, pa.table(columns))
    return names


def _rows(path: Path, shown: str, *, most_rows: int) -> list[list[str | None]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = book.worksheets
        titles = ", ".join(repr(sheet.title) for sheet in sheets[:5])
        rows = [[_text(cell) for cell in row] for row in islice(sheets[0].iter_rows(values_only=True), most_rows + 1)]
        book.close()
    except _DAMAGED:
        found, do = "another kind of file, or one cut off", "Export it again as .xlsx."
        raise InputRefused(shown, expected="an Excel workbook (.xlsx)", found=found, do=do) from None
    if len(sheets) != 1:
        do = (
            "Keep the sheet with the rows, or export each as a file of its own; or write source.yml by hand, where "
            "`sheet:` and `header_row:` say which sheet and row are meant (params/README.md)."
        )
        raise InputRefused(shown, expected="one sheet", found=f"{len(sheets)} sheets: {titles}", do=do)
    return rows


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
