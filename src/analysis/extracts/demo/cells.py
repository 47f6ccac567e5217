"""Columns of numbers turned into columns of a file: dates, decimals, words; empty where nothing is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.extracts.demo.days import NEVER, NEVER_SECOND
from analysis.extracts.demo.state import Floats, Ints

Cells = Any  # a pyarrow array: its classes have no stubs


def dates(days: Ints) -> Cells:
    """Dates of days; empty for NEVER."""
    return pa.array(days.astype(np.int32), mask=days == NEVER).cast(pa.date32())


def times(seconds: Ints) -> Cells:
    """Local times of seconds; empty for NEVER_SECOND."""
    return pa.array(seconds, mask=seconds == NEVER_SECOND).cast(pa.timestamp("s"))


def decimals(units: Ints, places: int) -> Cells:
    """Decimals from whole units of the last place; empty for NEVER."""
    wide = np.empty((len(units), 2), dtype=np.int64)
    wide[:, 0], wide[:, 1] = units, units >> 63
    filled = pa.Array.from_buffers(pa.decimal128(18, places), len(units), [None, pa.py_buffer(wide)])
    return pc.if_else(pa.array(units == NEVER), pa.scalar(None, filled.type), filled)


def money(cents: Ints) -> Cells:
    """Amounts with two decimals; empty for NEVER."""
    return decimals(np.asarray(cents, dtype=np.int64), 2)


def numbers(values: Floats, places: int) -> Cells:
    """Numbers rounded to fixed decimals; empty for nan."""
    missing = np.isnan(values)
    units = np.rint(np.where(missing, 0.0, values) * 10**places).astype(np.int64)
    return decimals(np.where(missing, NEVER, units), places)


def integers(values: NDArray[Any]) -> Cells:
    """Whole numbers; empty where negative."""
    whole = np.asarray(values).astype(np.int64)
    return pa.array(whole, mask=whole < 0)


def flags(values: NDArray[Any]) -> Cells:
    """The words true and false; empty where negative."""
    whole = np.asarray(values).astype(np.int64)
    return pa.array(whole > 0, mask=whole < 0)


def words(codes: Ints, vocabulary: Sequence[str | None] | Cells) -> Cells:
    """The word of each code; empty where negative."""
    codes = np.asarray(codes, dtype=np.int64)
    known = vocabulary if isinstance(vocabulary, pa.Array) else pa.array(vocabulary, pa.string())
    return known.take(pa.array(codes, mask=codes < 0))


def ids(letter: str, numbers: Ints, width: int) -> Cells:
    """Ids: a letter and a number of fixed width."""
    digits = pc.utf8_lpad(pa.array(np.asarray(numbers, dtype=np.int64)).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(letter, digits, "")
