"""Malformed inputs and what became of them: a function per case builds the files, takes them in, and tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# What the catalogue promises: the run stops (REFUSE; GATE: because too much is wrong), rows are set aside (QUAR),
# repaired (FIX), accepted with a mention (NOTE) or plainly accepted (OK), part of the report is left out (SKIP).
Outcome = Literal["REFUSE", "GATE", "QUAR", "FIX", "NOTE", "SKIP", "OK"]


@dataclass(frozen=True)
class Seen:
    """What became of a malformed input: the outcome, and the product's own words about it."""

    outcome: Outcome
    said: str


@dataclass(frozen=True)
class Case:
    """A line of the catalogue: `prove` makes the input in an empty folder and says what became of it."""

    id: str
    title: str
    promised: Outcome
    prove: Callable[[Path], Seen]


CASES: list[Case] = []


def case(id: str, title: str, promised: Outcome) -> Callable[[Callable[[Path], Seen]], Callable[[Path], Seen]]:
    """Enters a function into the catalogue; one id may have several, where it names several outcomes."""

    def entered(prove: Callable[[Path], Seen]) -> Callable[[Path], Seen]:
        CASES.append(Case(id, title, promised, prove))
        return prove

    return entered
