from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.basis.metric import Kpi, Metric
from analysis.basis.quarter import Quarter
from analysis.run.summary import plain_kpi, status, summary_rows

METRICS = {
    "churn_rate": Metric("churn_rate", "Churn rate", "share", "leavers ÷ (opening + joiners)", "lower"),
    "arpu": Metric("arpu", "ARPU", "money_per_month", "revenue ÷ customers", "higher"),
    "customers": Metric("customers", "Customers", "count", "on the books"),
}


def rows(*kpis: Kpi, targets: dict[str, float] | None = None) -> list[dict[str, object]]:
    return summary_rows(kpis, quarter=Quarter(2026, 3), targets=targets or {}, metrics=METRICS)


def test_a_row_says_everything_about_one_value() -> None:
    kpi = Kpi("churn_rate", 0.04, n=7043, low=0.035, high=0.045, previous=0.05)
    assert rows(kpi, targets={"churn_rate": 0.045}) == [
        {
            "quarter": "2026-Q3",
            "metric": "churn_rate",
            "label": "Churn rate",
            "unit": "share",
            "dimension": None,
            "class": None,
            "value": 0.04,
            "n": 7043,
            "low": 0.035,
            "high": 0.045,
            "previous": 0.05,
            "target": 0.045,
            "status": "met",
        }
    ]


def test_a_target_holds_for_the_whole_base_only() -> None:
    whole, fibre = rows(
        Kpi("arpu", 20.0), Kpi("arpu", 40.0, dimension="technology", klass="fibre"), targets={"arpu": 30}
    )
    assert (whole["status"], whole["target"]) == ("missed", 30)
    assert (fibre["status"], fibre["target"], fibre["class"]) == ("none", None, "fibre")


@pytest.mark.parametrize(
    ("metric", "value", "target", "expected"),
    [
        ("churn_rate", 0.04, 0.04, "met"),
        ("churn_rate", 0.041, 0.04, "missed"),
        ("arpu", 30.0, 30.0, "met"),
        ("arpu", 29.9, 30.0, "missed"),
        ("customers", 10.0, 5.0, "none"),
        ("arpu", 30.0, None, "none"),
        ("arpu", None, 30.0, "none"),
    ],
)
def test_a_status_follows_the_direction_that_is_better(
    metric: str, value: float | None, target: float | None, expected: str
) -> None:
    assert status(value, target, METRICS[metric]) == expected


def test_rows_come_in_one_order_however_they_were_recorded() -> None:
    kpis = [
        Kpi("customers", 1),
        Kpi("arpu", 1, dimension="b", klass="y"),
        Kpi("arpu", 1, dimension="b", klass="x"),
        Kpi("arpu", 1),
    ]
    got = [(row["metric"], row["dimension"], row["class"]) for row in rows(*kpis)]
    assert got == [("arpu", None, None), ("arpu", "b", "x"), ("arpu", "b", "y"), ("customers", None, None)]
    assert rows(*kpis) == rows(*reversed(kpis))


def test_a_metric_without_an_entry_in_the_dictionary_is_refused() -> None:
    with pytest.raises(AnalysisFailed, match="expected a metric of the dictionary, found 'churn'"):
        rows(Kpi("churn", 1))


def test_one_value_recorded_by_two_notebooks_is_refused() -> None:
    twice = Kpi("arpu", 1, dimension="b", klass="x")
    with pytest.raises(
        AnalysisFailed, match=r"expected each KPI once, found arpu b x twice\. Record it in one notebook"
    ):
        rows(twice, twice)


def test_numbers_become_pythons_own_and_missing_ones_none() -> None:
    kpi = Kpi("arpu", np.float64("nan"), n=np.int64(3), low=math.inf, high=pd.NA, previous=np.float32(0.5))
    got = plain_kpi(kpi)
    assert got == Kpi("arpu", None, n=3, low=None, high=None, previous=0.5)
    assert (type(got.n), type(got.previous)) == (int, float)


def test_the_last_bits_of_a_sum_are_dropped() -> None:
    assert plain_kpi(Kpi("arpu", 0.1 + 0.2)).value == 0.3
    assert plain_kpi(Kpi("arpu", 123_456_789.12)).value == 123_456_789.12
