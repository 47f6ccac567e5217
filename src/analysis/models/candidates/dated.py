"""Dates that are known ahead: what a contract or a promotion that ends soon means for each step of a forecast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.models.counts import Floats
from analysis.models.forecast import HORIZON, months_ahead

SUFFIX = "_months_left"
LATELY = 3  # months for which an end is felt afterwards
SOON = 2  # months for which it is felt before
WORDS = ("inside", "soon", "lately", "past")
SIZED = ("inside", "lately")
SIZES = {"promotion_months_left": "discount_share"}  # how much ends


def dated_columns(columns: Sequence[str]) -> list[str]:
    """Those of the columns that count the months to a date known at the landmark."""
    return [name for name in columns if name.endswith(SUFFIX)]


def dated_ahead(rows: pd.DataFrame, columns: Sequence[str], *, low: float, high: float) -> pd.DataFrame:
    """Where each known date lies as seen from the months (low, high] ahead.

    Per column of `dated_columns`: `_inside` (1 when the date lies within the step), `_soon`, `_lately` and `_past`
    (the share of the step that lies in the two months before, the three months after, and anywhere after the
    date). All are 0 where there is no date. The effect of a promotion's end also comes times the share of the fee
    that it takes away.
    """
    found: dict[str, Floats] = {}
    for name in dated_columns(columns):
        at = _months_to(rows, name)
        shares = {
            "inside": ((at > low) & (at <= high)).astype(np.float64),
            "soon": _overlap(at - SOON, at, low=low, high=high),
            "lately": _overlap(at, at + LATELY, low=low, high=high),
            "past": _overlap(at, np.full(len(at), np.inf), low=low, high=high),
        }
        found |= {f"{name}_{word}": np.nan_to_num(share) for word, share in shares.items()}
        size = SIZES.get(name)
        if size in columns:
            ends = np.nan_to_num(rows[size].to_numpy("float64", na_value=np.nan))
            found |= {f"{name}_{word}_size": found[f"{name}_{word}"] * ends for word in SIZED}
    return pd.DataFrame(found, index=rows.index)


def dated_names(columns: Sequence[str]) -> list[str]:
    """The date that each column of `dated_ahead` speaks of, in their order."""
    found = []
    for name in dated_columns(columns):
        found += [f"{name} ahead"] * (len(WORDS) + (len(SIZED) if SIZES.get(name) in columns else 0))
    return found


def _months_to(rows: pd.DataFrame, name: str) -> Floats:
    """Calendar months from the landmark to the date, missing without one and infinite beyond the forecast."""
    left = rows[name].to_numpy("float64", na_value=np.nan)
    days = np.round(np.nan_to_num(left) * DAYS_PER_MONTH)
    known = np.where(np.isnan(left), np.nan, months_ahead(rows["landmark"], days))
    return np.where(left > HORIZON + 1, np.inf, known)


def _overlap(begins: Floats, ends: Floats, *, low: float, high: float) -> Floats:
    """Share of the months (low, high] that lies between two moments."""
    inside = np.minimum(ends, high) - np.maximum(begins, low)
    return np.asarray(np.where(np.isnan(inside), 0.0, np.clip(inside, 0, None)) / (high - low))
