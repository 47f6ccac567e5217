"""Workbooks: what becomes of every cell, and which are refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.extracts.engine import Engine
from analysis.extracts.raw_files import raw_files
from analysis.extracts.read import read_raw

Cells = Callable[..., list[tuple[Any, ...]]]
Refused = Callable[..., str]


@pytest.fixture
def sheet(folder: Path) -> Callable[..., Path]:
    """Writes a workbook of one sheet."""

    def write(rows: list[list[Any]], *, name: str = "crm.xlsx", more_sheets: int = 0) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        for _ in range(more_sheets):
            book.create_sheet()
        book.save(folder / "raw" / name)
        return folder / "raw" / name

    return write


def test_a_sheet_is_read_as_the_source_writes(
    written: Callable[..., Any], cells: Cells, sheet: Callable[..., Path]
) -> None:
    sheet(
        [
            ["id", "day", "time", "amount", "n", "flag", None],
            ["007", dt.date(2024, 3, 5), dt.datetime.fromisoformat("2024-03-05T09:30"), 1234.5, 12, True],
            [],
            [" x ", None, None, 415.45000000000005, 12.0, False],
        ]
    )
    source = written(format="excel", csv='{decimal: ",", date_format: "%d.%m.%Y"}')
    assert cells(source, "crm") == [
        ("007", "05.03.2024", "05.03.2024 09:30:00", "1234,5", "12", "true", "crm.xlsx", 2),
        (" x ", None, None, "415,45", "12", "false", "crm.xlsx", 4),
    ]


def test_a_value_beside_the_named_columns_of_a_sheet_is_unreadable(
    written: Callable[..., Any], engine: Engine, sheet: Callable[..., Path]
) -> None:
    sheet([["a", "b"], [1, 2], [3, 4, 5]])
    source = written(format="excel")
    with read_raw(source, raw_files(source), ["crm"], engine=engine) as read:
        assert read.doors().to_dict("records") == [{"file": "crm.xlsx", "lines": 2, "parsed": 1, "unreadable": 1}]
        [bad] = read.parts[0].unreadable
    assert (bad.line, bad.raw) == (3, "3\t4\t5")


def test_a_workbook_of_several_sheets_is_refused(
    written: Callable[..., Any], file_refused: Refused, sheet: Callable[..., Path]
) -> None:
    sheet([["a"], [1]], more_sheets=1)
    got = file_refused(written(format="excel"), "crm")
    assert got.startswith(
        "crm.xlsx: expected one sheet, found 2 sheets: 'Sheet', 'Sheet1'. Keep the sheet with the rows"
    )


@pytest.mark.parametrize("rows", [[], [[None, None]]])
def test_an_empty_sheet_is_refused(
    written: Callable[..., Any], file_refused: Refused, sheet: Callable[..., Path], rows: list[list[Any]]
) -> None:
    sheet(rows)
    assert "crm.xlsx" in file_refused(written(format="excel"), "crm")


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"", "an empty file"), (b"a,b\n1,2\n", "another kind of file, or one cut off")],
)
def test_a_workbook_that_is_none_is_refused(
    written: Callable[..., Any], file_refused: Refused, content: bytes, found: str
) -> None:
    got = file_refused(written({"crm.xlsx": content}, format="excel"), "crm")
    assert got == f"crm.xlsx: expected an Excel workbook (.xlsx), found {found}. Export it again as .xlsx."


def test_a_workbook_cut_off_is_refused(
    written: Callable[..., Any], file_refused: Refused, sheet: Callable[..., Path]
) -> None:
    path = sheet([["a"], [1]])
    path.write_bytes(path.read_bytes()[:-200])
    got = file_refused(written(format="excel"), "crm")
    assert got.startswith("crm.xlsx: expected an Excel workbook (.xlsx), found another kind of file, or one cut off.")


def test_a_damaged_sheet_inside_a_workbook_is_refused(
    written: Callable[..., Any], file_refused: Refused, sheet: Callable[..., Path]
) -> None:
    path = sheet([["a"], [1]])
    with zipfile.ZipFile(path) as book:
        entries = {name: book.read(name) for name in book.namelist()}
    entries["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row>"
    with zipfile.ZipFile(path, "w") as book:
        for name, content in entries.items():
            book.writestr(name, content)
    assert "found a damaged workbook" in file_refused(written(format="excel"), "crm")


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(
    written: Callable[..., Any],
    file_refused: Refused,
    sheet: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheet([["a"], [1]])
    monkeypatch.setattr("analysis.extracts.read_excel.LARGEST", 100)
    got = file_refused(written(format="excel"), "crm")
    assert got.startswith("crm.xlsx: expected at most 0 GB when unpacked, found more.")
