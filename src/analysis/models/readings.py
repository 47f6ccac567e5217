"""The columns of a feature table, read as numbers or as levels whatever type they came in."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analysis.models.counts import Floats, Integers, Truths

Kind = Literal["number", "text", "date", "empty"]

NUMERIC = 0.95  # share of a source's own column that must read as numbers for it to be one
NUMBERS = ("integer", "floating", "decimal", "boolean", "mixed-integer", "mixed-integer-float")
DATES = ("date", "datetime", "datetime64")


class Coded(NamedTuple):
    """A column as levels: a place in `names` per row, -1 where missing; `names` in alphabetical order."""

    codes: Integers
    names: list[str]


def kind(column: pd.Series) -> Kind:
    """What a column holds.

    A source's own column (`attr_…`) often comes as text: it counts as numbers where at least 95 % of its filled cells
    read as such. Other text stays text, for a zip code is no quantity.
    """
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
        return "number" if column.notna().any() else "empty"
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "date" if column.notna().any() else "empty"
    return _kind_of_objects(column)


def numbers(column: pd.Series) -> Floats:
    """The column as float64; missing, endless and unreadable cells are not-a-number."""
    plain = column if pd.api.types.is_numeric_dtype(column.dtype) else _read_as_numbers(column)
    values = np.array(plain.to_numpy(dtype="float64", na_value=np.nan))
    values[~np.isfinite(values)] = np.nan
    return values


def coded(column: pd.Series) -> Coded:
    """The column as levels; blank text is missing, and whole numbers are written without a point."""
    found, values = pd.factorize(column)
    written = [_written(value) for value in values]
    names = sorted({name for name in written if name})
    places = {name: place for place, name in enumerate(names)}
    lookup = np.array([*(places.get(name, -1) for name in written), -1], dtype=np.int64)
    return Coded(lookup[found], names)


def filled(column: pd.Series) -> Truths:
    """True where the column says anything; blank text says nothing."""
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return np.asarray(column.notna(), dtype=bool)
    return coded(column).codes >= 0


def _kind_of_objects(column: pd.Series) -> Kind:
    said = column[filled(column)]
    if said.empty:
        return "empty"
    inferred = pd.api.types.infer_dtype(said.astype(object), skipna=True)
    if inferred in NUMBERS:
        return "number"
    if inferred in DATES:
        return "date"
    own = str(column.name).startswith("attr_")
    return "number" if own and _read_as_numbers(said).notna().mean() >= NUMERIC else "text"


def _read_as_numbers(column: pd.Series) -> pd.Series:
    """Every different value is read once, for most columns repeat a few."""
    found, values = pd.factorize(column)
    read = pd.to_numeric(pd.Series(values, dtype=object).map(_plain), errors="coerce").astype("float64")
    lookup = np.append(read.to_numpy(dtype="float64"), np.nan)
    return pd.Series(lookup[found], index=column.index)


def _plain(value: object) -> str | float:
    """Text as it is, everything else (a decimal, a truth) as a float; what is no number, a day say, as none."""
    if isinstance(value, str):
        return value.strip()
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return float("nan")


def _written(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    try:
        return f"{float(value):g}"  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)
