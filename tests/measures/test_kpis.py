"""Measured tables as KPI rows."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import METRICS, Kpi
from analysis.measures import kpis
from analysis.measures.kpis import tells_single_ones
from analysis.measures.leavers_ahead import LeaversAhead

BASE = pd.DataFrame(
    {
        "quarter": ["2024-Q2", "2024-Q3"],
        "opening": [100, 110],
        "joiners": [20, 10],
        "leavers": [10, 15],
        "closing": [110, 105],
        "churn_rate": [10 / 120, 15 / 120],
        "low": [0.05, 0.08],
        "high": [0.15, 0.2],
        "churn_of_opening": [0.1, 15 / 110],
    }
)


def test_the_base_is_told_beside_the_quarter_before():
    got = {kpi.metric: kpi for kpi in kpis.base_kpis(BASE)}
    assert (got["customers"].value, got["customers"].previous) == (105, 110)
    assert (got["leavers"].value, got["leavers"].previous) == (15, 10)
    rate = got["churn_rate"]
    assert (rate.value, rate.n, rate.low, rate.high, rate.previous) == (15 / 120, 120, 0.08, 0.2, 10 / 120)


def test_a_first_quarter_has_no_quarter_before():
    assert {kpi.previous for kpi in kpis.base_kpis(BASE.head(1))} == {None}


def test_masked_classes_are_not_published():
    sizes = pd.DataFrame(
        {"dimension": "usage", "class": ["heavy", "light"], "closing": [50.0, None], "masked": [False, True]}
    )
    assert [(kpi.klass, kpi.value) for kpi in kpis.class_kpis(sizes)] == [("heavy", 50)]
    rates = pd.DataFrame(
        {
            "dimension": "usage",
            "class": ["a", "b"],
            "customers": [50, None],
            "churn_rate": [0.1, None],
            "low": 0,
            "high": 1,
            "previous": None,
            "masked": [False, True],
        }
    )
    assert [kpi.klass for kpi in kpis.churn_class_kpis(rates)] == ["a"]


def test_survival_is_published_by_month_and_not_where_it_is_missing():
    rows = pd.DataFrame(
        {"time": [3.0, 12.0], "survival": [0.9, None], "low": [0.8, None], "high": [0.95, None], "at_risk": [40, 3]}
    )
    got = kpis.survival_kpis({"survival": rows})
    assert [(kpi.metric, kpi.dimension, kpi.klass, kpi.value, kpi.n) for kpi in got] == [
        ("survival", "months", "3", 0.9, 40)
    ]


def test_churn_stands_beside_the_same_quarter_a_year_ago_where_it_was_observed():
    year = pd.concat([BASE.head(1).assign(churn_rate=0.3, closing=77), *[BASE.head(1)] * 3, BASE.tail(1)])
    got = {kpi.metric: kpi for kpi in kpis.base_kpis(year)}
    assert (got["churn_rate"].year_before, got["customers"].year_before) == (0.3, 77)
    assert kpis.base_kpis(BASE)[0].year_before is None


def test_products_per_customer_stand_beside_those_of_before():
    got = kpis.product_kpis(active=3, per_customer=1.5, earlier=(1.4, None))[1]
    assert (got.metric, got.value, got.previous, got.year_before) == ("products_per_customer", 1.5, 1.4, None)


def test_every_metric_that_is_recorded_is_in_the_dictionary():
    doors = pd.DataFrame({"selected": [3], "accepted": [3], "set_aside": [0], "duplicates": [0], "later": [0]})
    recorded = [
        *kpis.data_kpis(doors),
        *kpis.base_kpis(BASE),
        kpis.median_kpi((1, 1, 1)),
        *kpis.product_kpis(active=3, per_customer=1.5),
    ]  # fmt: skip
    assert {kpi.metric for kpi in recorded} <= set(METRICS)
    assert len(recorded) == 2 + 5 + 1 + 2


def test_expected_leavers_are_published_with_their_share():
    ahead = {"churn_3m": LeaversAhead(200, 10.0, 4.0, 16.0), "churn_12m": LeaversAhead(200, 40.0, 30.0, 50.0)}
    got = {kpi.metric: kpi for kpi in kpis.forecast_kpis(ahead)}
    leavers, share = got["expected_leavers_3m"], got["churn_3m"]
    assert (leavers.value, leavers.n, leavers.low, leavers.high) == (10, 200, 4, 16)
    assert (share.value, share.low, share.high) == (0.05, 0.02, 0.08)
    assert got["churn_12m"].value == 0.2
    assert kpis.forecast_kpis({"churn_3m": LeaversAhead(0, 0.0, 0.0, 0.0)}) == []
    assert kpis.stay_kpi((28.0, 27.0, 29.0), customers=0) == []


def test_the_judgement_is_published_as_far_as_it_could_be_made():
    metrics = pd.DataFrame(
        {
            "horizon": [3, 3, 12],
            "kind": "all",
            "metric": ["auc", "ici", "auc"],
            "value": [0.75, 0.01, 0.7],
            "low": 0.6,
            "high": 0.8,
            "rows": 6_000,
        }
    )
    null = {"chosen": 0, "difference": 0.0, "rows": 5_000, "difference_low": None, "difference_high": None}
    used = {"chosen": 1, "difference": -0.002, "rows": 5_000, "difference_low": -0.003, "difference_high": -0.001}
    got = kpis.judgement_kpis(metrics, pd.DataFrame([null, used]))
    assert [(kpi.metric, kpi.value, kpi.n) for kpi in got] == [
        ("model_auc_3m", 0.75, 6_000),
        ("model_brier_difference", -0.002, 5_000),
    ]
    alone = kpis.judgement_kpis(metrics.head(0), pd.DataFrame([null | {"chosen": 1}]))
    assert alone == []


def test_the_value_of_the_base_is_published_unless_nobody_has_one():
    whole = pd.Series(
        {"customers": 100, "total": 5e4, "low": 4e4, "high": 6e4, "mean": 500.0, "mean_low": 400.0, "mean_high": 600.0}
    )
    parts = pd.DataFrame({"part": ["beyond_tenure", "beyond_history"], "share": [0.06, 0.3]})
    tenths = pd.DataFrame({"share": [0.25, 0.15], "low": 0.2, "high": 0.3})
    got = {kpi.metric: kpi.value for kpi in kpis.value_kpis(whole, parts=parts, tenths=tenths, received=1e5)}
    assert got == {
        "value_total": 5e4, "value_per_customer": 500, "value_top_tenth": 0.25, "value_beyond_observed": 0.06,
        "value_beyond_history": 0.3,
        "received_value": 1e5,
    }  # fmt: skip
    assert kpis.value_kpis(whole.replace({100: 0}), parts=parts, tenths=tenths, received=1e5) == []


def test_values_of_one_to_ten_customers_tell_single_ones():
    assert tells_single_ones(Kpi("arpu", 30.0, 1), smallest=11)
    assert tells_single_ones(Kpi("customers_active", 10), smallest=11)
    assert not tells_single_ones(Kpi("arpu", 30.0, 11), smallest=11)
    assert not tells_single_ones(Kpi("class_customers", 0, 0), smallest=11)
    assert not tells_single_ones(Kpi("rows_accepted", 5), smallest=11)


HITS = pd.DataFrame(
    {
        "method": ["additions", "popularity", "additions", "popularity"], "places": [1, 1, 3, 3], "adders": 400,
        "rate": [0.4, 0.2, 0.9, 0.7], "low": 0.1, "high": 0.95, "difference": [0.2, None, 0.2, None],
        "difference_low": [0.1, None, 0.15, None], "difference_high": [0.3, None, 0.25, None],
    }
)  # fmt: skip


def test_offers_in_use_are_told_by_how_many_are_named_with_their_gain_over_popularity():
    got = kpis.offer_kpis(HITS, method="additions")
    assert [(one.metric, one.klass, one.value, one.low, one.n) for one in got] == [
        ("offer_hits", "1", 0.4, 0.1, 400), ("offer_hits", "3", 0.9, 0.1, 400),
        ("offer_gain", "1", 0.2, 0.1, 400), ("offer_gain", "3", 0.2, 0.15, 400),
    ]  # fmt: skip


def test_popularity_gains_nothing_over_itself_and_unjudged_offers_are_not_told():
    assert [one.metric for one in kpis.offer_kpis(HITS, method="popularity")] == ["offer_hits", "offer_hits"]
    assert kpis.offer_kpis(HITS.head(0), method="rules") == []


def test_an_hour_of_outage_and_the_drivers_fit_are_published_where_they_are_told():
    effects = pd.DataFrame(
        {"driver": ["age", "outage_hours"], "effect": [0, -0.1], "low": [0, -0.2], "high": [0, -0.05]}
    )
    got = kpis.driver_kpis(effects, fit=(0.2, 0.1, 0.3), rows=500)
    assert got == [Kpi("nps_per_outage_hour", -0.1, 500, -0.2, -0.05), Kpi("drivers_fit", 0.2, 500, 0.1, 0.3)]
    assert kpis.driver_kpis(effects.head(0), fit=(float("nan"),) * 3, rows=0) == []


def test_shares_of_first_reasons_leave_out_what_is_masked_and_what_cannot_be_told():
    groups = pd.DataFrame(
        {
            "reason": ["contract", "use", "price"], "share": [0.7, 0.3, None], "low": [0.6, 0.2, None],
            "high": [0.8, 0.4, None], "masked": [False, False, True],
        }
    )  # fmt: skip
    got = kpis.reason_kpis(groups, again=0.95, customers=500)
    assert [(kpi.metric, kpi.klass, kpi.value, kpi.n) for kpi in got] == [
        ("first_reason_share", "contract", 0.7, 500),
        ("first_reason_share", "use", 0.3, 500),
        ("first_reason_stays", None, 0.95, 500),
    ]
    assert kpis.reason_kpis(groups.iloc[:0], again=float("nan"), customers=0) == []


def test_months_stayed_are_told_by_stretch_where_they_are_known():
    means = pd.DataFrame(
        {
            "months": [12, 36],
            "mean": [11.2, float("nan")],
            "low": [11.0, float("nan")],
            "high": [11.4, float("nan")],
            "at_risk": [900, 4],
        }
    )
    assert kpis.restricted_kpis(means) == [
        Kpi("restricted_life", 11.2, 900, 11.0, 11.4, dimension="months", klass="12")
    ]


def test_the_share_of_those_back_is_told_where_it_is_known():
    assert kpis.return_kpi(0.06, low=0.05, high=0.08, left=900) == [Kpi("returned_12m", 0.06, 900, 0.05, 0.08)]
    assert kpis.return_kpi(float("nan"), low=float("nan"), high=float("nan"), left=9) == []
