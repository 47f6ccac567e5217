"""Whether those whose use fell, or jumped, left by choice in the quarter after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.frames.episodes import exposures
from analysis.frames.observation import Observation
from analysis.measures.unusual_figures import explained, opening_groups
from analysis.models.unusual_use import unusual_use

Rows = nw.LazyFrame[Any]

MOST = 4  # quarters that are looked at: a year


def judged_quarters(quarters: Sequence[Quarter]) -> list[Quarter]:
    """The quarters in which it is seen who left: the last ones that have one before them, at least the newest."""
    return list(quarters[1:][-MOST:]) or list(quarters[-1:])


def after_unusual_use(
    months: Rows, tables: Mapping[str, Rows], spells: Rows, observation: Observation, *, engine: Engine
) -> list[pd.DataFrame]:
    """Tables of `opening_groups`, one per judged quarter."""
    nobody = tables["customers"].filter(nw.col("customer_id").is_null()).with_columns(state=nw.lit(""))
    found = []
    for quarter in judged_quarters(observation.quarters):
        use = unusual_use(months, quarter.previous, engine=engine).rows
        # Whose line was suspended then is not known now; who was cut off did not leave by choice.
        told = explained(use, tables, nobody, quarter.previous)
        found.append(opening_groups(told, exposures(spells, quarter, seen_after=observation.entry)))
    return found
