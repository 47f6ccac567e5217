"""The bytes of files to hand over: CSV, and workbooks of nothing but text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from analysis.basis.errors import ParamsError
from analysis.policy.handover_shapes import Limits

EPOCH = (1980, 1, 1, 0, 0, 0)  # the day of every file in a workbook: the same rows, the same bytes
_MOMENTS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")


def csv_bytes(table: pd.DataFrame, *, header: bool = True) -> bytes:
    """Rows as CSV: UTF-8 without a byte-order mark, which would become part of the first header; commas; CRLF."""
    return table.to_csv(index=False, header=header, lineterminator="\r\n").encode()


def xlsx_bytes(table: pd.DataFrame) -> bytes:
    """Rows as a workbook of one sheet in which every cell is text: nothing is run, and no id loses its zeros."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in [tuple(table.columns), *table.itertuples(index=False, name=None)]:
        sheet.append([_text(sheet, value) if value else None for value in row])
    held = io.BytesIO()
    book.save(held)
    return _undated(held)


def _text(sheet: object, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _undated(held: io.BytesIO) -> bytes:
    """A workbook without the moment it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = _MOMENTS.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", old.read(name))
            new.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def csv_parts(table: pd.DataFrame, limits: Limits, *, name: str) -> Iterator[tuple[int, bytes]]:
    """The rows in as many files as the limits ask for: records, content.

    Raises
    ------
    InputRefused
        When one record alone is too large.
    """
    content = csv_bytes(table)
    over = (limits.rows is not None and len(table) > limits.rows) or (
        limits.bytes is not None and len(content) > limits.bytes
    )
    if over and len(table) > 1:
        half = min(len(table) // 2, limits.rows or len(table))
        yield from csv_parts(table.iloc[:half], limits, name=name)
        yield from csv_parts(table.iloc[half:], limits, name=name)
    else:
        limits.check(name, rows=len(table), columns=table.shape[1], size=len(content))
        yield len(table), content


def template_header(path: Path) -> list[str]:
    """The header row of a tenant's template: the first row of its first sheet.

    Raises
    ------
    ParamsError
        When there is no such workbook, or its first row is empty or has a gap.
    """
    where = "export.fxiaoke.template"
    try:
        book = load_workbook(path, read_only=True)
        row = next(book.worksheets[0].iter_rows(min_row=1, max_row=1, values_only=True), ())
        book.close()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        found = "none" if isinstance(error, FileNotFoundError) else "something that is none"
        do = "Download the import template from Fxiaoke again, and name its path from the params file's folder on."
        raise ParamsError(where, expected="a workbook (.xlsx)", found=found, do=do) from None
    header = [str(cell).strip() if cell is not None else "" for cell in row]
    while header and not header[-1]:
        header.pop()
    if not header or not all(header):
        do = "Put the fields' names into the first row, side by side."
        raise ParamsError(where, expected="a header in its first row", found="an empty cell", do=do)
    return header
