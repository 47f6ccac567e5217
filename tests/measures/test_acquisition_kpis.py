"""What customers cost to win, as published rows."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.measures.acquisition_kpis import acquisition_kpis

CHANNELS = pd.DataFrame(
    {
        "channel": [None, "web", "fair"], "masked": [False, False, True], "cost": [60.0, 50.0, None], "cost_low": 40.0,
        "cost_high": 70.0, "ratio": [4.0, float("nan"), None], "ratio_low": 3.0, "ratio_high": 5.0,
    }
)  # fmt: skip
PAID = pd.DataFrame(
    {"channel": [None, "web"], "masked": False, "months": [3.0, None], "months_low": 2.0, "months_high": None}
)


def test_what_is_known_and_not_masked_is_published_without_numbers_of_customers() -> None:
    got = acquisition_kpis(CHANNELS, PAID)
    assert [(one.metric, one.dimension, one.klass, one.value) for one in got] == [
        ("acquisition_cost", None, None, 60.0),
        ("acquisition_cost", "channel", "web", 50.0),
        ("clv_per_cac", None, None, 4.0),
        ("payback_months", None, None, 3.0),
    ]
    assert {one.n for one in got} == {None}
    assert {one.metric for one in got} <= set(METRICS)


def test_nothing_known_publishes_nothing() -> None:
    assert acquisition_kpis(CHANNELS.head(0), PAID.head(0)) == []
