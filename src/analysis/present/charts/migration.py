"""Who moved from which class to which: a square per pair of classes, joiners below, leavers at the right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.colors import to_hex, to_rgb

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import tidy
from analysis.present.charts.sheet import BODY, SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"masked": "masked", "from": "From ↓   to →", "none": "–"}
ROW, LINE, EDGE, GAP = 40, 13, 9, 2  # pixels: a row, a line of a head, before joiners and leavers, between squares
LONGEST = 118  # pixels that the name of a row may take
MOST_LINES = 3
STAYED, NOBODY = "#e6ebf0", "#f7f8f9"
PALEST, STRONGEST = 0.12, 0.62  # how much of its colour the smallest and the largest move has: ink is read on both


@dataclass(frozen=True)
class _Field:
    """One square: its count and share of the row, and the colour of its kind; None where the sides are the same."""

    count: float
    share: float
    masked: bool
    color: str | None


@theme.house_style()
def migration(
    data: pd.DataFrame,
    start: str,
    end: str,
    count: str,
    share: str,
    *,
    joined: str,
    left: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """Customers by class before (rows) and after (columns): who stayed grey, who moved blue, who left orange.

    `data`: one row per pair of classes, in the order they are drawn, with a boolean column `masked`. `share`: of the
    row, 0 to 1, missing where it is not known; the larger the share, the stronger the colour. `joined` is the row of
    those who came and `left` the column of those who went; both stand apart from the classes.
    """
    rows = pd.DataFrame({"before": tidy.labels(data, start), "after": tidy.labels(data, end)})
    rows = rows.assign(customers=tidy.figures(data, count), share=tidy.figures(data, share))
    rows["masked"] = tidy.flags(data, "masked")
    sheet = None if rows.empty else _drawn(rows, joined, left)
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(rows: pd.DataFrame, joined: str, left: str) -> Sheet:
    before, after = _names(rows, "before", joined, left), _names(rows, "after", left, joined)
    labels = {name: _lines(name, LONGEST) for name in before}
    aside = max(widest([line for lines in labels.values() for line in lines]), widest([WORDS["from"]], size=SMALL)) + 12
    step = (WIDTH - aside - EDGE * (left in after)) / len(after)
    heads = {name: _lines(name, step - 4, size=SMALL) for name in after}
    top = LINE * max(map(len, heads.values())) + 8
    sheet = Sheet(top + ROW * len(before) + EDGE * (joined in before))
    sheet.text((0, top - LINE / 2 - 5), WORDS["from"], theme.QUIET, size=SMALL)
    across = {name: aside + step * place + EDGE * (name == left) for place, name in enumerate(after)}
    for name, lines in heads.items():
        for place, line in enumerate(lines):
            at = (across[name] + step / 2, top - 5 - LINE * (len(lines) - place - 0.5))
            sheet.text(at, line, theme.DUO[1] if name == left else theme.INK, size=SMALL, align="center")
    fields = _fields(rows, joined, left)
    for place, name in enumerate(before):
        middle = top + ROW * (place + 0.5) + EDGE * (name == joined)
        _name(sheet, labels[name], middle, theme.QUIET if name == joined else theme.INK)
        for other, start in across.items():
            if (name, other) != (joined, left):
                _square(sheet, start, middle, step, fields.get((name, other)))
    return sheet


def _names(rows: pd.DataFrame, side: str, last: str, other: str) -> list[str]:
    """The classes in the order they come, the same on both sides, and who joined or left at the end."""
    classes = [str(name) for name in dict.fromkeys([*rows["before"], *rows["after"]]) if name not in (last, other)]
    return classes + ([last] if last in set(rows[side]) else [])


def _fields(rows: pd.DataFrame, joined: str, left: str) -> dict[tuple[str, str], _Field]:
    came = rows["before"] == joined
    moved = rows[(rows["before"] != rows["after"]) & ~came]
    most = {True: rows[came][["customers", "share"]].max(), False: moved[["customers", "share"]].max()}
    fields = {}
    for row in rows.itertuples():
        here = row.before == joined
        base = theme.CONTEXT if here else theme.DUO[1] if row.after == left else theme.FOCUS
        color = None if row.before == row.after else _shade(base, _strength(row.customers, row.share, most[here]))
        fields[str(row.before), str(row.after)] = _Field(row.customers, row.share, bool(row.masked), color)
    return fields


def _strength(count: float, share: float, most: pd.Series) -> float:
    """The share beside the largest one; beside the largest count where the share is not known."""
    part = count / most["customers"] if math.isnan(share) else share / most["share"]
    return 0.0 if math.isnan(part) else float(part)


def _shade(color: str, strength: float) -> str:
    """The colour on white: the square root of the strength, so that small moves are seen beside large ones."""
    part = PALEST + (STRONGEST - PALEST) * math.sqrt(min(max(strength, 0.0), 1.0))
    red, green, blue = (1 - part + part * channel for channel in to_rgb(color))
    return to_hex((red, green, blue))


def _lines(name: str, room: float, *, size: float = BODY) -> list[str]:
    """A name on at most three lines that fit."""
    lines: list[str] = []
    for word in name.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (len(lines) == MOST_LINES or width_of(longer, size=size) <= room):
            lines[-1] = longer
        else:
            lines.append(word)
    return [fitting(line, room, size=size) for line in lines] or [""]


def _name(sheet: Sheet, lines: Sequence[str], middle: float, color: str) -> None:
    for place, line in enumerate(lines):
        sheet.text((0, middle + LINE * (place - (len(lines) - 1) / 2)), line, color)


def _square(sheet: Sheet, left: float, middle: float, width: float, field: _Field | None) -> None:
    start, end = (left + GAP / 2, middle - ROW / 2 + GAP / 2), (left + width - GAP / 2, middle + ROW / 2 - GAP / 2)
    centre = left + width / 2
    if field is None or field.masked:
        sheet.box(start, end, NOBODY)
        words = WORDS["none"] if field is None else WORDS["masked"]
        sheet.text((centre, middle), fitting(words, width - GAP, size=SMALL), theme.QUIET, size=SMALL, align="center")
        return
    color = field.color or STAYED
    sheet.box(start, end, color)
    ink = theme.on(color)
    share = [] if math.isnan(field.share) else [numbers.percent(field.share, 0 if field.share >= 0.1 else 1)]
    rise = 7 * len(share)
    sheet.text((centre, middle - rise), numbers.count(field.count), ink, bold=field.color is not None, align="center")
    for words in share:
        sheet.text((centre, middle + 8), words, ink, size=SMALL, align="center")
