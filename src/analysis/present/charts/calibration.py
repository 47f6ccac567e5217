"""Predicted against real: groups of customers by risk, and whether as many left as was said."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, widest, width_of

WORDS = {
    "predicted": "Predicted",
    "left": "Really left",
    "agree": "as predicted",
    "last": "Highest risk",
    "gone": "left",
}
TOP, PLOT, FOOT = 30, 250, 44  # pixels above the plot, of the plot, and under it
EDGE = 14  # pixels right of the plot


@dataclass(frozen=True)
class _Group:
    """Customers of like risk: what was predicted for them, and the share of them who left."""

    predicted: float
    observed: float
    low: float
    high: float


@theme.house_style()
def calibration(
    data: pd.DataFrame,
    predicted: str,
    observed: str,
    *,
    low: str,
    high: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """The share predicted to leave against the share who left, a dot per group, with the interval of what happened.

    `data`: one row per group of customers, shares from 0 to 1. A dot on the dashed line stands for a group of whom
    as many left as predicted; above it more left. The numbers of the group of the highest risk stand in the corner.
    """
    columns = [tidy.figures(data, name) for name in (predicted, observed, low, high)]
    groups = [_Group(*cells) for cells in zip(*columns, strict=True)]
    known = sorted(
        (group for group in groups if not math.isnan(group.predicted + group.observed)),
        key=lambda group: group.predicted,
    )
    sheet = _drawn(known) if known else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(groups: list[_Group]) -> Sheet:
    ends = tidy.known([end for one in groups for end in (one.predicted, one.observed, one.high)])
    marks = scales.ticks([0.0, *ends], most=6)
    heads = scales.tick_words(marks, "share", None)
    left, bottom = widest(heads, size=SMALL) + 10, TOP + PLOT
    along = scales.scale(marks[0], marks[-1], left, WIDTH - EDGE)
    up = scales.scale(marks[0], marks[-1], bottom, TOP)
    sheet = Sheet(bottom + FOOT)
    for mark, head in zip(marks, heads, strict=True):
        sheet.rule((left, up(mark)), (WIDTH - EDGE, up(mark)))
        sheet.text((left - 8, up(mark)), head, theme.QUIET, size=SMALL, align="right")
        at = min(along(mark), WIDTH - width_of(head, size=SMALL) / 2)
        sheet.text((at, bottom + 14), head, theme.QUIET, size=SMALL, align="center")
    sheet.text((0, 10), WORDS["left"], theme.QUIET, size=SMALL)
    sheet.text(((left + WIDTH - EDGE) / 2, bottom + 33), WORDS["predicted"], theme.QUIET, size=SMALL, align="center")
    corners = (along(marks[0]), along(marks[-1])), (up(marks[0]), up(marks[-1]))
    sheet.line(*corners, theme.CONTEXT, width=1.25, dashed=True)
    sheet.text((WIDTH - EDGE, TOP - 12), WORDS["agree"], theme.QUIET, size=SMALL, align="right")
    for group in groups:
        _draw(sheet, group, along, up)
    # Nothing else comes here: a group of the highest risk of whom nearly nobody left would be no forecast at all.
    sheet.text((WIDTH - EDGE, bottom - 12), _numbers(groups[-1]), size=SMALL, align="right")
    return sheet


def _draw(sheet: Sheet, group: _Group, along: scales.Scale, up: scales.Scale) -> None:
    place = along(group.predicted)
    sheet.line([place, place], [up(group.low), up(group.high)], theme.FOCUS, width=1.5)
    sheet.dot((place, up(group.observed)), theme.FOCUS, size=9)


def _numbers(group: _Group) -> str:
    """What was predicted for a group, and what happened."""
    predicted, left = numbers.percent(group.predicted), numbers.percent(group.observed)
    return f"{WORDS['last']}: {predicted} {WORDS['predicted'].lower()}, {left} {WORDS['gone']}"
