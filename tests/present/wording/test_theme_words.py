"""Sentences about themes: the largest, what moved, and why none can be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.models.themes.assigned import Told
from analysis.models.themes.model import Themes
from analysis.present.wording import themes as wording

NONE = np.zeros((0, 0))


def learned(agreement: float = 0.95) -> Told:
    themes = Themes(["speed, slow", "bill"], agreement, pd.DataFrame(), 500, {}, {}, NONE, NONE)
    return Told(themes, None, "", 400)


def shares(*, moved: bool = False, previous: float = 0.2) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "theme": ["speed, slow", "bill", "no theme"], "tickets": [160, 120, 120], "share": [0.4, 0.3, 0.3],
            "low": 0.2, "high": 0.5, "previous": previous, "moved": [moved, False, False], "masked": False,
        }
    )  # fmt: skip


def finding(told: Told, rows: pd.DataFrame, **more: bool) -> str:
    return wording.theme_finding(told, rows, **({"given": True, "pseudonymised": False} | more))


def test_the_largest_theme_and_what_moved_are_told() -> None:
    got = finding(learned(), shares(moved=True))
    assert got == (
        "Of 400 tickets with a text 40 % are about “speed, slow”, the largest of 2 themes. "
        "Since the quarter before “speed, slow” from 20 % to 40 %."
    )
    assert "No theme’s share differs clearly" in finding(learned(), shares())
    assert "There is no quarter before" in finding(learned(), shares(previous=float("nan")))


def test_why_there_are_none_is_told() -> None:
    nothing = shares().iloc[:0]
    none = Told(None, None, "no text", 0)
    assert "the source gives no tickets" in finding(none, nothing, given=False)
    assert "with pseudonyms, free text is not read" in finding(none, nothing, pseudonymised=True)
    assert "no ticket of the quarter has a text" in finding(none, nothing)
    assert "too few words are used by enough customers" in finding(Told(None, None, "too few", 9), nothing)
    assert wording.theme_bullets(none) == ["There were none to be found."]
    assert wording.share_words(nothing)["finding"] == "There are no themes to show"


def test_themes_that_other_tickets_might_not_give_carry_a_caution() -> None:
    assert "read them with care" in wording.theme_bullets(learned(agreement=0.5))[0]
    assert "nearly the same" in wording.theme_bullets(learned())[0]


def test_where_no_ticket_names_a_customer_the_page_says_that_callers_cannot_be_told_apart() -> None:
    [_, got] = wording.theme_bullets(replace(learned(), alone=23))
    assert "callers cannot be told apart: only words in at least 23 tickets" in got
    assert "many customers" not in got
    assert "many customers" in wording.theme_bullets(learned())[1]


def test_masked_themes_are_in_no_sentence() -> None:
    hidden = shares().assign(masked=[True, False, True], share=[np.nan, 0.3, np.nan])
    assert "“bill”" in finding(learned(), hidden)
    assert "speed" not in finding(learned(), hidden)


def test_the_region_that_stands_out_is_named_and_one_by_chance_is_not() -> None:
    names = ["speed, slow", "bill"]
    counts = {"speed, slow": [60.0, 10.0], "bill": [20.0, 25.0]}
    rows = pd.DataFrame({"region": ["N", "S"], "tickets": [100.0, 100.0]} | counts)
    got = wording.region_words(rows, names)["finding"]
    assert got == "N writes about “speed, slow” more than others: 60 % of its tickets"
    even = rows.assign(**{"speed, slow": [35.0, 36.0]})
    assert wording.region_words(even, names)["finding"] == "No region stands out by what it writes about"
