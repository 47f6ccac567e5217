"""Numbers and days as a reader sees them: rounded once, half up, at the very end; missing is "–"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision

from analysis.basis.metric import Unit
from analysis.basis.quarter import Quarter
from analysis.basis.rounding import half_up
from analysis.present.text import MISSING

LOCALE = Locale.parse("en")  # the language of every number; a second language replaces this and the words below
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
WORDS = {"to": "to", "month": "month", "months": "months", "point": "point", "points": "points", "same": "no change"}

Number = float | int | Decimal | None


def finite(value: object) -> float | None:
    """`value` as a float; None when it is missing or not a finite number."""
    try:
        number = float(value)  # type: ignore[arg-type]  # None, NA and NaT raise TypeError, which is the point
    except TypeError:
        return None
    return number if abs(number) < float("inf") else None


def _exact(value: float, places: int) -> Decimal:
    """`value` rounded half up, as a decimal that needs no further rounding; never minus zero."""
    return Decimal(repr(half_up(value, places))) + 0


def _grouped(number: Decimal, places: int) -> str:
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(number, format=pattern, locale=LOCALE).replace("-", MINUS)


def decimal(value: Number, places: int = 1) -> str:
    """A plain number with thousands separators: "1,234.5"."""
    number = finite(value)
    return MISSING if number is None else _grouped(_exact(number, places), places)


def count(value: Number) -> str:
    """A number of customers, lines or events: "7,043"."""
    return decimal(value, 0)


def percent(value: Number, places: int = 1) -> str:
    """A share (0 to 1) in per cent: 0.2654 is "26.5 %"."""
    number = finite(value)
    if number is None:
        return MISSING
    return _grouped(_exact(number, places + 2) * 100, places) + NO_BREAK + "%"


def money(value: Number, currency: str, places: int | None = None) -> str:
    """An amount of money: "€63.20"; `places` defaults to the currency's own."""
    number = finite(value)
    if number is None:
        return MISSING
    digits = money_places(currency) if places is None else places
    pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
    amount = _exact(number, digits)
    return format_currency(amount, currency, format=pattern, locale=LOCALE, currency_digits=False).replace("-", MINUS)


def money_places(currency: str) -> int:
    """Decimals of an amount in a currency: 2 for EUR, 0 for JPY."""
    return int(get_currency_precision(currency))


def months(value: Number, places: int = 1) -> str:
    """A duration in months: "32.4 months"."""
    number = finite(value)
    if number is None:
        return MISSING
    word = "month" if _exact(number, places) == 1 else "months"
    return decimal(number, places) + NO_BREAK + WORDS[word]


def formatted(value: Number, unit: Unit, *, currency: str | None = None) -> str:
    """A KPI's value in the unit of the dictionary; sums of money without cents, amounts each or a month with them."""
    if unit in ("money", "money_each", "money_per_month"):
        if currency is None:
            raise ValueError(f"expected a currency for an amount in {unit}, found none. Pass currency=source.currency.")
        return money(value, currency, 0 if unit == "money" else None)
    by_unit: dict[str, Callable[[Number], str]] = {
        "count": count, "share": percent, "months": months, "score": decimal,
        "ratio": partial(decimal, places=2), "return": partial(percent, places=0), "error": partial(decimal, places=4),
    }  # fmt: skip
    return by_unit[unit](value)


def interval(low: Number, high: Number, format: Callable[[Number], str]) -> str:
    """Two ends in one unit: "25.5 to 27.6 %"; missing when either end is."""
    first, last = format(low), format(high)
    if MISSING in (first, last):
        return MISSING
    unit = NO_BREAK + last.rpartition(NO_BREAK)[2] if NO_BREAK in last else ""
    return f"{first.removesuffix(unit)} {WORDS['to']} {last}"


def spread(low: Number, high: Number, format: Callable[[Number], str]) -> str:
    """As `interval`; missing, too, where both ends print alike: "21.3 to 21.3 %" would promise what nobody knows."""
    return MISSING if format(low) == format(high) else interval(low, high, format)


def change(value: Number, previous: Number, unit: Unit, *, currency: str | None = None) -> str:
    """The difference from the previous value, signed: "+0.3 points" for shares, "−120" for counts.

    Rounded once, from the exact difference: it may differ in the last digit from the difference of two printed values.
    """
    new, old = finite(value), finite(previous)
    if new is None or old is None:
        return MISSING
    size = _size(abs(new - old), unit, currency)
    if not any(digit in size for digit in "123456789"):
        return WORDS["same"]
    return ("+" if new > old else MINUS) + size


def _size(difference: float, unit: Unit, currency: str | None) -> str:
    if unit not in ("share", "return"):
        return formatted(difference, unit, currency=currency)
    number = formatted(difference, unit).removesuffix(NO_BREAK + "%")
    return number + NO_BREAK + WORDS["point" if number in ("1", "1.0") else "points"]


def quarter(value: Quarter | str | None) -> str:
    """A quarter in words: "Q3 2026"."""
    if value is None:
        return MISSING
    one = value if isinstance(value, Quarter) else Quarter.parse(value)
    return f"Q{one.number}{NO_BREAK}{one.year}"


def day(value: dt.date | None) -> str:
    """A day in words: "30 September 2026"; missing when there is none."""
    if value is None or value != value:
        return MISSING
    return format_date(value, "d MMMM y", locale=LOCALE)
