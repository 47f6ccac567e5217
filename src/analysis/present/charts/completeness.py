"""How full the data is: a row of squares per table, one square per column."""

from __future__ import annotations

import math

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"full": "all filled", "head": "Emptiest column, % filled", "nearly": "> 99 %", "none": "not supplied"}
KEY_WORDS = ("all filled", "≥ 95 %", "≥ 50 %", "< 50 %", "not supplied")
ROW, TOP, KEY = 24, 24, 34
SQUARE, GAP = 12, 3
LONGEST = 180  # pixels that a table's remark may take
# From calm to conspicuous: what is full recedes, what is missing stands out.
SHADES = ((1.0, "#b9c4ce"), (0.95, "#8fa9c0"), (0.5, theme.FOCUS), (0.0, theme.DUO[1]))


@theme.house_style()
def completeness(
    data: pd.DataFrame,
    table: str,
    column: str,
    share: str,
    *,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """The filled share of every column: a square each, a row per table, the emptiest column named.

    `data`: one row per table and column, in the order they are drawn; `share` from 0 to 1, missing where the source
    does not supply the column (a hollow square).
    """
    rows = pd.DataFrame({"table": tidy.labels(data, table), "column": tidy.labels(data, column)})
    rows["share"] = tidy.figures(data, share)
    sheet = None if rows.empty else _drawn(rows)
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(rows: pd.DataFrame) -> Sheet:
    parts = [(str(name), part) for name, part in rows.groupby("table", sort=False)]
    names = [fitting(name, 120) for name, _ in parts]
    left = widest(names) + 14
    most = max(len(part) for _, part in parts)
    remarks = [fitting(_remark(part), LONGEST, size=SMALL) for _, part in parts]
    step = min(SQUARE + GAP, (WIDTH - left - 8 - widest([*remarks, WORDS["head"]], size=SMALL)) / most)
    sheet = Sheet(TOP + ROW * len(parts) + KEY)
    sheet.text((left + step * most + 8, TOP / 2), WORDS["head"], theme.QUIET, size=SMALL)
    for row, (name, (_, part), remark) in enumerate(zip(names, parts, remarks, strict=True)):
        middle = TOP + ROW * (row + 0.5)
        shares = part["share"].tolist()
        absent = not tidy.known(shares)
        sheet.text((0, middle), name, theme.QUIET if absent else theme.INK)
        for index, value in enumerate(shares):
            _square(sheet, left + step * index, middle, value, step - GAP)
        sheet.text((left + step * most + 8, middle), remark, theme.QUIET, size=SMALL)
    _key(sheet, left, TOP + ROW * len(parts) + KEY / 2 + 4)
    return sheet


def _square(sheet: Sheet, left: float, middle: float, share: float, side: float) -> None:
    hollow = math.isnan(share)
    color = theme.CONTEXT if hollow else next(shade for least, shade in SHADES if share >= least)
    sheet.box((left, middle - side / 2), (left + side, middle + side / 2), color, hollow=hollow)


def _remark(part: pd.DataFrame) -> str:
    """The emptiest column of a table and its filled share."""
    filled = part.dropna(subset="share").sort_values("share", kind="stable")
    if filled.empty:
        return WORDS["none"]
    least = filled.iloc[0]
    if least["share"] >= 1:
        return WORDS["full"]
    share = WORDS["nearly"] if least["share"] > 0.99 else numbers.percent(least["share"], 0)
    return f"{least['column']} {share}"


def _key(sheet: Sheet, left: float, middle: float) -> None:
    place = left
    for words, share in zip(KEY_WORDS, (1.0, 0.96, 0.6, 0.2, math.nan), strict=True):
        _square(sheet, place, middle, share, SQUARE)
        sheet.text((place + SQUARE + 5, middle), words, theme.QUIET, size=SMALL)
        place += SQUARE + 5 + width_of(words, size=SMALL) + 16
