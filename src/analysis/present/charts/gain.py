"""What is gained when only the first are contacted, beside what going by lot would gain (Qini)."""

from __future__ import annotations

import pandas as pd

from analysis.present import theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, widest, width_of

TOP, PLOT, FOOT = 16, 220, 44  # pixels above the plot, of the plot, and under it


@theme.house_style()
def gain(
    data: pd.DataFrame,
    share: str,
    value: str,
    *,
    low: str,
    high: str,
    lot: str,
    along: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A curve with its band over the share contacted (0 to 1), and a dashed line for going by lot."""
    columns = [tidy.figures(data, name) for name in (share, value, low, high, lot)]
    sheet = _drawn(columns, along) if len(tidy.known(columns[1])) > 1 else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(columns: list[list[float]], along: str) -> Sheet:
    xs, ys, lows, highs, lots = columns
    marks = scales.ticks([0.0, *tidy.known([*lows, *highs, *lots])], most=5)
    heads = scales.tick_words(marks, "score", None)
    left, right, bottom = widest(heads, size=SMALL) + 12, WIDTH - 14, TOP + PLOT
    up, across = scales.scale(marks[0], marks[-1], bottom, TOP), scales.scale(0, 1, left, right)
    sheet = Sheet(bottom + FOOT)
    for mark, head in zip(marks, heads, strict=True):
        sheet.rule((left, up(mark)), (right, up(mark)), theme.QUIET if mark == 0 else theme.RULE)
        sheet.text((left - 8, up(mark)), head, theme.QUIET, size=SMALL, align="right")
    quarters = [number / 4 for number in range(5)]
    for mark, head in zip(quarters, scales.tick_words(quarters, "share", None), strict=True):
        at = min(across(mark), WIDTH - width_of(head, size=SMALL) / 2)
        sheet.text((at, bottom + 14), head, theme.QUIET, size=SMALL, align="center")
    sheet.text(((left + right) / 2, bottom + 33), along, theme.QUIET, size=SMALL, align="center")
    places = [across(place) for place in xs]
    sheet.band(places, [up(one) for one in lows], [up(one) for one in highs], theme.FOCUS)
    sheet.line([places[0], places[-1]], [up(lots[0]), up(lots[-1])], theme.CONTEXT, width=1.5, dashed=True)
    sheet.line(places, [up(one) for one in ys], theme.FOCUS, width=2.5)
    return sheet
