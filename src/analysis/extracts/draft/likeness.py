"""How much a header looks like a name of a contract column: the dictionary first, then the words they share."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection
from functools import cache

from analysis.extracts.contract import CONTRACT, Table
from analysis.extracts.draft.likely_names import LIKELY, LIKELY_EVERYWHERE
from analysis.extracts.header_names import BY_TABLE, EVERYWHERE
from analysis.extracts.spellings import both_ways, known_names, plain_name

KNOWN, EXPECTED, WORDS = 1.0, 0.85, 0.75  # what a known spelling, a likely one, and words in common are worth
_SHORT = {
    "amt": "amount", "dt": "date", "cust": "customer", "acct": "account", "acc": "account", "nbr": "number",
    "no": "number", "nr": "number", "num": "number", "key": "id", "ident": "id", "identifier": "id", "code": "id",
    "qty": "count", "yr": "year", "mth": "month", "mnth": "month", "mon": "month", "svc": "service", "dl": "download",
    "ul": "upload", "down": "download", "up": "upload", "mins": "minutes", "min": "minutes", "ts": "time", "tm": "time",
    "addr": "address", "desc": "description", "prod": "product", "sub": "subscription", "subs": "subscription",
    "bw": "bandwidth", "inv": "invoice", "stat": "status", "cat": "category", "reg": "region", "pct": "share",
    "type": "kind", "tel": "phone", "mbit": "mbps", "mbits": "mbps", "gigabytes": "gb", "expiry": "end",
    "expires": "end", "finish": "end", "begin": "start", "at": "time", "on": "date", "timestamp": "time", "day": "date",
    "ratio": "share", "ms": "milliseconds", "org": "company", "firm": "company", "employer": "company",
}  # fmt: skip
_EMPTY = {"the", "of", "in", "is", "a", "an", "was", "has", "by", "for", "de", "la", "du", "der", "des"}
_EMPTY |= {"flag", "ind", "indicator", "yn", "是", "否", "是否", "的", "与"}  # say of what type, not what
_BESIDE = re.compile(  # what a header says of its values: yes or no, a scale, a unit of money
    r"(?i)[(\[]?\b(?:(?:ja?|y(?:es)?|o(?:ui)?|s[ií]?|true)\s*/\s*(?:n(?:ein|on?)?|false)|[01]\s*(?:[-–/]|bis|to|à|a)\s*\d{1,2}"
    r"|eur|usd|gbp|chf|cny)\b[)\]]?|[(\[（]?(?:是\s*/\s*否|€|元)[)\]）]?"
)
_SHORTEST = 3  # letters of a word cut short, such as acq for acquisition


@cache
def likeness(header: str, table: str, column: str) -> float:
    """From 0 to 1: 1 for a known spelling of the table's column, less for a likely one, less for words in common."""
    known = {} if column.startswith("_") else known_names(table)
    plain = [plain_name(header), plain_name(_BESIDE.sub(" ", header))]
    if column in map(known.get, plain):
        return KNOWN
    if not _likely(table, column).isdisjoint(plain):
        return EXPECTED
    mine = frozenset(map(_written_out, words(header)))
    return WORDS * max((_shared(mine, other) for other in _worded(table, column)), default=0.0)


def looks_like(header: str, table: Table, *, free_of: Collection[str]) -> str | None:
    """The one column of the table, none of `free_of`, that the header is a likely name of; None where none is."""
    free = [name for name in table.names if name not in free_of]
    best = max(free, key=lambda name: likeness(header, table.name, name), default=None)
    return best if best and likeness(header, table.name, best) >= EXPECTED else None


@cache
def words(header: str) -> frozenset[str]:
    """The words of a header in their plain form; Chinese as signs and pairs of signs."""
    text = unicodedata.normalize("NFKC", header)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    found = set()
    for run in re.findall(r"[\u4e00-\u9fff]+|[a-z]+", text):
        if "\u4e00" <= run[0] <= "\u9fff":
            found |= set(run) | {run[i : i + 2] for i in range(len(run) - 1)}
            continue
        word = _SHORT.get(run, run)
        found.add(word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word)
    return frozenset(found - _EMPTY)


def spellings(table: str, column: str) -> list[str]:
    """Every spelling of a contract column, known and likely."""
    known = [EVERYWHERE.get(column, ""), BY_TABLE.get(table, {}).get(column, "")]
    likely = [LIKELY_EVERYWHERE.get(column, ""), LIKELY.get(table, {}).get(column, "")]
    own = "" if column.startswith("_") else column
    given = [spelling for text in (own, *known, *likely) for spelling in text.split("|") if spelling]
    return [way for spelling in given for way in both_ways(spelling)]


@cache
def _likely(table: str, column: str) -> frozenset[str]:
    return frozenset(plain_name(spelling) for spelling in spellings(table, column))


@cache
def _worded(table: str, column: str) -> frozenset[frozenset[str]]:
    return frozenset(words(spelling) for spelling in spellings(table, column)) - {frozenset()}


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Weight of the words in common over the mean weight of both (Dice, 1945): rare words weigh more."""
    if not one & other:
        return 0.0
    return 2 * sum(map(_weight, one & other)) / (sum(map(_weight, one)) + sum(map(_weight, other)))


@cache
def _weight(word: str) -> float:
    return math.log(1 + 100 / _columns_with().get(word, 1))


@cache
def _written_out(word: str) -> str:
    """The one longer word of the dictionary that a word unknown to it begins, if it is cut short."""
    counts = _columns_with()
    if word in counts or len(word) < _SHORTEST or not word.isascii():
        return word
    longer = [other for other in counts if other.startswith(word)]
    return max(longer, key=lambda other: (counts[other], other)) if longer else word


@cache
def _columns_with() -> dict[str, int]:
    """Word → how many contract columns have a spelling with it."""
    counts: dict[str, int] = {}
    for table, contract in CONTRACT.items():
        for column in contract.names:
            for word in {word for spelling in _worded(table, column) for word in spelling}:
                counts[word] = counts.get(word, 0) + 1
    return counts
