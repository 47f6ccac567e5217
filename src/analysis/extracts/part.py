"""One raw file, read: its columns, its counts, and the records nothing could be made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from analysis.basis.errors import InputRefused

Severity = Literal["fixed", "note"]
RESERVED = ("_file", "_line")  # added to every raw table
LONGEST_FIELD = 10_000  # characters
EXPECTED = {
    "fields": "as many fields as the header has",
    "quotes": "a quoted field to end where its quote closes",
    "bytes": "text in the file's encoding",
    "nul": "text",
    "length": f"at most {LONGEST_FIELD:,} characters in a field",
    "header": "the header line once",
    "total": "rows of the table only",
    "error": "values",
}  # rule that makes a record unreadable → what was expected


@dataclass(frozen=True)
class Unreadable:
    """A record that is no row: where it begins, what is wrong with it, and its text as it stands in the file."""

    file: str
    line: int
    found: str
    raw: str
    rule: str = "fields"


@dataclass(frozen=True)
class Remark:
    """What was repaired in reading a file, in how many of its rows, or what is worth a mention."""

    rule: str
    severity: Severity
    rows: int
    expected: str
    found: str
    do: str


@dataclass
class Part:
    """A file of a raw table.

    `records` are the data records met in the file, the header not counted; `parsed` the rows the engine holds; `line`
    says, as SQL over these rows, on which line of the file each stands; `bytes` is missing for a table of a database.
    """

    name: str
    sha256: str
    bytes: int | None
    columns: list[str]
    line: str = "_line"
    records: int = 0
    parsed: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def check_header(header: Sequence[str], *, where: str) -> None:
    """Refuse a header with blank, repeated or reserved names; names that differ only by case are the same."""
    if not any(name.strip() for name in header):
        do = "The first line must name the columns."
        raise InputRefused(where, expected="column names", found="a blank line", do=do)
    blank = [position for position, name in enumerate(header, start=1) if not name.strip()]
    if blank:
        do = "Give it a name, or remove the separator too many."
        if blank == list(range(2, len(header) + 1)):
            do = (
                "If this is a title, remove all that stands above the line that names the columns; of a workbook, "
                "`header_row:` in source.yml can tell that line."
            )
        raise InputRefused(where, expected="a name for every column", found=f"none for column {blank[0]}", do=do)
    counts = Counter(name.casefold() for name in header)
    again = [name for name in header if counts[name.casefold()] > 1]
    if again:
        found = f"{' and '.join(repr(name) for name in again[:2])}"
        do = "Rename or remove one of them in the extract: it is not known which is meant."
        raise InputRefused(where, expected="each column name once", found=found, do=do)
    taken = [name for name in header if name.casefold() in RESERVED]
    if taken:
        do = "Rename it: Linecard adds a column of that name to say where a row stands."
        raise InputRefused(where, expected="column names other than _file and _line", found=repr(taken[0]), do=do)
