"""Scores by hand: fifths, ties, and who is compared with whom."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.measures.classes import classified
from analysis.measures.rfm import scored
from analysis.run.class_params import class_rules
from analysis.run.params import shipped_classes


def scores(engine: Engine, **values: list) -> pd.DataFrame:
    data = pd.DataFrame({"n": range(len(next(iter(values.values()))))} | values)
    return to_pandas(scored(engine.table(data)).sort("n"))


def test_a_score_is_the_fifth_a_value_falls_in_and_recent_is_best(engine):
    got = scores(engine, recency=[0, 1, 2, 3, 4], frequency=[1, 2, 3, 4, 5], monetary=[5.0, 4.0, 3.0, 2.0, 1.0])
    assert got["r_score"].tolist() == [5, 4, 3, 2, 1]
    assert got["f_score"].tolist() == [1, 2, 3, 4, 5]
    assert got["m_score"].tolist() == [5, 4, 3, 2, 1]


def test_equal_values_get_the_best_score_that_any_of_them_reaches(engine):
    assert scores(engine, frequency=[12] * 8 + [3, 1])["f_score"].tolist() == [5] * 8 + [1, 1]
    assert scores(engine, frequency=[1] * 5 + [2, 3, 4, 5, 6])["f_score"].tolist() == [3] * 5 + [3, 4, 4, 5, 5]


def test_a_missing_value_has_no_score_and_counts_for_nobody(engine):
    got = scores(engine, monetary=[1.0, None, 2.0])["m_score"]
    assert got.isna().tolist() == [False, True, False]
    assert got.dropna().tolist() == [3, 5]  # 1 of 2 is half: the third fifth


def test_leavers_are_compared_with_leavers(engine):
    got = scores(engine, monetary=[9.0, 1.0, 2.0], state=["left", "active", "suspended"])
    assert got["m_score"].tolist() == [5, 3, 5]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_scores_rise_with_values_and_never_split_equal_ones(values):
    with Engine() as engine:
        got = scores(engine, frequency=values)
    by_value = got.groupby("frequency")["f_score"].agg(["min", "max"])
    assert (by_value["min"] == by_value["max"]).all()
    assert by_value["min"].is_monotonic_increasing
    assert got["f_score"].between(1, 5).all()
    assert got["f_score"].max() == 5


@pytest.fixture
def group(engine):
    """`group("EUR", recency_months=[…], …)`: the RFM groups of customers; what is not named is that of one in use."""

    def made(currency: str = "CNY", **values: list) -> list[str]:
        size = len(next(iter(values.values())))
        plain = {"recency_months": 0.0, "frequency": 12, "monetary_month": 50.0, "f_score": 3, "m_score": 3}
        data = pd.DataFrame({"n": range(size), **plain, "state": "active"} | values)
        got = to_pandas(classified(engine.table(data), class_rules(shipped_classes(), currency=currency)).sort("n"))
        return got["rfm_class"].tolist()

    return made


def test_core_active_bought_within_three_months_for_more_than_a_hundred_yuan(group):
    got = group(recency_months=[2.0, 2.9, 3.0, 0.0], monetary_month=[101.0, 100.5, 500.0, 100.0])
    assert got == ["core active", "core active", "slipping away", "occasional"]


def test_dormant_high_value_bought_nothing_for_half_a_year_and_eighty_yuan_before(group):
    got = group(recency_months=[6.0, 5.9, 6.0], monetary_month=[80.0, 500.0, 79.9])
    assert got == ["dormant high value", "slipping away", "dormant"]


def test_in_another_currency_the_customers_themselves_set_the_thresholds(group):
    money = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert group("EUR", monetary_month=money)[-1] == "core active"
    assert group("EUR", monetary_month=money).count("core active") == 1
    assert group("EUR", monetary_month=money, recency_months=[7.0] * 5).count("dormant high value") == 2


def test_the_rest_of_the_cube_has_plain_names(group):
    got = group(f_score=[4, 5, 1, 2], m_score=[2, 3, 4, 3])
    assert got == ["frequent low spend", "frequent", "occasional high spend", "occasional"]


def test_who_left_lately_and_who_bought_nothing_are_groups_of_their_own(group):
    got = group(state=["left", "left", "active"], recency_months=[1.0, 7.0, None], monetary_month=[500.0, 90.0, None])
    assert got == ["left lately", "dormant high value", "nothing bought yet"]


def test_without_a_year_of_history_there_is_no_group(group):
    assert group(frequency=[None]) == [NOT_AVAILABLE]
