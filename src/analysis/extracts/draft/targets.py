"""What raw columns are looked for: the contract's columns, and three that stand in for dates a snapshot has not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from analysis.extracts.contract import CONTRACT, Type
from analysis.extracts.draft.value_words import VALUE_WORDS
from analysis.extracts.spellings import both_ways, plain_name

STAND_INS: dict[str, tuple[Type, float | None, float | None]] = {
    "_tenure_months": ("number", 0, 1200),  # signup = snapshot - tenure
    "_churned": ("boolean", None, None),  # churn_date = snapshot where true
    "_age": ("integer", 0, 130),  # birth_year = year of the snapshot - age
}


@dataclass(frozen=True)
class Target:
    """A column that a raw table may hold, with what its values must be."""

    table: str
    name: str
    type: Type
    required: bool = False
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def is_id(self) -> bool:
        return self.type == "text" and self.name.endswith("_id")

    @property
    def is_own_key(self) -> bool:
        """Whether it names the table's rows: each value once, or a few times for the lines of a bill."""
        own = CONTRACT[self.table].key == (self.name,) or self.name == "invoice_id"
        return own and self.name != "customer_id"


def targets_of(table: str) -> list[Target]:
    """The columns looked for in a table, in the contract's order."""
    contract = CONTRACT[table]
    found = [Target(table, c.name, c.type, c.required, c.values, c.low, c.high) for c in contract.columns]
    stand_ins = STAND_INS if table == "customers" else {}
    return found + [Target(table, name, kind, low=low, high=high) for name, (kind, low, high) in stand_ins.items()]


def translated(table: str, column: str, value: str) -> str | None:
    """The contract's word for a coded value; None when it is not known."""
    return _words(table, column).get(plain_name(value))


@cache
def _words(table: str, column: str) -> dict[str, str]:
    """Plain spelling → the contract's word."""
    words = VALUE_WORDS.get((table, column), {})
    spelt = {
        plain_name(way): word
        for word, spellings in words.items()
        for spelling in spellings.split("|")
        for way in both_ways(spelling)
    }
    return spelt | {plain_name(word): word for word in words}


def share_translated(target: Target, listed: tuple[str, ...]) -> float:
    """How many of a column's values have a word in the contract, 0 to 1."""
    known = [value for value in listed if translated(target.table, target.name, value)]
    return len(known) / len(listed) if listed else 0.0
