"""Sentences about jumps and falls in use."""

from __future__ import annotations

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.present.wording import unusual_use as wording

QUARTER = Quarter(2026, 3)


def counts(*rows: tuple[str, str, float, float, bool]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["direction", "measure", "customers", "by_chance", "customers_masked"])


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_bottom_line_tells_both_directions_beside_chance():
    told = counts(("up", "download_gb", 19, 5.6, False), ("down", "download_gb", 56, 2.4, False))
    assert plain(wording.bottom_line(told, given=True)) == (
        "Download of 19 customers jumped without a reason on record (at most 6 of them by chance) and download of 56 "
        "customers fell without a reason on record (at most 2 of them by chance)."
    )


def test_few_customers_and_no_use_are_said():
    masked = counts(("up", "download_gb", float("nan"), 2.0, True))
    assert "masked" in wording.bottom_line(masked, given=True)
    assert "does not give use" in wording.bottom_line(counts(), given=False)
    assert "6 earlier months" in wording.bottom_line(counts(), given=True)
    assert "nobody’s use" in wording.means(counts())[0]


def test_the_title_says_whether_chance_explains_it():
    more = counts(("up", "download_gb", 19, 5.6, False))
    assert wording.count_words(more, QUARTER)["finding"].startswith("More customers")
    fewer = counts(("up", "download_gb", 12, 15.0, False))
    assert wording.count_words(fewer, QUARTER)["finding"].startswith("No more")


SOME = pd.DataFrame({"customers": [20]})


def left(rate: float, low: float, high: float) -> pd.DataFrame:
    rows = [("up", None, None, None, None), ("down", rate, rate / 0.03, low, high), ("usual", 0.03, None, None, None)]
    return pd.DataFrame(rows, columns=["group", "rate", "ratio", "ratio_low", "ratio_high"])


def test_a_fall_foretells_leaving_only_where_that_is_clear():
    assert wording.left_line(left(0.06, 1.2, 3.1), SOME).startswith("A fall in use foretells leaving")
    assert wording.left_line(left(0.036, 0.8, 1.6), SOME).startswith("A fall in use does not clearly")
    assert "cannot be told" in wording.left_line(left(float("nan"), float("nan"), float("nan")), SOME)


def test_the_title_says_what_came_of_a_fall_and_the_quarters_are_named():
    quarters = [Quarter(2025, 4), Quarter(2026, 3)]
    got = wording.left_words(left(0.06, 1.2, 3.1), quarters)
    assert got["finding"] == "After a fall in use 2.0 times as many left by choice"
    assert "2025-Q4 to 2026-Q3" in got["subtitle"]
    assert "not clearly" in wording.left_words(left(0.036, 0.8, 1.6), [QUARTER])["finding"]
    nan = float("nan")
    assert "cannot be told" in wording.left_words(left(nan, nan, nan), [QUARTER])["finding"]


def test_where_nobody_could_be_judged_nothing_is_cleared():
    none = counts()
    assert "could be judged" in wording.count_words(none, QUARTER)["finding"]
    assert "nobody’s use could be judged" in wording.left_line(left(0.06, 1.2, 3.1), none)
    assert wording.left_rows(left(0.06, 1.2, 3.1), none).empty


def test_nobody_is_not_zero_customers():
    told = counts(("up", "download_gb", 0, 1.0, False), ("down", "download_gb", 56, 2.4, False))
    assert plain(wording.bottom_line(told, given=True)).startswith("Nobody’s use jumped without a reason on record and")
