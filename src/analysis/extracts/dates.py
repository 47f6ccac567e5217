"""How dates are written: the source's formats as SQL, and what a text looks like that none of them fits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.extracts.engine import literal

DAY = "%Y-%m-%d"
SERIAL, SECONDS, MILLISECONDS = "excel_serial", "epoch_s", "epoch_ms"
COUNTED = {  # numbers that mean a moment, where the source declares them
    SERIAL: "a number of days as Excel counts them",
    SECONDS: "seconds since 1970 (UTC)",
    MILLISECONDS: "milliseconds since 1970 (UTC)",
}
# Fewer digits than these are dates before 1973, or another unit: a moment in milliseconds is never read as seconds.
_DIGITS = {SECONDS: r"\d{9,11}", MILLISECONDS: r"\d{12,14}"}
_SERIAL = r"\d{2,7}(\.\d+)?"
_HOURS = (" %H:%M:%S", "T%H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S.%f", " %H:%M", "T%H:%M")
_CHINESE = ("%Y年%m月%d日", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H:%M:%S", "%Y年%m月")
ZONE = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|UTC|[+-]\d\d(:?\d\d)?)"
_LOOKS = (  # a text that is a date in another writing → what it looks like, and how to declare that
    (
        r"\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})",
        "It is not guessed whether the day or the month comes first: ask who made the extract, then write",
        ("%d{0}%m{0}{1}", "%m{0}%d{0}{1}"),
    ),
    (r"\d{4}[./]\d{1,2}[./]\d{1,2}", "It looks like a year, a month and a day: write", ("%Y{0}%m{0}%d",)),
    (r"\d{5}(\.\d+)?", "It may count days as Excel does: if so, write", (SERIAL,)),
    (r"(19|20)\d\d[01]\d[0-3]\d", "It looks like a year, a month and a day: write", ("%Y%m%d",)),
    (_DIGITS[SECONDS], "It may count seconds since 1970: if so, write", (SECONDS,)),
    (_DIGITS[MILLISECONDS], "It may count milliseconds since 1970: if so, write", (MILLISECONDS,)),
)
_MONTH_LOOKS = ((r"(0?[1-9]|1[0-2])[./-]\d{4}", "It looks like a month and a year: write", ('{{month: "%m{0}{1}"}}',)),)


def moment(text: str, formats: Sequence[str], *, timezone: str, month: bool = False) -> str:
    """A text as a TIMESTAMP in local time; missing when it is written in none of the ways that are sure.

    Sure are the declared `formats` (with a time of day behind a date or not), and what nobody can misread:
    2026-09-30, 2026年9月30日, and a moment that names its own zone. These are tried only where the declared do not fit.
    """
    written = [form for form in formats if form not in COUNTED]
    readings = [f"try_strptime({text}, {_listed(with_hours(written, month=month))})"] if written else []
    readings += [_counted(text, form, timezone=timezone) for form in formats if form in COUNTED]
    plain = () if DAY in formats or contradictory([*formats, DAY]) else (DAY, *(DAY + clock for clock in _HOURS))
    zoned = f"WHEN {names_a_zone(text)} THEN TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE {literal(timezone)}"
    sure = f"WHEN {text} IS NOT NULL THEN try_strptime({text}, {_listed([*plain, *_CHINESE])})"
    return f"coalesce({', '.join(readings)}, CASE {zoned} {sure} END)"


def declared_moment(text: str, formats: Sequence[str], *, month: bool = False) -> str:
    """A text as a TIMESTAMP by the declared `formats` alone; missing for every text where one is a count or a zone."""
    if any(form in COUNTED or "%z" in form.lower() for form in formats):
        return "CAST(NULL AS TIMESTAMP)"
    return f"try_strptime({text}, {_listed(with_hours(formats, month=month))})"


def names_a_zone(text: str) -> str:
    """Whether a text is a moment with its own zone: 2026-09-30T22:30:00Z, 2026-09-30 22:30+02:00."""
    return f"(length({text}) > 16 AND regexp_full_match({text}, {literal(ZONE)}))"


def in_chinese(text: str, formats: Sequence[str]) -> str:
    """Whether a text is a date written 2026年9月30日 that the source did not declare."""
    return "false" if any("年" in form for form in formats) else f"contains({text}, '年')"


def counts(text: str, formats: Sequence[str]) -> str:
    """Whether a text is a number that the source declares to count days or seconds."""
    shapes = [_SERIAL if form == SERIAL else _DIGITS[form] for form in formats if form in COUNTED]
    return f"regexp_full_match({text}, {literal('|'.join(shapes))})" if shapes else "false"


def has_hours(formats: Sequence[str]) -> bool:
    """Whether the source declares that its dates come with a time of day."""
    return any("%H" in form or "%I" in form or form in _DIGITS for form in formats)


def described(formats: Sequence[str], what: str) -> str:
    """What a value in these formats is: `what` (a date, a time, with its article) as it is written, or a count."""
    return " or ".join(COUNTED.get(form, f"{what} written {form}") for form in formats)


def advice(text: str, *, month: bool = False) -> str | None:
    """How to declare what an unreadable date, or month, looks like; None when it looks like none."""
    for shape, said, forms in (*_MONTH_LOOKS, *_LOOKS) if month else _LOOKS:
        if not re.fullmatch(shape, text):
            continue
        separator = next((sign for sign in "./-" if sign in text), "")
        year = "%Y" if re.search(r"\d{4}", text) else "%y"
        said_forms = [form.format(separator, year) for form in forms]
        written = (f'"{form}"' if form.startswith("%") else form for form in said_forms)
        return f"{said} {' or '.join(f'`csv: {{date_format: {form}}}`' for form in written)}"
    return None


def contradictory(formats: Sequence[str]) -> bool:
    """Whether a text could fit two of the formats with another day: 01/02/2026 by %d/%m/%Y and by %m/%d/%Y."""
    exchanged = [form.translate({ord("d"): "m", ord("m"): "d"}) for form in formats if form not in COUNTED]
    return any(form in formats for form in exchanged)


def with_hours(formats: Sequence[str], *, month: bool = False) -> list[str]:
    """Each format alone, then with a time of day behind it; a month may lack its day."""
    if month:
        return [*formats, "%Y-%m-%d", "%Y-%m"]
    hours = [form + clock for clock in _HOURS for form in formats if not has_hours([form])]
    return [*formats, *hours]


def _counted(text: str, form: str, *, timezone: str) -> str:
    """A number as a moment. Excel's 60 is 29 February 1900, a day that never was: earlier ones are not read."""
    if form == SERIAL:
        since = (
            f"TIMESTAMP '1899-12-30' + to_microseconds(CAST(round(CAST({text} AS DOUBLE) * 86400) AS BIGINT) * 1000000)"
        )
        return (
            f"CASE WHEN regexp_full_match({text}, {literal(_SERIAL)}) AND CAST({text} AS DOUBLE) > 60 THEN {since} END"
        )
    factor = 1_000_000 if form == SECONDS else 1_000
    local = f"make_timestamp(CAST({text} AS BIGINT) * {factor}) AT TIME ZONE 'UTC' AT TIME ZONE {literal(timezone)}"
    return f"CASE WHEN regexp_full_match({text}, {literal(_DIGITS[form])}) THEN {local} END"


def _listed(formats: Sequence[str]) -> str:
    return "[" + ", ".join(literal(form) for form in dict.fromkeys(formats)) + "]"
