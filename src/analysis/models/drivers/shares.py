"""What a step of a driver does to the shares of promoters and detractors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.drivers.ordinal import CATEGORIES, categories, fit_ordinal
from analysis.models.drivers.screen import verdict
from analysis.models.drivers.study import prepared

FEWEST = 20  # answers of each category
SHARES = ("driver", "promoters", "promoters_low", "promoters_high", "detractors", "detractors_low", "detractors_high")


@dataclass(frozen=True)
class Shares:
    """`effects`: table, one row per told number: `driver`, the change of the shares of `promoters` and of `detractors`
    by a step, each with `_low` and `_high` (95 %). `proportional`: p-value that one slope serves both borders;
    not-a-number where it cannot be told. `verdict` says why nothing is told.
    """

    verdict: str
    effects: pd.DataFrame
    proportional: float


def promoter_effects(rows: pd.DataFrame, outcome: str = "nps_told") -> Shares:
    """Changes of the shares by a step of what customers meet, from a proportional-odds model."""
    known = rows[outcome].dropna().to_numpy("float64") if outcome in rows else np.zeros(0)
    reason = verdict(known, "answers") or _too_few(known)
    ready = None if reason else prepared(rows, outcome, components=True)
    if ready is None or not ready.design.columns:
        return Shares(reason or "Nothing that differs is known of those who answered.", _table([]), float("nan"))
    first, _ = ready.only_first()
    told = [(i, column) for i, column in enumerate(first.columns) if column.told and column.level is None]
    fit = fit_ordinal(
        first.values, categories(ready.outcome), ready.clusters,
        places=[place for place, _ in told], steps=np.array([column.step for _, column in told]),
    )  # fmt: skip
    found = [
        (column.driver, *up, *down) for (_, column), up, down in zip(told, fit.promoters, fit.detractors, strict=True)
    ]
    return Shares("", _table(found), fit.proportional)


def _too_few(scores: np.ndarray) -> str:
    counts = np.bincount(categories(scores), minlength=len(CATEGORIES))
    rare = int(counts.argmin())
    if counts[rare] >= FEWEST:
        return ""
    return f"There are fewer than {FEWEST} {CATEGORIES[rare]}s, so shares are not told."


def _table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(SHARES))
