"""Columns of a tidy table as plain lists, or a message that says which one is not there."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.present.numbers import finite
from analysis.present.text import shortened

MISSING = float("nan")


def figures(data: pd.DataFrame, name: str | None) -> list[float]:
    """A column as floats, not-a-number where a value is missing or not finite; all missing without a name."""
    if name is None:
        return [MISSING] * len(data)
    return [MISSING if value is None else value for value in map(finite, _column(data, name))]


def labels(data: pd.DataFrame, name: str, longest: int = 60) -> list[str]:
    """A column as texts fit to be drawn."""
    return [shortened(value, longest) for value in _column(data, name)]


def flags(data: pd.DataFrame, name: str) -> list[bool]:
    """A boolean column; False where it is missing or the table has no such column."""
    return [value is True for value in data[name].astype(object)] if name in data.columns else [False] * len(data)


def known(values: Sequence[float]) -> list[float]:
    """Those values that are not missing."""
    return [value for value in values if not math.isnan(value)]


def _column(data: pd.DataFrame, name: str) -> list[object]:
    if name not in data.columns:
        raise AnalysisFailed(
            "chart",
            expected=f"the column {name}",
            found=", ".join(map(str, data.columns)) or "no column",
            do="Name columns that the data has.",
        )
    return data[name].astype(object).tolist()
