"""How much of the leaving the customers of the highest predicted risk account for, beside what chance would give."""

from __future__ import annotations

import math

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"chance": "by chance"}
TOP, ROW, AXIS = 30, 40, 26  # pixels above the first row, of a row, and under the last
LONGEST = 190  # pixels that a group's name may take


@theme.house_style()
def lift(
    data: pd.DataFrame,
    label: str,
    share: str,
    *,
    low: str,
    high: str,
    chance: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """The share of all leavers found among the customers most at risk: a dot on its interval per group.

    `data`: one row per group, in order; shares from 0 to 1. `chance` is the share that a group of this size would hold
    if it were drawn by lot: a grey stroke. Rows flagged in a column `masked` show no mark.
    """
    names = [fitting(name, LONGEST) for name in tidy.labels(data, label)]
    figures = [tidy.figures(data, name) for name in (share, low, high, chance)]
    hidden = tidy.flags(data, "masked")
    rows = [cells for cells, secret in zip(zip(*figures, strict=True), hidden, strict=True) if not secret]
    names = [name for name, secret in zip(names, hidden, strict=True) if not secret]
    sheet = _drawn(names, rows) if tidy.known([cells[0] for cells in rows]) else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(names: list[str], rows: list[tuple[float, ...]]) -> Sheet:
    texts = [numbers.percent(cells[0], 0) for cells in rows]
    marks = scales.ticks([0.0, *tidy.known([cell for cells in rows for cell in cells])])
    along = scales.scale(marks[0], marks[-1], widest(names) + 14, WIDTH - widest(texts, bold=True) - 16)
    bottom = TOP + ROW * len(rows)
    sheet = Sheet(bottom + AXIS)
    for mark, head in zip(marks, scales.tick_words(marks, "share", None), strict=True):
        sheet.rule((along(mark), TOP), (along(mark), bottom))
        sheet.text((along(mark), bottom + 13), head, theme.QUIET, size=SMALL, align="center")
    for index, (name, text, cells) in enumerate(zip(names, texts, rows, strict=True)):
        middle = TOP + ROW * (index + 0.5)
        sheet.text((0, middle), name)
        sheet.text((WIDTH, middle), text, bold=True, align="right")
        _mark(sheet, cells, along, middle)
    half = width_of(WORDS["chance"], size=SMALL) / 2
    place = max(along(rows[0][3]), half)
    sheet.text((place, TOP - 14), WORDS["chance"], theme.QUIET, size=SMALL, align="center")
    return sheet


def _mark(sheet: Sheet, cells: tuple[float, ...], along: scales.Scale, middle: float) -> None:
    share, low, high, chance = cells
    sheet.line([along(chance)] * 2, [middle - 10, middle + 10], theme.CONTEXT, width=2)
    if not math.isnan(share):
        sheet.line([along(low), along(high)], [middle, middle], theme.FOCUS, width=2.5)
        sheet.dot((along(share), middle), theme.FOCUS, size=9)
