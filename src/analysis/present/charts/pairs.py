"""Which products go together: a square per pair, with how many of those who hold one hold the other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"everyone": "of all customers", "masked": "masked"}
TOP, ROW, KEY = 40, 30, 34  # pixels above the first row, of a row, and of the key
LONGEST, WIDEST, GAP = 130, 92, 3  # pixels that a name may take, that a square may, and between squares
SWATCH = 11
# From half and less of what is expected to twice and more; pale in the middle, where it is not clearly more or less.
SHADES = (theme.DUO[1], "#eec9a5", "#eceff2", "#9dbfdf", theme.RAMP[0])
KEY_WORDS = ("half and less", "less", "as expected", "more", "twice and more")


@dataclass(frozen=True)
class _Cell:
    """A pair: the share who hold the second of those who hold the first, and of all customers; its colour."""

    share: float
    overall: float
    color: str
    masked: bool


@theme.house_style()
def pairs(
    data: pd.DataFrame,
    given: str,
    product: str,
    share: str,
    *,
    lift: str,
    clear: str,
    overall: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """Of those who hold the product of a row, the share who hold that of a column; coloured by how unusual that is.

    `data`: one row per ordered pair of products, in the order they are drawn. `lift` is the share ÷ `overall`, the
    share of all customers who hold the product of the column; where `clear` is false it is no clear difference and
    the square stays pale. Rows flagged in a column `masked` show no figure.
    """
    names = zip(tidy.labels(data, given), tidy.labels(data, product), strict=True)
    figures = (tidy.figures(data, name) for name in (share, lift, overall))
    flags = (tidy.flags(data, name) for name in (clear, "masked"))
    cells = {
        pair: _Cell(part, whole, shade(times, clear=sure), secret)
        for pair, part, times, whole, sure, secret in zip(names, *figures, *flags, strict=True)
    }
    sheet = _drawn(cells) if tidy.known([cell.share for cell in cells.values()]) else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(cells: Mapping[tuple[str, str], _Cell]) -> Sheet:
    names = list(dict.fromkeys(given for given, _ in cells))
    left = widest([*(fitting(name, LONGEST) for name in names), WORDS["everyone"]]) + 14
    step, foot = min(WIDEST, (WIDTH - left) / len(names)), TOP + ROW * len(names) + 6
    sheet = Sheet(foot + ROW + KEY)
    sheet.text((0, foot + ROW / 2), WORDS["everyone"], theme.QUIET)
    _heads(sheet, names, [left + step * (column + 0.5) - GAP / 2 for column in range(len(names))], step=step)
    for column, other in enumerate(names):
        start = left + step * column
        for line, one in enumerate(names):
            if (one, other) in cells:
                _square(sheet, cells[one, other], (start, TOP + ROW * (line + 0.5)), step - GAP)
        overall = tidy.known([cell.overall for (_, name), cell in cells.items() if name == other])
        words = numbers.percent(overall[0], 0) if overall else ""
        sheet.text((start + (step - GAP) / 2, foot + ROW / 2), words, theme.QUIET, align="center")
    for line, one in enumerate(names):
        sheet.text((0, TOP + ROW * (line + 0.5)), fitting(one, LONGEST))
    _key(sheet, foot + ROW + KEY / 2)
    return sheet


def _heads(sheet: Sheet, names: Sequence[str], centres: Sequence[float], *, step: float) -> None:
    """The columns' names, on two lines where one is too narrow; wide ones stand a little aside."""
    heads = [name.split(" ", 1) if width_of(name, size=SMALL) > step - GAP else [name] for name in names]
    widths = [widest(head, size=SMALL) + 2 * GAP for head in heads]
    if sum(widths) > step * len(names):
        heads = [[fitting(word, step - GAP, size=SMALL) for word in head] for head in heads]
        widths = [widest(head, size=SMALL) for head in heads]
    placed = scales.spread(centres, widths, centres[0] - step / 2, WIDTH + GAP)
    for head, centre in zip(heads, placed, strict=True):
        for line, word in enumerate(reversed(head)):
            sheet.text((centre, TOP - 10 - 13 * line), word, theme.QUIET, size=SMALL, align="center")


def _square(sheet: Sheet, cell: _Cell, at: tuple[float, float], side: float) -> None:
    corners = (at[0], at[1] - ROW / 2 + GAP / 2), (at[0] + side, at[1] + ROW / 2 - GAP / 2)
    if cell.masked or math.isnan(cell.share):
        sheet.box(*corners, theme.RULE, hollow=True)
        words = fitting(WORDS["masked"], side, size=SMALL)
        sheet.text((at[0] + side / 2, at[1]), words, theme.QUIET, size=SMALL, align="center")
        return
    sheet.box(*corners, cell.color)
    sheet.text((at[0] + side / 2, at[1]), numbers.percent(cell.share, 0), theme.on(cell.color), align="center")


def shade(lift: float, *, clear: bool) -> str:
    """The colour of a lift; pale where it is not clearly above or below one."""
    if not clear or math.isnan(lift):
        return SHADES[2]
    return SHADES[sum(lift > edge for edge in (0.5, 1.0)) + (lift > 1) + (lift >= 2)]


def _key(sheet: Sheet, middle: float) -> None:
    place = 0.0
    for words, color in zip(KEY_WORDS, SHADES, strict=True):
        sheet.box((place, middle - SWATCH / 2), (place + SWATCH, middle + SWATCH / 2), color)
        sheet.text((place + SWATCH + 4, middle), words, theme.QUIET, size=SMALL)
        place += SWATCH + 4 + width_of(words, size=SMALL) + 14
