"""The matrix of moves: every square says how many, and what is hidden is said to be."""

from __future__ import annotations

import pandas as pd

from analysis.present import theme
from analysis.present.charts.migration import PALEST, STAYED, STRONGEST, _shade, migration

HIDDEN = float("nan")
ROWS = [
    ("low", "low", 900, 0.9, False), ("low", "high", 60, 0.06, False), ("low", "left", 40, 0.04, False),
    ("high", "low", HIDDEN, HIDDEN, True), ("high", "high", 500, HIDDEN, False), ("joined", "low", 30, 1.0, False),
]  # fmt: skip
ENDS = {"joined": "joined", "left": "left"}


def matrix(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["from", "to", "customers", "share", "masked"])


def test_squares_have_counts_shares_and_say_what_is_masked(pen, words):
    got = migration(matrix(ROWS), "from", "to", "customers", "share", **ENDS, **words)
    texts = [drawn["words"] for drawn in pen["text"]]
    assert [text for text in texts if text in ("900", "60", "40", "500", "30")] == ["900", "60", "40", "500", "30"]
    assert {"90\N{NO-BREAK SPACE}%", "6.0\N{NO-BREAK SPACE}%", "100\N{NO-BREAK SPACE}%"} <= set(texts)
    assert texts.count("masked") == 1
    assert texts.count("–") == 2
    assert got.svg


def test_who_stayed_is_grey_and_the_larger_share_is_the_stronger_colour(pen, words):
    migration(matrix(ROWS), "from", "to", "customers", "share", **ENDS, **words)
    colors = [box["color"] for box in pen["box"]]
    assert colors[0] == STAYED
    assert colors[1] == _shade(theme.FOCUS, 1)
    assert colors[2] == _shade(theme.DUO[1], 0.04 / 0.06)


def test_long_names_are_broken_into_lines_that_fit(pen, words):
    name = "occasional high spend of the year"
    rows = [(name, name, 90, 0.9, False), (name, "left", 10, 0.1, False)] + [
        (f"c{i}", f"c{i}", 20, 1.0, False) for i in range(6)
    ]
    migration(matrix(rows), "from", "to", "customers", "share", **ENDS, **words)
    assert not [drawn for drawn in pen["text"] if drawn["words"] == name]


def test_words_can_be_read_on_every_shade():
    bases = (theme.FOCUS, theme.DUO[1], theme.CONTEXT)
    shades = [_shade(base, strength / 20) for base in bases for strength in range(21)]
    assert min(theme.contrast(shade, theme.on(shade)) for shade in [*shades, STAYED]) >= 4.5
    assert PALEST < STRONGEST < 1


def test_no_move_is_a_note(words):
    assert migration(matrix([]), "from", "to", "customers", "share", **ENDS, **words).svg == b""
