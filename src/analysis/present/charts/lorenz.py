"""How unevenly something is spread: the Lorenz curve under its diagonal."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.present import theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, widest, width_of

WORDS = {"even": "if all held the same"}
TOP, PLOT, FOOT, EDGE = 10, 300, 44, 14  # pixels above the plot, of the plot, under it, and right of it

Mark = tuple[float, float, tuple[str, str]]  # a point of the curve, and what is told of it


@theme.house_style()
def lorenz(
    data: pd.DataFrame,
    x: str,
    y: str,
    *,
    marks: pd.DataFrame,
    along: str,
    up: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """The share that the least of all hold together, beside the diagonal of an even spread.

    `data`: points of the curve, shares from 0 to 1 in rising order. `marks`: points of it that are told in words, on
    two lines: `x`, `y`, `words` and `more`. `along` and `up` name the axes.
    """
    xs, ys = (tidy.figures(data, name) for name in (x, y))
    lines = zip(tidy.labels(marks, "words"), tidy.labels(marks, "more"), strict=True)
    told = list(zip(*(tidy.figures(marks, name) for name in (x, y)), lines, strict=True))
    sheet = _drawn(xs, ys, told, (along, up)) if len(tidy.known(ys)) > 1 else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(xs: list[float], ys: list[float], told: list[Mark], names: tuple[str, str]) -> Sheet:
    marks = [mark / 4 for mark in range(5)]
    heads = scales.tick_words(marks, "share", None)
    left, right, bottom = widest(heads, size=SMALL) + 10, WIDTH - EDGE, TOP + 20 + PLOT
    # Who is worth less than nothing takes the curve below the axis.
    across, upward = scales.scale(0, 1, left, right), scales.scale(min(0.0, *ys), 1, bottom, TOP + 20)
    sheet = Sheet(bottom + FOOT)
    for mark, head in zip(marks, heads, strict=True):
        sheet.rule((left, upward(mark)), (right, upward(mark)), theme.QUIET if mark == 0 else theme.RULE)
        sheet.text((left - 8, upward(mark)), head, theme.QUIET, size=SMALL, align="right")
        at = min(across(mark), WIDTH - width_of(head, size=SMALL) / 2)
        sheet.text((at, bottom + 14), head, theme.QUIET, size=SMALL, align="center")
    sheet.text((0, TOP), names[1], theme.QUIET, size=SMALL)
    sheet.text(((left + right) / 2, bottom + 33), names[0], theme.QUIET, size=SMALL, align="center")
    places, curve = [across(value) for value in xs], [upward(value) for value in ys]
    sheet.band(places, [upward(value) for value in xs], curve, theme.FOCUS)
    sheet.line([left, right], [upward(0), upward(1)], theme.CONTEXT, width=1.25, dashed=True)
    sheet.line(places, curve, theme.FOCUS, width=2.5)
    sheet.text((across(0.5) - 12, upward(0.5) - 12), WORDS["even"], theme.QUIET, size=SMALL, align="right")
    for share, held, lines in told:
        sheet.dot((across(share), upward(held)), theme.FOCUS, size=9)
        _under(sheet, across(share), lines, (places, curve), right=right)
    return sheet


def _under(
    sheet: Sheet, at: float, lines: tuple[str, str], curve: tuple[list[float], list[float]], *, right: float
) -> None:
    """Two lines of words right of a dot, as far as there is room, and under the curve where they begin."""
    start = min(at + 10, right - widest(lines, size=SMALL, bold=True))
    top = float(np.interp(start - 4, *curve)) + 14
    for number, line in enumerate(lines):
        sheet.text((start, top + 15 * number), line, theme.INK, size=SMALL, bold=number > 0)
