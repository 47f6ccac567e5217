"""Who came and who went: bars up and down, and the base that remained."""

from __future__ import annotations

import math

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.periods import AXIS, draw_periods
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, widest

WORDS = {"joined": "Joined", "left": "Left", "closing": "At close"}
TOP, PLOT, FOOT = 16, 216, 62  # pixels above the plot, of the plot, and of the closing base


@theme.house_style()
def flows(
    data: pd.DataFrame,
    x: str,
    joiners: str,
    leavers: str,
    closing: str,
    *,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """Customers who joined (up) and left (down) in each period, and the base at its close under it.

    `data`: one row per period `x`; counts of customers; a missing count is not drawn and prints as "–".
    """
    rows = data.sort_values(x, key=lambda column: column.astype(str))
    came, went, closed = (tidy.figures(rows, name) for name in (joiners, leavers, closing))
    sheet = _drawn(rows[x].tolist(), came, went, closed) if tidy.known(came + went) else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(periods: list[object], came: list[float], went: list[float], closed: list[float]) -> Sheet:
    left = widest([WORDS["joined"], WORDS["left"]], bold=True) + 8
    step = (WIDTH - left) / len(periods)
    across = [left + step * (index + 0.5) for index in range(len(periods))]
    most, least = max([*tidy.known(came), 0.0]), max([*tidy.known(went), 0.0])
    up = scales.scale(-least, max(most, 1 - least), TOP + PLOT - 4, TOP + 12)
    widths = [widest([numbers.count(value) for value in [*came, *went, *closed]], size=SMALL)] * len(across)
    shown = scales.thinned(across, widths, gap=2)
    sheet = Sheet(TOP + PLOT + AXIS + FOOT)
    for values, way, color, head in ((came, 1, theme.FOCUS, WORDS["joined"]), (went, -1, theme.DUO[1], WORDS["left"])):
        sheet.text((0, up(0) - 14 * way), head, color, bold=True)
        _columns(sheet, [value * way for value in values], across, up, color)
        for i in shown:
            height = up(0 if math.isnan(values[i]) else values[i] * way)
            sheet.text((across[i], height - 9 * way), numbers.count(values[i]), color, size=SMALL, align="center")
    sheet.rule((left, up(0)), (WIDTH, up(0)), theme.QUIET)
    draw_periods(sheet, periods, across, TOP + PLOT + 12)
    _closing(sheet, [across[i] for i in shown], [closed[i] for i in shown])
    return sheet


def _columns(sheet: Sheet, values: list[float], across: list[float], up: scales.Scale, color: str) -> None:
    """A column from zero to each known value."""
    half = min((across[1] - across[0]) * 0.24 if len(across) > 1 else 16, 16)
    for place, value in zip(across, values, strict=True):
        if not math.isnan(value):
            sheet.box((place - half, up(0)), (place + half, up(value)), color)


def _closing(sheet: Sheet, across: list[float], closed: list[float]) -> None:
    """The base at the close of each period, as a row of numbers under the plot."""
    middle = sheet.height - 10
    sheet.rule((0, middle - 35), (WIDTH, middle - 35))
    sheet.text((0, middle - 19), WORDS["closing"], bold=True)
    for place, value in zip(across, closed, strict=True):
        sheet.text((place, middle), numbers.count(value), size=SMALL, align="center")
