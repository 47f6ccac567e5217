"""Two divisions crossed: a field per pair, with a figure that counts and a remark under it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest

WORDS = {"masked": "masked"}
HEAD, ROW, GAP = 28, 50, 3  # pixels above the first row, of a row, and between fields
LONGEST = 150  # pixels that a row's name may take
PALE = 0.08  # of the colour, where there is nothing


@dataclass(frozen=True)
class _Field:
    """A pair: its share, what is said under it, and whether it is hidden."""

    share: float
    remark: str
    masked: bool


@theme.house_style()
def crossed(
    data: pd.DataFrame,
    row: str,
    column: str,
    share: str,
    *,
    remark: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A field per pair, the darker the larger its share, which is written in it with a remark under it.

    `data`: one row per field, rows and columns in the order drawn; `share` from 0 to 1, `remark` a short text. Rows
    flagged in a column `masked` show no figure; a pair that is not in the data is left empty.
    """
    names = zip(tidy.labels(data, row), tidy.labels(data, column), strict=True)
    cells = zip(tidy.figures(data, share), tidy.labels(data, remark), tidy.flags(data, "masked"), strict=True)
    fields = {pair: _Field(*cell) for pair, cell in zip(names, cells, strict=True)}
    known = tidy.known([one.share for one in fields.values() if not one.masked])
    return finished(
        _drawn(fields, max(known)) if known else None, finding=finding, subtitle=subtitle, source=source, alt=alt
    )


def _drawn(fields: Mapping[tuple[str, str], _Field], most: float) -> Sheet:
    names, heads = (list(dict.fromkeys(pair[side] for pair in fields)) for side in (0, 1))
    lines = [_two_lines(name) for name in names]
    left = max(widest(line) for line in lines) + 12
    step = (WIDTH - left) / len(heads)
    sheet = Sheet(HEAD + ROW * len(names))
    for place, head in enumerate(heads):
        middle = left + step * (place + 0.5) - GAP / 2
        sheet.text((middle, HEAD - 12), fitting(head, step - 6), bold=True, align="center")
    for line, (name, words) in enumerate(zip(names, lines, strict=True)):
        middle = HEAD + ROW * (line + 0.5) - GAP / 2
        for number, part in enumerate(words):
            sheet.text((0, middle + 15 * (number - (len(words) - 1) / 2)), part)
        for place, head in enumerate(heads):
            if (name, head) in fields:
                _draw(sheet, fields[name, head], (left + step * place, HEAD + ROW * line), step - GAP, most)
    return sheet


def _draw(sheet: Sheet, field: _Field, at: tuple[float, float], width: float, most: float) -> None:
    (x, y), middle = at, (at[0] + width / 2, at[1] + (ROW - GAP) / 2)
    corners = (x, y), (x + width, y + ROW - GAP)
    if field.masked or math.isnan(field.share):
        sheet.box(*corners, theme.RULE, hollow=True)
        sheet.text(middle, WORDS["masked"] if field.masked else "–", theme.QUIET, size=SMALL, align="center")
        return
    color = shade(field.share / most if most > 0 else 0.0)
    sheet.box(*corners, color)
    sheet.text((middle[0], middle[1] - 8), numbers.percent(field.share, 0), theme.on(color), bold=True, align="center")
    remark = fitting(field.remark, width - 6, size=SMALL)
    sheet.text((middle[0], middle[1] + 9), remark, theme.on(color), size=SMALL, align="center")


def shade(part: float) -> str:
    """From pale to the colour of the finding."""
    strength = PALE + (1 - PALE) * min(max(part, 0.0), 1.0)
    mixed = [round(255 + (int(theme.FOCUS[at : at + 2], 16) - 255) * strength) for at in (1, 3, 5)]
    return "#" + "".join(f"{one:02x}" for one in mixed)


def _two_lines(name: str) -> list[str]:
    """The name on one line, or on two where it is long."""
    if widest([name]) <= LONGEST:
        return [name]
    parts = name.split(" ")
    cut = min(range(1, len(parts)), key=lambda at: widest([" ".join(parts[:at]), " ".join(parts[at:])]), default=0)
    return [fitting(line, LONGEST) for line in ([" ".join(parts[:cut]), " ".join(parts[cut:])] if cut else [name])]
