"""A text file as lines and records, in the dialect it is written in."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from analysis.extracts.probe import opened

LARGEST_RECORD = 16 * 1024 * 1024  # characters of a field; more is a quote nobody closed
SAMPLE = 50  # records that must agree on a separator
BROKEN = re.compile("[\udc00-\udcff]")  # how a byte that the encoding does not know is read
_RIVALS = (";", "\t", "|")


def _kept_bytes(error: UnicodeError) -> tuple[str, int]:
    """Unknown bytes as lone surrogates, which no text holds."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("linecard_kept_bytes", _kept_bytes)


@dataclass(frozen=True)
class TextFile:
    """A text file and how it is written; `escape` is a backslash where one stands before quotes inside quotes."""

    path: Path
    encoding: str
    delimiter: str
    lines: int
    escape: str | None = None

    def physical_lines(self) -> Iterator[str]:
        """Lines of the text, line ends kept."""
        errors = "linecard_kept_bytes"
        with (
            opened(self.path) as file,
            io.TextIOWrapper(file, encoding=self.encoding, errors=errors, newline="") as text,
        ):
            yield from text

    def records(self, lines: Iterator[str]) -> Iterator[list[str]]:
        csv.field_size_limit(LARGEST_RECORD)
        return csv.reader(lines, delimiter=self.delimiter, escapechar=self.escape, strict=True)


def usual_delimiter(path: Path) -> str:
    """A tab for .tsv, else a comma."""
    return "\t" if ".tsv" in path.suffixes else ","


def shown_delimiter(text: TextFile) -> str:
    """The usual separator; another one where the header, or else the first records, plainly show that it is meant."""
    first = next(text.physical_lines(), "")
    rivals = [mark for mark in _RIVALS if mark in first and mark != text.delimiter]
    if text.delimiter not in first:
        return rivals[0] if len(rivals) == 1 else text.delimiter
    if not rivals or _agreed(text, text.delimiter):
        return text.delimiter
    fit = [mark for mark in rivals if _agreed(text, mark)]
    return fit[0] if len(fit) == 1 else text.delimiter


def _agreed(text: TextFile, delimiter: str) -> bool:
    """Whether the first records have as many fields as the header, and more than one."""
    reader = csv.reader(text.physical_lines(), delimiter=delimiter, strict=True)
    try:
        widths = {len(cells) for cells in islice(reader, SAMPLE) if cells}
    except csv.Error:
        return False
    return len(widths) == 1 and widths != {1}


def quotes_are_escaped(text: TextFile) -> bool:
    """Whether every backslash stands before a quote or another backslash, so that nothing else can be meant."""
    return all(after in '"\\' for line in text.physical_lines() for after in re.findall(r"\\(.?)", line, re.DOTALL))
