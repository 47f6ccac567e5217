"""Lines over quarters or months: how a value moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.basis.metric import Unit
from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.periods import AXIS, draw_periods, places
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

TOP, PLOT, LOW_PLOT = 16, 216, 110  # pixels above the plot, of the plot, and of a plot of a single period
LABEL = 17  # pixels from one label at a line's end to the next
MOST_NAMED = 5  # lines with a colour and a name of their own


@dataclass(frozen=True)
class _Line:
    """One line of a trend: a value per period, not-a-number where it is missing."""

    name: str
    values: list[float]
    low: list[float]
    high: list[float]
    color: str

    @property
    def last(self) -> int:
        """Index of the last known value."""
        return max(index for index, value in enumerate(self.values) if not math.isnan(value))


@theme.house_style()
def trend(
    data: pd.DataFrame,
    x: str,
    y: str,
    *,
    low: str | None = None,
    high: str | None = None,
    group: str | None = None,
    unit: Unit,
    currency: str | None = None,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A value over quarters or months, with its interval as a band; the last value stands at the end of the line.

    `data`: one row per period `x` (and `group`). Up to five groups are named, in the order of the rows; any further
    are thin grey lines. A missing value breaks the line; a single period is a dot with its interval.
    """
    periods = sorted(data[x].dropna().unique(), key=str)
    lines = [line for line in _lines(data, x, (y, low, high), group, periods) if tidy.known(line.values)]
    sheet = _drawn(lines, periods, unit, currency) if lines else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _lines(
    data: pd.DataFrame, x: str, columns: tuple[str, str | None, str | None], group: str | None, periods: list[object]
) -> list[_Line]:
    names: list[object] = [] if group is None else data[group].dropna().unique().tolist()
    parts = [("", data)] if group is None else [(name, data[data[group] == name]) for name in names]
    lines = []
    for index, (name, rows) in enumerate(parts):
        ordered = rows.drop_duplicates(x, keep="last").set_index(x).reindex(periods)
        values, low, high = (tidy.figures(ordered, column) for column in columns)
        color = theme.SEQUENCE[index] if index < MOST_NAMED else theme.CONTEXT
        lines.append(_Line(str(name) if index < MOST_NAMED else "", values, low, high, color))
    return lines


def _drawn(lines: list[_Line], periods: Sequence[object], unit: Unit, currency: str | None) -> Sheet:
    values = [value for line in lines for value in tidy.known([*line.values, *line.low, *line.high])]
    marks = scales.ticks(values if len(periods) > 1 else [0.0, *values])
    heads = scales.tick_words(marks, unit, currency)
    names = [fitting(line.name, 132) for line in lines]
    ends = [numbers.formatted(line.values[line.last], unit, currency=currency) for line in lines]
    room = max(
        width_of(name) + 6 * bool(name) + width_of(end, bold=True) for name, end in zip(names, ends, strict=True)
    )
    left, right = widest(heads, size=SMALL) + 10, WIDTH - room - 16
    across = places(len(periods), left + 14, right)
    bottom = TOP + (PLOT if len(periods) > 1 else LOW_PLOT)
    up = scales.scale(marks[0], marks[-1], bottom, TOP)
    sheet = Sheet(bottom + AXIS)
    for mark, head in zip(marks, heads, strict=True):
        sheet.rule((left, up(mark)), (right, up(mark)))
        sheet.text((left - 8, up(mark)), head, theme.QUIET, size=SMALL, align="right")
    draw_periods(sheet, periods, across, bottom)
    for line in reversed(lines):
        _draw_line(sheet, line, across, up)
    _draw_ends(sheet, lines, names, ends, [up(line.values[line.last]) for line in lines], across[-1] + 12)
    return sheet


def _draw_line(sheet: Sheet, line: _Line, across: list[float], up: scales.Scale) -> None:
    """The line, its band where the interval is known, and a dot and a bar where a value stands alone."""
    named = bool(line.name) or line.color != theme.CONTEXT
    heights = [up(value) for value in line.values]
    if named and tidy.known(line.low):
        sheet.band(across, [up(value) for value in line.low], [up(value) for value in line.high], line.color)
    sheet.line(across, heights, line.color, width=2.25 if named else 1)
    padded = [math.nan, *heights, math.nan]
    for index, (place, height) in enumerate(zip(across, heights, strict=True)):
        if not math.isnan(height) and math.isnan(padded[index]) and math.isnan(padded[index + 2]):
            ends = [up(line.low[index]), up(line.high[index])]
            sheet.line([place, place], ends, line.color, width=1.5)
            sheet.dot((place, height), line.color)
    if named:
        sheet.dot((across[line.last], heights[line.last]), line.color)


def _draw_ends(
    sheet: Sheet, lines: list[_Line], names: list[str], ends: list[str], heights: list[float], place: float
) -> None:
    """Name and last value beside each named line's end, moved apart where they would overlap."""
    shown = [i for i, line in enumerate(lines) if line.color != theme.CONTEXT]
    wanted = [heights[i] for i in shown]
    placed = scales.spread(wanted, [LABEL] * len(shown), 0, sheet.height - AXIS + LABEL / 2)
    for i, height in zip(shown, placed, strict=True):
        sheet.text((place, height), names[i], lines[i].color)
        gap = width_of(names[i]) + 6 if names[i] else 0
        sheet.text((place + gap, height), ends[i], lines[i].color, bold=True)
