"""Courses along a number."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from analysis.present import theme
from analysis.present.charts.courses import courses
from analysis.present.charts.sheet import WIDTH, width_of


def rows(*names: str, months: int = 5) -> pd.DataFrame:
    found = [(name, month, 20.0 * month - 50 + 3 * i) for i, name in enumerate(names) for month in range(1, months + 1)]
    data = pd.DataFrame(found, columns=["name", "month", "net"])
    return data.assign(low=data["net"] - 5, high=data["net"] + 5)


@pytest.fixture
def drawn(words):
    def made(data: pd.DataFrame) -> object:
        how = {"group": "name", "low": "low", "high": "high", "along": "Months", "unit": "money", "currency": "EUR"}
        return courses(data, "month", "net", **how, **words)

    return made


def test_every_group_has_a_line_a_band_and_its_last_value(drawn, pen) -> None:
    assert drawn(rows("Web", "Shop")).svg
    assert [line["color"] for line in pen["line"]] == [theme.SEQUENCE[1], theme.SEQUENCE[0]]
    assert len(pen["band"]) == 2
    written = [row["words"] for row in pen["text"]]
    assert {"Web", "€50", "Shop", "€53", "Months"} <= set(written)


def test_zero_is_the_darkest_line_across(drawn, pen) -> None:
    drawn(rows("Web"))
    assert [rule["color"] for rule in pen["rule"]].count(theme.QUIET) == 1


def test_names_lie_apart_and_nothing_leaves_the_sheet(drawn, pen) -> None:
    drawn(rows(*(f"A channel of a rather long name, number {i}" for i in range(6)), months=24))
    heights = sorted(row["at"][1] for row in pen["text"] if row["words"].startswith("A channel"))
    assert len(heights) == 6
    assert min(b - a for a, b in pairwise(heights)) >= 16.9
    for row in pen["text"]:
        wide = width_of(row["words"], size=row.get("size", 9.5), bold=row.get("bold", False))
        left = row["at"][0] - {"left": 0, "center": wide / 2, "right": wide}[row.get("align", "left")]
        assert left >= -1
        assert left + wide <= WIDTH + 1


def test_a_seventh_group_is_a_thin_grey_line_without_a_name(drawn, pen) -> None:
    drawn(rows(*"abcdefg"))
    assert [line["color"] for line in pen["line"]].count(theme.CONTEXT) == 1
    assert "g" not in [row["words"] for row in pen["text"]]


def test_no_rows_or_a_single_month_are_a_note(drawn) -> None:
    assert drawn(rows()).svg == b""
    assert drawn(rows("Web", months=1)).svg == b""
