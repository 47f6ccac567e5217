"""What makes up most of a whole: bars from the largest down, and the shares added up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

ROW, TOP, AXIS = 28, 30, 26  # pixels of a row, above the first (the heads of the figures) and under the last
LONGEST = 170  # pixels that a name may take
MARKS = (0.0, 0.25, 0.5, 0.75, 1.0)
WORDS = {"share": "Share", "cumulated": "Added up"}


@dataclass(frozen=True)
class _Row:
    name: str
    share: float
    cumulated: float
    vital: bool


@theme.house_style()
def pareto(
    data: pd.DataFrame,
    label: str,
    share: str,
    cumulated: str,
    *,
    vital: str,
    edge: float,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """Bars of the shares in the order of the rows, and a line of the shares added up, which crosses the mark at `edge`.

    `vital` is a boolean column: the few that make up the edge together are in colour, the others grey.
    """
    columns = (tidy.figures(data, share), tidy.figures(data, cumulated), tidy.flags(data, vital))
    rows = [_Row(*one) for one in zip(tidy.labels(data, label), *columns, strict=True)]
    sheet = _drawn(rows, edge) if tidy.known([row.share for row in rows]) else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(rows: list[_Row], edge: float) -> Sheet:
    names = [fitting(row.name, LONGEST) for row in rows]
    own = [numbers.percent(row.share, 0) for row in rows]
    added = [numbers.percent(row.cumulated, 0) for row in rows]
    last = WIDTH - _room(added, WORDS["cumulated"]) - 16
    along = scales.scale(0, 1, widest(names, bold=True) + 14, last - _room(own, WORDS["share"]) - 14)
    bottom = TOP + ROW * len(rows)
    sheet = Sheet(bottom + AXIS)
    for mark in MARKS:
        sheet.rule((along(mark), TOP), (along(mark), bottom))
        sheet.text((along(mark), bottom + 13), numbers.percent(mark, 0), theme.QUIET, size=SMALL, align="center")
    sheet.line([along(edge), along(edge)], [TOP - 4, bottom], theme.QUIET, width=1.25, dashed=True)
    sheet.text((along(edge), TOP - 14), numbers.percent(edge, 0), theme.QUIET, size=SMALL, align="center")
    sheet.text((last, TOP - 14), WORDS["share"], theme.QUIET, size=SMALL, align="right")
    sheet.text((WIDTH, TOP - 14), WORDS["cumulated"], theme.QUIET, size=SMALL, align="right")
    middles = [TOP + ROW * (place + 0.5) for place in range(len(rows))]
    for row, name, middle, texts in zip(rows, names, middles, zip(own, added, strict=True), strict=True):
        color = theme.FOCUS if row.vital else theme.CONTEXT
        sheet.box((along(0), middle - 6.5), (along(row.share), middle + 6.5), color)
        sheet.text((0, middle), name, theme.INK, bold=row.vital)
        sheet.text((last, middle), texts[0], theme.INK, bold=row.vital, align="right")
        sheet.text((WIDTH, middle), texts[1], theme.QUIET, align="right")
    sheet.line([along(row.cumulated) for row in rows], middles, theme.INK, width=1.5)
    for row, middle in zip(rows, middles, strict=True):
        sheet.dot((along(row.cumulated), middle), theme.INK, size=6)
    return sheet


def _room(texts: list[str], head: str) -> float:
    """Pixels that a column of figures takes under its head."""
    return max(widest(texts, bold=True), width_of(head, size=SMALL))
