"""Pieces that sentences share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import pandas as pd

from analysis.present.numbers import count, finite, percent


class Words(TypedDict):
    """What stands around a chart: the finding as its title, measure, unit and period, and the alternative text."""

    finding: str
    subtitle: str
    alt: str


class Captions(TypedDict):
    """What stands above a table."""

    finding: str
    subtitle: str


def listed(parts: Sequence[str]) -> str:
    """The parts as a list in a sentence: "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def counted(number: float, one: str, many: str) -> str:
    """The number with its noun: "1 customer", "2 customers"."""
    return f"{count(number)} {one if number == 1 else many}"


def moved(now: float | None, before: float | None) -> str:
    """How a share moved: "up from 4.1 %", "down from 4.1 %", "unchanged at 4.1 %"; empty without an earlier value."""
    new, old = finite(now), finite(before)
    if new is None or old is None:
        return ""
    if percent(new) == percent(old):
        return f"unchanged at {percent(old)}"
    return f"{'up' if new > old else 'down'} from {percent(old)}"


def extremes(rows: pd.DataFrame, value: str) -> tuple[pd.Series, pd.Series] | None:
    """The rows with the highest and the lowest value; None when fewer than two have one."""
    known = rows.dropna(subset=[value])
    if len(known) < 2:
        return None
    ordered = known.sort_values(value, kind="stable")
    return ordered.iloc[-1], ordered.iloc[0]
