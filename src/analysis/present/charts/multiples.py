"""Small multiples: one little picture per area, all on one scale, with what was usual and the months that stand out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.basis.metric import Unit
from analysis.present import theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.periods import places
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest

FEWEST, ACROSS, MOST = 2, 3, 12  # pictures in a row, at least and at most, and in all
HEAD, PLOT, FOOT, GAP = 20, 72, 24, 16  # pixels of the name, the plot, the months under it, and between pictures
KEY = 26


@dataclass(frozen=True)
class _Panel:
    """One little picture: its values, the usual ones, and which of them stand out."""

    name: str
    values: list[float]
    usual: list[float]
    marked: list[bool]


@theme.house_style()
def multiples(
    data: pd.DataFrame,
    x: str,
    y: str,
    *,
    usual: str,
    marked: str,
    panel: str,
    words: dict[str, str],
    unit: Unit,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A line per `panel` over months, the usual one in grey, dots where it stands out; all on the same scale.

    `data`: one row per panel and month `x`, in the order of the panels; at most twelve are drawn. `words` names the
    three kinds of marks: `value`, `usual`, `marked`.
    """
    periods = sorted(data[x].dropna().unique())
    panels = [
        _panel(name, rows.drop_duplicates(x, keep="last").set_index(x).reindex(periods), (y, usual, marked))
        for name, rows in data.groupby(panel, sort=False)
    ]
    kept = [one for one in panels if tidy.known(one.values)][:MOST]
    sheet = _drawn(kept, periods, words, unit) if kept else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _panel(name: object, rows: pd.DataFrame, columns: tuple[str, str, str]) -> _Panel:
    y, usual, marked = columns
    stands_out = [value is True or value == 1 for value in rows[marked].tolist()]
    return _Panel(str(name), tidy.figures(rows, y), tidy.figures(rows, usual), stands_out)


def _drawn(panels: list[_Panel], periods: Sequence[object], words: dict[str, str], unit: Unit) -> Sheet:
    values = [value for one in panels for value in tidy.known([*one.values, *one.usual])]
    marks = scales.ticks([0.0, *values], most=3)
    heads = scales.tick_words(marks, unit, None)
    left = widest(heads, size=SMALL) + 8
    wide = min(max(len(panels), FEWEST), ACROSS)
    step = (WIDTH - left + GAP) / wide
    rows = math.ceil(len(panels) / wide)
    sheet = Sheet(KEY + rows * (HEAD + PLOT + FOOT))
    _key(sheet, words)
    for place, one in enumerate(panels):
        row, column = divmod(place, wide)
        top = KEY + row * (HEAD + PLOT + FOOT) + HEAD
        start, end = left + column * step, left + column * step + step - GAP
        up = scales.scale(marks[0], marks[-1], top + PLOT, top)
        for mark, head in zip(marks, heads, strict=True):
            sheet.rule((start, up(mark)), (end, up(mark)))
            if column == 0:
                sheet.text((left - 6, up(mark)), head, theme.QUIET, size=SMALL, align="right")
        sheet.text((start, top - 11), fitting(one.name, step - GAP), bold=True)
        _line(sheet, one, places(len(periods), start + 5, end - 5), up)
        _ends(sheet, periods, (start, end), top + PLOT + 11)
    return sheet


def _ends(sheet: Sheet, periods: Sequence[object], sides: tuple[float, float], height: float) -> None:
    """The first and the last month under a little picture."""
    first, last = (f"{pd.Timestamp(str(periods[at])):%Y-%m}" for at in (0, -1))
    sheet.text((sides[0], height), first, theme.QUIET, size=SMALL)
    if len(periods) > 1:
        sheet.text((sides[1], height), last, theme.QUIET, size=SMALL, align="right")


def _line(sheet: Sheet, one: _Panel, across: list[float], up: scales.Scale) -> None:
    sheet.line(across, [up(value) for value in one.usual], theme.CONTEXT, width=1.25, dashed=True)
    sheet.line(across, [up(value) for value in one.values], theme.FOCUS, width=2)
    for place, value, stands_out in zip(across, one.values, one.marked, strict=True):
        if stands_out and not math.isnan(value):
            sheet.dot((place, up(value)), theme.DUO[1], size=7)


def _key(sheet: Sheet, words: dict[str, str]) -> None:
    at = 0.0
    for name in ("value", "usual", "marked"):
        color = {"value": theme.FOCUS, "usual": theme.CONTEXT, "marked": theme.DUO[1]}[name]
        if name == "marked":
            sheet.dot((at + 8, 8), color, size=7)
        else:
            sheet.line([at, at + 16], [8, 8], color, width=2 if name == "value" else 1.25, dashed=name == "usual")
        sheet.text((at + 22, 8), words[name], theme.QUIET, size=SMALL)
        at += 22 + widest([words[name]], size=SMALL) + 22
