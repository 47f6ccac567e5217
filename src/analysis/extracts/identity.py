"""What source.yml says of who is who: which version of a row holds, whose word goes first, which keys mean whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from analysis.extracts.contract import CONTRACT

_LATEST = re.compile(r"latest by (\w+)")


class Crosswalk(BaseModel):
    """A raw table that says which customer a key of some system stands for.

    `from` is its column of keys, `to` its column of customers, `system` its column of systems, where one key may
    mean different customers in different systems.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    key: str = Field(alias="from")
    customer: str = Field(alias="to")
    system: str | None = None


@dataclass(frozen=True)
class Objection:
    """A value that means nothing: the key's path, what was expected, what was found, and what it may be."""

    path: tuple[str, ...]
    expected: str
    found: str
    options: Sequence[str] = ()


def latest_by(rule: str | None) -> str | None:
    """The column of a rule `latest by COLUMN`; None without a rule, or with another."""
    match = _LATEST.fullmatch(rule or "")
    return match[1] if match else None


def objections(keep: Mapping[str, str], precedence: Sequence[str]) -> Iterator[Objection]:
    """What is wrong with `keep:` and `precedence:`."""
    keyed = [table.name for table in CONTRACT.values() if table.key]
    for name, rule in keep.items():
        if name not in keyed:
            yield Objection(("keep", name), "a contract table with a primary key", name, keyed)
        elif latest_by(rule) is None:
            yield Objection(("keep", name), "`latest by COLUMN`, with a date of the SELECT", rule)
    for system in precedence:
        if precedence.count(system) > 1:
            yield Objection(("precedence",), "each system once", system)
