"""How a whole divides into parts: bars of 100 %."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.periods import period_words
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"other": "Other"}
ROW, LINE = 28, 24  # pixels of a bar's row, and of a line of names above the bars
LONGEST = 190  # pixels that a name may take
SWATCH = 10  # pixels of a name's square
MOST_PARTS = 6


@theme.house_style()
def shares(
    data: pd.DataFrame,
    label: str,
    value: str,
    group: str,
    *,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """How each `group` (a quarter, a class) divides into the parts named by `label`: bars of 100 %.

    `data`: one row per group and part, `value` any amount ≥ 0; parts in the order of the rows. Beyond six parts the
    smallest are drawn together as "Other". A share is written in its part where it fits.
    """
    amounts = pd.DataFrame(
        {"group": tidy.labels(data, group), "part": tidy.labels(data, label), "value": tidy.figures(data, value)}
    )
    whole = _parted(amounts)
    sheet = None if whole.empty else _drawn(whole)
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _parted(amounts: pd.DataFrame) -> pd.DataFrame:
    """Shares of each group's total: one row per group, one column per part, at most six."""
    table = amounts.pivot_table(index="group", columns="part", values="value", aggfunc="sum", sort=False)
    table = table[list(dict.fromkeys(part for part in amounts["part"] if part in table.columns))].fillna(0.0)
    table = table[table.sum(axis=1) > 0]
    if table.shape[1] > MOST_PARTS:
        largest = table.sum().sort_values(ascending=False, kind="stable").index[: MOST_PARTS - 1]
        kept = table[[part for part in table.columns if part in set(largest)]]
        other = table.drop(columns=kept.columns)
        table = kept.assign(**{f"{WORDS['other']} ({other.shape[1]})": other.sum(axis=1)})
    return table.div(table.sum(axis=1), axis=0)


def _drawn(table: pd.DataFrame) -> Sheet:
    groups = [fitting(" ".join(period_words(name)).strip(), LONGEST) for name in table.index]
    left = widest(groups) + 14
    along = scales.scale(0, 1, left, WIDTH)
    names = _names(table, along)
    top = LINE * (1 + max(line for _, line, _ in names)) + 4
    sheet = Sheet(top + ROW * len(groups) + 4)
    for (place, line, name), color in zip(names, theme.RAMP, strict=False):
        sheet.box((place, LINE * line + 7), (place + SWATCH, LINE * line + 7 + SWATCH), color)
        sheet.text((place + SWATCH + 5, LINE * line + 12), name)
    for row, (group, parts) in enumerate(zip(groups, table.to_numpy().tolist(), strict=True)):
        sheet.text((0, top + ROW * (row + 0.5)), group)
        _bar(sheet, parts, along, top + ROW * (row + 0.5))
    return sheet


def _names(table: pd.DataFrame, along: scales.Scale) -> list[tuple[float, int, str]]:
    """Place, line and text of each part's name: above its part of the first bar where all fit, else line by line."""
    names = [fitting(str(part), LONGEST) for part in table.columns]
    widths = [width_of(name) + SWATCH + 5 for name in names]
    starts = [along(start) for start in table.iloc[0].cumsum().shift(fill_value=0.0)]
    if all(
        start + width + 12 <= end for start, width, end in zip(starts, widths, [*starts[1:], WIDTH + 12], strict=True)
    ):
        return [(start, 0, name) for start, name in zip(starts, names, strict=True)]
    placed, place, line = [], along(0), 0
    for name, width in zip(names, widths, strict=True):
        if place > along(0) and place + width > WIDTH:
            place, line = along(0), line + 1
        placed.append((place, line, name))
        place += width + 18
    return placed


def _bar(sheet: Sheet, parts: Sequence[float], along: scales.Scale, middle: float) -> None:
    """One bar, its parts a hair apart; a share is written where it fits."""
    start = 0.0
    for share, color in zip(parts, theme.RAMP, strict=False):
        left, right = along(start), max(along(start), along(start + share) - 1.5)
        start += share
        sheet.box((left, middle - 10), (right, middle + 10), color)
        words = numbers.percent(share, 0)
        if width_of(words, size=SMALL) + 8 <= right - left:
            sheet.text(((left + right) / 2, middle), words, theme.on(color), size=SMALL, align="center")
