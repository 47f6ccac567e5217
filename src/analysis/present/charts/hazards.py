"""Hazards by month: a column for each, with its interval; those that stand out are named."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, widest, width_of

TOP, AXIS, HEAD = 18, 40, 22  # pixels above a plot, under it, and of a panel's name
PLOT, LOW_PLOT = 150, 104  # pixels of a plot, and of each of several
LABEL = 13  # pixels from the end of an interval to the middle of its name
GAP = 0.12  # of a month, left free on both sides of a column
COLUMNS = ("begins", "ends", "hazard", "low", "high", "stands_out")


@theme.house_style()
def hazards(
    panels: Mapping[str, pd.DataFrame],
    *,
    along: Mapping[str, str],
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """The share of customers who leave in each month, one plot under the other, all to one scale.

    `panels`: by name (empty for none), tables with `begins`, `ends` (months; a column stands between them), `hazard`,
    `low`, `high` (0 to 1) and `stands_out` (1 or 0). `along` is what stands under the axis of each.
    """
    drawn = {name: data for name, data in panels.items() if len(data)}
    sheet = _drawn(drawn, along) if drawn else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(panels: Mapping[str, pd.DataFrame], along: Mapping[str, str]) -> Sheet:
    marks = scales.ticks([0.0, *(high for data in panels.values() for high in tidy.figures(data, "high"))])
    heads = scales.tick_words(marks, "share", None)
    left = widest(heads, size=SMALL) + 12
    plot = PLOT if len(panels) == 1 else LOW_PLOT
    heights = [TOP + plot + AXIS + HEAD * bool(name) for name in panels]
    sheet = Sheet(sum(heights))
    top = 0.0
    for (name, data), height in zip(panels.items(), heights, strict=True):
        begin = top + TOP + HEAD * bool(name)
        if name:
            sheet.text((0, top + HEAD / 2), name, theme.INK, bold=True)
        up = scales.scale(marks[0], marks[-1], begin + plot, begin)
        for mark, head in zip(marks, heads, strict=True):
            sheet.rule((left, up(mark)), (WIDTH, up(mark)))
            sheet.text((left - 8, up(mark)), head, theme.QUIET, size=SMALL, align="right")
        _panel(sheet, data, up, (left, begin + plot), along[name])
        top += height
    return sheet


def _panel(sheet: Sheet, data: pd.DataFrame, up: scales.Scale, corner: tuple[float, float], along: str) -> None:
    left, bottom = corner
    cells = [tidy.figures(data, name) for name in COLUMNS]
    first, last = min(cells[0]), max(cells[1])
    across = scales.scale(first, last, left + 4, WIDTH - 4)
    for begins, ends, hazard, low, high, clear in zip(*cells, strict=True):
        color = theme.FOCUS if clear else theme.CONTEXT
        middle = across((begins + ends) / 2)
        sheet.box((across(begins + GAP), up(0)), (across(ends - GAP), up(hazard)), color)
        sheet.line([middle, middle], [up(low), up(high)], theme.INK, width=1.25)
        if clear:
            text = numbers.percent(hazard)
            half = width_of(text, bold=True) / 2
            sheet.text((min(middle, WIDTH - half), up(high) - LABEL + 4), text, color, bold=True, align="center")
    for month in _months(first, last):
        sheet.text((across(month), bottom + 14), numbers.decimal(month, 0), theme.QUIET, size=SMALL, align="center")
    sheet.text(((left + WIDTH) / 2, bottom + 31), along, theme.QUIET, size=SMALL, align="center")


def _months(first: float, last: float) -> list[int]:
    """Whole months under the axis, at most ten, in steps a year divides into."""
    step = next((step for step in (1, 3, 6, 12, 24) if (last - first) / step <= 10), 36)
    return [month for month in range(int(first) - 1, int(last) + 1) if month % step == 0 and first <= month <= last]
