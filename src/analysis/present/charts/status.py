"""How things stand at a glance: a row per table, a column per respect, a word in every field."""

from __future__ import annotations

import pandas as pd

from analysis.present import theme
from analysis.present.chart import Chart
from analysis.present.charts import tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest

ROW, TOP, GAP = 22, 22, 2
NOTHING = "–"
# From calm to conspicuous: what is good recedes, what is bad stands out; the word says it without the colour.
FIELDS = {"good": "#e6ebf0", "watch": "#f3cf9f", "bad": theme.DUO[1], "not known": "#f4f5f6"}


@theme.house_style()
def status(
    data: pd.DataFrame,
    row: str,
    column: str,
    word: str,
    *,
    columns: dict[str, str],
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A field per row and column with its status in a word, and how many checks say so where it is not good.

    `data`: one row per field, in the order of rows; `word` is one of good, watch, bad, unknown; `struck` counts.
    `columns`: head of each column by its name in `data`, in the order drawn.
    """
    fields = pd.DataFrame({"row": tidy.labels(data, row), "column": tidy.labels(data, column)})
    fields["word"] = ["not known" if name == "unknown" else name for name in tidy.labels(data, word)]
    fields["struck"] = tidy.figures(data, "struck")
    sheet = None if fields.empty else _drawn(fields, columns)
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(fields: pd.DataFrame, columns: dict[str, str]) -> Sheet:
    names = [str(name) for name in fields["row"].unique()]
    left = widest(names) + 10
    step = (WIDTH - left) / len(columns)
    sheet = Sheet(TOP + ROW * len(names))
    for place, head in enumerate(columns.values()):
        sheet.text(
            (left + step * (place + 0.5), TOP / 2),
            fitting(head, step, size=SMALL),
            theme.QUIET,
            size=SMALL,
            align="center",
        )
    told = {(one.row, one.column): (str(one.word), float(one.struck)) for one in fields.itertuples()}
    for line, name in enumerate(names):
        middle = TOP + ROW * (line + 0.5)
        sheet.text((0, middle), fitting(name, left))
        for place, column in enumerate(columns):
            _field(sheet, left + step * place, middle, step, told.get((name, column)))
    return sheet


def _field(sheet: Sheet, left: float, middle: float, width: float, told: tuple[str, float] | None) -> None:
    if told is None:
        sheet.text((left + width / 2, middle), NOTHING, theme.QUIET, size=SMALL, align="center")
        return
    word, struck = told
    start, end = (left + GAP / 2, middle - ROW / 2 + GAP / 2), (left + width - GAP / 2, middle + ROW / 2 - GAP / 2)
    color = FIELDS[word]
    sheet.box(start, end, color)
    words = f"{struck:.0f} {word}" if word in ("watch", "bad") else word
    ink = theme.QUIET if word == "good" else theme.on(color)
    sheet.text((left + width / 2, middle), fitting(words, width - GAP, size=SMALL), ink, size=SMALL, align="center")
