"""What the pictures of hazards and of ratios draw, read from the strokes of their pens."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.present import theme
from analysis.present.charts.hazards import hazards
from analysis.present.charts.ratios import ratios

MONTHS = pd.DataFrame(
    {
        "begins": [0.5, 1.5, 2.5],
        "ends": [1.5, 2.5, 3.5],
        "hazard": [0.01, 0.05, 0.01],
        "low": [0.005, 0.04, 0.005],
        "high": [0.015, 0.06, 0.015],
        "stands_out": [0, 1, 0],
    }
)
RATIOS = pd.DataFrame(
    {
        "name": ["complained", "a bill overdue", "no contract"],
        "family": ["Service", "Payment", "Contract"],
        "ratio": [2.0, 1.1, 0.25],
        "low": [1.5, 0.9, 0.01],
        "high": [2.7, 1.3, 0.5],
    }
)
ALONG = {"": "months since joining", "Contract": "months from its end", "Promotion": "months from its end"}


def said(pen):
    return [text["words"].replace("\u00a0", " ") for text in pen["text"]]


def drawn_ratios(data, words):
    return ratios(data, "name", "ratio", low="low", high="high", group="family", **words)


def test_a_month_is_a_column_from_nothing_to_its_hazard_with_its_interval(words, pen):
    hazards({"": MONTHS}, along=ALONG, **words)
    assert len(pen["box"]) == 3
    heights = [box["start"][1] - box["end"][1] for box in pen["box"]]
    assert heights[1] == pytest.approx(5 * heights[0])
    for box, line in zip(pen["box"], pen["line"], strict=True):
        assert line["xs"] == [pytest.approx((box["start"][0] + box["end"][0]) / 2)] * 2
        assert line["ys"][0] > box["end"][1] > line["ys"][1]


def test_a_month_that_stands_out_is_named_in_its_colour_and_others_are_not(words, pen):
    hazards({"": MONTHS}, along=ALONG, **words)
    assert [box["color"] for box in pen["box"]] == [theme.CONTEXT, theme.FOCUS, theme.CONTEXT]
    assert said(pen).count("5.0 %") == 1
    assert "1.0 %" not in said(pen)


def test_several_plots_have_one_scale_and_their_own_names(words, pen):
    low = MONTHS.assign(hazard=MONTHS["hazard"] / 2, high=MONTHS["high"] / 2, low=0.0)
    hazards({"Contract": MONTHS, "Promotion": low}, along=ALONG, **words)
    heights = [box["start"][1] - box["end"][1] for box in pen["box"]]
    assert heights[1] == pytest.approx(2 * heights[4])
    assert {"Contract", "Promotion", "months from its end"} <= set(said(pen))


def test_joined_months_are_one_wide_column(words, pen):
    hazards({"": MONTHS.assign(ends=[1.5, 2.5, 6.5])}, along=ALONG, **words)
    widths = [box["end"][0] - box["start"][0] for box in pen["box"]]
    assert widths[2] > 3 * widths[0]


def test_months_before_a_day_are_below_zero(words, pen):
    shifted = MONTHS.assign(begins=MONTHS["begins"] - 3, ends=MONTHS["ends"] - 3)
    hazards({"": shifted}, along=ALONG, **words)
    assert {"−2", "−1", "0"} <= set(said(pen))


def test_without_months_there_is_a_note(words):
    assert not hazards({"": MONTHS.head(0)}, along=ALONG, **words).svg
    assert not hazards({}, along=ALONG, **words).svg


def test_half_and_twice_are_equally_far_from_one(words, pen):
    data = RATIOS.assign(ratio=[2.0, 1.0, 0.5], low=0.4, high=2.5)
    drawn_ratios(data, words)
    twice, one, half = (dot["at"][0] for dot in pen["dot"])
    assert twice - one == pytest.approx(one - half)


def test_a_ratio_whose_interval_holds_one_is_grey(words, pen):
    drawn_ratios(RATIOS, words)
    assert [dot["color"] for dot in pen["dot"]] == [theme.FOCUS, theme.CONTEXT, theme.FOCUS]


def test_an_interval_is_cut_where_the_scale_ends_and_no_ratio_is(words, pen):
    drawn_ratios(RATIOS.assign(ratio=[12.0, 1.1, 0.25], low=[9.0, 0.9, 0.0], high=[16.0, 1.3, 0.5]), words)
    (left, right), (dot, _) = pen["line"][2]["xs"], pen["dot"][2]["at"]
    assert left < dot < right
    assert (dot - left) == pytest.approx((right - dot) * math.log2(0.25 / 2**-6))
    assert [dot["at"][0] for dot in pen["dot"]] == sorted((dot["at"][0] for dot in pen["dot"]), reverse=True)
    assert {"× 0.016", "× 0.25", "× 1", "× 4", "× 16"} <= set(said(pen))


def test_a_few_powers_of_two_are_all_marked(words, pen):
    drawn_ratios(RATIOS.assign(ratio=[3.0, 1.1, 0.7], low=[2.5, 0.9, 0.6], high=[3.5, 1.3, 0.8]), words)
    marks = [text["words"].replace("\u00a0", " ") for text in pen["text"] if text.get("align") == "center"]
    assert marks == ["× 0.5", "× 1", "× 2", "× 4"]


def test_each_family_has_a_head_and_each_row_its_ratio(words, pen):
    drawn_ratios(RATIOS, words)
    assert [text for text in said(pen) if text in {"Service", "Payment", "Contract"}] == [
        "Service",
        "Payment",
        "Contract",
    ]
    assert {"× 2.00", "× 1.10", "× 0.25"} <= set(said(pen))


def test_without_ratios_there_is_a_note_and_the_same_rows_give_the_same_bytes(words):
    assert not drawn_ratios(RATIOS.head(0), words).svg
    assert drawn_ratios(RATIOS, words).svg == drawn_ratios(RATIOS, words).svg
