"""Why ARPU moved, as published rows."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.measures.arpu_bridge import Bridge
from analysis.measures.arpu_kpis import bridge_kpis, season_kpis
from analysis.measures.arpu_season import Estimate, Season

ROWS = pd.DataFrame({"part": ["price", "left"], "value": [0.504, -0.2], "shown": [0.5, -0.2], "low": 0.1, "high": 0.9})


def test_the_parts_are_published_as_printed() -> None:
    whole, *parts = bridge_kpis(Bridge(ROWS, 60.0, 60.304, 0.3, 0.1, 0.5, 900))
    assert (whole.metric, whole.value, whole.n, whole.low, whole.high) == ("arpu_change", 0.3, None, 0.1, 0.5)
    assert [(one.metric, one.dimension, one.klass, one.value) for one in parts] == [
        ("arpu_change_part", "part", "price", 0.5),
        ("arpu_change_part", "part", "left", -0.2),
    ]


def test_nothing_is_published_where_there_is_no_bridge_or_no_season() -> None:
    assert bridge_kpis(Bridge(ROWS.head(0), why="not billed")) == []
    assert season_kpis(None) == []


def test_every_metric_is_in_the_dictionary() -> None:
    rows = pd.DataFrame({"number": [1, 2, 3, 4], "effect": 0.0, "low": -1.0, "high": 1.0})
    season = season_kpis(Season(Estimate(0.1, 0.0, 0.2), rows, 0.5))
    assert [one.klass for one in season] == [None, "Q1", "Q2", "Q3", "Q4"]
    assert {one.metric for one in [*season, *bridge_kpis(Bridge(ROWS, 1, 2, 1, 0, 2, 20))]} <= set(METRICS)
