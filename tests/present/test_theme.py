from __future__ import annotations

import inspect
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from analysis.present import theme

# What readers with protanopia and deuteranopia see, in linear RGB (Machado, Oliveira and Fernandes, 2009, severity 1).
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(color: str, sight: str) -> np.ndarray:
    share = np.array(to_rgb(color))
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    white = np.array([0.9505, 1.0, 1.089])
    x, y, z = np.cbrt(np.clip(XYZ @ np.clip(SIGHT[sight] @ linear, 0, 1) / white, 0.008856, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("colors", [theme.SEQUENCE, theme.DUO, (theme.FOCUS, theme.CONTEXT)])
def test_colours_used_together_stay_apart_for_every_reader(colors, sight):
    nearest = min(np.linalg.norm(lab(one, sight) - lab(other, sight)) for one, other in combinations(colors, 2))
    assert nearest > 15  # CIE 1976: 2.3 is just noticeable side by side


def test_marks_stand_out_from_white_and_text_can_be_read_on_it():
    assert min(theme.contrast(color) for color in (theme.CONTEXT, *theme.DUO, *theme.SEQUENCE, *theme.RAMP)) >= 3
    assert min(theme.contrast(color) for color in (theme.INK, theme.QUIET, *theme.SEQUENCE)) >= 4.5


def test_black_on_white_has_the_contrast_of_the_definition():
    assert theme.contrast("#000000") == pytest.approx(21)


def test_text_inside_a_part_can_be_read():
    assert min(theme.contrast(color, theme.on(color)) for color in theme.RAMP) >= 4.5


def test_no_palette_has_more_than_six_colours():
    assert max(len(palette) for palette in (theme.SEQUENCE, theme.RAMP)) == 6


def test_drawings_use_dejavu_first_and_read_no_formulas():
    with theme.house_style():
        assert matplotlib.rcParams["font.family"][0] == "DejaVu Sans"
        assert matplotlib.rcParams["text.parse_math"] is False
        assert matplotlib.rcParams["svg.hashsalt"] == "linecard"


def test_the_house_style_leaves_no_trace_behind():
    before = dict(matplotlib.rcParams)
    with theme.house_style():
        matplotlib.rcParams["lines.linewidth"] = 99
    assert dict(matplotlib.rcParams) == before


def test_the_house_style_does_not_hide_what_a_function_takes():
    taken = inspect.signature(theme.house_style()(theme.contrast)).parameters
    assert list(taken) == ["one", "other"]
