"""Survival curves: the share that stays, its interval, and how many customers it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"months": "months", "at_risk": "At risk"}
TOP, PLOT = 14, 232  # pixels above the plot and of the plot
LABEL, ROW = 17, 18  # pixels from one label to the next, and of a row of numbers at risk
FINE = 0.004  # of survival: less than a pixel; smaller steps are not drawn
MOST_NAMED = 6
LONGEST = 150  # pixels that a curve's name may take
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class _Curve:
    """One curve as it is drawn: steps up to its end, and the numbers at risk under it."""

    name: str
    steps: pd.DataFrame
    end: float
    at_risk: list[str]
    color: str
    dashed: bool


@theme.house_style()
def survival_chart(
    curves: Mapping[str, pd.DataFrame],
    *,
    horizon_months: float,
    focus: str | None = None,
    time: str = "time",
    smallest: int = 11,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """The share of customers who stay, by months since joining, with its interval and the numbers at risk.

    `curves`: by name, tables with `time`, `survival`, `low`, `high` (0 to 1) and `at_risk`, one row per step. A curve
    ends where fewer than `smallest` customers are left at risk. With `focus` the other curves are grey and dashed.
    """
    months = _months(horizon_months)
    drawn = [
        _curve(name, data.rename(columns={time: "time"}), (horizon_months, smallest), months, _paint(i, name, focus))
        for i, (name, data) in enumerate(curves.items())
    ]
    kept = [curve for curve in drawn if len(curve.steps)]
    sheet = _drawn(kept, months, horizon_months) if kept else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _paint(index: int, name: str, focus: str | None) -> tuple[str, bool]:
    """Colour of a curve, and whether it is dashed."""
    if focus is not None:
        return (theme.FOCUS, False) if name == focus else (theme.CONTEXT, True)
    return (theme.SEQUENCE[index], False) if index < MOST_NAMED else (theme.CONTEXT, False)


def _curve(
    name: str, data: pd.DataFrame, limits: tuple[float, int], months: list[int], paint: tuple[str, bool]
) -> _Curve:
    horizon, smallest = limits
    whole = data.sort_values("time", kind="stable")
    enough = whole["at_risk"].to_numpy(dtype=float) >= smallest
    last = len(enough) - enough[::-1].argmax() if enough.any() else 0
    kept = whole.iloc[:last]
    ended = kept["time"].max() if last else 0.0
    later = whole["time"].iloc[last:]
    end = float(min(horizon, ended if later.empty else max(ended, later.min())))
    at_risk = [_at_risk(whole, month, smallest) for month in months]
    return _Curve(name, thinned(kept[kept["time"] <= horizon]), end, at_risk, *paint)


def thinned(steps: pd.DataFrame) -> pd.DataFrame:
    """The rows of a step curve at which it, or an end of its interval, has moved by a visible amount.

    No point of the thinned curve lies further than 0.004 from the whole one; first and last row are kept.
    """
    kept, shown = [], None
    rows = steps[["survival", "low", "high"]].astype(float).fillna(1.0).to_numpy().tolist()
    for index, row in enumerate(rows):
        if shown is None or index == len(rows) - 1 or max(abs(a - b) for a, b in zip(row, shown, strict=True)) > FINE:
            kept.append(index)
            shown = row
    return steps.iloc[kept]


def _at_risk(whole: pd.DataFrame, month: float, smallest: int) -> str:
    """Customers still observed at this tenure, "< 11" for 1 to 10."""
    later = whole.loc[whole["time"] >= month, "at_risk"]
    number = 0 if later.empty else float(later.iloc[0])
    return f"< {smallest}" if 0 < number < smallest else numbers.count(number)


def _months(horizon: float) -> list[int]:
    """Months that stand under the axis: at most seven, in steps a year divides into."""
    step = next((step for step in (1, 3, 6, 12, 24, 36, 60) if horizon / step <= 6), 120)
    return list(range(0, int(horizon) + 1, step))


def _drawn(curves: list[_Curve], months: list[int], horizon: float) -> Sheet:
    names = [fitting(curve.name, LONGEST) for curve in curves]
    ends = [numbers.percent(curve.steps["survival"].iloc[-1], 0) for curve in curves]
    room = max(width_of(name) + 6 + width_of(end, bold=True) for name, end in zip(names, ends, strict=True))
    room = max(room, widest(names, size=SMALL) + widest([curve.at_risk[-1] for curve in curves], size=SMALL) / 2)
    left = widest([numbers.percent(tick, 0) for tick in TICKS], size=SMALL) + 10
    along = scales.scale(0, horizon, left, WIDTH - room - 12)
    up = scales.scale(0, 1, TOP + PLOT, TOP)
    sheet = Sheet(TOP + PLOT + 54 + ROW * len(curves))
    _ground(sheet, months, along, up)
    for curve in reversed(curves):
        _draw(sheet, curve, along, up)
    wanted = [up(curve.steps["survival"].iloc[-1]) for curve in curves]
    heights = scales.spread(wanted, [LABEL] * len(curves), 4, TOP + PLOT + 8)
    for curve, name, end, height in zip(curves, names, ends, heights, strict=True):
        place = along(horizon) + 10
        if curve.end < 0.97 * horizon:
            sheet.rule((along(curve.end) + 6, up(curve.steps["survival"].iloc[-1])), (place - 4, height), theme.CONTEXT)
        color = theme.QUIET if curve.dashed else curve.color
        sheet.text((place, height), end, color, bold=True)
        sheet.text((place + width_of(end, bold=True) + 6, height), name, color)
    _table(sheet, curves, names, [along(month) for month in months])
    return sheet


def _ground(sheet: Sheet, months: list[int], along: scales.Scale, up: scales.Scale) -> None:
    for tick in TICKS:
        sheet.rule((along(0), up(tick)), (along(months[-1]), up(tick)))
        sheet.text((along(0) - 8, up(tick)), numbers.percent(tick, 0), theme.QUIET, size=SMALL, align="right")
    for month in months:
        sheet.text((along(month), up(0) + 14), str(month), theme.QUIET, size=SMALL, align="center")
    last = along(months[-1]) + width_of(str(months[-1]), size=SMALL) / 2
    sheet.text((last + 4, up(0) + 14), WORDS["months"], theme.QUIET, size=SMALL)


def _draw(sheet: Sheet, curve: _Curve, along: scales.Scale, up: scales.Scale) -> None:
    """A step curve with its band, and a dot where it ends."""
    xs = [along(value) for value in _stairs([*curve.steps["time"], curve.end])[1:]]
    survival, low, high = (
        [up(value) for value in _stairs(tidy.figures(curve.steps, name))] for name in ("survival", "low", "high")
    )
    named = curve.color != theme.CONTEXT or curve.dashed
    if named:
        sheet.band(xs[: len(low)], low, high, curve.color)
    sheet.line(xs[: len(low)], survival, curve.color, width=2.25 if named else 1, dashed=curve.dashed)
    sheet.dot((xs[-1], survival[-1]), curve.color, size=7)


def _stairs(values: list[float]) -> list[float]:
    """Each value twice: the corners of a step curve."""
    return [value for value in values for _ in range(2)]


def _table(sheet: Sheet, curves: list[_Curve], names: list[str], across: list[float]) -> None:
    """Numbers at risk under the months they belong to, a row per curve."""
    head = TOP + PLOT + 40
    right = across[-1] + widest([curve.at_risk[-1] for curve in curves], size=SMALL) / 2 + 10
    sheet.text((0, head), WORDS["at_risk"], theme.QUIET, size=SMALL)
    for row, (curve, name) in enumerate(zip(curves, names, strict=True)):
        height = head + ROW * (row + 1)
        color = theme.QUIET if curve.dashed else curve.color
        for place, number in zip(across, curve.at_risk, strict=True):
            sheet.text((place, height), number, color, size=SMALL, align="center")
        sheet.text((right, height), name, color, size=SMALL)
