"""Text files read record by record: slower than the engine, and exact about lines, quotes and what is no row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import Engine
from analysis.extracts.part import LONGEST_FIELD, Part, Remark, Unreadable
from analysis.extracts.text_file import BROKEN, TextFile

BATCH = 50_000  # rows held as Python objects at a time


@dataclass
class _Taken:
    """Physical lines as they are handed out, remembered until a record is complete; `ends` counts how records end."""

    lines: Iterator[str]
    of_record: list[str] = field(default_factory=list)
    before: int = 0  # lines of records already complete
    last: int = 0  # line on which the record read last begins
    whole: bool = True  # whether that record has an end of line
    ends: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> _Taken:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.of_record.append(line)
        return line

    def raw(self) -> str:
        r"""Text of the record just read, as it stands in the file; unknown bytes as \\xNN, and cut where too long."""
        text = "".join(self.of_record).rstrip("\r\n")[: 10 * LONGEST_FIELD]
        return BROKEN.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text)

    def finish(self) -> int:
        """First line of the record just read; the next line begins another."""
        first = self.last = self.before + 1
        self.before += len(self.of_record)
        if self.of_record:
            last = self.of_record[-1]
            self.whole = last.endswith(("\n", "\r"))
            self.ends["CRLF" if last.endswith("\r\n") else last[-1:]] += 1
        self.of_record.clear()
        return first


def read_records(text: TextFile, part: Part, *, engine: Engine, table: str) -> Counter[str]:
    """Every record into the engine's table `table` with the physical line it begins on, or into `part.unreadable`.

    Gives how many records end in CRLF, in a line feed, in a carriage return, in nothing.
    """
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
    if _cut_off(taken, part):
        do = "Ask for it again: rows after this one may be missing."
        found = f"on line {taken.last:,} fewer fields and no end of line: the file may be cut off"
        part.remarks.append(Remark("cut_off", "note", 1, "a file that ends with a whole line", found, do))
    return taken.ends


def _cut_off(taken: _Taken, part: Part) -> bool:
    """Whether the last record has too few fields, and its line no end."""
    last = part.unreadable[-1] if part.unreadable else None
    if last is None or last.line != taken.last or last.rule != "fields" or taken.whole:
        return False
    return int(last.found.split()[0]) < len(part.columns)


def unclosed(name: str, line: int) -> InputRefused:
    """The refusal of a file with a quote that swallows what follows it."""
    return InputRefused(
        f"{name}, line {line:,}",
        expected="every quote closed on its own field",
        found="a quote that opens here and is not closed where the field ends",
        do="Correct that line, or ask for the extract again: rows after it cannot be told apart.",
    )


def _records(text: TextFile, taken: _Taken, part: Part) -> Iterator[tuple[int, list[str]]]:
    """Readable records and their first lines; the others go to `part.unreadable`. Blank lines are no records."""
    reader = text.records(taken)
    trouble: tuple[str, str] | None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            trouble = _trouble(error, taken, part)
        else:
            trouble = _objection(cells, taken.of_record, width=len(part.columns))
        raw = taken.raw() if trouble else ""
        line = taken.finish()
        if trouble:
            part.unreadable.append(Unreadable(part.name, line, trouble[1], raw, rule=trouble[0]))
        elif len(cells) == len(part.columns):
            yield line, cells


def _trouble(error: csv.Error, taken: _Taken, part: Part) -> tuple[str, str]:
    """Why a record could not be taken apart; refused when it is not known where it ends."""
    if len(taken.of_record) > 1 or "end of data" in str(error):
        raise unclosed(part.name, taken.finish()) from None
    if "field larger" in str(error):
        return "length", "a longer one"
    return "quotes", "text after a closing quote"


def _objection(cells: list[str], lines: list[str], *, width: int) -> tuple[str, str] | None:
    """The rule that a record taken apart breaks, and what was found; none for a blank line."""
    if len(cells) != width:
        if len(cells) > 1 or (cells and cells[0].strip()):
            return "fields", f"{len(cells)} field{'s' * (len(cells) > 1)} where the header has {width}"
        return None
    for line in lines:
        if "\0" in line:
            return "nul", "a NUL byte"
        if not line.isascii() and BROKEN.search(line):
            return "bytes", "a byte that is none"
    if sum(map(len, lines)) > LONGEST_FIELD and max(map(len, cells)) > LONGEST_FIELD:
        return "length", f"one of {max(map(len, cells)):,}"
    return None


def _append(kept: list[tuple[int, list[str]]], part: Part, *, engine: Engine, table: str) -> None:
    by_column = zip(*(cells for _, cells in kept), strict=True) if kept else [()] * len(part.columns)
    columns = {
        name: pa.array([cell or None for cell in cells], pa.string())
        for name, cells in zip(part.columns, by_column, strict=True)
    }
    columns["_file"] = pa.array([part.name] * len(kept), pa.string())
    columns["_line"] = pa.array([line for line, _ in kept], pa.int64())
    engine.append(table, pa.table(columns))
