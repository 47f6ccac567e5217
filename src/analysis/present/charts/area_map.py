"""A map of dots: where areas lie, which have a signal, without any map from outside."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.present import theme
from analysis.present.chart import Chart
from analysis.present.charts.sheet import SMALL, WIDTH, Sheet, finished, fitting, widest

KEY, EDGE, TALLEST, LOWEST = 26, 18, 420, 160  # pixels
LARGEST, SMALLEST = 18.0, 5.0  # of a dot
NAMED = 8


@theme.house_style()
def area_map(
    data: pd.DataFrame,
    name: str,
    *,
    latitude: str,
    longitude: str,
    size: str,
    marked: str,
    words: dict[str, str],
    finding: str,
    subtitle: str,
    source: str,
    alt: str,
) -> Chart:
    """A dot per area, as large as its customers, coloured where `marked`; the marked ones are named.

    Degrees are drawn so that distances are alike in both directions in the middle of the map (equirectangular).
    `words` names the two kinds of dots: `marked`, `others`. Areas without a place are left out.
    """
    placed = data[np.isfinite(data[[latitude, longitude]].to_numpy("float64")).all(axis=1)]
    sheet = _drawn(placed, name, (latitude, longitude, size, marked), words) if len(placed) > 1 else None
    return finished(sheet, finding=finding, subtitle=subtitle, source=source, alt=alt)


def _drawn(data: pd.DataFrame, name: str, columns: tuple[str, str, str, str], words: dict[str, str]) -> Sheet:
    latitude, longitude, size, marked = columns
    north, east = data[latitude].to_numpy("float64"), data[longitude].to_numpy("float64")
    across, down, height = _on_paper(north, east)
    sheet = Sheet(KEY + height)
    radii = _radii(data[size].to_numpy("float64", na_value=np.nan))
    stands_out = data[marked].astype(bool).to_numpy()
    # The marked ones last, and of them the small ones last, so that none is hidden.
    order = np.lexsort((-radii, stands_out))
    for at in order:
        color = theme.DUO[1] if stands_out[at] else theme.CONTEXT
        sheet.dot((across[at], KEY + down[at]), color, size=radii[at])
    _names(sheet, data[name].astype(str).tolist(), [at for at in order[::-1] if stands_out[at]][:NAMED], across, down)
    _key(sheet, words)
    return sheet


def _on_paper(north: np.ndarray, east: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Pixels across and down of each place, and how tall the map is."""
    wide = (east - east.min()) * math.cos(math.radians(float(north.mean())))
    tall = north.max() - north
    scale = min((WIDTH - 2 * EDGE) / max(wide.max(), 1e-9), (TALLEST - 2 * EDGE) / max(tall.max(), 1e-9))
    height = max(round(tall.max() * scale) + 2 * EDGE, LOWEST)
    left = (WIDTH - wide.max() * scale) / 2
    top = (height - tall.max() * scale) / 2
    return left + wide * scale, top + tall * scale, height


def _radii(customers: np.ndarray) -> np.ndarray:
    """Diameters whose areas are as the customers, within what can be seen."""
    known = np.nan_to_num(customers)
    most = known.max() if known.max() > 0 else 1.0
    return np.clip(LARGEST * np.sqrt(known / most), SMALLEST, LARGEST)


def _names(sheet: Sheet, names: list[str], shown: Sequence[int], across: np.ndarray, down: np.ndarray) -> None:
    """Names of the marked areas beside their dots, where they do not lie on each other."""
    taken: list[tuple[float, float]] = []
    for at in shown:
        words = fitting(names[at], 110)
        room = widest([words], size=SMALL) + 12
        right = across[at] + room < WIDTH
        spot = (across[at] + 12 if right else across[at] - 12, KEY + down[at])
        if all(abs(spot[1] - y) > 13 or abs(spot[0] - x) > 110 for x, y in taken):
            sheet.text(spot, words, size=SMALL, bold=True, align="left" if right else "right")
            taken.append(spot)


def _key(sheet: Sheet, words: dict[str, str]) -> None:
    sheet.dot((8, 8), theme.DUO[1], size=9)
    sheet.text((20, 8), words["marked"], theme.QUIET, size=SMALL)
    at = 20 + widest([words["marked"]], size=SMALL) + 24
    sheet.dot((at, 8), theme.CONTEXT, size=9)
    sheet.text((at + 12, 8), words["others"], theme.QUIET, size=SMALL)
