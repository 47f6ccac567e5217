"""Sentences about what customers hold."""

from __future__ import annotations

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.penetration import COLUMNS
from analysis.present.wording import penetration as wording

NONE, NOW = float("nan"), Quarter(2026, 3)


def held(*rows):
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"masked": bool})


BROAD = ("all", "broadband", 1000, 800, 0.8, 0.78, 0.82, 0.0, -0.01, 0.01, -0.004, -0.01, 0.002, False)
TV = ("all", "tv", 1000, 300, 0.3, 0.28, 0.32, 0.01, -0.01, 0.03, 0.052, 0.03, 0.074, False)
HIDDEN = ("all", "cloud", 1000, NONE, *[NONE] * 9, True)


def test_the_product_held_by_most_and_the_one_that_moved_most():
    assert wording.bottom_line(held(BROAD, TV, HIDDEN)) == (
        "Broadband is held by most: 80.0 % of customers. TV moved most since a year ago: +5.2 points (3.0 to "
        "7.4 points)."
    )
    assert wording.held_words(held(BROAD, TV), now=NOW)["finding"] == "Most held: broadband (80 %), TV (30 %)"


def test_a_change_that_chance_explains_is_none():
    assert wording.bottom_line(held(BROAD)).endswith("No product's share is clearly different from a year ago.")
    alone = (*BROAD[:7], *[NONE] * 6, False)
    assert wording.bottom_line(held(alone)).endswith("There is no earlier quarter to compare with.")
    assert wording.held_rows(held(alone))["since_year"].tolist() == ["–"]


def test_without_products_the_reason_is_told():
    assert wording.bottom_line(held()) == f"{wording.NOTHING}."
    assert wording.held_words(held(), now=NOW)["finding"] == wording.NOTHING
    assert wording.bottom_line(held(HIDDEN)) == "What customers hold is not told, to protect small groups."
    assert wording.held_rows(held()).empty


def test_regions_are_named_only_where_they_differ_clearly():
    columns = ["dimension", "class", "customers", "share", "low", "high", "masked"]
    rows = [("region", "north", 500, 0.9, 0.87, 0.92, False), ("region", "south", 500, 0.7, 0.66, 0.74, False)]
    told = pd.DataFrame(rows, columns=columns)
    assert wording.place_words(told)["finding"] == "Broadband is held most in north (90 %), least in south (70 %)"
    alike = told.assign(low=0.6, high=0.95)
    assert wording.place_words(alike)["finding"] == "Broadband is not held clearly more in one region than in another"
    assert wording.place_words(told.iloc[:0])["finding"] == "Where broadband is held cannot be told"
    assert wording.place_rows(told)["label"].tolist() == ["Region", "Region"]


def test_only_the_largest_places_are_drawn():
    columns = ["dimension", "class", "customers", "share", "low", "high", "masked"]
    rows = [("region", f"r{at:02d}", 100 + at, 0.5, 0.4, 0.6, False) for at in range(30)]
    got = wording.place_rows(pd.DataFrame(rows, columns=columns))
    assert got["class"].tolist() == [f"r{at:02d}" for at in range(20, 30)]
