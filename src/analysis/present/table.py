"""Tables for reading: a caption with the finding, units in the heads, a source note, formatted once."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.present import numbers
from analysis.present.block import Block
from analysis.present.text import MISSING, clean, escaped, identifier, sentence, shortened

Row = Mapping[Hashable, Any]
Kind = Literal[
    "text", "prose", "figure", "count", "percent", "money", "sum", "months", "decimal", "quarter", "day", "light"
]
LONGEST_TABLE = 60  # rows: more is a list nobody reads on a page
LONGEST_LABEL = 60  # characters
MASKED = "masked"
LIGHTS = {"met": "● met", "missed": "▲ missed", "unclear": "◆ not clear"}  # a sign, a word and a colour
_JOINTS = re.compile(r"(?<=\w)([._:,/])(?=[^\W\d])")  # between the words of a name


@dataclass(frozen=True)
class Column:
    """A column of a table for reading.

    `name` is the column of the data, or a pair (low, high) that is shown as an interval. `kind` says how a value is
    written: "money" with cents, "sum" of money without, "figure" for text that is a number already formatted, "prose"
    for sentences, which are never cut, "light" how a figure stands against its target (`LIGHTS`). A column `once` is
    seen in the first of several rows that say the same; on a narrow screen it stands above the head of that row.
    Where it is `of_names` of files, columns or rules, a name may break after a dot or an underscore.
    """

    name: str | tuple[str, str]
    head: str
    kind: Kind = "text"
    places: int | None = None
    once: bool = False
    of_names: bool = False

    @property
    def align(self) -> str:
        return "text" if self.kind in ("text", "prose", "quarter", "day", "light") else "num"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,) if isinstance(self.name, str) else self.name


@dataclass(frozen=True, repr=False)
class Table(Block):
    """A table; `id` is where a link may point."""

    id: str


def table(
    data: pd.DataFrame,
    columns: Sequence[Column],
    *,
    finding: str,
    subtitle: str,
    source: str,
    currency: str | None = None,
    row_header: str | None = None,
    smallest: int = 11,
) -> Block:
    """`data` as a table, one row per row of `data`, in its order; the finding alone when there are no rows.

    A boolean column `masked` of `data` hides the numbers of a row, `<name>_masked` those of one column: a masked count
    of 1 to `smallest` − 1 customers reads "< 11", every other masked number "masked".

    Raises
    ------
    AnalysisFailed
        A column is not in the data, or the table is longer than a reader can use.
    """
    _check_shape(data, columns, finding)
    if data.empty:
        return Block(f'<p class="note">{escaped(sentence(finding))}</p>', finding)
    header = next(column.names[0] for column in columns if not column.once) if row_header is None else row_header
    cells = texts(data, columns, currency=currency, smallest=smallest)
    before = [[""] * len(columns), *cells]
    rows = [_row(row, columns, header, last) for row, last in zip(cells, before, strict=False)]
    heads = "".join(_head(column, header) for column in columns)
    body = f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return _framed(body, finding=finding, subtitle=subtitle, source=source, stacked=_stacks(columns))


def texts(
    data: pd.DataFrame, columns: Sequence[Column], *, currency: str | None = None, smallest: int = 11
) -> list[list[str]]:
    """The cells of a table as it writes them, row by row."""
    return [[_cell(row, column, currency, smallest) for column in columns] for row in data.to_dict("records")]


def _framed(body: str, *, finding: str, subtitle: str, source: str, stacked: bool) -> Table:
    name = identifier("table", finding, subtitle + body)
    dressed = ' class="stacked"' if stacked else ""
    caption = f'<span class="title">{escaped(finding)}</span> <span class="subtitle">{escaped(subtitle)}</span>'
    return Table(
        f'<div class="table-wrap" tabindex="0" role="region" aria-label="{escaped(f"{finding} ({subtitle})")}">'
        f'<table id="{name}"{dressed}><caption>{caption}</caption>{body}</table>'
        f'<p class="source">{escaped(source)}</p></div>',
        finding,
        name,
    )


def _stacks(columns: Sequence[Column]) -> bool:
    """Whether a row becomes a block of lines on a narrow screen: of names, or of sentences beside other columns."""
    told = any(column.kind == "prose" for column in columns) and len(columns) > 2
    return told or any(column.of_names for column in columns)


def _head(column: Column, header: str) -> str:
    """The head of a column; that of the rows' names stands above them, at the left, and stays in view with them."""
    align = "text lead" if column.names == (header,) else column.align
    return f'<th scope="col" class="{align}{" once" * column.once}">{escaped(column.head)}</th>'


def _row(texts: Sequence[str], columns: Sequence[Column], header: str, before: Sequence[str]) -> str:
    """One row; what a column `once` repeats from the row before is there for screen readers only."""
    cells, stacked = [], _stacks(columns)
    for text, column, last in zip(texts, columns, before, strict=True):
        again = column.once and text == last
        if column.names == (header,):
            cells.append(f'<th scope="row"{_of(texts, columns, before)}>{_broken(text, column)}</th>')
        else:
            named = f' data-head="{escaped(column.head)}"' if stacked else ""
            seen = _unseen(text) if again else _broken(text, column)
            dress = f"{column.align}{_state(text, column)}{' once' * column.once}{' again' * again}"
            cells.append(f'<td class="{dress}"{named}>{seen}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _of(texts: Sequence[str], columns: Sequence[Column], before: Sequence[str]) -> str:
    """What the columns `once` say, beside the row's own name, in the first of the rows of which they say it."""
    told = [(text, last) for text, last, column in zip(texts, before, columns, strict=True) if column.once]
    new = any(text != last for text, last in told)
    return f' data-of="{escaped(" · ".join(text for text, _ in told))}"' if new else ""


def _state(text: str, column: Column) -> str:
    """The class of a light, by which it gets its colour; nothing for any other cell."""
    told = {words: f" {name}" for name, words in LIGHTS.items()}
    return told.get(text, "") if column.kind == "light" else ""


def _broken(text: str, column: Column) -> str:
    """The text; with places to break after dots, underscores and the like, in a column of names."""
    return _JOINTS.sub(r"\1<wbr>", escaped(text)) if column.of_names else escaped(text)


def _unseen(text: str) -> str:
    return f'<span class="unseen">{escaped(text)}</span>'


def _cell(row: Row, column: Column, currency: str | None, smallest: int) -> str:
    if column.align == "num" and any(row.get(flag) is True for flag in _flags(column)):
        small = column.kind == "count" and 0 < (numbers.finite(row[column.names[0]]) or 0) < smallest
        return f"< {smallest}" if small else MASKED
    ends = [_written(row[name], column, currency) for name in column.names]
    if len(ends) == 1:
        return ends[0]
    low, high = (row[name] for name in column.names)
    return numbers.spread(low, high, lambda end: _written(end, column, currency)).replace(" ", numbers.NO_BREAK)


def _flags(column: Column) -> list[str]:
    return ["masked", *(f"{name}_masked" for name in column.names)]


def _written(value: Any, column: Column, currency: str | None) -> str:
    """One value as its column writes it."""
    places = 1 if column.places is None else column.places
    writers: dict[Kind, Callable[[Any], str]] = {
        "text": lambda cell: shortened(cell, LONGEST_LABEL),
        "figure": lambda cell: shortened(cell, LONGEST_LABEL),
        "prose": clean,
        "count": numbers.count,
        "percent": lambda cell: numbers.percent(cell, places),
        "decimal": lambda cell: numbers.decimal(cell, places),
        "months": lambda cell: numbers.months(cell, places),
        "money": lambda cell: numbers.formatted(cell, "money_per_month", currency=currency),
        "sum": lambda cell: numbers.formatted(cell, "money", currency=currency),
        "quarter": numbers.quarter,
        "day": numbers.day,
        "light": lambda cell: LIGHTS.get(str(cell), MISSING),
    }
    return writers[column.kind](value)


def _check_shape(data: pd.DataFrame, columns: Sequence[Column], finding: str) -> None:
    where = f"table “{shortened(finding)}”"
    absent = [name for column in columns for name in column.names if name not in data.columns]
    if absent:
        raise AnalysisFailed(
            where,
            expected=f"the column {absent[0]}",
            found=", ".join(map(str, data.columns)) or "no column",
            do="Name columns that the data has.",
        )
    if len(data) > LONGEST_TABLE:
        raise AnalysisFailed(
            where,
            expected=f"at most {LONGEST_TABLE} rows",
            found=numbers.count(len(data)),
            do="Show the largest and say how many are left out.",
        )
