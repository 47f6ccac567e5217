"""Texts that look alike, made alike: case, blanks, and the full-width characters of East Asian keyboards."""

from __future__ import annotations

import unicodedata

from analysis.extracts.engine import literal

_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0\u202f"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + "   "

FOLDED = "linecard_folded"  # the engine's name for `folded`
ACCENTS = 200  # canonical combining class from which a mark is an accent


def plain_text(text: str, *, blanks: bool = True) -> str:
    """SQL: `text` in small letters, full-width characters as their usual ones (Unicode NFKC), composed accents.

    With `blanks`, runs of them become one; else there are none. Only texts beyond ASCII are looked at twice.
    """
    wide = f"nfc_normalize(translate({text}, {literal(_WIDE)}, {literal(_NARROW)}))"
    small = f"lower(CASE WHEN strlen({text}) = length({text}) THEN {text} ELSE {wide} END)"
    if not blanks:
        return f"replace({small}, ' ', '')"
    return f"trim(regexp_replace({small}, ' +', ' ', 'g'))"


def letters(text: str) -> str:
    """SQL: the letters and digits of `text` alone, made alike (`folded`); missing when there are none."""
    alike = f"CASE WHEN strlen({text}) = length({text}) THEN lower({text}) ELSE {FOLDED}({text}) END"
    return f"nullif(regexp_replace({alike}, '[^\\p{{L}}\\p{{M}}\\p{{N}}]+', '', 'g'), '')"


def folded(text: str) -> str:
    """A text without case, width and accents (Unicode case folding, then NFKD): "WEISS" and "Weiß" are one.

    Accents are marks above, below or through a letter; those that make another sound of a sign (か and が) stay.
    """
    return "".join(
        mark for mark in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.combining(mark) < ACCENTS
    )


def digits(text: str) -> str:
    """SQL: the last eight digits of a telephone number, the same with and without a prefix of country or trunk.

    Missing for fewer than seven digits, and for one digit throughout, which stands for none.
    """
    only = f"ltrim(regexp_replace({plain_text(text, blanks=False)}, '[^0-9]+', '', 'g'), '0')"
    return f"CASE WHEN length({only}) >= 7 AND replace({only}, {only}[1], '') <> '' THEN right({only}, 8) END"
