"""What the pictures of areas draw, read from the strokes of their pen."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.present import theme
from analysis.present.charts.area_map import NAMED, area_map
from analysis.present.charts.multiples import MOST, multiples

KEYS = {"value": "measured", "usual": "usual", "marked": "signal"}
MAP_KEYS = {"marked": "with a signal", "others": "others"}


LAST = pd.Timestamp("2026-09-01")


def course(areas: int, months: int = 12) -> pd.DataFrame:
    rows = [
        (
            f"A{area}",
            month,
            0.9 if month < pd.Timestamp("2026-09-01") else 0.5,
            0.9,
            month == pd.Timestamp("2026-09-01"),
        )
        for area in range(areas)
        for month in pd.date_range(end=LAST, periods=months, freq="MS")
    ]
    return pd.DataFrame(rows, columns=["area_id", "month", "speed", "usual", "signal"])


def drawn(data: pd.DataFrame, words: dict[str, str]):
    columns = {"usual": "usual", "marked": "signal", "panel": "area_id"}
    return multiples(data, "month", "speed", **columns, words=KEYS, unit="share", **words)


def said(pen: dict) -> list[str]:
    return [text["words"] for text in pen["text"]]


def test_each_area_has_a_picture_with_its_line_the_usual_one_and_a_dot_where_it_stands_out(words, pen):
    drawn(course(4), words)
    assert {"A0", "A1", "A2", "A3"} <= set(said(pen))
    lines = [line for line in pen["line"] if len(line["xs"]) == 12]
    assert sum(bool(line.get("dashed")) for line in lines) == 4
    assert len(lines) == 8
    assert len(pen["dot"]) == 5  # one in each picture, one in the key
    assert all(text["at"][1] > 0 for text in pen["text"])


def test_pictures_are_on_one_scale(words, pen):
    data = course(3)
    data.loc[data["area_id"] == "A2", "speed"] *= 2
    drawn(data, words)
    first, last = (line["ys"] for line in [line for line in pen["line"] if len(line["xs"]) == 12][1::4])
    assert first[0] > last[0]  # twice as fast stands higher


def test_no_more_pictures_than_fit_and_none_without_a_figure(words, pen):
    drawn(course(MOST + 3), words)
    assert f"A{MOST - 1}" in said(pen)
    assert f"A{MOST}" not in said(pen)
    assert drawn(course(2).assign(speed=float("nan")), words).svg == b""
    assert drawn(course(0), words).svg == b""


PLACES = pd.DataFrame(
    {
        "area_id": ["north", "south", "east", "nowhere"], "latitude": [52.0, 50.0, 51.0, None],
        "longitude": [10.0, 10.0, 12.0, 3.0], "customers": [400, 100, 100, 10], "marked": [True, False, False, True],
    }
)  # fmt: skip


def mapped(data: pd.DataFrame, words: dict[str, str]):
    columns = {"latitude": "latitude", "longitude": "longitude", "size": "customers", "marked": "marked"}
    return area_map(data, "area_id", **columns, words=MAP_KEYS, **words)


def test_north_is_up_east_is_right_and_only_areas_with_a_signal_are_named(words, pen):
    mapped(PLACES, words)
    dots = pen["dot"][:-2]
    assert len(dots) == 3
    [signal] = [dot for dot in dots if dot["color"] == theme.DUO[1]]
    others = [dot for dot in dots if dot["color"] != theme.DUO[1]]
    assert all(signal["at"][1] < dot["at"][1] for dot in others)
    assert max(dot["at"][0] for dot in others) > signal["at"][0]
    assert signal["size"] > others[0]["size"]
    assert [name for name in said(pen) if name in set(PLACES["area_id"])] == ["north"]


def test_names_do_not_lie_on_each_other(words, pen):
    crowd = pd.concat([PLACES.iloc[[0]].assign(area_id=f"N{n}", latitude=52 + n / 1000) for n in range(30)])
    mapped(pd.concat([crowd, PLACES.iloc[[1]]]), words)
    spots = [text["at"] for text in pen["text"] if text["words"].startswith("N")]
    assert 1 <= len(spots) <= NAMED
    assert all(abs(a[1] - b[1]) > 12 for i, a in enumerate(spots) for b in spots[:i])


@pytest.mark.parametrize("rows", [0, 1])
def test_without_places_there_is_no_map(words, rows):
    assert mapped(PLACES.iloc[3 : 3 + rows], words).svg == b""
