"""The paper: drawing in page pixels, the origin at the top left, and the same bytes for the same drawing."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from analysis.basis.errors import AnalysisFailed
from analysis.present import theme
from analysis.present.chart import PAGE, Chart
from analysis.present.charts.compact import compacted
from analysis.present.text import clean

WIDTH = 500  # pixels of the drawing; the page shows it at 640, a phone at 367
BODY, SMALL = 9.5, 8.75  # points on a drawing of this width
DPI = 96


class Sheet:
    """One drawing of the house width; everything is placed in pixels. Use it inside `theme.house_style()`."""

    def __init__(self, height: float) -> None:
        self.height = round(height)
        self.figure = Figure(figsize=(WIDTH / DPI, self.height / DPI), dpi=DPI)
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, WIDTH), ylim=(self.height, 0))
        self.axes.set_axis_off()

    def text(
        self,
        at: tuple[float, float],
        words: str,
        color: str = theme.INK,
        *,
        size: float = BODY,
        bold: bool = False,
        align: Literal["left", "center", "right"] = "left",
    ) -> None:
        """Words on one line, centred in height on `at`."""
        baseline = at[1] + size * 0.36 * DPI / 72
        weight = "bold" if bold else "normal"
        self.axes.text(at[0], baseline, drawable(words), color=color, size=size, weight=weight, ha=align, va="baseline")

    def line(
        self, xs: Sequence[float], ys: Sequence[float], color: str, *, width: float = 2, dashed: bool = False
    ) -> None:
        """A line through the points, broken where one is missing."""
        style = (0, (4, 2.5)) if dashed else "-"
        caps: dict[str, Any] = {"dash_capstyle": "butt", "solid_capstyle": "round", "solid_joinstyle": "round"}
        self.axes.plot(xs, ys, color=color, linewidth=width * 72 / DPI, linestyle=style, clip_on=False, **caps)

    def rule(self, start: tuple[float, float], end: tuple[float, float], color: str = theme.RULE) -> None:
        """A hairline."""
        self.axes.plot(*zip(start, end, strict=True), color=color, linewidth=0.75, solid_capstyle="butt", clip_on=False)

    def band(self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], color: str) -> None:
        """The area between two lines, pale; an interval."""
        self.axes.fill_between(xs, low, high, color=color, alpha=0.16, linewidth=0, clip_on=False)

    def dot(self, at: tuple[float, float], color: str, *, size: float = 8) -> None:
        """A round mark with a thin white edge, so that it stands out from a line."""
        edge: dict[str, Any] = {"markeredgecolor": "white", "markeredgewidth": 1}
        self.axes.plot(*at, marker="o", markersize=size * 72 / DPI, color=color, clip_on=False, **edge)

    def box(self, start: tuple[float, float], end: tuple[float, float], color: str, *, hollow: bool = False) -> None:
        """A rectangle from corner to corner; hollow ones have an edge only."""
        (left, top), (right, bottom) = start, end
        xs, ys = [left, right, right, left], [top, top, bottom, bottom]
        paint: dict[str, Any] = (
            {"facecolor": "none", "edgecolor": color} if hollow else {"facecolor": color, "edgecolor": "none"}
        )
        self.axes.fill(xs, ys, linewidth=0.75, clip_on=False, joinstyle="miter", **paint)

    def svg(self) -> bytes:
        """The drawing as SVG: texts as paths, the same bytes for the same drawing."""
        buffer = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with _glyphs_required():
            self.figure.savefig(buffer, format="svg", metadata=nothing)
        return compacted(buffer.getvalue()).encode()


def finished(sheet: Sheet | None, *, finding: str, subtitle: str, source: str, alt: str) -> Chart:
    """The drawing with its words, as high as its width on the page asks; a note where there was nothing to draw."""
    if sheet is None:
        return Chart(b"", finding, subtitle, source, alt)
    return Chart(sheet.svg(), finding, subtitle, source, alt, PAGE, round(sheet.height * PAGE / WIDTH))


def drawable(words: str) -> str:
    """`words` cleaned, without pictographs: no font of the house has them, and they carry no word."""
    return "".join(mark for mark in clean(words) if ord(mark) < 0x1F000 and not 0xFE00 <= ord(mark) <= 0xFE0F)


def width_of(words: str, *, size: float = BODY, bold: bool = False) -> float:
    """How many pixels these words take on one line."""
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    renderer = FigureCanvasAgg(Figure(figsize=(1, 1), dpi=DPI)).get_renderer()
    with _glyphs_required():
        return float(renderer.get_text_width_height_descent(drawable(words), font, ismath=False)[0])


def widest(texts: Sequence[str], *, size: float = BODY, bold: bool = False) -> float:
    """The width of the widest of these texts; zero when there is none."""
    return max((width_of(text, size=size, bold=bold) for text in texts), default=0.0)


def fitting(words: str, room: float, *, size: float = BODY) -> str:
    """`words`, cut with an ellipsis where they would take more than `room` pixels."""
    whole = drawable(words)
    short = whole
    while short and width_of(short, size=size) > room:
        short = short.removesuffix("…")[:-1].rstrip() + "…" if len(short) > 2 else ""
    return short


@contextmanager
def _glyphs_required() -> Iterator[None]:
    """A character that no font has is an error: a box in a chart would pass unseen."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        try:
            yield
        except UserWarning as warning:
            raise _undrawable(str(warning)) from warning


def _undrawable(warning: str) -> AnalysisFailed:
    found = re.search(r"Glyph (\d+)", warning)
    mark = chr(int(found[1])) if found else "?"
    name = unicodedata.name(mark, "without a name")
    return AnalysisFailed(
        "chart",
        expected="characters that the report's fonts can draw",
        found=f"“{mark}” (U+{ord(mark):04X}, {name})",
        do="Map the label to other characters in the source's SELECT, or add a font to present/fonts.",
    )
