"""Exhibits that repeat for every dimension."""

from __future__ import annotations

import pandas as pd

from analysis.measures.class_rules import Dimension
from analysis.models.survival import kaplan_meier
from analysis.present.class_pages import for_picture, for_reading, survival_pages
from analysis.present.text import escaped

USE = Dimension("usage", "Usage", order=("heavy", "medium", "light"))
REGION, AREA = Dimension("region", "Region"), Dimension("area", "Area")
RULES = {one.name: one for one in (USE, REGION, AREA, Dimension("hidden", "Hidden", shown=False))}


def sizes(dimension: str, *classes: str) -> pd.DataFrame:
    numbers = range(len(classes), 0, -1)
    return pd.DataFrame({"dimension": dimension, "label": dimension, "class": classes, "customers": numbers})


def test_ordered_classes_keep_their_order_and_unknown_comes_last():
    got = for_reading(sizes("usage", "not available", "medium", "light", "heavy"), RULES)
    assert got["class"].tolist() == ["heavy", "medium", "light", "not available"]


def test_other_classes_are_ordered_by_size_and_cut_at_the_largest():
    names = [f"r{i}" for i in range(20)]
    assert for_reading(sizes("region", *names), RULES)["class"].tolist() == names[:10]


def test_a_picture_has_the_largest_classes_and_always_the_highest_rate():
    names = [f"r{i}" for i in range(20)]
    rates = sizes("region", *names, "not available").assign(churn_rate=[0.1] * 15 + [0.3] + [None] * 4 + [0.9])
    assert for_picture(rates, RULES)["class"].tolist() == [*names[:6], "r15"]
    assert for_picture(rates.head(15), RULES)["class"].tolist() == names[:6]
    assert for_picture(rates.assign(churn_rate=float("nan")), RULES)["class"].tolist() == names[:6]


def test_without_curves_a_note_says_so():
    tests = pd.DataFrame({"dimension": ["contract"], "label": ["Contract"], "p_value": [0.2]})
    got = survival_pages({}, tests, horizon_months=36, smallest=11, source="Source: a test.")
    assert got.html == f'<p class="note">{escaped(got.line)}</p>'
    assert got.line == "In no dimension do classes that are large enough to draw differ clearly (p < 0.01)."


def test_a_dimension_the_source_does_not_support_is_left_out():
    rows = pd.concat([sizes("area", "not available"), sizes("usage", "heavy")])
    assert for_reading(rows, RULES)["dimension"].tolist() == ["usage"]
    assert for_reading(sizes("area", "not available"), RULES).empty


def test_a_dimension_that_is_not_shown_stays_in_the_tables_of_the_run():
    assert for_reading(pd.concat([sizes("hidden", "a"), sizes("usage", "heavy")]), RULES)["class"].tolist() == ["heavy"]


def test_one_chart_per_dimension_compares_classes_that_are_large_enough():
    def curve(left: int, stay: int) -> pd.DataFrame:
        rows = [(0, 6, 1, left), (0, 40, 0, stay)]
        return kaplan_meier(pd.DataFrame(rows, columns=["entry", "exit", "event", "n"]))

    curves = {"contract": {"month": curve(50, 50), "year": curve(10, 90), "rare": curve(1, 4)}}
    tests = pd.DataFrame({"dimension": ["contract"], "label": ["Contract"], "p_value": [0.02]})
    got = survival_pages(curves, tests, horizon_months=36, smallest=11, source="Source: a test.")
    assert got.html.count("<figure") == 1
    assert "90.0" in got.html
    assert "“rare”" not in got.line
