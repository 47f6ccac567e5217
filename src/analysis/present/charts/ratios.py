"""Ratios around one: a dot on its interval for each, on a scale on which twice and half are equally far."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest

ROW, HEAD, TOP, AXIS = 19, 23, 8, 26  # pixels of a row, of a family's head, above the first, and under the last
LONGEST = 262  # pixels that a name may take
FARTHEST = 5  # powers of two that the scale reaches on either side of 1; an interval is cut there
MANY = 6  # powers of two from which every other one is marked


@dataclass(frozen=True)
class _Row:
    """A ratio with its interval; a head has neither."""

    name: str
    value: float = tidy.MISSING
    low: float = tidy.MISSING
    high: float = tidy.MISSING
    head: bool = False

    @property
    def clear(self) -> bool:
        return self.low > 1 or self.high < 1


@theme.house_style()
def ratios(
    data: pd.DataFrame,
    label: str,
    value: str,
    *,
    low: str,
    high: str,
    group: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """One ratio per row, in the order of the rows, a head above each group; those whose interval holds 1 are grey."""
    rows = _rows(data, label, (value, low, high), group)
    sheet = _drawn(rows) if rows else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _rows(data: pd.DataFrame, label: str, columns: tuple[str, str, str], group: str) -> list[_Row]:
    cells = zip(tidy.labels(data, label, 80), *(tidy.figures(data, name) for name in columns), strict=True)
    rows: list[_Row] = []
    before = ""
    for head, (name, *figures) in zip(tidy.labels(data, group), cells, strict=True):
        if head != before:
            rows.append(_Row(head, head=True))
        before = head
        rows.append(_Row(name, *figures))
    return rows


def _drawn(rows: list[_Row]) -> Sheet:
    told = [row for row in rows if not row.head]
    names = [row.name if row.head else fitting(row.name, LONGEST) for row in rows]
    texts = ["" if row.head else times(row.value) for row in rows]
    marks = _marks([end for row in told for end in (row.low, row.high)])
    line = scales.scale(
        math.log(marks[0]), math.log(marks[-1]), widest(names) + 14, WIDTH - widest(texts, bold=True) - 14
    )
    bottom = TOP + sum(HEAD if row.head else ROW for row in rows)
    sheet = Sheet(bottom + AXIS)
    for mark in marks:
        sheet.rule(
            (line(math.log(mark)), TOP), (line(math.log(mark)), bottom), theme.QUIET if mark == 1 else theme.RULE
        )
        sheet.text((line(math.log(mark)), bottom + 13), _mark_words(mark), theme.QUIET, size=SMALL, align="center")
    height = float(TOP)
    for row, name, text in zip(rows, names, texts, strict=True):
        middle = height + (HEAD * 0.62 if row.head else ROW / 2)
        height += HEAD if row.head else ROW
        if row.head:
            sheet.text((0, middle), name, theme.QUIET, bold=True)
        else:
            _draw(sheet, row, (name, text), (marks[0], marks[-1]), line, middle)
    return sheet


def _draw(
    sheet: Sheet,
    row: _Row,
    words: tuple[str, str],
    ends: tuple[float, float],
    line: scales.Scale,
    middle: float,
) -> None:
    color, ink = (theme.FOCUS, theme.INK) if row.clear else (theme.CONTEXT, theme.QUIET)
    low, value, high = (line(math.log(min(max(one, ends[0]), ends[1]))) for one in (row.low, row.value, row.high))
    sheet.text((0, middle), words[0], ink)
    sheet.text((WIDTH, middle), words[1], ink, bold=row.clear, align="right")
    sheet.line([low, high], [middle, middle], color, width=2.5)
    sheet.dot((value, middle), color, size=9)


def times(value: float) -> str:
    """A ratio as it is written: "× 1.52", "× 12.3"."""
    return f"×{numbers.NO_BREAK}{numbers.decimal(value, 2 if value < 10 else 1)}"


def _mark_words(mark: float) -> str:
    """A power of two under the axis, in as few digits as it takes."""
    return f"×{numbers.NO_BREAK}{numbers.decimal(mark, min(3, max(0, -round(math.log2(mark)))))}"


def _marks(ends: list[float]) -> list[float]:
    """Powers of two, or of four where those are many, that reach around all ends as far as the scale goes."""
    powers = [math.log2(end) if end > 0 else -math.inf for end in ends]
    lowest, highest = max(min([*powers, -0.3]), -FARTHEST), min(max([*powers, 0.3]), FARTHEST)
    step = 2 if math.ceil(highest) - math.floor(lowest) > MANY else 1
    return [2.0**power for power in range(step * math.floor(lowest / step), step * math.ceil(highest / step) + 1, step)]
