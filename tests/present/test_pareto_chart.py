"""The Pareto chart: bars from one edge, the shares added up on the same scale, the vital few in colour."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.present import theme
from analysis.present.charts.pareto import pareto

ROWS = pd.DataFrame(
    {
        "category": ["billing", "outage", "others"],
        "share": [0.5, 0.3, 0.2],
        "cumulated": [0.5, 0.8, 1.0],
        "vital": [True, True, False],
    }
)


def drawn(words: dict, rows: pd.DataFrame = ROWS) -> object:
    return pareto(rows, "category", "share", "cumulated", vital="vital", edge=0.8, **words)


def test_bars_are_as_long_as_their_share_and_the_few_are_in_colour(words, pen) -> None:
    got = drawn(words)
    lengths = [box["end"][0] - box["start"][0] for box in pen["box"]]
    assert lengths[0] / lengths[1] == pytest.approx(0.5 / 0.3)
    assert [box["color"] for box in pen["box"]] == [theme.FOCUS, theme.FOCUS, theme.CONTEXT]
    assert got.svg


def test_shares_added_up_stand_on_the_scale_of_the_bars(words, pen) -> None:
    drawn(words)
    zero, whole = pen["box"][0]["start"][0], pen["box"][0]["end"][0]
    dots = [dot["at"][0] for dot in pen["dot"]]
    assert (dots[1] - zero) / (whole - zero) == pytest.approx(0.8 / 0.5)


def test_without_rows_the_finding_stands_alone(words) -> None:
    assert not drawn(words, ROWS.iloc[:0]).svg
