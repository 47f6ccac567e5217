"""One value per class: dots on their intervals, or bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from analysis.basis.metric import Unit
from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"base": "All customers", "masked": "masked"}
ROW, HEAD, TOP, AXIS = 28, 30, 10, 26  # pixels of a row, of a group's head, above the first and under the last
CLOSE, CLOSE_HEAD, MANY = 17.5, 22, 14  # pixels of a row and of a head where there are more rows than this
LONGEST = 180  # pixels that a class's name may take


@dataclass(frozen=True)
class _Row:
    """A class with its value and interval; a head has neither."""

    name: str
    value: float = tidy.MISSING
    low: float = tidy.MISSING
    high: float = tidy.MISSING
    color: str = theme.FOCUS
    masked: bool = False
    head: bool = False


@theme.house_style()
def bars(
    data: pd.DataFrame,
    label: str,
    value: str,
    *,
    low: str | None = None,
    high: str | None = None,
    group: str | None = None,
    highlight: str | Collection[str] | None = None,
    reference: float | None = None,
    unit: Unit,
    places: int = 1,
    currency: str | None = None,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """One value per class, in the order of the rows: a dot on its interval where one is given, else a bar.

    `highlight` names the classes the finding speaks of, the others turn grey; `reference` is the value of all
    customers; `group` puts a head above the classes of each dimension. Rows flagged in a column `masked` show no mark.
    `places` of per cent are printed of shares.
    """
    rows = _rows(data, label, (value, low, high), group, highlight)
    sheet = _drawn(rows, reference, unit, currency, places=places) if tidy.known([row.value for row in rows]) else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _rows(
    data: pd.DataFrame,
    label: str,
    columns: tuple[str, str | None, str | None],
    group: str | None,
    highlight: str | Collection[str] | None,
) -> list[_Row]:
    chosen = {highlight} if isinstance(highlight, str) else set(highlight or ())
    heads = [""] * len(data) if group is None else tidy.labels(data, group)
    cells = zip(tidy.labels(data, label), *(tidy.figures(data, name) for name in columns), strict=True)
    rows: list[_Row] = []
    hidden = tidy.flags(data, "masked")
    for index, (name, size, least, most) in enumerate(cells):
        if heads[index] != (heads[index - 1] if index else ""):
            rows.append(_Row(heads[index], head=True))
        color = theme.FOCUS if not chosen or name in chosen else theme.CONTEXT
        rows.append(_Row(name, color=color, masked=True) if hidden[index] else _Row(name, size, least, most, color))
    return rows


def _drawn(rows: list[_Row], reference: float | None, unit: Unit, currency: str | None, *, places: int) -> Sheet:
    def written(value: float) -> str:
        return numbers.percent(value, places) if unit == "share" else numbers.formatted(value, unit, currency=currency)

    texts = [_value_text(row, written) for row in rows]
    names = [row.name if row.head else fitting(row.name, LONGEST) for row in rows]
    left = widest([name for name, row in zip(names, rows, strict=True) if not row.head]) + 14
    right = WIDTH - widest(texts, bold=True) - 16
    dots = bool(tidy.known([row.low for row in rows]))
    ends = tidy.known([end for row in rows for end in (row.value, row.low, row.high)])
    ends += [] if reference is None else [reference]
    marks = scales.ticks(ends) if dots else [min(0.0, *ends), max(0.0, *ends)]
    along = scales.scale(marks[0], marks[-1], left, right)
    top = TOP + (22 if reference is not None else 0)
    row_height, head_height = (ROW, HEAD) if len(rows) <= MANY else (CLOSE, CLOSE_HEAD)
    bottom = top + sum(head_height if row.head else row_height for row in rows)
    sheet = Sheet(bottom + (AXIS if dots else 6))
    _ground(sheet, marks if dots else [], scales.tick_words(marks, unit, currency), along, (top, bottom))
    if reference is not None:
        _reference(sheet, along(reference), f"{WORDS['base']} {written(reference)}", (top, bottom))
    chosen = any(row.color == theme.CONTEXT for row in rows)
    height = float(top)
    for row, name, text in zip(rows, names, texts, strict=True):
        middle = height + (head_height * 0.62 if row.head else row_height / 2)
        height += head_height if row.head else row_height
        sheet.text((0, middle), name, theme.QUIET if row.head else theme.INK, bold=row.head)
        if not row.head:
            _mark(sheet, row, along, middle, dots)
            shade = theme.QUIET if row.masked else theme.INK
            bold = chosen and not row.masked and row.color == theme.FOCUS
            sheet.text((WIDTH, middle), text, shade, bold=bold, align="right")
    return sheet


def _value_text(row: _Row, written: Callable[[float], str]) -> str:
    if row.head:
        return ""
    return WORDS["masked"] if row.masked else written(row.value)


def _ground(sheet: Sheet, marks: list[float], heads: list[str], along: scales.Scale, ends: tuple[float, float]) -> None:
    """Hairlines down the rows, with the values they stand for under the last row."""
    for mark, head in zip(marks, heads, strict=False):
        sheet.rule((along(mark), ends[0]), (along(mark), ends[1]))
        sheet.text((along(mark), ends[1] + 13), head, theme.QUIET, size=SMALL, align="center")


def _reference(sheet: Sheet, place: float, words: str, ends: tuple[float, float]) -> None:
    """The value of all customers: a dashed line down the rows, its name above."""
    sheet.line([place, place], [ends[0] - 4, ends[1]], theme.QUIET, width=1.25, dashed=True)
    half = width_of(words, size=SMALL) / 2
    centre = min(max(place, half), WIDTH - half)
    sheet.text((centre, ends[0] - 14), words, theme.QUIET, size=SMALL, align="center")


def _mark(sheet: Sheet, row: _Row, along: scales.Scale, middle: float, dots: bool) -> None:
    if math.isnan(row.value):
        return
    if dots:
        if not (math.isnan(row.low) or math.isnan(row.high)):
            sheet.line([along(row.low), along(row.high)], [middle, middle], row.color, width=2.5)
        sheet.dot((along(row.value), middle), row.color, size=9)
    else:
        sheet.box((along(0), middle - 6.5), (along(row.value), middle + 6.5), row.color)
