"""Effects around nothing: a dot on its interval for each, to the left or the right of a line at zero."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.basis.metric import Unit
from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest

ROW, TOP, AXIS = 28, 8, 26  # pixels of a row, above the first, and under the last
LONGEST = 275  # pixels that the name of an effect may take


@theme.house_style()
def effects(
    data: pd.DataFrame,
    label: str,
    value: str,
    *,
    low: str,
    high: str,
    unit: Unit,
    places: int = 2,
    currency: str | None = None,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """One effect per row, in the order of the rows; those whose interval holds zero are grey.

    `data`: one row per effect: its name, its value and the ends of its interval. A row with one missing is left out.
    """
    cells = zip(tidy.labels(data, label, 80), *(tidy.figures(data, name) for name in (value, low, high)), strict=True)
    rows = [row for row in cells if len(tidy.known(list(row[1:]))) == len(row) - 1]
    write = _writer(unit, currency, places)
    sheet = _drawn(rows, write, unit, currency) if rows else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _writer(unit: Unit, currency: str | None, places: int) -> Callable[[float], str]:
    """A signed number in its unit."""

    def write(size: float) -> str:
        money = unit in ("money", "money_per_month") and currency is not None
        text = numbers.money(abs(size), currency or "", places) if money else numbers.decimal(abs(size), places)
        nothing = not any(digit in text for digit in "123456789")
        return text if nothing else ("+" if size > 0 else numbers.MINUS) + text

    return write


def _drawn(
    rows: list[tuple[str, float, float, float]], write: Callable[[float], str], unit: Unit, currency: str | None
) -> Sheet:
    names = [fitting(row[0], LONGEST) for row in rows]
    texts = [write(row[1]) for row in rows]
    marks = scales.ticks([0.0, *(end for row in rows for end in row[2:])])
    along = scales.scale(marks[0], marks[-1], widest(names) + 14, WIDTH - widest(texts, bold=True) - 16)
    bottom = TOP + ROW * len(rows)
    sheet = Sheet(bottom + AXIS)
    for mark, head in zip(marks, scales.tick_words(marks, unit, currency), strict=True):
        sheet.rule((along(mark), TOP), (along(mark), bottom), theme.QUIET if mark == 0 else theme.RULE)
        sheet.text((along(mark), bottom + 13), head, theme.QUIET, size=SMALL, align="center")
    for index, (row, name, text) in enumerate(zip(rows, names, texts, strict=True)):
        middle = TOP + ROW * (index + 0.5)
        clear = row[2] > 0 or row[3] < 0
        color = theme.FOCUS if clear else theme.CONTEXT
        sheet.text((0, middle), name, theme.INK if clear else theme.QUIET)
        sheet.text((WIDTH, middle), text, theme.INK if clear else theme.QUIET, bold=clear, align="right")
        sheet.line([along(row[2]), along(row[3])], [middle, middle], color, width=2.5)
        sheet.dot((along(row[1]), middle), color, size=9)
    return sheet
