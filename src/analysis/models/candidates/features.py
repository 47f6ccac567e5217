"""The encoder's columns as the candidates use them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.counts import Floats
from analysis.models.derived import derivations
from analysis.models.encoder import SEASON, TENURE, Encoder

# A season seen two or three times is told from luck by `season`, not by a coefficient of its own.
NO_SEASON = frozenset({SEASON})
TIMELESS = frozenset({SEASON, TENURE})  # for models whose time scale is tenure


def linear_columns(encoder: Encoder, *, without: Collection[str] = NO_SEASON) -> list[str]:
    """The design columns of all covariates but some."""
    columns = encoder.columns
    return list(columns.loc[~columns["covariate"].isin(list(without)), "design"])


def linear(encoder: Encoder, rows: pd.DataFrame, *, without: Collection[str] = NO_SEASON) -> pd.DataFrame:
    """The design for a linear model."""
    return encoder.design(rows)[linear_columns(encoder, without=without)]


def for_trees(encoder: Encoder, rows: pd.DataFrame) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The columns for trees, and which of them are categories."""
    table, categories = encoder.raw(rows)
    kept = np.array([name not in NO_SEASON for name in table.columns], dtype=bool)
    return table.to_numpy("float64")[:, kept], np.array(categories, dtype=bool)[kept]


def tree_covariates(encoder: Encoder) -> list[str]:
    """The covariate of each column for trees."""
    derived = {one.name: one.covariate for one in derivations(encoder.numbers)}
    return [derived.get(name, name) for name in encoder.raw_columns if name not in NO_SEASON]
