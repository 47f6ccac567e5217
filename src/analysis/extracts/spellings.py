"""Headers read through the dictionary: which contract column a known spelling means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from analysis.basis.errors import InputRefused
from analysis.extracts.contract import CONTRACT, Table
from analysis.extracts.header_names import BY_TABLE, EVERYWHERE

_COUNTED_AGAIN = re.compile(r"(?<=\w)\.\d{1,2}$")  # `fee.1`: how pandas writes a name it met before
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_CURRENCIES = ("", "元", "人民币", "rmb", "cny", "eur", "euro", "usd", "gbp")


def plain_name(header: str) -> str:
    """A header as names are compared: NFKC, no case, no accents, letters and digits only; `fee.1` is `fee`."""
    text = unicodedata.normalize("NFKC", header).strip()
    text = unicodedata.normalize("NFKD", _COUNTED_AGAIN.sub("", text)).casefold()
    return "".join(sign for sign in text if sign.isalnum())


def both_ways(spelling: str) -> tuple[str, ...]:
    """A spelling as it stands, and with its German umlauts written out where it has some."""
    written_out = spelling.translate(_WRITTEN_OUT)
    return (spelling,) if written_out == spelling else (spelling, written_out)


@cache
def known_names(table: str) -> dict[str, str]:
    """Plain name → the column of the contract table that it means; the contract's own names included."""
    names: dict[str, str] = {}
    for column in CONTRACT[table].columns:
        spellings = f"{EVERYWHERE.get(column.name, '')}|{BY_TABLE.get(table, {}).get(column.name, '')}".split("|")
        ends = _CURRENCIES if column.type == "money" else ("",)
        plain = [plain_name(way) for spelling in spellings if spelling for way in both_ways(spelling)]
        names |= {name + end: column.name for name in plain for end in ends}
    return names | {plain_name(name): name for name in CONTRACT[table].names}


@cache
def every_known_name() -> frozenset[str]:
    """Plain names of all tables."""
    return frozenset(name for table in CONTRACT for name in known_names(table))


def renamed(header: Sequence[str], table: Table, *, where: str, sql: str) -> dict[str, str]:
    """The header's own spelling → the contract column it means, for columns that are not spelt as the contract does.

    Raises
    ------
    InputRefused
        When two columns mean the same: `sql`, a file that could say which, is named.
    """
    known = known_names(table.name)
    meant: dict[str, str] = {}
    for name in header:
        column = known.get(plain_name(name))
        if column is None:
            continue
        if column in meant:
            raise InputRefused(
                where,
                expected=f"one column for {column}",
                found=f"{meant[column]!r} and {name!r}",
                do=f"Remove or rename one of them, or say in {sql} which is meant.",
            )
        meant[column] = name
    return {name: column for column, name in meant.items() if name != column}
