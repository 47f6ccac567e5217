"""An effect along a number: a line with its interval, beside the middle customer."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import Unit
from analysis.present import theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, widest

TOP, PLOT, AXIS = 16, 190, 44  # pixels above the plot, of the plot, and under it


@theme.house_style()
def curve(
    data: pd.DataFrame,
    x: str,
    y: str,
    *,
    low: str,
    high: str,
    along: str,
    unit: Unit,
    x_unit: Unit = "score",
    currency: str | None = None,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
    mark: tuple[float, float] | None = None,
) -> Chart:
    """An effect at places along a number, with its interval as a band; `along` names the number under its axis.

    `mark` is a place on it that gets a dot.
    """
    columns = [tidy.figures(data, name) for name in (x, y, low, high)]
    sheet = _drawn(columns, along, (unit, x_unit), currency, mark) if len(tidy.known(columns[0])) > 1 else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(
    columns: list[list[float]],
    along: str,
    units: tuple[Unit, Unit],
    currency: str | None,
    mark: tuple[float, float] | None,
) -> Sheet:
    xs, ys, lows, highs = columns
    marks = scales.ticks([0.0, *lows, *highs])
    heads = scales.tick_words(marks, units[0], currency)
    around = scales.ticks([min(xs), max(xs)], most=6, from_zero=False)
    inside = [tick for tick in around if min(xs) <= tick <= max(xs)]
    feet = scales.tick_words(inside, units[1], currency)
    # The last number may stand under the very end of the line: half of it must fit beside it.
    left, right, bottom = widest(heads, size=SMALL) + 12, WIDTH - 4 - max(6, widest(feet, size=SMALL) / 2), TOP + PLOT
    up = scales.scale(marks[0], marks[-1], bottom, TOP)
    across = scales.scale(min(xs), max(xs), left, right)
    sheet = Sheet(bottom + AXIS)
    for tick, head in zip(marks, heads, strict=True):
        sheet.rule((left, up(tick)), (right, up(tick)), theme.QUIET if tick == 0 else theme.RULE)
        sheet.text((left - 8, up(tick)), head, theme.QUIET, size=SMALL, align="right")
    for tick, foot in zip(inside, feet, strict=True):
        sheet.text((across(tick), bottom + 14), foot, theme.QUIET, size=SMALL, align="center")
    sheet.text(((left + right) / 2, bottom + 33), along, theme.QUIET, size=SMALL, align="center")
    places = [across(place) for place in xs]
    sheet.band(places, [up(low) for low in lows], [up(high) for high in highs], theme.FOCUS)
    sheet.line(places, [up(value) for value in ys], theme.FOCUS, width=2.5)
    if mark is not None:
        sheet.dot((across(mark[0]), up(mark[1])), theme.FOCUS)
    return sheet
