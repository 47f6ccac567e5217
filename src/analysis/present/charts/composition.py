"""How a whole divides into parts: bars of 100 %."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.periods import period_words
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"other": "Other"}
ROW, NAMES = 28, 20  # pixels of a bar's row, and of the line of names above it
LONGEST = 150  # pixels that a name may take
SWATCH, GAP = 7, 9  # pixels of a name's square, and from one name to the next
MOST_PARTS = 6
LEAST = 0.001  # of the whole: a smaller rest is rounding

Part = tuple[str, float]  # name and share of the whole, 0 to 1


@dataclass(frozen=True)
class _Bar:
    """One bar: its name, its parts from left to right, their colours, and whether the parts are named above it."""

    name: str
    parts: list[Part]
    colors: list[str]
    named: bool


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
    """How each `group` (a quarter, a dimension of classes) divides into parts of its own: bars of 100 %.

    `data`: one row per group and part `label`, in the order they are drawn. `value`: shares of the whole, whose sum is
    less than 1 where some are missing; or amounts, which are divided by their sum. What is missing, what is beyond six
    parts and what has no room for its name is drawn together as "Other". Parts are named above their own
    bar, and once where the next bar has the same; a share is written in its part where it fits.
    """
    rows = pd.DataFrame({"group": tidy.labels(data, group), "name": tidy.labels(data, label)})
    rows["value"] = tidy.figures(data, value)
    names = {str(one): fitting(" ".join(period_words(one)).strip(), LONGEST) for one in rows["group"].unique()}
    left = widest(list(names.values())) + 14
    sheet = _drawn(_bars(rows, names, WIDTH - left), left) if (rows["value"] > 0).any() else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _bars(rows: pd.DataFrame, names: Mapping[str, str], room: float) -> list[_Bar]:
    sizes: Counter[str] = Counter()
    for part in rows.dropna(subset="value").itertuples():
        sizes[str(part.name)] += part.value
    divided = [(names[str(name)], _kept(_parts(bar), sizes, room)) for name, bar in rows.groupby("group", sort=False)]
    drawn = {name for _, parts in divided for name, _ in parts}
    # A part of which there is nothing keeps its place, so that the others keep their colours.
    empty = {name for name in rows.loc[rows["value"] == 0, "name"] if not sizes[name]}
    known = [name for name in dict.fromkeys(rows["name"]) if name in drawn or name in empty]
    places = {name: place for place, name in enumerate(known)} if len(known) <= MOST_PARTS else {}
    bars: list[_Bar] = []
    before: list[str] = []
    for name, parts in divided:
        order = [part for part, _ in parts]
        colors = [_color(part, places.get(part, place)) for place, part in enumerate(order)]
        bars.append(_Bar(name, parts, colors, named=order != before))
        before = order
    return bars


def _color(name: str, place: int) -> str:
    return theme.RAMP[-1] if name == WORDS["other"] else theme.RAMP[place]


def _parts(bar: pd.DataFrame) -> list[Part]:
    """The known parts of one bar as shares of its whole, and what is left of it."""
    known = bar[bar["value"] > 0]
    whole = max(known["value"].sum(), 1.0)
    parts = [(str(row.name), row.value / whole) for row in known.itertuples()]
    return _with_rest(parts)


def _with_rest(parts: Sequence[Part]) -> list[Part]:
    rest = 1 - sum(share for _, share in parts)
    return [*parts, (WORDS["other"], rest)] if rest > LEAST else list(parts)


def _kept(parts: list[Part], sizes: Mapping[str, float], room: float) -> list[Part]:
    """At most six parts, all with room for their names; the smallest of all bars go first."""
    while len(parts) > MOST_PARTS or sum(_label_widths(parts)) - GAP > room:
        own = [part for part in parts if part[0] != WORDS["other"]]
        if len(own) < 2:
            break
        smallest = min(own, key=lambda part: sizes[part[0]])
        parts = _with_rest([part for part in own if part != smallest])
    return parts


def _label_widths(parts: Sequence[Part]) -> list[float]:
    """Pixels of each part's name with its square, and the gap to the next."""
    return [width_of(fitting(name, LONGEST, size=SMALL), size=SMALL) + SWATCH + 4 + GAP for name, _ in parts]


def _drawn(bars: list[_Bar], left: float) -> Sheet:
    sheet = Sheet(sum(ROW + NAMES * bar.named for bar in bars) + 2)
    along = scales.scale(0, 1, left, WIDTH)
    height = 0.0
    for bar in bars:
        if bar.named:
            _name_parts(sheet, bar, along, height + NAMES / 2 + 4)
        height += ROW + NAMES * bar.named
        sheet.text((0, height - ROW / 2), bar.name)
        _draw_parts(sheet, bar, along, height - ROW / 2)
    return sheet


def _name_parts(sheet: Sheet, bar: _Bar, along: scales.Scale, middle: float) -> None:
    """Each part's name above its part, moved aside where the names would touch."""
    widths = _label_widths(bar.parts)
    starts = [along(start) for start in _starts(bar.parts)]
    wanted = list(accumulate((start + width / 2 for start, width in zip(starts, widths, strict=True)), max))
    placed = scales.spread(wanted, widths, along(0), WIDTH + GAP)
    for (name, _), color, centre, width in zip(bar.parts, bar.colors, placed, widths, strict=True):
        place = centre - width / 2
        sheet.box((place, middle - SWATCH / 2), (place + SWATCH, middle + SWATCH / 2), color)
        words = fitting(name, LONGEST, size=SMALL)
        sheet.text((place + SWATCH + 4, middle), words, theme.QUIET, size=SMALL)


def _starts(parts: Sequence[Part]) -> list[float]:
    """The share at which each part begins."""
    return [0.0, *accumulate(share for _, share in parts)][: len(parts)]


def _draw_parts(sheet: Sheet, bar: _Bar, along: scales.Scale, middle: float) -> None:
    """One bar, its parts a hair apart; a share is written where it fits."""
    for (_, share), start, color in zip(bar.parts, _starts(bar.parts), bar.colors, strict=True):
        left, right = along(start), max(along(start), along(start + share) - 1.5)
        sheet.box((left, middle - 10), (right, middle + 10), color)
        words = numbers.percent(share, 0)
        if width_of(words, size=SMALL) + 6 <= right - left:
            sheet.text(((left + right) / 2, middle), words, theme.on(color), size=SMALL, align="center")
