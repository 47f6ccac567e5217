"""ARPU and why it moved, as published rows."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.basis.quarter import Quarter
from analysis.measures.arpu_bridge import Bridge
from analysis.measures.arpu_kpis import arpu_kpis, arpu_step, bridge_kpis, season_kpis
from analysis.measures.arpu_season import Estimate, Season

ROWS = pd.DataFrame({"part": ["price", "left"], "value": [0.504, -0.2], "shown": [0.5, -0.2], "low": 0.1, "high": 0.9})


def by_quarter(**arpu: float) -> pd.DataFrame:
    names = [f"{name[1:5]}-{name[5:]}" for name in arpu]
    rows = {"quarter": names, "revenue": 9.0, "arpu": list(arpu.values()), "low": 1.0, "high": 90.0, "customers": 30}
    return pd.DataFrame(rows)


def test_money_of_an_earlier_quarter_is_not_published_as_this_ones() -> None:
    arpu = by_quarter(q2024Q2=3.0)
    assert arpu_kpis(arpu, quarter="2024-Q3") == []
    got = arpu_kpis(arpu, quarter="2024-Q2")
    assert [one.value for one in got] == [9, 3]
    assert {one.metric for one in got} <= set(METRICS)


def test_arpu_stands_beside_the_quarter_before_and_the_same_of_a_year_ago_by_name() -> None:
    arpu = by_quarter(q2023Q2=20.0, q2023Q3=21.0, q2024Q1=30.0, q2024Q2=32.0)
    got = arpu_kpis(arpu, quarter="2024-Q2")[1]
    assert (got.value, got.previous, got.year_before) == (32, 30, 20)
    without = arpu_kpis(arpu[arpu["quarter"] != "2024-Q1"], quarter="2024-Q2")[1]
    assert (without.previous, without.year_before) == (None, 20)


def test_the_step_of_a_quarter_is_that_of_what_is_printed() -> None:
    arpu = by_quarter(q2024Q1=30.004, q2024Q2=30.006)
    assert arpu_step(arpu, Quarter(2024, 2), places=2) == 0.01
    assert arpu_step(arpu, Quarter(2024, 1), places=2) is None


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
