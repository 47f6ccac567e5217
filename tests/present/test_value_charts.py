"""What the pictures of value draw, read from the strokes of their pen."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.present.charts.lorenz import WORDS, lorenz
from analysis.present.charts.sheet import SMALL, WIDTH, width_of

CURVE = pd.DataFrame({"customers": [0, 0.25, 0.5, 0.75, 1], "value": [0, 0.1, 0.25, 0.5, 1]})
MARK = pd.DataFrame(
    {"customers": [0.75], "value": [0.5], "words": ["the last 25 %"], "more": ["hold 50 % of the value"]}
)
AXES = {"along": "Customers", "up": "Value"}


def said(pen: dict) -> list[str]:
    return [text["words"].replace("\u00a0", " ") for text in pen["text"]]


def test_the_curve_hangs_under_the_diagonal_and_ends_with_it(words, pen):
    lorenz(CURVE, "customers", "value", marks=MARK, **AXES, **words)
    [diagonal] = [line for line in pen["line"] if line.get("dashed")]
    [curve] = [line for line in pen["line"] if not line.get("dashed")]
    assert (curve["xs"][0], curve["ys"][0]) == (diagonal["xs"][0], diagonal["ys"][0])
    assert (curve["xs"][-1], curve["ys"][-1]) == pytest.approx((diagonal["xs"][1], diagonal["ys"][1]))
    middle = sum(diagonal["ys"]) / 2
    assert curve["ys"][2] > middle  # pixels fall from the top
    assert {WORDS["even"], "Customers", "Value", "the last 25 %", "hold 50 % of the value"} <= set(said(pen))


def test_a_marked_point_lies_on_the_curve_and_its_words_on_the_paper(words, pen):
    for place in (0.05, 0.75, 0.99):
        pen.clear()
        lorenz(CURVE, "customers", "value", marks=MARK.assign(customers=place), **AXES, **words)
        for text in pen["text"]:
            width, align = width_of(text["words"], size=text.get("size", SMALL)), text.get("align", "left")
            left = text["at"][0] - {"left": 0, "center": width / 2, "right": width}[align]
            assert left >= -0.5 and left + width <= WIDTH + 2, text["words"]
        assert len(pen["dot"]) == 1


def test_who_costs_money_takes_the_curve_below_nothing(words, pen):
    lorenz(CURVE.assign(value=[0, -0.1, 0, 0.4, 1]), "customers", "value", marks=MARK.head(0), **AXES, **words)
    [curve] = [line for line in pen["line"] if not line.get("dashed")]
    assert curve["ys"][1] > curve["ys"][0]
    assert curve["ys"][1] <= pen["line"][0]["sheet"].height


def test_without_a_curve_there_is_a_note(words):
    got = lorenz(CURVE.head(0), "customers", "value", marks=MARK.head(0), **AXES, **words)
    assert got.svg == b""
