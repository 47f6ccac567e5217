"""What the pictures of a forecast draw, read from the strokes of its pen."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.present import theme
from analysis.present.charts.calibration import calibration
from analysis.present.charts.lift import lift

GROUPS = pd.DataFrame(
    {
        "predicted": [0.02, 0.06, 0.16],
        "observed": [0.01, 0.06, 0.18],
        "low": [0.0, 0.04, 0.14],
        "high": [0.03, 0.08, 0.2],
    }
)
MOST_AT_RISK = pd.DataFrame(
    {
        "name": ["5 % most at risk", "10 % most at risk"],
        "held": [0.2, 0.35],
        "low": [0.15, 0.3],
        "high": [0.25, 0.4],
        "top": [0.05, 0.1],
    }
)


def said(pen: dict) -> list[str]:
    return [text["words"].replace("\u00a0", " ") for text in pen["text"]]


def drawn_groups(data: pd.DataFrame, words: dict[str, str]) -> None:
    calibration(data, "predicted", "observed", low="low", high="high", **words)


def test_a_group_of_whom_as_many_left_as_predicted_lies_on_the_line(words, pen):
    drawn_groups(GROUPS, words)
    [diagonal] = [line for line in pen["line"] if line.get("dashed")]
    (left, right), (bottom, top) = diagonal["xs"], diagonal["ys"]
    middle = pen["dot"][1]["at"]
    along, up = (middle[0] - left) / (right - left), (middle[1] - bottom) / (top - bottom)
    assert along == pytest.approx(up)
    assert along == pytest.approx(0.06 / 0.2)


def test_each_group_has_the_interval_of_what_happened(words, pen):
    drawn_groups(GROUPS, words)
    bars = [line for line in pen["line"] if not line.get("dashed")]
    assert len(bars) == len(pen["dot"]) == 3
    for bar, dot in zip(bars, pen["dot"], strict=True):
        assert bar["xs"] == [dot["at"][0]] * 2
        assert bar["ys"][0] > dot["at"][1] > bar["ys"][1]


def test_the_numbers_of_the_group_of_the_highest_risk_stand_in_the_corner(words, pen):
    drawn_groups(GROUPS.iloc[::-1], words)
    assert "Highest risk: 16.0 % predicted, 18.0 % left" in said(pen)


def test_groups_without_a_value_are_not_drawn_and_none_at_all_is_a_note(words, pen):
    drawn_groups(GROUPS.assign(observed=[0.01, None, 0.18]), words)
    assert len(pen["dot"]) == 2
    got = calibration(GROUPS.assign(observed=None), "predicted", "observed", low="low", high="high", **words)
    assert got.svg == b""


def test_the_share_by_lot_is_a_grey_stroke_beside_each_dot(words, pen):
    lift(MOST_AT_RISK, "name", "held", low="low", high="high", chance="top", **words)
    strokes = [line for line in pen["line"] if line["color"] == theme.CONTEXT]
    places = [line["xs"][0] for line in strokes]
    dots = [dot["at"][0] for dot in pen["dot"]]
    assert (dots[1] - dots[0]) / (places[1] - places[0]) == pytest.approx(0.15 / 0.05)
    assert {"5 % most at risk", "20 %", "10 % most at risk", "35 %", "by chance"} <= set(said(pen))


def test_masked_groups_are_left_out_of_the_picture(words, pen):
    lift(MOST_AT_RISK.assign(masked=[True, False]), "name", "held", low="low", high="high", chance="top", **words)
    assert len(pen["dot"]) == 1
    assert "5 % most at risk" not in said(pen)


def test_forecast_charts_with_nothing_to_draw_are_notes(words):
    got = lift(MOST_AT_RISK.assign(masked=True), "name", "held", low="low", high="high", chance="top", **words)
    assert got.svg == b""
