"""Texts that look alike, made alike: case, blanks, and the full-width characters of East Asian keyboards."""

from __future__ import annotations

from analysis.extracts.engine import literal

_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0\u202f"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + "   "


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
    """SQL: the letters and digits of `text` alone, made alike; missing when there are none."""
    return f"nullif(regexp_replace({plain_text(text, blanks=False)}, '[^\\p{{L}}\\p{{M}}\\p{{N}}]+', '', 'g'), '')"


def digits(text: str) -> str:
    """SQL: the last eight digits of a telephone number, the same with and without a prefix of country or trunk.

    Missing for fewer than seven digits, and for one digit throughout, which stands for none.
    """
    only = f"ltrim(regexp_replace({plain_text(text, blanks=False)}, '[^0-9]+', '', 'g'), '0')"
    return f"CASE WHEN length({only}) >= 7 AND replace({only}, {only}[1], '') <> '' THEN right({only}, 8) END"
