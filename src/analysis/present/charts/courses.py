"""Courses along a number: one line per group with its interval, and zero, where they turn from loss to gain."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.basis.metric import Unit
from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

TOP, PLOT, AXIS = 16, 236, 44  # pixels above the plot, of the plot, and under it
LABEL, LONGEST = 17, 120  # pixels from one name to the next, and that a name may take
MOST_NAMED = 6


@dataclass(frozen=True)
class _Course:
    """A line of values at places along a number, with the ends of its interval."""

    name: str
    places: list[float]
    values: list[float]
    low: list[float]
    high: list[float]
    color: str


@theme.house_style()
def courses(
    data: pd.DataFrame,
    x: str,
    y: str,
    *,
    group: str,
    low: str,
    high: str,
    along: str,
    unit: Unit,
    currency: str | None = None,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A value of each `group` at places along a number, which `along` names under its axis.

    The first six groups, in the order of the rows, have a colour, a band and a name with the last value; any further
    are thin grey lines. Zero is a darker line across.
    """
    rows = [_course(name, data[data[group] == name], (x, y, low, high), place) for place, name in _named(data, group)]
    kept = [one for one in rows if len(tidy.known(one.values)) > 1]
    sheet = _drawn(kept, along, unit, currency) if kept else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _named(data: pd.DataFrame, group: str) -> list[tuple[int, object]]:
    return list(enumerate(data[group].dropna().unique().tolist()))


def _course(name: object, rows: pd.DataFrame, columns: tuple[str, str, str, str], place: int) -> _Course:
    color = theme.SEQUENCE[place] if place < MOST_NAMED else theme.CONTEXT
    places, values, least, most = (tidy.figures(rows, column) for column in columns)
    return _Course(str(name) if place < MOST_NAMED else "", places, values, least, most, color)


def _drawn(lines: list[_Course], along: str, unit: Unit, currency: str | None) -> Sheet:
    marks = scales.ticks([0.0, *(value for one in lines for value in tidy.known([*one.low, *one.high, *one.values]))])
    heads = scales.tick_words(marks, unit, currency)
    names = [fitting(one.name, LONGEST) for one in lines]
    ends = [numbers.formatted(one.values[-1], unit, currency=currency) if one.name else "" for one in lines]
    room = max(
        width_of(name) + 6 * bool(name) + width_of(end, bold=True) for name, end in zip(names, ends, strict=True)
    )
    left, right, bottom = widest(heads, size=SMALL) + 12, WIDTH - room - 14, TOP + PLOT
    up = scales.scale(marks[0], marks[-1], bottom, TOP)
    reach = [place for one in lines for place in one.places]
    across = scales.scale(min(reach), max(reach), left, right)
    sheet = Sheet(bottom + AXIS)
    for mark, head in zip(marks, heads, strict=True):
        sheet.rule((left, up(mark)), (right, up(mark)), theme.QUIET if mark == 0 else theme.RULE)
        sheet.text((left - 8, up(mark)), head, theme.QUIET, size=SMALL, align="right")
    for place in _under(min(reach), max(reach)):
        sheet.text((across(place), bottom + 14), numbers.count(place), theme.QUIET, size=SMALL, align="center")
    sheet.text(((left + right) / 2, bottom + 33), along, theme.QUIET, size=SMALL, align="center")
    for one in reversed(lines):
        _draw(sheet, one, across, up)
    wanted = [up(one.values[-1]) for one in lines if one.name]
    heights = scales.spread(wanted, [LABEL] * len(wanted), TOP - 4, bottom)
    for one, name, end, height in zip(lines, names, ends, heights, strict=False):
        sheet.text((right + 10, height), name, one.color)
        sheet.text((right + 16 + width_of(name), height), end, one.color, bold=True)
    return sheet


def _under(first: float, last: float) -> list[float]:
    """Whole numbers under the axis: at most a dozen."""
    step = max(1, -(-int(last - first + 1) // 12))
    return [float(place) for place in range(int(first), int(last) + 1, step)]


def _draw(sheet: Sheet, one: _Course, across: scales.Scale, up: scales.Scale) -> None:
    places = [across(place) for place in one.places]
    if one.name:
        sheet.band(places, [up(value) for value in one.low], [up(value) for value in one.high], one.color)
    sheet.line(places, [up(value) for value in one.values], one.color, width=2.25 if one.name else 1)
