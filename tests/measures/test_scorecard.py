"""The scorecard by hand: lights that respect the interval, and changes that are more than chance."""

from __future__ import annotations

import pytest

from analysis.basis.metric import METRICS, Kpi
from analysis.measures.scorecard import light, moved, scorecard

HIGHER, LOWER, NEITHER = METRICS["arpu"], METRICS["churn_rate"], METRICS["class_customers"]


@pytest.mark.parametrize(
    ("metric", "low", "high", "expected"),
    [
        (HIGHER, 30.0, 32.0, "met"),  # the whole interval from the target on
        (HIGHER, 29.9, 32.0, "unclear"),
        (HIGHER, 28.0, 30.0, "unclear"),  # its upper end reaches the target
        (HIGHER, 28.0, 29.9, "missed"),
        (LOWER, 28.0, 30.0, "met"),
        (LOWER, 28.0, 30.1, "unclear"),
        (LOWER, 30.0, 32.0, "unclear"),
        (LOWER, 30.1, 32.0, "missed"),
    ],
)
def test_a_light_is_clear_only_where_the_whole_interval_lies_on_one_side(metric, low, high, expected):
    assert light((low + high) / 2, (low, high), 30.0, metric) == expected


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [(HIGHER, 30.0, "met"), (HIGHER, 29.9, "missed"), (LOWER, 30.0, "met"), (LOWER, 30.1, "missed")],
)
def test_what_was_counted_stands_for_itself(metric, value, expected):
    assert light(value, (None, None), 30.0, metric) == expected
    assert light(value, (float("nan"), float("nan")), 30.0, metric) == expected


def test_without_a_target_a_value_or_a_better_side_there_is_no_light():
    assert light(30.0, (29.0, 31.0), None, HIGHER) == "none"
    assert light(None, (None, None), 30.0, HIGHER) == "none"
    assert light(float("nan"), (None, None), 30.0, HIGHER) == "none"
    assert light(30.0, (29.0, 31.0), 10.0, NEITHER) == "none"


def test_a_share_has_moved_where_the_test_of_two_shares_says_so():
    assert moved(Kpi("churn_rate", 0.05, 10_000, previous=0.04)) == "worse"
    assert moved(Kpi("churn_rate", 0.04, 10_000, previous=0.05)) == "better"
    assert moved(Kpi("churn_rate", 0.05, 100, previous=0.04)) == "same"
    assert moved(Kpi("churn_rate", 0.05, None, previous=0.04)) is None
    assert moved(Kpi("churn_rate", 0.05, 10_000)) is None


def test_what_the_chapter_tested_holds_against_our_own_test():
    assert moved(Kpi("churn_rate", 0.05, 10_000, previous=0.04, moved=False)) == "same"
    assert moved(Kpi("nps_weighted", 12.0, previous=4.0, moved=True)) == "better"
    assert moved(Kpi("nps_weighted", 4.0, previous=12.0, moved=True)) == "worse"
    assert moved(Kpi("class_customers", 12, previous=4, moved=True)) == "higher"


def test_arpu_has_moved_where_the_interval_of_its_measured_change_says_so():
    arpu = Kpi("arpu", 63.3, None, 62.0, 64.0, 62.8)
    assert moved(arpu, Kpi("arpu_change", 0.5, None, 0.3, 0.7)) == "better"
    assert moved(arpu, Kpi("arpu_change", -0.5, None, -0.7, -0.3)) == "worse"
    assert moved(arpu, Kpi("arpu_change", 0.5, None, -0.1, 1.1)) == "same"
    assert moved(arpu) is None


def test_the_scorecard_holds_what_was_recorded_of_the_whole_base_in_the_order_of_the_params():
    kpis = [
        Kpi("churn_rate", 0.05, 10_000, 0.046, 0.054, 0.04, year_before=0.06),
        Kpi("arpu", 63.3, None, 62.0, 64.0, 62.8),
        Kpi("arpu_change", 0.5, None, 0.3, 0.7),
        Kpi("penetration", 0.4, dimension="product", klass="tv"),
        Kpi("nps", None),
    ]
    owners = {"arpu": "Ada", "nps": "Nina", "churn_rate": "Rita", "penetration": "Paul"}
    got = scorecard(kpis, owners=owners, targets={"churn_rate": 0.045})
    rows = got.rows.set_index("metric")
    assert rows.index.tolist() == ["arpu", "churn_rate"]
    assert got.absent == ("nps", "penetration")
    assert rows["owner"].tolist() == ["Ada", "Rita"]
    assert rows["light"].tolist() == ["none", "missed"]
    assert rows["moved"].tolist() == ["better", "worse"]
    assert rows.loc["churn_rate", ["value", "low", "high", "previous", "year_before", "target"]].tolist() == [
        0.05, 0.046, 0.054, 0.04, 0.06, 0.045,
    ]  # fmt: skip


def test_a_scorecard_of_nothing_has_its_columns():
    got = scorecard([], owners={"arpu": "Ada"}, targets={})
    assert got.rows.empty
    assert got.absent == ("arpu",)
    assert got.rows["value"].dtype == "float64"
