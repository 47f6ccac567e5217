"""How a measure is spread over the customers: a histogram."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.basis.metric import Unit
from analysis.present import numbers, theme
from analysis.present.chart import Chart
from analysis.present.charts import scales, tidy
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest, width_of

WORDS = {"median": "Median", "customers": "Customers", "and_more": "+"}
TOP, PLOT, FOOT = 46, 190, 42  # pixels above the plot, of the plot, and under it
LONGEST = 130  # pixels that a group's name may take
SWATCH = 9


@theme.house_style()
def distribution(
    data: pd.DataFrame,
    value: str,
    count: str,
    *,
    group: str | None = None,
    median: float | None = None,
    unit: Unit,
    axis: str,
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """Customers by bins of a measure, as columns of a histogram; the median is a named line.

    `data`: one row per bin (and `group`), bins of equal width: `value` is a bin's left edge, `count` its customers.
    Where a column `high` (a bin's right edge) is missing, the bin is open: it is drawn as wide as the others, and its
    edge reads "180+". Bins flagged in a column `masked` are not drawn. Groups, six at most, stand on each other. `axis`
    names the measure under the plot; `unit` is that of the median.
    """
    rows = pd.DataFrame({"left": tidy.figures(data, value), "count": tidy.figures(data, count)})
    rows["group"] = "" if group is None else tidy.labels(data, group)
    rows["open"] = data["high"].isna().to_numpy() if "high" in data.columns else False
    shown = rows[~pd.Series(tidy.flags(data, "masked"), dtype=bool)].dropna(subset=["left", "count"])
    sheet = _drawn(rows, shown, (median, unit), axis) if (shown["count"] > 0).any() else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(rows: pd.DataFrame, shown: pd.DataFrame, median: tuple[float | None, Unit], axis: str) -> Sheet:
    edges = _edges(rows["left"])
    marks = scales.ticks([0.0, shown.groupby("left")["count"].sum().max()])
    heads = scales.tick_words(marks, "count", None)
    left = widest(heads, size=SMALL) + 10
    along = scales.scale(edges[0], edges[-1], left, WIDTH - 14)
    up = scales.scale(marks[0], marks[-1], TOP + PLOT, TOP)
    sheet = Sheet(TOP + PLOT + FOOT)
    for mark, head in zip(marks, heads, strict=True):
        sheet.rule((left, up(mark)), (WIDTH - 14, up(mark)))
        sheet.text((left - 8, up(mark)), head, theme.QUIET, size=SMALL, align="right")
    sheet.text((0, 10), WORDS["customers"], theme.QUIET, size=SMALL)
    _columns(_plot(sheet, (left, WIDTH - 14), (edges[0], edges[-1]), marks[-1]), shown, edges)
    _measure(sheet, edges, along, axis, is_open=bool(rows["open"].any()))
    _median(sheet, median, along, edges)
    _names(sheet, _groups(shown))
    return sheet


def _edges(lefts: pd.Series) -> list[float]:
    """The left edges in order, and the right edge of the last bin, which is as wide as the one before it."""
    starts = sorted({float(left) for left in lefts.dropna()})
    return [*starts, 2 * starts[-1] - starts[-2] if len(starts) > 1 else starts[-1] + 1]


def _plot(sheet: Sheet, across: tuple[float, float], ends: tuple[float, float], most: float) -> Axes:
    """Axes in the units of the data, over the plot's place on the paper."""
    width, bottom = across[1] - across[0], sheet.height - TOP - PLOT
    box = (across[0] / WIDTH, bottom / sheet.height, width / WIDTH, PLOT / sheet.height)
    axes = sheet.figure.add_axes(box, xlim=ends, ylim=(0, most))
    axes.set_axis_off()
    return axes


def _columns(axes: Axes, shown: pd.DataFrame, edges: list[float]) -> None:
    """The histogram itself: counts are given, so each bin is one observation with the weight of its customers."""
    groups = _groups(shown)
    limits = axes.get_xlim(), axes.get_ylim()
    sns.histplot(
        shown, x="left", weights="count", bins=edges, ax=axes, legend=False, clip_on=False,
        hue="group", hue_order=groups, palette=_colors(groups), multiple="stack",
        alpha=1, edgecolor="white", linewidth=0.75,
    )  # fmt: skip
    axes.set(xlim=limits[0], ylim=limits[1])


def _groups(shown: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(shown["group"]))


def _colors(groups: list[str]) -> list[str]:
    return [theme.FOCUS] if len(groups) == 1 else [theme.SEQUENCE[place] for place in range(len(groups))]


def _measure(sheet: Sheet, edges: list[float], along: Callable[[float], float], axis: str, *, is_open: bool) -> None:
    """Round values under the columns, the open edge, and what they are."""
    places = edges[:-1] if is_open else edges
    words = [numbers.decimal(edge, 0 if edge == int(edge) else 1) for edge in places]
    words[-1] += WORDS["and_more"] if is_open else ""
    for i in scales.thinned([along(place) for place in places], [width_of(word, size=SMALL) for word in words], gap=16):
        sheet.text((along(places[i]), TOP + PLOT + 13), words[i], theme.QUIET, size=SMALL, align="center")
    sheet.rule((along(edges[0]), TOP + PLOT), (along(edges[-1]), TOP + PLOT), theme.QUIET)
    centre = (along(edges[0]) + along(edges[-1])) / 2
    sheet.text((centre, TOP + PLOT + 31), axis, theme.QUIET, size=SMALL, align="center")


def _median(
    sheet: Sheet, median: tuple[float | None, Unit], along: Callable[[float], float], edges: list[float]
) -> None:
    """A dashed line at the median, its value above it; none beyond the last bin."""
    value, unit = median
    if value is None or not edges[0] <= value <= edges[-1]:
        return
    words = f"{WORDS['median']} {numbers.formatted(value, unit)}"
    place, half = along(value), width_of(words, bold=True) / 2
    sheet.line([place, place], [TOP - 8, TOP + PLOT], theme.INK, width=1.25, dashed=True)
    sheet.text((min(max(place, half), WIDTH - half), TOP - 18), words, bold=True, align="center")


def _names(sheet: Sheet, groups: list[str]) -> None:
    """The groups by colour, above the plot."""
    place = widest([WORDS["customers"]], size=SMALL) + 24
    for name, color in zip(groups, _colors(groups), strict=True):
        if name:
            words = fitting(name, LONGEST, size=SMALL)
            sheet.box((place, 10 - SWATCH / 2), (place + SWATCH, 10 + SWATCH / 2), color)
            sheet.text((place + SWATCH + 5, 10), words, theme.QUIET, size=SMALL)
            place += SWATCH + 5 + width_of(words, size=SMALL) + 16
