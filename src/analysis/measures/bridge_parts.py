"""Which parts of a bridge may be published by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

OTHER = "other"


class Behind(NamedTuple):
    """What a part comes to, in its own unit, and how many customers' changes it is made of."""

    amount: float
    customers: int


def folded(
    behind: Mapping[str, Behind], *, rest: str, order: Sequence[str], smallest: int
) -> dict[str, tuple[str, ...]]:
    """The parts that are shown, each with those it is made of.

    Parts of nothing are left out. Those that no customer's change is large enough to be noticed in go with the `rest`.
    Those of fewer than `smallest` customers become one, `other`, together with the next smallest: who knows the
    total and the other parts would know theirs.
    """
    there = [name for name in order if name in behind and behind[name].amount != 0]
    quiet = [name for name in there if not behind[name].customers and name != rest]
    shown: dict[str, tuple[str, ...]] = {name: (name,) for name in there if name not in quiet}
    if quiet:
        shown[rest] = (*shown.get(rest, ()), *quiet)
    small = [name for name in shown if behind[name].customers < smallest]
    large = sorted((name for name in shown if name not in small), key=lambda name: (behind[name].customers, name))
    if small and smallest > 1:
        small += large[:1]
        names = tuple(part for name in small for part in shown.pop(name))
        shown[OTHER] = names
    return {name: shown[name] for name in order if name in shown}
