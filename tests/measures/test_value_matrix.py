"""Groups by behaviour against value tiers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.measures.value_matrix import (
    OUTSIDE,
    customer_revenue,
    grouped,
    risk_kpi,
    value_at_risk,
    value_matrix,
    with_scores,
)

SIZES = {("Heavy", "high"): 20, ("Heavy", "low"): 30, ("Light", "high"): 15, ("Light", "low"): 25, (None, "low"): 12}
QUARTER = Quarter(2026, 3)
NO_REVENUE = pd.DataFrame({"customer_id": [], "revenue": []}).astype({"customer_id": object, "revenue": float})


def people(sizes: dict[tuple[str | None, str], int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers with their tier, and their groups."""
    pairs = [pair for pair, count in sizes.items() for _ in range(count)]
    ids = [f"C{place:03d}" for place in range(len(pairs))]
    rows = pd.DataFrame({"customer_id": ids, "value_tier": [tier for _, tier in pairs]})
    members = pd.DataFrame({"customer_id": ids, "cluster": pd.Series([group for group, _ in pairs], dtype=object)})
    return rows, members.iloc[::-1]


def matrix(sizes: dict[tuple[str | None, str], int], *, revenue: pd.DataFrame = NO_REVENUE) -> pd.DataFrame:
    rows = grouped(*people(sizes))
    worth = np.where(rows["tier"] == "high", 500.0, 100.0)
    leaving = np.where(rows["group"] == "Heavy", 0.04, 0.02)
    draws = np.array([[1.0], [0.5], [1.5]])
    got = value_matrix(rows, worth=worth * np.ones((3, 1)), leaving=leaving * draws, revenue=revenue, smallest=11)
    return got.set_index(["group", "tier"])


def test_each_field_has_its_customers_their_chance_to_leave_and_its_share_of_the_value_at_risk() -> None:
    got = matrix(SIZES)
    lost = {("Heavy", "high"): 400, ("Heavy", "low"): 120, ("Light", "high"): 150, ("Light", "low"): 50}
    for cell, amount in lost.items():
        assert got.loc[cell, "at_risk"] == pytest.approx(amount / 744)
    assert got.loc[("Heavy", "high"), ["customer_share", "churn"]].tolist() == pytest.approx([20 / 102, 0.04])
    assert got.loc[("Heavy", "high"), "churn_high"] - 0.04 == pytest.approx(1.959964 * np.std([0.02, 0.06], ddof=1))
    assert got[["customer_share", "at_risk"]].sum().tolist() == pytest.approx([1, 1])


def test_the_largest_group_comes_first_and_who_is_in_none_last() -> None:
    got = matrix(SIZES)
    assert got.index.tolist() == [
        ("Heavy", "high"), ("Heavy", "low"), ("Light", "high"), ("Light", "low"), (OUTSIDE, "low"),
    ]  # fmt: skip


def test_a_small_field_is_hidden_and_so_is_what_totals_would_give_away() -> None:
    three = {
        ("Heavy", "high"): 20,
        ("Heavy", "low"): 30,
        ("Light", "high"): 4,
        ("Light", "low"): 25,
        ("Mid", "low"): 90,
    }
    got = matrix(three | {("Mid", "high"): 95})
    assert got["masked"].to_dict() == {
        ("Heavy", "high"): True, ("Heavy", "low"): True, ("Light", "high"): True, ("Light", "low"): True,
        ("Mid", "high"): False, ("Mid", "low"): False,
    }  # fmt: skip
    hidden = got[got["masked"].astype(bool)]
    assert hidden[["customers", "customer_share", "churn", "at_risk", "revenue_share"]].isna().all().all()


def test_customers_without_a_tier_are_in_no_field_and_without_groups_there_are_none() -> None:
    rows, members = people(SIZES)
    rows.loc[0, "value_tier"] = "not available"
    got = grouped(rows, members)
    assert len(got) == len(rows) - 1
    assert got["place"].iloc[0] == 1
    assert got["customer_id"].tolist() == rows["customer_id"].iloc[1:].tolist()
    for nothing in (None, members.assign(cluster=None), members.head(0)):
        empty = grouped(rows, nothing)
        assert empty.empty
        cells = value_matrix(empty, worth=np.ones((1, 0)), leaving=np.ones((1, 0)), revenue=NO_REVENUE, smallest=11)
        assert with_scores(cells, empty, rows, smallest=11).empty


def months(amounts: dict[str, float], *, last: float | None) -> pd.DataFrame:
    rows = [
        {"customer_id": who, "month": dt.date(2026, month, 1), "share": 1.0, "revenue": amount}
        for who, amount in amounts.items()
        for month in (6, 7, 8, 9)
    ]
    table = pd.DataFrame(rows)
    table.loc[table["month"] == dt.date(2026, 9, 1), "revenue"] = last
    return table


def test_revenue_is_that_of_the_quarter_and_none_where_a_month_is_not_billed() -> None:
    engine = Engine()
    billed = months({"C000": 10.1, "left": 5.0}, last=20.0)
    got = customer_revenue(engine.table(billed), QUARTER)
    assert got.set_index("customer_id")["revenue"].to_dict() == pytest.approx({"C000": 40.2, "left": 30.0})
    assert customer_revenue(engine.table(months({"C000": 10.1}, last=None)), QUARTER).empty


def test_the_shares_of_revenue_are_those_of_the_fields() -> None:
    rows, _ = people(SIZES)
    paid = rows[["customer_id"]].assign(revenue=np.where(rows["value_tier"] == "high", 40.0, 20.0))
    got = matrix(SIZES, revenue=paid)["revenue_share"]
    assert got.sum() == pytest.approx(1)
    assert got[("Heavy", "high")] == pytest.approx(800 / (35 * 40 + 67 * 20))
    assert matrix(SIZES)["revenue_share"].isna().all()


def scored(answers: pd.DataFrame) -> pd.DataFrame:
    rows = grouped(*people(SIZES))
    worth = np.ones((1, len(rows)))
    cells = value_matrix(rows, worth=worth, leaving=worth * 0.1, revenue=NO_REVENUE, smallest=11)
    return with_scores(cells, rows, answers, smallest=11).set_index(["group", "tier"])


def test_scores_are_of_the_last_year_and_hidden_where_few_answered() -> None:
    answers, _ = people(SIZES)
    answers = answers.assign(nps_score=[10.0] * 50 + [0.0] * 52, answer_age_months=[13.0] * 5 + [2.0] * 97)
    got = scored(answers)
    assert not got["nps_masked"].any()
    assert got.loc[("Heavy", "high"), "nps"] == 100
    assert got.loc[("Light", "low"), "nps"] == -100
    few = answers.assign(answer_age_months=[13.0] * 12 + [2.0] * 90)
    hidden = scored(few)
    assert hidden.loc[("Heavy", "high"), "nps_masked"]
    assert hidden["nps_masked"].sum() > 1
    assert hidden.loc[("Heavy", "high"), ["nps", "nps_low", "nps_high"]].isna().all()


def test_a_field_hidden_for_its_size_shows_no_score_however_many_answered() -> None:
    sizes = {("Heavy", "high"): 40, ("Heavy", "low"): 40, ("Light", "high"): 4, ("Light", "low"): 40}
    rows, members = people(sizes)
    placed, ones = grouped(rows, members), np.ones((1, len(rows)))
    cells = value_matrix(placed, worth=ones, leaving=ones, revenue=NO_REVENUE, smallest=11)
    silent = [np.nan if place in range(80, 84) else 10.0 for place in range(len(rows))]
    got = with_scores(cells, placed, rows.assign(nps_score=silent, answer_age_months=1.0), smallest=11)
    assert got["masked"].all()
    assert got["nps"].isna().all()


def test_without_surveys_no_field_has_a_score() -> None:
    rows, _ = people(SIZES)
    got = scored(rows)
    assert got["nps"].isna().all()
    assert not got["nps_masked"].any()


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["high", "medium", "low"])), min_size=1, max_size=120)
)
def test_what_is_shown_of_all_fields_never_exceeds_the_whole(pairs: list[tuple[str, str]]) -> None:
    sizes: dict[tuple[str | None, str], int] = {}
    for pair in pairs:
        sizes[pair] = sizes.get(pair, 0) + 1
    got = matrix(sizes)
    assert got["customer_share"].sum() <= 1 + 1e-9
    hidden = got["masked"].astype(bool)
    assert hidden.sum() != 1 or len(pairs) < 11
    if not hidden.any():
        assert got["at_risk"].sum() == pytest.approx(1)


def test_the_value_at_risk_is_value_times_chance_with_the_interval_of_the_draws() -> None:
    worth, leaving = np.array([[100.0, 50.0, np.nan]] * 3), np.array([[0.1, 0.2, 0.5]]) * [[1], [2], [0.5]]
    lost = value_at_risk(worth, leaving)
    assert lost[0] == pytest.approx(20)
    assert lost[2] - 20 == pytest.approx(1.959964 * np.std([40, 10], ddof=1))
    [kpi] = risk_kpi(lost, customers=2)
    assert (kpi.metric, kpi.value, kpi.n) == ("value_at_risk_3m", lost[0], 2)
    never = value_at_risk(np.full((1, 2), np.nan), np.ones((1, 2)))
    assert np.isnan(never).all()
    assert risk_kpi(never, customers=0) == []
