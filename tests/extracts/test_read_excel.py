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
        "crm.xlsx: expected one sheet, found 2 sheets: 'Sheet', 'Sheet1'. Name the one with the rows in source.yml"
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
) -> None:
    sheet([["a"], [1]])
    got = file_refused(written(format="excel", max_file_gb="0.000001"), "crm")
    assert got.startswith("crm.xlsx: expected at most 1e-06 GB when unpacked, found more. Export it as CSV, or raise")


def test_one_workbook_may_hold_several_raw_tables(
    written: Callable[..., Any], cells: Cells, folder: Path, engine: Engine
) -> None:
    book = openpyxl.Workbook()
    for title, rows in {"Kunden": [["Stand 2024"], ["id"], ["A"]], "Rechnungen": [["id", "sum"], ["A", 5]]}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / "raw" / "crm.xlsx")
    sheets = "{customers: Kunden, bills: Rechnungen}"
    source = written(files="raw/crm.xlsx", format="excel", sheet=sheets, header_row="{customers: 2}")
    assert cells(source, "customers") == [("A", "crm.xlsx[Kunden]", 3)]
    assert cells(source, "bills") == [("A", "5", "crm.xlsx[Rechnungen]", 2)]
    with read_raw(source, raw_files(source), ["customers", "bills"], engine=engine) as read:
        assert list(read.doors()["file"]) == ["crm.xlsx[Kunden]", "crm.xlsx[Rechnungen]"]


def test_a_sheet_that_is_not_there_names_the_nearest(
    written: Callable[..., Any], file_refused: Refused, sheet: Callable[..., Path]
) -> None:
    sheet([["a"], [1]])
    got = file_refused(written(format="excel", sheet="Sheets"), "crm")
    assert got == "crm.xlsx[Sheets]: expected a sheet 'Sheets', found sheets 'Sheet'. Did you mean 'Sheet'?"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["Customers"], ["a", "b"], [1, 2]], "one value only, as a title has, above the rows. Name"),
        ([[], ["a", "b"], [1, 2]], "a blank row above the rows. Name"),
    ],
)
def test_a_title_or_a_blank_row_above_the_header_is_refused_with_the_row_that_seems_to_be_it(
    written: Callable[..., Any], file_refused: Refused, sheet: Callable[..., Path], rows: list[list[Any]], words: str
) -> None:
    sheet(rows)
    got = file_refused(written(format="excel"), "crm")
    assert got.startswith(f"crm.xlsx, row 1: expected the columns' names, found {words}")
    assert got.endswith("`header_row: …` (row 2, it seems).")


def test_a_table_of_one_column_has_no_title(
    written: Callable[..., Any], cells: Cells, sheet: Callable[..., Path]
) -> None:
    sheet([["a"], [1], [2]])
    assert cells(written(format="excel"), "crm") == [("1", "crm.xlsx", 2), ("2", "crm.xlsx", 3)]


def test_merged_cells_and_hidden_rows_are_read_as_they_stand_below_a_named_header(
    written: Callable[..., Any], cells: Cells, folder: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [["a", "b"], [1, 2], [3, 4]]:
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    book.save(folder / "raw" / "crm.xlsx")
    assert cells(written(format="excel", header_row="1"), "crm") == [
        ("1", "2", "crm.xlsx", 2),
        (None, "4", "crm.xlsx", 3),
    ]


def test_formulas_that_were_never_calculated_are_refused(
    written: Callable[..., Any], file_refused: Refused, sheet: Callable[..., Path]
) -> None:
    sheet([["a", "b"], [1, "=A2+1"]])
    got = file_refused(written(format="excel", header_row="1"), "crm")
    assert got.startswith("crm.xlsx: expected formulas with their values, found formulas without. Open it in Excel")


def test_errors_of_a_workbook_and_endless_cells_make_a_row_unreadable(
    written: Callable[..., Any], engine: Engine, sheet: Callable[..., Path]
) -> None:
    sheet([["a", "b"], [1, "#DIV/0!"], ["x" * 10_001, 2], [3, 4], ["a", "b"], ["Total", 9]])
    source = written(format="excel")
    with read_raw(source, raw_files(source), ["crm"], engine=engine) as read:
        [part] = read.parts
    assert [(bad.rule, bad.line, bad.found) for bad in part.unreadable] == [
        ("error", 2, "#DIV/0!, an error of the workbook, in 'b'"),
        ("length", 3, "one of 10,001"),
        ("header", 5, "the header line again"),
        ("total", 6, "a line of totals"),
    ]
    assert (part.records, part.parsed) == (5, 1)
