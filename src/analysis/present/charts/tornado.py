"""What a total depends on: a bar to either side for each figure, the widest first."""

from __future__ import annotations

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

TOP, ROW, BAR = 28, 48, 18  # pixels above the first row, of a row, and of a bar
SWATCH = 10
LOWER, HIGHER = theme.DUO[1], theme.DUO[0]


@theme.house_style()
def tornado(
    data: pd.DataFrame,
    label: str,
    *,
    lower: str,
    higher: str,
    total: str,
    keys: tuple[str, str],
    currency: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """The change of a total when a figure is lower and when it is higher, a row per figure, in the order of the rows.

    `data`: one row per figure with the change of the `total` (money) when it is `lower` and when it is `higher`.
    `keys` names the two. A row with one missing is left out.
    """
    cells = zip(tidy.labels(data, label), *(tidy.figures(data, name) for name in (lower, higher, total)), strict=True)
    rows = [row for row in cells if len(tidy.known(list(row[1:]))) == len(row) - 1]
    sheet = _drawn(rows, keys, currency) if any(row[1] or row[2] for row in rows) else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(rows: list[tuple[str, float, float, float]], keys: tuple[str, str], currency: str) -> Sheet:
    texts = [[written(change, total, currency) for change in (low, high)] for _, low, high, total in rows]
    room = widest([text for pair in texts for text in pair], size=SMALL) + 8
    most = max(abs(change) for _, low, high, _ in rows for change in (low, high))
    along = scales.scale(-most, most, room, WIDTH - room)
    sheet = Sheet(TOP + ROW * len(rows) + 4)
    _key(sheet, keys)
    for index, ((name, low, high, _), words) in enumerate(zip(rows, texts, strict=True)):
        middle = TOP + ROW * index + 34
        sheet.text((WIDTH / 2, middle - 20), fitting(name, WIDTH), align="center")
        for change, text, color in zip((low, high), words, (LOWER, HIGHER), strict=True):
            sheet.box((along(0), middle - BAR / 2), (along(change), middle + BAR / 2), color)
            left = change < 0 or (change == 0 and color == LOWER)
            at = along(change) + (-6 if left else 6)
            sheet.text((at, middle), text, size=SMALL, align="right" if left else "left")
        sheet.rule((along(0), middle - BAR / 2 - 3), (along(0), middle + BAR / 2 + 3), theme.INK)
    return sheet


def written(change: float, total: float, currency: str) -> str:
    """A change with its sign, in money and in per cent of the total: "+€51,000 (+2.1 %)"."""
    amount, share = numbers.money(abs(change), currency, 0), abs(change / total) if total else float("nan")
    nothing = not any(digit in amount for digit in "123456789")
    sign = "" if nothing else "+" if change > 0 else numbers.MINUS
    part = numbers.percent(share)
    return f"{sign}{amount} ({sign}{part})"


def _key(sheet: Sheet, keys: tuple[str, str]) -> None:
    """What the two colours mean, in the middle above the rows."""
    widths = [SWATCH + 5 + width_of(words, size=SMALL) for words in keys]
    place = (WIDTH - sum(widths) - 18) / 2
    for words, width, color in zip(keys, widths, (LOWER, HIGHER), strict=True):
        sheet.box((place, 10 - SWATCH / 2), (place + SWATCH, 10 + SWATCH / 2), color)
        sheet.text((place + SWATCH + 5, 10), words, theme.QUIET, size=SMALL)
        place += width + 18
