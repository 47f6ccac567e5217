"""Quarters and months under a plot."""

from __future__ import annotations

import calendar
from collections.abc import Sequence

from analysis.basis.quarter import Quarter
from analysis.present import theme
from analysis.present.charts.scales import thinned
from analysis.present.charts.sheet import SMALL, Sheet, width_of
from analysis.present.text import clean

AXIS = 44  # pixels of the two lines under a plot


def period_words(value: object) -> tuple[str, str]:
    """A period as two lines of an axis: quarter or month, and its year ("" for anything that is neither)."""
    text = str(value)
    try:
        quarter = Quarter.parse(text)
        return f"Q{quarter.number}", str(quarter.year)
    except ValueError:
        pass
    year, _, month = text[:7].partition("-")
    if len(year) == 4 and year.isdigit() and month in {f"{number:02d}" for number in range(1, 13)}:
        return calendar.month_abbr[int(month)], year
    return clean(value), ""


def places(many: int, left: float, right: float) -> list[float]:
    """Places of the periods from left to right; a single one stands in the middle."""
    return [(left + right) / 2 if many == 1 else left + (right - left) * index / (many - 1) for index in range(many)]


def draw_periods(sheet: Sheet, periods: Sequence[object], across: Sequence[float], height: float) -> None:
    """The periods under the plot, as many as fit, each year once."""
    words = [period_words(period) for period in periods]
    shown = thinned(across, [width_of(first, size=SMALL) for first, _ in words])
    for i in shown:
        sheet.text((across[i], height + 14), words[i][0], theme.QUIET, size=SMALL, align="center")
    for place, year in years_under([(across[i], words[i][1]) for i in shown]):
        sheet.text((place, height + 29), year, theme.QUIET, size=SMALL, align="center")


def years_under(labels: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Each year under its first period; without a year whose next would touch it."""
    before = ["", *(year for _, year in labels)]
    firsts = [label for label, last in zip(labels, before, strict=False) if label[1] and label[1] != last]
    ahead = [place for place, _ in [*firsts[1:], (float("inf"), "")]]
    return [
        label
        for label, then in zip(firsts, ahead, strict=False)
        if then - label[0] > width_of(label[1], size=SMALL) + 6
    ]
