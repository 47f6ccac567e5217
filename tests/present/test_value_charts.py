"""What the pictures of value draw, read from the strokes of their pen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.present import theme
from analysis.present.charts.lorenz import WORDS, lorenz
from analysis.present.charts.sheet import BODY, WIDTH, width_of
from analysis.present.charts.tornado import HIGHER, LOWER, tornado, written

CURVE = pd.DataFrame({"customers": [0, 0.25, 0.5, 0.75, 1], "value": [0, 0.1, 0.25, 0.5, 1]})
MARK = pd.DataFrame(
    {"customers": [0.75], "value": [0.5], "words": ["the last 25 %"], "more": ["hold 50 % of the value"]}
)
AXES = {"along": "Customers", "up": "Value"}


def said(pen: dict) -> list[str]:
    return [text["words"].replace("\u00a0", " ") for text in pen["text"]]


@theme.house_style()
def off_the_paper(pen: dict) -> list[str]:
    """Words that do not fit on the sheet, as wide as the house's font makes them."""
    found = []
    for text in pen["text"]:
        size, bold = text.get("size", BODY), text.get("bold", False)
        width, align = width_of(text["words"], size=size, bold=bold), text.get("align", "left")
        left = text["at"][0] - {"left": 0, "center": width / 2, "right": width}[align]
        if left < -0.5 or left + width > WIDTH + 0.5:
            found.append(text["words"])
    return found


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
        assert off_the_paper(pen) == []
        assert len(pen["dot"]) == 1
        [curve] = [line for line in pen["line"] if not line.get("dashed")]
        first, more = (text for text in pen["text"] if text["words"] in (MARK["words"][0], MARK["more"][0]))
        assert first["at"][1] > np.interp(first["at"][0], curve["xs"], curve["ys"]) + 6
        assert more["at"][1] > first["at"][1]


def test_who_costs_money_takes_the_curve_below_nothing(words, pen):
    lorenz(CURVE.assign(value=[0, -0.1, 0, 0.4, 1]), "customers", "value", marks=MARK.head(0), **AXES, **words)
    [curve] = [line for line in pen["line"] if not line.get("dashed")]
    assert curve["ys"][1] > curve["ys"][0]
    [axis] = [text for text in pen["text"] if text["words"] == AXES["along"]]
    assert max(curve["ys"]) <= axis["at"][1] - 33


def test_without_a_curve_there_is_a_note(words):
    got = lorenz(CURVE.head(0), "customers", "value", marks=MARK.head(0), **AXES, **words)
    assert got.svg == b""


EFFECTS = pd.DataFrame(
    {"name": ["Margin", "Churn", "Rate"], "lower": [-500.0, 90.0, 0.0], "higher": [500.0, -80.0, 0.0], "total": 5000.0}
)


def drawn_effects(data: pd.DataFrame, words: dict[str, str]) -> object:
    keys = ("a tenth lower", "a tenth higher")
    sides = {"lower": "lower", "higher": "higher", "total": "total"}
    return tornado(data, "name", **sides, keys=keys, currency="EUR", **words)


def test_bars_go_to_the_side_of_their_change_and_are_as_long_as_it(words, pen):
    drawn_effects(EFFECTS, words)
    boxes = [box for box in pen["box"] if box["start"][1] > 20]
    widths = [box["end"][0] - box["start"][0] for box in boxes]
    assert widths[0] == pytest.approx(-widths[1])
    assert widths[2] / widths[1] == pytest.approx(0.18)
    assert widths[3] < 0 and widths[4] == widths[5] == 0
    assert [box["color"] for box in boxes] == [LOWER, HIGHER] * 3


def test_every_bar_is_labelled_with_amount_and_per_cent_on_the_paper(words, pen):
    drawn_effects(EFFECTS, words)
    assert {"−€500 (−10.0 %)", "+€500 (+10.0 %)", "+€90 (+1.8 %)", "€0 (0.0 %)", "Churn", "a tenth lower"} <= set(
        said(pen)
    )
    assert off_the_paper(pen) == []


def test_a_change_has_its_sign_and_nothing_has_none():
    assert written(-12.4, 1000, "EUR").replace("\u00a0", " ") == "−€12 (−1.2 %)"
    assert written(0.2, 1000, "EUR").replace("\u00a0", " ") == "€0 (0.0 %)"


def test_a_figure_that_cannot_be_told_is_left_out_and_nothing_at_all_is_a_note(words, pen):
    drawn_effects(EFFECTS.assign(lower=[None, 90.0, 0.0]), words)
    assert "Margin" not in said(pen)
    assert drawn_effects(EFFECTS.head(0), words).svg == b""
    assert drawn_effects(EFFECTS.tail(1), words).svg == b""
