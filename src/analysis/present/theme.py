"""Colours by what they mean, and the house style of every drawing.

All colours stand on white: marks at a contrast of 3:1 or more, text at 4.5:1 or more (WCAG 2.2). The six of SEQUENCE
stay apart for readers with deuteranopia or protanopia; every mark also carries its name, so colour is never alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.colors import to_rgb

INK = "#1f2328"  # text that is read
QUIET = "#5c636b"  # text that helps: axes, units, remarks
RULE = "#dfe3e7"  # hairlines, never a mark
FOCUS = "#2068a8"  # what the finding speaks of
CONTEXT = "#858b92"  # what it is compared with
DUO = (FOCUS, "#b85c00")  # two equals, or two directions
SEQUENCE = (FOCUS, "#b85c00", "#1b7a3d", "#6b2c6b", "#12263a", "#6b7280")  # up to six equals, in this order
RAMP = ("#17446b", FOCUS, "#6a95bd", "#4d5660", "#6b7280", "#8b9299")  # parts of a whole: blues, then greys

STYLE = Path(__file__).with_name("house.mplstyle")
FONTS = Path(__file__).with_name("fonts")


def contrast(one: str, other: str = "#ffffff") -> float:
    """How far two colours stand apart in brightness, 1 to 21 (relative luminance, WCAG 2.2)."""
    darker, lighter = sorted(_luminance(color) for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def on(color: str) -> str:
    """White or ink: the text that reads better on this colour."""
    return "#ffffff" if contrast(color) >= contrast(color, INK) else INK


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@cache
def families() -> tuple[str, ...]:
    """The font families of every drawing: DejaVu Sans, then whatever `present/fonts` adds (Chinese)."""
    added = []
    for path in sorted([*FONTS.glob("*.ttf"), *FONTS.glob("*.otf")]):
        font_manager.fontManager.addfont(path)
        added.append(font_manager.FontProperties(fname=path).get_name())
    return tuple(dict.fromkeys(["DejaVu Sans", *added]))


def apply_theme() -> None:
    """Give every drawing from here on the house style; for charts drawn by hand in a notebook."""
    matplotlib.rcParams.update(matplotlib.rc_params_from_file(STYLE, use_default_template=False))
    matplotlib.rcParams["font.family"] = list(families())


@contextmanager
def house_style() -> Iterator[None]:
    """The house style and nothing else inside the `with`, whatever was set before; as before after it."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        apply_theme()
        yield
