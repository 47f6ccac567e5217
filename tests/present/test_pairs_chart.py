"""What the product map draws, read from the strokes of its pen."""

from __future__ import annotations

import pandas as pd

from analysis.present import theme
from analysis.present.charts.pairs import SHADES, pairs, shade

PAIRS = pd.DataFrame(
    {
        "given": ["security", "security", "smart home", "smart home", "TV", "TV"],
        "product": ["smart home", "TV", "security", "TV", "security", "smart home"],
        "share": [0.37, 0.2, 0.5, 0.1, 0.2, 0.1],
        "lift": [2.5, 1.0, 2.5, 0.4, 1.0, 0.4],
        "overall": [0.15, 0.2, 0.2, 0.2, 0.2, 0.15],
        "clear": [True, False, True, True, False, True],
        "masked": False,
    }
)


def drawn(data: pd.DataFrame, words: dict[str, str]):
    return pairs(data, "given", "product", "share", lift="lift", clear="clear", overall="overall", **words)


def said(pen: dict) -> list[str]:
    return [text["words"].replace("\u00a0", " ") for text in pen["text"]]


def test_every_pair_has_a_square_with_its_share_and_every_product_the_share_of_all(words, pen):
    drawn(PAIRS, words)
    squares = pen["box"][: len(PAIRS)]
    assert len(pen["box"]) == len(PAIRS) + len(SHADES)  # the key
    assert said(pen).count("20 %") == 2 + 2  # of two squares, and of all customers for two products
    assert {"37 %", "50 %", "10 %", "15 %", "security", "TV"} <= set(said(pen))
    assert len({(box["start"], box["end"]) for box in squares}) == len(PAIRS)


def test_a_name_of_two_words_stands_on_two_lines_where_it_is_too_wide(words, pen):
    many = ["smart home", *(f"p{number}" for number in range(9))]
    wide = pd.DataFrame([(a, b) for a in many for b in many if a != b], columns=["given", "product"])
    drawn(wide.assign(share=0.2, lift=1.0, overall=0.2, clear=False), words)
    assert {"smart", "home"} <= set(said(pen))


def test_blue_is_more_and_orange_less_and_what_may_be_chance_is_pale():
    assert [shade(lift, clear=True) for lift in (0.5, 0.9, 1.1, 2.0)] == [SHADES[0], SHADES[1], SHADES[3], SHADES[4]]
    assert shade(3.0, clear=False) == SHADES[2]
    assert shade(float("nan"), clear=True) == SHADES[2]


def test_the_figures_can_be_read_on_their_squares():
    assert min(theme.contrast(theme.on(color), color) for color in SHADES) >= 4.5


def test_a_masked_pair_shows_no_figure(words, pen):
    drawn(PAIRS.assign(masked=[True, False, False, False, False, False]), words)
    assert "37 %" not in said(pen)
    assert any(text.startswith("masked"[:4]) for text in said(pen))


def test_without_a_pair_there_is_a_note(words):
    assert drawn(PAIRS.head(0), words).svg == b""
    assert drawn(PAIRS.assign(share=float("nan"), masked=True), words).svg == b""


def test_the_same_pairs_give_the_same_bytes(words):
    assert drawn(PAIRS, words).svg == drawn(PAIRS.copy(), words).svg
