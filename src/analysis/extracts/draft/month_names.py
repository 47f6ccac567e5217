"""Names of months in the languages that extracts are headed in, as the Unicode locale data (CLDR) give them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from babel import Locale

from analysis.extracts.spellings import plain_name

LANGUAGES = ("de", "de_AT", "en", "es", "fr", "it", "nl", "pl", "zh")
_SHORTEST = 3  # letters of a name cut short
_UNLISTED = {"mrz": 3}  # German, in wide use, and not in the locale data


@cache
def month_names() -> dict[str, int]:
    """Name of a month → its number: whole, abbreviated or cut short, with accents and without, in small letters.

    What means different months in two languages, or in one, is left out.
    """
    meant: dict[str, set[int]] = defaultdict(set)
    for language in LANGUAGES:
        for widths in Locale.parse(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in widths[width].items():
                    for spelt in _spellings(name.casefold().strip("."), is_whole=width == "wide"):
                        meant[spelt].add(number)
    return {name: months.pop() for name, months in meant.items() if len(months) == 1} | _UNLISTED


def _spellings(name: str, *, is_whole: bool) -> set[str]:
    if not name.isalpha():  # 1月: a number, read as one
        return set()
    cut = [name[:length] for length in range(_SHORTEST, len(name))] if is_whole else []
    return {way for spelt in (name, *cut) for way in (spelt, plain_name(spelt))}
