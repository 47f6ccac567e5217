"""Value tiers: who is in which, what each holds, and what it brings of the revenue."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.measures.value_tiers import TIERS, TierEdges, tier_figures, tier_revenue, value_tiers

FIRST_FIFTH = TierEdges("customers", 0.2, 0.3)


def customers(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": [f"C{place:03d}" for place in range(len(values))], "clv": values})


def tiers_of(values: list[float], edges: TierEdges) -> list[str]:
    return value_tiers(customers(values), edges=edges)["value_tier"].tolist()


def test_the_first_fifth_in_order_of_value_is_high_and_the_next_three_tenths_medium() -> None:
    got = tiers_of([10.0, 1.0, 9.0, 2.0, 8.0, 3.0, 7.0, 4.0, 6.0, 5.0], FIRST_FIFTH)
    assert got == ["high", "low", "high", "low", "medium", "low", "medium", "low", "medium", "low"]


def test_equal_values_are_ordered_by_id_whatever_the_order_of_the_rows() -> None:
    rows = customers([5.0] * 10)
    got = value_tiers(rows.iloc[::-1], edges=FIRST_FIFTH).set_index("customer_id")["value_tier"]
    assert sorted(got[got == "high"].index) == ["C000", "C001"]
    assert sorted(got[got == "medium"].index) == ["C002", "C003", "C004"]


def test_who_has_no_value_has_no_tier_and_moves_no_edge() -> None:
    got = tiers_of([float("nan"), *map(float, range(10))], FIRST_FIFTH)
    assert got[0] == "not available"
    assert got.count("high") == 2


def test_by_value_the_customer_who_crosses_the_edge_is_above_it() -> None:
    assert tiers_of([50.0, 30.0, 15.0, 5.0], TierEdges("value", 0.6, 0.3)) == ["high", "high", "medium", "low"]
    assert tiers_of([60.0, 30.0, 10.0], TierEdges("value", 0.6, 0.3)) == ["high", "medium", "low"]


def test_by_value_who_costs_money_holds_nothing_of_it() -> None:
    assert tiers_of([60.0, 40.0, -500.0], TierEdges("value", 0.6, 0.3)) == ["high", "medium", "low"]
    assert tiers_of([-1.0, -2.0], TierEdges("value", 0.6, 0.3)) == ["low", "low"]


def test_an_amount_is_reached_by_who_is_worth_as_much() -> None:
    assert tiers_of([1200.0, 1199.9, 600.0, 599.0], TierEdges("amount", 1200, 600)) == [
        "high", "medium", "medium", "low",
    ]  # fmt: skip


def test_nobody_is_in_no_tier() -> None:
    assert tiers_of([], FIRST_FIFTH) == []


AMOUNTS = st.lists(st.floats(-100, 1000, allow_nan=False), min_size=1, max_size=60)
EDGES = st.builds(TierEdges, st.sampled_from(["customers", "value"]), st.floats(0.05, 0.5), st.floats(0.05, 0.45))


@given(AMOUNTS, EDGES)
def test_a_customer_of_a_higher_tier_is_worth_no_less_and_everybody_has_one(
    values: list[float], edges: TierEdges
) -> None:
    got = value_tiers(customers(values), edges=edges)
    assert set(got["value_tier"]) <= set(TIERS)
    ends = [got.loc[got["value_tier"] == tier, "clv"] for tier in TIERS]
    told = [end for end in ends if len(end)]
    assert all(above.min() >= below.max() for above, below in pairwise(told))


@given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=60), EDGES)
def test_the_shares_of_the_tiers_sum_to_one(values: list[float], edges: TierEdges) -> None:
    rows = value_tiers(customers(values), edges=edges)
    got = tier_figures(rows, worth=rows[["clv"]].to_numpy().T, smallest=5)
    if not got["masked"].any():
        assert got["share"].sum() == pytest.approx(1)
        assert got["customer_share"].sum() == pytest.approx(1)


def twenty(value: float = 1.0) -> pd.DataFrame:
    values = [300.0] * 20 + [100.0] * 30 + [value] * 50
    return value_tiers(customers(values), edges=FIRST_FIFTH)


def test_each_tier_has_its_share_of_customers_and_of_value_with_the_interval_of_the_draws() -> None:
    rows = twenty(20.0)
    worth = np.vstack([rows["clv"], rows["clv"] * 0.9, rows["clv"] + 10])
    got = tier_figures(rows, worth=worth, smallest=11).set_index("tier")
    assert got["customers"].to_dict() == {"high": 20, "medium": 30, "low": 50}
    assert got.loc["high", ["customer_share", "share", "mean"]].tolist() == pytest.approx([0.2, 0.6, 300])
    reach = 1.959964 * np.std([0.6, 6200 / 11000], ddof=1)
    assert got.loc["high", ["share_low", "share_high"]].tolist() == pytest.approx([0.6 - reach, 0.6 + reach])
    assert got.loc["low", "high"] - 20 == pytest.approx(1.959964 * np.std([18, 30], ddof=1))


def test_shares_are_missing_where_all_together_are_worth_nothing() -> None:
    rows = twenty(-300.0)
    got = tier_figures(rows, worth=rows[["clv"]].to_numpy().T, smallest=11)
    assert got["share"].isna().all()
    assert got["mean"].tolist() == [300, 100, -300]


def test_a_small_tier_is_masked_and_so_is_one_that_would_give_it_away() -> None:
    rows = value_tiers(customers([float(place) for place in range(40)]), edges=FIRST_FIFTH)
    got = tier_figures(rows, worth=rows[["clv"]].to_numpy().T, smallest=11).set_index("tier")
    assert got["masked"].to_dict() == {"high": True, "medium": True, "low": False}
    assert got.loc["high", ["customers", "share", "mean"]].isna().all()


QUARTER = Quarter(2026, 3)


def billed(amounts: dict[str, float], months: int = 3) -> pd.DataFrame:
    rows = [
        {"customer_id": who, "month": dt.date(2026, 7 + month, 1), "share": 1.0, "days": 30, "revenue": amount}
        for who, amount in amounts.items()
        for month in range(months)
    ]
    return pd.DataFrame(rows)


def revenue(rows: pd.DataFrame, months: pd.DataFrame, *, smallest: int = 11) -> pd.DataFrame:
    engine = Engine()
    held = tier_figures(rows, worth=rows[["clv"]].to_numpy().T, smallest=smallest)
    return tier_revenue(engine.table(months), engine.table(rows), held, quarter=QUARTER).set_index("tier")


def test_revenue_is_that_of_the_quarter_of_customers_with_a_tier() -> None:
    rows = twenty(20.0)
    amounts = dict(zip(rows["customer_id"], [60.0] * 20 + [40.0] * 30 + [32.0] * 50, strict=True))
    months = pd.concat([billed(amounts | {"left": 900.0}), billed(amounts).assign(month=dt.date(2026, 6, 1))])
    got = revenue(rows, months)
    assert got["revenue_share"].to_dict() == pytest.approx({"high": 0.3, "medium": 0.3, "low": 0.4})
    assert got["revenue_share"].sum() == pytest.approx(1)
    assert (got["revenue_low"] < got["revenue_share"]).all() and (got["revenue_share"] < got["revenue_high"]).all()


def test_a_quarter_that_is_not_billed_whole_has_no_share_of_revenue() -> None:
    rows = twenty(20.0)
    late = billed(dict.fromkeys(rows["customer_id"], 30.0))
    late.loc[late["month"] == dt.date(2026, 9, 1), "revenue"] = None
    assert revenue(rows, late)["revenue_share"].isna().all()


def test_a_masked_tier_has_no_share_of_revenue() -> None:
    rows = value_tiers(customers([float(place) for place in range(40)]), edges=FIRST_FIFTH)
    got = revenue(rows, billed(dict.fromkeys(rows["customer_id"], 30.0)))
    assert got["revenue_share"].isna().to_dict() == {"high": True, "medium": True, "low": False}
