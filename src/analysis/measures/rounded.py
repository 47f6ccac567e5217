"""Parts of a whole as they are printed: rounded, and still adding up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from analysis.basis.rounding import half_up


def rounded_parts(parts: Sequence[float], *, total: float, places: int) -> list[float]:
    """The parts rounded to `places` decimals so that they add up to `total` rounded the same way.

    Each part is rounded half up; what is then missing of the total, or too much, goes in single steps to the parts
    whose rounding took or gave most: the method of the largest remainder (Hamilton, 1792) for parts of either sign.
    A part of exactly nothing stays nothing, unless all are. No part moves by a whole step, where the parts add up to
    `total` before rounding to within half of one.
    """
    step = Decimal(1).scaleb(-places)
    kept = [_exact(half_up(part, places)) for part in parts]
    missing = int((_exact(half_up(total, places)) - sum(kept, Decimal(0))) / step)
    way = 1 if missing > 0 else -1
    movable = [i for i, part in enumerate(parts) if part != 0] or list(range(len(parts)))
    order = sorted(movable, key=lambda i: (way * (float(kept[i]) - parts[i]), i))
    for turn in range(abs(missing) if order else 0):
        kept[order[turn % len(order)]] += way * step
    return [float(part) + 0.0 for part in kept]


def _exact(value: float) -> Decimal:
    return Decimal(repr(value))
