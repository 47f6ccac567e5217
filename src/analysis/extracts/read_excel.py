"""Workbooks as raw tables of text, each row with the number its sheet shows."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from analysis.extracts.apart import set_apart
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.form import CsvFormat
from analysis.extracts.part import LONGEST_FIELD, Part, Unreadable, check_header
from analysis.extracts.reading import Reading
from analysis.extracts.workbook import sheet_rows

BATCH = 50_000
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#FIELD!")
Kept = list[tuple[int, list[str | None]]]


def read_excel(path: Path, *, name: str, engine: Engine, table: str, how: Reading) -> Part:
    """The sheet of a workbook as the engine's table `table`: text as the source writes it, blank missing.

    Numbers and dates of the workbook are written out with the source's decimal sign and date format, so that
    the contract reads them as it reads the source's text. The header row, the first where the source names no other,
    names the columns; rows above it are no part of the table.

    Raises
    ------
    InputRefused
        When the file is no workbook, it is not plain which sheet and rows are meant, or no header is usable.
    """
    data = path.read_bytes()
    name = name if how.sheet is None else f"{name}[{how.sheet}]"
    part = Part(name=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), columns=[])
    kept: Kept = []
    with sheet_rows(path, name=name, how=how) as rows:
        number, first = next(rows, (how.header_row or 1, ()))
        part.columns = _trimmed([_text(cell, CsvFormat()) or "" for cell in first])  # a name, whatever a day's format
        check_header(part.columns, where=f"{name}, row {number}")
        _append(kept, part, engine=engine, table=table)
        for number, row in rows:
            _sort(number, [_text(cell, how.csv) for cell in row], kept, part)
            if len(kept) == BATCH:
                _append(kept, part, engine=engine, table=table)
                kept.clear()
    _append(kept, part, engine=engine, table=table)
    set_apart(part, engine=engine, table=table, separator="\t")
    [(part.parsed,)] = engine.rows(f"SELECT count(*) FROM {quoted(table)}")
    return part


def _sort(number: int, cells: list[str | None], kept: Kept, part: Part) -> None:
    """Count a row, and keep it or set it aside; a blank one is none."""
    if not any(cells):
        return
    part.records += 1
    trouble = _objection(cells, part.columns)
    if trouble:
        raw = "\t".join(cell or "" for cell in cells)
        part.unreadable.append(Unreadable(part.name, number, trouble[1], raw, rule=trouble[0]))
    else:
        width = len(part.columns)
        kept.append((number, (cells + [None] * width)[:width]))


def _objection(cells: Sequence[str | None], header: Sequence[str]) -> tuple[str, str] | None:
    """The rule a row breaks, and what was found."""
    if any(cells[len(header) :]):
        return "fields", f"a value right of the last named column ({len(header)} named)"
    for name, cell in zip(header, cells, strict=False):
        if cell in ERRORS:
            return "error", f"{cell}, an error of the workbook, in {name!r}"
        if cell and len(cell) > LONGEST_FIELD:
            return "length", f"one of {len(cell):,}"
    return None


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


def _append(kept: Kept, part: Part, *, engine: Engine, table: str) -> None:
    columns = {name: pa.array([row[i] for _, row in kept], pa.string()) for i, name in enumerate(part.columns)}
    columns["_file"] = pa.array([part.name] * len(kept), pa.string())
    columns["_line"] = pa.array([number for number, _ in kept], pa.int64())
    engine.append(table, pa.table(columns))
