"""Groups side by side: how far each is above or below the rest, variable by variable."""

from __future__ import annotations

import math

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest

ROW, GAP, HEAD = 30, 2, 34
LONGEST = 150  # pixels that a variable's name may take
STRONGEST = 1.5  # a difference from which the colour is full
PALE = 0.10  # of the colour, where there is no difference


@theme.house_style()
def heat(
    data: pd.DataFrame,
    row: str,
    column: str,
    value: str,
    *,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A field per variable and group: blue where the group is above the rest, orange where below, and by how much.

    `data`: one row per field, variables `row` and groups `column` in the order drawn; a missing `value` prints as "–".
    """
    fields = pd.DataFrame({"row": tidy.labels(data, row), "column": tidy.labels(data, column)})
    fields["value"] = tidy.figures(data, value)
    sheet = _drawn(fields) if tidy.known(fields["value"].tolist()) else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(fields: pd.DataFrame) -> Sheet:
    names, groups = (list(dict.fromkeys(fields[side])) for side in ("row", "column"))
    left = min(widest(names), LONGEST) + 10
    step = (WIDTH - left) / len(groups)
    heads = [_two_lines(group, step - 6) for group in groups]
    sheet = Sheet(HEAD + ROW * len(names))
    for place, lines in enumerate(heads):
        for number, words in enumerate(lines):
            at = (left + step * (place + 0.5), HEAD - 8 - 13 * (len(lines) - 1 - number))
            sheet.text(at, words, size=SMALL, bold=True, align="center")
    told = {(one.row, one.column): float(one.value) for one in fields.itertuples()}
    for line, name in enumerate(names):
        top = HEAD + ROW * line
        sheet.text((0, top + ROW / 2), fitting(name, left - 10))
        for place, group in enumerate(groups):
            _field(sheet, (left + step * place, top), step, told.get((name, group), tidy.MISSING))
    return sheet


def _field(sheet: Sheet, at: tuple[float, float], width: float, value: float) -> None:
    (x, y), middle = at, (at[0] + width / 2, at[1] + ROW / 2)
    if math.isnan(value):
        sheet.text(middle, "–", theme.QUIET, size=SMALL, align="center")
        return
    color = shade(value)
    sheet.box((x + GAP / 2, y + GAP / 2), (x + width - GAP / 2, y + ROW - GAP / 2), color)
    sign = "+" if value > 0 and numbers.decimal(value) != numbers.decimal(0) else ""
    sheet.text(middle, sign + numbers.decimal(value), theme.on(color), size=SMALL, align="center")


def shade(value: float) -> str:
    """The colour of a difference: the stronger, the further from zero."""
    end = theme.DUO[0] if value >= 0 else theme.DUO[1]
    share = PALE + (1 - PALE) * min(abs(value) / STRONGEST, 1)
    mixed = [round(255 + (int(end[at : at + 2], 16) - 255) * share) for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _two_lines(words: str, room: float) -> list[str]:
    """The words on one line, or on two where they need it."""
    if widest([words], size=SMALL, bold=True) <= room:
        return [words]
    parts = words.split(" ")
    cut = min(range(1, len(parts)), key=lambda at: widest([" ".join(parts[:at]), " ".join(parts[at:])]), default=0)
    lines = [" ".join(parts[:cut]), " ".join(parts[cut:])] if cut else [words]
    return [fitting(line, room, size=SMALL) for line in lines]
