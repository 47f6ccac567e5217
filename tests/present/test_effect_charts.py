"""The pictures of effects: signs, intervals and what is not drawn."""

from __future__ import annotations

import pandas as pd

from analysis.present.charts.curve import curve
from analysis.present.charts.effects import effects
from analysis.present.charts.sheet import SMALL, WIDTH, width_of

WORDS = {"finding": "A finding", "subtitle": "Points", "source": "Source: here.", "alt": "Two effects."}


def test_effects_are_drawn_and_the_same_rows_give_the_same_bytes():
    rows = pd.DataFrame({"name": ["outage", "age"], "effect": [-0.2, 0.1], "low": [-0.3, -0.1], "high": [-0.1, 0.3]})
    ends = {"low": "low", "high": "high", "unit": "score"}
    one, two = (effects(rows, "name", "effect", **ends, **WORDS) for _ in range(2))
    assert one.svg and one.svg == two.svg
    taller = effects(pd.concat([rows, rows]), "name", "effect", **ends, **WORDS)
    assert taller.height > one.height


def test_nothing_to_draw_is_a_note():
    nothing = pd.DataFrame({"name": [], "effect": [], "low": [], "high": []})
    got = effects(nothing, "name", "effect", low="low", high="high", unit="score", **WORDS)
    assert not got.svg
    assert "note" in got._repr_html_()


def test_a_row_without_a_value_is_left_out():
    rows = pd.DataFrame({"name": ["a", "b"], "effect": [0.1, None], "low": [0.0, None], "high": [0.2, None]})
    ends = {"low": "low", "high": "high", "unit": "money", "currency": "EUR"}
    assert effects(rows, "name", "effect", **ends, **WORDS).height == (
        effects(rows.head(1), "name", "effect", **ends, **WORDS).height
    )


def test_an_effect_along_a_number_is_a_line_and_a_single_place_is_none():
    points = pd.DataFrame({"x": [0.0, 1, 2], "effect": [0.2, 0, -0.2], "low": [0, -0.1, -0.4], "high": [0.4, 0.1, 0]})
    words = {"low": "low", "high": "high", "along": "Hours", "unit": "score", **WORDS}
    assert curve(points, "x", "effect", **words).svg
    assert not curve(points.head(0), "x", "effect", **words).svg


def test_a_marked_place_is_a_dot_on_the_line_and_the_last_number_fits_under_its_end(pen):
    points = pd.DataFrame({"x": [0.0, 2000, 4000], "net": [0.0, 900, 1000]}).assign(low=lambda rows: rows["net"])
    words = {"low": "low", "high": "net", "along": "Spent", "unit": "money", "x_unit": "money", **WORDS}
    curve(points, "x", "net", mark=(2000.0, 900.0), currency="EUR", **words)
    line = pen["line"][0]
    assert pen["dot"][0]["at"] == (line["xs"][1], line["ys"][1])
    last = next(one for one in pen["text"] if one["words"] == "€4,000")
    assert last["at"][0] + width_of("€4,000", size=SMALL) / 2 <= WIDTH
    curve(points, "x", "net", currency="EUR", **words)
    assert len(pen["dot"]) == 1
