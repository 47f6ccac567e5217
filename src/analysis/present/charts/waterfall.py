"""From one total to the next: a bar for each total, and between them the parts, each beginning where the last ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from analysis.basis.metric import Unit
from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest

ROW, TOP, AXIS, HALF = 25, 6, 26, 7  # pixels of a row, above the first, under the last, and half of a bar
LONGEST = 200  # pixels that a part's name may take
CUT = 5  # pixels of a cut through a bar whose foot is not zero


@dataclass(frozen=True)
class _Bar:
    """A bar from one value to another; `text` is what stands beside it, `reach` the interval of its end."""

    name: str
    begin: float
    end: float
    text: str
    color: str
    total: bool
    reach: tuple[float, float] = (tidy.MISSING, tidy.MISSING)


@theme.house_style()
def waterfall(
    data: pd.DataFrame,
    label: str,
    amount: str,
    *,
    start: tuple[str, float],
    end: tuple[str, float],
    low: str | None = None,
    high: str | None = None,
    unit: Unit,
    currency: str | None = None,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """The way from the total `start` to the total `end`, each with its name: one part per row of `data`, in its order.

    Amounts are signed; those that raise the total are blue, those that lower it orange. A thin line at the end of a
    part is its interval, where `low` and `high` are given. Where the parts are small beside the totals the axis does
    not begin at zero: the bars of the totals are then cut.
    """
    rows = _bars(data, (label, amount, low, high), (start, end), (unit, currency))
    sheet = _drawn(rows, unit, currency) if tidy.known([start[1], end[1]]) and len(data) else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _bars(
    data: pd.DataFrame,
    columns: tuple[str, str, str | None, str | None],
    totals: tuple[tuple[str, float], tuple[str, float]],
    written: tuple[Unit, str | None],
) -> list[_Bar]:
    unit, currency = written
    names, (amounts, lows, highs) = tidy.labels(data, columns[0]), (tidy.figures(data, name) for name in columns[1:])
    ends = [
        _Bar(name, 0.0, value, numbers.formatted(value, unit, currency=currency), theme.CONTEXT, total=True)
        for name, value in totals
    ]
    parts, level = [], totals[0][1]
    for name, amount, low, high in zip(names, amounts, lows, highs, strict=True):
        color = theme.FOCUS if amount >= 0 else theme.DUO[1]
        reach = (level + low, level + high)
        parts.append(_Bar(name, level, level + amount, _signed(amount, unit, currency), color, False, reach))
        level += amount
    return [ends[0], *parts, ends[1]]


def _signed(amount: float, unit: Unit, currency: str | None) -> str:
    """An amount with its sign; without one where it is printed as nothing."""
    words = numbers.change(amount, 0.0, unit, currency=currency)
    return numbers.formatted(0.0, unit, currency=currency) if words == numbers.WORDS["same"] else words


def _drawn(bars: list[_Bar], unit: Unit, currency: str | None) -> Sheet:
    levels = tidy.known([place for bar in bars if not bar.total for place in (bar.begin, bar.end, *bar.reach)])
    marks = _marks([*levels, bars[0].end, bars[-1].end])
    names = [fitting(bar.name, LONGEST) for bar in bars]
    left, right = widest(names, bold=True) + 14, WIDTH - widest([bar.text for bar in bars], bold=True) - 14
    along = scales.scale(marks[0], marks[-1], left, right)
    bottom = TOP + ROW * len(bars)
    sheet = Sheet(bottom + AXIS)
    for mark, head in zip(marks, scales.tick_words(marks, unit, currency), strict=True):
        sheet.rule((along(mark), TOP), (along(mark), bottom))
        sheet.text((along(mark), bottom + 13), head, theme.QUIET, size=SMALL, align="center")
    middles = [TOP + ROW * (index + 0.5) for index in range(len(bars))]
    for (bar, middle), (_, below) in pairwise(zip(bars, middles, strict=True)):
        sheet.rule((along(bar.end), middle), (along(bar.end), below), theme.CONTEXT)
    for bar, name, middle in zip(bars, names, middles, strict=True):
        _draw(sheet, bar, along, middle, foot=marks[0])
        sheet.text((0, middle), name, bold=bar.total)
        sheet.text((WIDTH, middle), bar.text, theme.INK if bar.total else bar.color, bold=True, align="right")
    return sheet


def _marks(levels: Sequence[float]) -> list[float]:
    """The axis: from zero where that leaves the parts a third of the width, else around them, with room for a foot."""
    low, high = min(levels), max(levels)
    if low <= 0 or high - low > high / 3:
        return scales.ticks([*levels, 0.0])
    return scales.ticks([low - (high - low) / 6, high], from_zero=False)


def _draw(sheet: Sheet, bar: _Bar, along: scales.Scale, middle: float, *, foot: float) -> None:
    begin = max(bar.begin, foot) if bar.total else bar.begin
    sheet.box((along(begin), middle - HALF), (along(bar.end), middle + HALF), bar.color)
    if bar.total and foot > 0:
        at = along(foot) + 2 * CUT
        sheet.line([at - CUT / 2, at + CUT / 2], [middle + HALF + 2, middle - HALF - 2], "white", width=CUT / 2)
    if not any(math.isnan(end) for end in bar.reach):
        sheet.line([along(end) for end in bar.reach], [middle, middle], theme.INK, width=1)
