"""How one raw table's files are read: what the source says of them, and how their text is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from analysis.extracts.mapping import CsvFormat, OnBadBytes, Source

GIGABYTE = 1024**3
T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """What a source says of the files of one raw table.

    `table` is its name; `largest` the most bytes a file may hold, unpacked; `sheet` and `header_row` are for
    workbooks, None where the source does not name them.
    """

    csv: CsvFormat = field(default_factory=CsvFormat)
    on_bad_bytes: OnBadBytes = "refuse"
    largest: int = 4 * GIGABYTE
    sheet: str | None = None
    header_row: int | None = None
    table: str = ""

    @property
    def encoding(self) -> str:
        """What the source declares its text to be in."""
        return self.csv.encoding_of(self.table)


def reading(source: Source, table: str) -> Reading:
    """What the source says of the raw table `table`."""
    largest = int(source.max_file_gb * GIGABYTE)
    sheet, header_row = _of(source.sheet, table), _of(source.header_row, table)
    return Reading(source.csv, source.on_bad_bytes, largest, sheet, header_row, table)


def _of(said: T | dict[str, T] | None, table: str) -> T | None:
    """What holds for a table: one thing said of all, or its own."""
    return said.get(table) if isinstance(said, dict) else said
