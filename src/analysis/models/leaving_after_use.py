"""Whether those whose use fell, or jumped, left by choice in the quarter after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.episodes import exposures
from analysis.frames.observation import Observation
from analysis.measures.unusual_figures import explained, opening_groups
from analysis.models.unusual_use import unusual_use

Rows = nw.LazyFrame[Any]

MOST = 4  # quarters that are looked at: a year
MANY = 100_000  # customers from whom on a sample tells, of half as many and more


def judged_quarters(quarters: Sequence[Quarter]) -> list[Quarter]:
    """The quarters in which it is seen who left: the last ones that have one before them, at least the newest."""
    return list(quarters[1:][-MOST:]) or list(quarters[-1:])


def after_unusual_use(
    months: Rows, tables: Mapping[str, Rows], spells: Rows, observation: Observation, *, engine: Engine
) -> list[pd.DataFrame]:
    """Tables of `opening_groups`, one per judged quarter, by what was downloaded; of a large base from a sample."""
    months = _of_some(months, engine)
    nobody = tables["customers"].filter(nw.col("customer_id").is_null()).with_columns(state=nw.lit(""))
    found = []
    for quarter in judged_quarters(observation.quarters):
        use = unusual_use(months, quarter.previous, engine=engine, measures=["download_gb"]).rows
        # Whose line was suspended then is not known now; who was cut off did not leave by choice.
        lives = exposures(spells, quarter, seen_after=observation.entry)
        told = explained(use, tables, nobody, quarter.previous)
        found.append(
            opening_groups(told, lives.join(months.select("customer_id").unique(), on="customer_id", how="semi"))
        )
    return found


def _of_some(months: Rows, engine: Engine) -> Rows:
    """The months of every customer, or of every few of a large base."""
    ids = np.sort(to_pandas(months.select("customer_id").unique())["customer_id"].to_numpy(object))
    if len(ids) < MANY:
        return months
    some = engine.table(pd.DataFrame({"customer_id": ids[:: 2 * len(ids) // MANY]}))
    return engine.table(months.join(some, on="customer_id", how="semi"))
