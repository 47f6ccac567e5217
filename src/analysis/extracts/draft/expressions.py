"""One drafted column: the SQL that gives it, and what a person should look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.extracts.draft.assign import SURE, Match
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.targets import Target, translated
from analysis.extracts.draft.value_words import FALSE_WORDS, READ_AS_TRUTH, TRUE_WORDS, VALUE_WORDS, truth_pair
from analysis.extracts.engine import literal

_ISO = "%Y-%m-%d"


@dataclass
class Line:
    """A column of a drafted SELECT: `sql` AS `name`, with its doubts, if any; `raw` is the header it was taken from."""

    name: str
    sql: str
    doubts: list[str] = field(default_factory=list)
    raw: str = ""


def line(match: Match, place: str, *, date_format: str, clock: tuple[str, str] | None = None) -> Line:
    """The drafted line of one match.

    `place` is the raw column as SQL writes it; `clock` another that holds the time of day, and how it is written.
    """
    target, column = match.target, match.column
    drafted = Line(target.name, place, raw=column.name)
    if column.filled == 0:
        drafted.doubts.append("it is empty in what was read, so only its name speaks for it")
    elif match.rivals:
        drafted.doubts.append(f"or {', '.join(map(repr, match.rivals))}")
    if match.score < SURE and column.filled:
        drafted.doubts.append(_why(match))
    if target.type in ("date", "time", "month"):
        _dated(drafted, target, column, date_format=date_format, clock=clock)
    elif target.type == "boolean":
        drafted.sql = _truth(column, place)
    elif (target.table, target.name) in VALUE_WORDS:
        _coded(drafted, target, column)
    return drafted


def _why(match: Match) -> str:
    if match.header < 0.3:
        return "taken for its values, its name says nothing of it"
    return "its name says so only in part"


def _dated(drafted: Line, target: Target, column: Column, *, date_format: str, clock: tuple[str, str] | None) -> None:
    """A day, time or month in the source's date format; as it stands where its order cannot be seen."""
    written = column.written
    if column.type != "VARCHAR" or written is None:
        return
    if column.rivals:
        ways = " or ".join([written.text, *(one.text for one in column.rivals)])
        drafted.doubts.append(f"its days read as {ways}: ask which, then set date_format or use strptime")
        return
    if column.settled_by:
        drafted.doubts.append(f"read as {written.text}, for so it agrees with {column.settled_by!r}")
    if clock and target.type == "time" and written.kind == "day":
        whole = f"{drafted.sql} || ' ' || {clock[0]}"
        drafted.sql = _rewritten(whole, f"{written.text} {clock[1]}", f"{date_format} %H:%M:%S", drafted.sql)
        return
    if target.type == "month":
        month = next((one for one in column.formats if one.kind == "month"), None)
        if month is None and not any(one.firsts for one in column.formats):
            drafted.doubts.append("its days are not the first of a month")
        if written.text not in (date_format, _ISO, "%Y-%m"):
            drafted.sql = _rewritten(drafted.sql, written.text, "%Y-%m", drafted.sql)
        return
    if written.text not in (date_format, f"{date_format} %H:%M:%S", f"{date_format}T%H:%M:%S"):
        to = date_format if target.type == "date" or written.kind == "day" else f"{date_format} %H:%M:%S"
        drafted.sql = _rewritten(drafted.sql, written.text, to, drafted.sql)
    elif target.type == "date" and written.kind == "time":
        drafted.sql = _rewritten(drafted.sql, written.text, date_format, drafted.sql)


def _rewritten(sql: str, written: str, to: str, otherwise: str) -> str:
    """Text in another format; what cannot be read stays as it is, for the contract to set aside."""
    return f"coalesce(strftime(try_strptime({sql}, {literal(written)}), {literal(to)}), {otherwise})"


def _truth(column: Column, place: str) -> str:
    words = {value.casefold() for value in column.listed}
    if words <= set(READ_AS_TRUTH):
        return place
    true, false = TRUE_WORDS.split("|"), FALSE_WORDS.split("|")
    if pair := truth_pair(column.listed):
        true, false = [pair[0]], [pair[1]]
    whens = [f"WHEN {literal(value)} THEN 'true'" for value in column.listed if value.casefold() in true]
    whens += [f"WHEN {literal(value)} THEN 'false'" for value in column.listed if value.casefold() in false]
    return f"CASE {place} {' '.join(whens)} ELSE {place} END"


def _coded(drafted: Line, target: Target, column: Column) -> None:
    """Coded words translated; what has no word stays as it is, and is named where the contract would refuse it."""
    place, words = drafted.sql, {value: translated(target.table, target.name, value) for value in column.listed}
    whens = [f"WHEN {literal(value)} THEN {literal(word)}" for value, word in words.items() if word and word != value]
    strict = bool(target.values) or (target.name == "contract_months" and column.numbers < 1)
    strange = [value for value, word in words.items() if word is None] if strict else []
    if strict and column.numbers == 1 and target.name == "contract_months":
        strange = []
    if whens:
        drafted.sql = f"CASE {place}\n        " + "\n        ".join(whens) + f"\n        ELSE {place}\n    END"
    if strange and column.rows < 5 * column.distinct:  # hardly coded: not to be shown
        drafted.doubts.append(f"some of its values are none of {', '.join(target.values) or 'months'}")
    elif strange:
        listed = ", ".join(map(repr, strange[:6])) + (" and more" if len(strange) > 6 else "")
        allowed = ", ".join(target.values) or "months"
        drafted.doubts.append(f"what is {listed}? It must be one of {allowed}")
    elif strict and not column.listed and column.filled:
        drafted.doubts.append(f"its values must become one of {', '.join(target.values)}")
