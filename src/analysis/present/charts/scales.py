"""Where a value lies on the paper, what stands on an axis, and labels that do not overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.ticker import MaxNLocator

from analysis.basis.metric import Unit
from analysis.present import numbers

FLAT = 0.75  # lowest ÷ highest value from which an axis no longer starts at zero

Scale = Callable[[float], float]


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Values from `low` to `high` on pixels from `start` to `end`."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def ticks(values: Sequence[float], *, most: int = 4, from_zero: bool = True) -> list[float]:
    """Round numbers that reach around all `values`; from zero, unless that would flatten what is to be seen."""
    low, high = min(values), max(values)
    if (from_zero and 0 <= low < FLAT * high) or low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = low + 1
    locator = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10])
    return [float(tick) + 0.0 for tick in locator.tick_values(low, high)]


def tick_words(marks: Sequence[float], unit: Unit, currency: str | None) -> list[str]:
    """The marks of an axis in their unit, with as many decimals as tell them apart."""
    for places in range(4):
        words = [_tick_word(mark, unit, currency, places) for mark in marks]
        if all(_exact(mark, unit, places) for mark in marks):
            break
    return words


def _exact(mark: float, unit: Unit, places: int) -> bool:
    size = mark * 100 if unit == "share" else mark
    return abs(round(size, places) - size) < 1e-9


def _tick_word(mark: float, unit: Unit, currency: str | None, places: int) -> str:
    if unit == "share":
        return numbers.percent(mark, places)
    if unit in ("money", "money_per_month") and currency is not None:
        return numbers.money(mark, currency, places)
    return numbers.decimal(mark, places)


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres near the `wanted` ones, so that labels of these sizes neither overlap nor leave `low` to `high`.

    Labels that would touch form a block, centred on the mean of what its members want (pool adjacent violators).
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    offsets, reached = [], 0.0
    for i in order:
        offsets.append(reached + sizes[i] / 2)
        reached += sizes[i]
    blocks: list[tuple[float, int]] = []
    for i, offset in zip(order, offsets, strict=True):
        blocks.append((wanted[i] - offset, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (first, many), (second, more) = blocks[-2:]
            blocks[-2:] = [((first * many + second * more) / (many + more), many + more)]
    starts = [min(max(start, low), high - reached) for start, many in blocks for _ in range(many)]
    placed = {i: start + offset for i, start, offset in zip(order, starts, offsets, strict=True)}
    return [placed[i] for i in range(len(wanted))]


def thinned(positions: Sequence[float], widths: Sequence[float], gap: float = 10) -> list[int]:
    """Indices of the labels that stand beside each other without touching, counted back from the last."""
    step = 1
    while any(
        positions[i] - positions[i - step] < (widths[i] + widths[i - step]) / 2 + gap
        for i in range(len(positions) - 1, step - 1, -step)
    ):
        step += 1
    return sorted(range(len(positions) - 1, -1, -step))
