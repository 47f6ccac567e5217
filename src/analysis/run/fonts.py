"""The fonts of the PDF, which come along, and the characters they can draw."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

import matplotlib
import typst
from matplotlib.ft2font import FT2Font, LoadFlags

from analysis.basis.errors import AnalysisFailed

FONT_FOLDERS = (
    Path(matplotlib.get_data_path()) / "fonts" / "ttf",
    Path(__file__).parents[1] / "present" / "fonts",
)
WEIGHTS_NEEDED = {("DejaVu Sans", 400), ("DejaVu Sans", 700), ("Noto Sans SC", 400), ("Noto Sans SC", 700)}
FONT_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")

BANNED = {"Cc", "Cs", "Co"}  # controls, half surrogates, private use: PDF/A refuses them
BYTE_ORDER_MARK = 0xFEFF


@cache
def checked_fonts() -> typst.Fonts:
    """The report's fonts and no others; a family that is absent would only blank the text."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in FONT_FOLDERS])
    absent = sorted(WEIGHTS_NEEDED - {(font.family, font.weight) for font in fonts.fonts()})
    if absent:
        found = "no " + ", no ".join(f"{family} {weight}" for family, weight in absent)
        do = "Install the package again: its fonts lie in analysis/present/fonts, DejaVu comes with matplotlib."
        raise AnalysisFailed("report.pdf", expected="the report's fonts", found=found, do=do)
    return fonts


@cache
def drawn_characters() -> frozenset[int]:
    """Code points that both weights of a font family can draw and that PDF/A lets stand in a text."""
    dejavu, noto = FONT_FOLDERS
    paths = [*(dejavu / name for name in FONT_FILES[:2]), *(noto / name for name in FONT_FILES[2:])]
    found = [set(FT2Font(str(path)).get_charmap()) for path in paths]
    drawn = (found[0] & found[1]) | (found[2] & found[3])
    return frozenset(code for code in drawn if category(chr(code)) not in BANNED and code != BYTE_ORDER_MARK)


@cache
def advance(character: str, *, bold: bool = False) -> float:
    """Width of a character in the report's text, in ems: of Noto Sans SC, whose signs between words are as wide as a
    Chinese character, and so taken from DejaVu Sans.
    """
    for font in (_font(FONT_FOLDERS[1] / FONT_FILES[2 + bold]), _font(FONT_FOLDERS[0] / FONT_FILES[bold])):
        dejavu = font.family_name == "DejaVu Sans"
        if font.get_char_index(ord(character)) and (dejavu or not 0x2018 <= ord(character) <= 0x22FF):
            return float(font.load_char(ord(character), flags=LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM)
    return 1.0


@cache
def _font(path: Path) -> FT2Font:
    return FT2Font(str(path))


def drawable(value: Any) -> Any:
    """The same document, with each character no font can draw written as its code point: `[U+1F600]`."""
    if isinstance(value, str):
        return "".join(one if ord(one) in drawn_characters() else f"[U+{ord(one):04X}]" for one in value)
    if isinstance(value, list):
        return [drawable(one) for one in value]
    if isinstance(value, Mapping):
        return {key: drawable(one) for key, one in value.items()}
    return value
