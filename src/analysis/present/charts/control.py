"""Rates over quarters beside the limits of ordinary ones: a small picture per class, what stands out in colour."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from analysis.basis.metric import Unit
from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.periods import AXIS, draw_periods, places
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

HEAD, PLOT, GAP = 34, 92, 28  # pixels above a plot, of a plot, and between two side by side
ALONE = 150  # pixels of a plot that stands alone
COLUMNS = 2


@dataclass(frozen=True)
class _Panel:
    """One class: its rates and limits by period, and whether the last one is beyond them."""

    name: str
    periods: list[object]
    values: list[float]
    low: list[float]
    high: list[float]
    signal: bool


@theme.house_style()
def control_chart(
    data: pd.DataFrame,
    panel: str,
    x: str,
    y: str,
    *,
    low: str,
    high: str,
    signal: str,
    unit: Unit,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A rate by period per `panel`, over the band of its limits; the last one is named, in colour where it is a signal.

    `data`: one row per panel and period, panels in their order; a missing rate breaks the line. `signal` is True in the
    row of a last period beyond its limits.
    """
    panels = [_panel(name, rows, (x, y, low, high, signal)) for name, rows in data.groupby(panel, sort=False)]
    drawn = [one for one in panels if tidy.known(one.values)]
    sheet = _drawn(drawn, unit) if drawn else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _panel(name: object, rows: pd.DataFrame, columns: tuple[str, str, str, str, str]) -> _Panel:
    x, y, low, high, signal = columns
    ordered = rows.sort_values(x, kind="stable")
    values, least, most = (tidy.figures(ordered, column) for column in (y, low, high))
    return _Panel(str(name), ordered[x].tolist(), values, least, most, any(tidy.flags(ordered, signal)))


def _drawn(panels: list[_Panel], unit: Unit) -> Sheet:
    columns = min(COLUMNS, len(panels))
    width, height = (WIDTH - GAP * (columns - 1)) / columns, ALONE if columns == 1 else PLOT
    step = HEAD + height + AXIS
    sheet = Sheet(step * math.ceil(len(panels) / columns))
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        _draw(sheet, panel, unit, ((width + GAP) * column, row * step + HEAD, width, height))
    return sheet


def _draw(sheet: Sheet, panel: _Panel, unit: Unit, box: tuple[float, float, float, float]) -> None:
    """One panel, its plot beginning at the left and top of `box`, so wide and high."""
    left, top, width, height = box
    marks = scales.ticks(tidy.known([*panel.values, *panel.low, *panel.high]), most=3)
    heads = scales.tick_words(marks, unit, None)
    shown = numbers.formatted(panel.values[-1], unit)
    start, end = left + widest(heads, size=SMALL) + 8, left + width - width_of(shown, bold=True) - 10
    up = scales.scale(marks[0], marks[-1], top + height, top)
    across = places(len(panel.periods), start + 8, end)
    color = theme.FOCUS if panel.signal else theme.INK
    sheet.text((left, top - 20), fitting(panel.name, width), color if panel.signal else theme.INK, bold=False)
    for mark, head in zip(marks, heads, strict=True):
        sheet.rule((start, up(mark)), (end, up(mark)))
        sheet.text((start - 6, up(mark)), head, theme.QUIET, size=SMALL, align="right")
    sheet.band(across, [up(value) for value in panel.low], [up(value) for value in panel.high], theme.CONTEXT)
    sheet.line(across, [up(value) for value in panel.values], theme.CONTEXT, width=1.5)
    if not math.isnan(panel.values[-1]):
        sheet.dot((across[-1], up(panel.values[-1])), color, size=9)
        sheet.text((across[-1] + 9, up(panel.values[-1])), shown, color, bold=True)
    draw_periods(sheet, panel.periods, across, top + height)
