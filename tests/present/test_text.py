from __future__ import annotations

import pandas as pd
import pytest

from analysis.present.text import clean, escaped, identifier, shortened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\r\ntwo\u2028three", "one two three"),
        ("\x1b[31mred\x07\x9b", "[31mred"),
        ("abc\u202egpj.exe\u200b\ufeff", "abcgpj.exe"),
        ("half \ud800 a pair", "half  a pair"),
        ("4.1\u00a0%", "4.1\u00a0%"),
        (None, "–"),
        (float("nan"), "–"),
        (pd.NA, "–"),
        (12, "12"),
    ],
)
def test_only_characters_that_print_are_left(text, expected):
    assert clean(text) == expected


def test_markup_and_quotes_are_escaped():
    assert escaped("<b a=\"1\" c='2'>&") == "&lt;b a=&quot;1&quot; c=&#x27;2&#x27;&gt;&amp;"


def test_a_long_text_ends_in_an_ellipsis_at_the_length_asked_for():
    got = shortened("x" * 70)
    assert got == "x" * 59 + "…"
    assert shortened("x" * 60) == "x" * 60


def test_an_id_is_made_of_plain_characters_whatever_the_title_holds():
    assert identifier("table", "Churn <b> by “contract”", "x").startswith("table-churn-b-by-contract-")
    assert identifier("table", "按合同流失", "x").removeprefix("table-").isalnum()


def test_the_same_title_over_other_content_is_another_id():
    assert identifier("table", "Churn", "a") != identifier("table", "Churn", "b")
    assert identifier("table", "Churn", "a") == identifier("table", "Churn", "a")
