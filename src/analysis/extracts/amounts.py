"""Numbers as people write them: what a text says, by the source's decimal sign and currency."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.extracts.engine import literal
from analysis.extracts.mapping import CsvFormat

# A sign says little alone: ¥ is no euro. Only signs of the source's own currency are taken off.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "£": ("GBP", "EGP"),
    "¥": ("CNY", "JPY"),
    "元": ("CNY", "TWD", "HKD"),
    "円": ("JPY",),
    "₩": ("KRW",),
    "원": ("KRW",),
    "₹": ("INR",),
    "₽": ("RUB",),
    "₺": ("TRY",),
    "₫": ("VND",),
    "zł": ("PLN",),
    "Kč": ("CZK",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "Ft": ("HUF",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS"),
}
_WIDE = "０１２３４５６７８９．，－＋￥＄￡￦\u3000\u00a0\u202f\u2009\u2212\u2019"
_PLAIN = "0123456789.,-+¥$£₩    -'"
_APART = " '"  # what else may stand between thousands: 1 234,50 and 1'234.50


def plain_number(text: str, form: CsvFormat) -> str:
    """The text where it is a number as the engine writes it, but for the decimal sign; missing where it is not."""
    if form.decimal == ".":
        return f"CASE WHEN NOT contains({text}, '_') THEN {text} END"
    return f"CASE WHEN NOT contains({text}, '.') AND NOT contains({text}, '_') THEN replace({text}, ',', '.') END"


def mended_number(text: str, form: CsvFormat, currency: str | None) -> str:
    """The number in a text that is no plain one: "1,234.50", "1 234.50", "¥29.85", "29.85-"; missing when it has none.

    A minus behind an amount, as accounting systems print it, is one only behind decimals: "10-" may be a range.

    Parameters
    ----------
    currency
        The source's, whose signs and code may stand before or behind an amount; None for what is no money.
    """
    narrow = f"translate({text}, {literal(_WIDE)}, {literal(_PLAIN)})"
    if currency:
        behind = rf"^([^+-]*[{form.decimal}][0-9]+) *-([^0-9]*)$"
        narrow = f"regexp_replace({narrow}, {literal(behind)}, '-\\1\\2')"
    signs = _signs(currency)
    around = rf"^ *([+-]?) *{signs} *([+-]?[0-9.,]+(?:[{_APART}][0-9.,]+)*) *{signs} *$"
    bare = f"regexp_replace({narrow}, {literal(around)}, '\\1\\2')"
    group = grouping(form)
    thousands = "|".join(rf"([{sign}]\d{{3}})+" for sign in (group, *_APART))
    grouped = literal(rf"[+-]?\d{{1,3}}({thousands})([{form.decimal}]\d+)?")
    single = literal(rf"[+-]?\d+([{form.decimal}]\d+)?")
    number = f"replace(translate({bare}, {literal(group + _APART)}, ''), {literal(form.decimal)}, '.')"
    return (
        f"CASE WHEN {text} IS NOT NULL AND (regexp_full_match({bare}, {grouped}) "
        f"OR regexp_full_match({bare}, {single})) THEN {number} END"
    )


def other_number(form: CsvFormat) -> str:
    """The pattern of a number that makes sense only with the other decimal sign: "1.234,56" or "29,90" for a point."""
    other, apart = grouping(form), rf"{_APART}\x{{a0}}\x{{202f}}"
    return rf"[+-]?(\d{{1,3}}([{form.decimal}{apart}]\d{{3}})+[{other}]\d+|\d+[{other}](\d{{1,2}}|\d{{4,}}))"


def grouping(form: CsvFormat) -> str:
    """What may separate thousands: the sign that is not the decimal one."""
    return "," if form.decimal == "." else "."


def _signs(currency: str | None) -> str:
    """The pattern of a currency's signs and its code, none of which need be there."""
    if currency is None:
        return ""
    own = [re.escape(sign) for sign, currencies in _SIGNS.items() if currency in currencies]
    return f"(?:{'|'.join([*own, f'(?i:{currency})'])})?"
