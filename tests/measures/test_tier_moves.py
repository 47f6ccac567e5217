"""Who kept a value tier, and what is published of it."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.tier_kpis import tier_kpis
from analysis.measures.tier_moves import tier_moves


def quarters(moves: dict[tuple[str, str], int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers by tier before and now."""
    pairs = [pair for pair, count in moves.items() for _ in range(count)]
    ids = [f"C{place:04d}" for place in range(len(pairs))]
    before, now = (pd.DataFrame({"customer_id": ids, "value_tier": [pair[end] for pair in pairs]}) for end in (0, 1))
    return now, before


PLENTY = {
    ("high", "high"): 60, ("high", "medium"): 20, ("high", "low"): 20, ("medium", "high"): 30, ("medium", "medium"): 50,
    ("medium", "low"): 20, ("low", "medium"): 40, ("low", "low"): 160,
}  # fmt: skip


def test_shares_of_who_kept_rose_and_fell_are_those_of_the_former_tier() -> None:
    got = tier_moves(*quarters(PLENTY), smallest=11)
    rows = got.set_index(got["tier"].fillna("all"))
    assert rows["customers"].to_dict() == {"all": 400, "high": 100, "medium": 100, "low": 200}
    assert rows.loc["high", ["kept", "fell"]].tolist() == pytest.approx([0.6, 0.4])
    assert rows.loc["medium", ["kept", "rose", "fell"]].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert rows.loc["all", ["kept", "rose", "fell"]].tolist() == pytest.approx([0.675, 0.175, 0.15])
    assert rows.loc["all", "kept_low"] < 0.675 < rows.loc["all", "kept_high"]
    assert not got[["kept_masked", "rose_masked", "fell_masked"]].to_numpy().any()


def test_the_highest_cannot_rise_nor_the_lowest_fall() -> None:
    got = tier_moves(*quarters(PLENTY), smallest=11).set_index("tier")
    assert pd.isna(got.loc["high", "rose"]) and pd.isna(got.loc["low", "fell"])


def test_a_few_who_moved_are_hidden_and_so_is_what_would_give_them_away() -> None:
    few = PLENTY | {("medium", "low"): 4}
    got = tier_moves(*quarters(few), smallest=11)
    rows = got.set_index(got["tier"].fillna("all"))
    assert rows.loc["medium", "fell_masked"]
    hidden = rows[["kept_masked", "rose_masked", "fell_masked"]].astype(bool)
    assert hidden.loc["medium"].sum() >= 2
    # Neither the row's total nor the column's, less what is shown, leaves one cell alone.
    assert hidden["fell_masked"].sum() >= 2
    assert rows.loc["medium", ["fell", "fell_low", "fell_high"]].isna().all()


def test_who_is_in_one_quarter_only_or_has_no_tier_is_not_compared() -> None:
    now, before = quarters(PLENTY)
    now.loc[now.index[:60], "value_tier"] = "not available"
    before = pd.concat([before, pd.DataFrame({"customer_id": ["left"], "value_tier": ["high"]})])
    assert tier_moves(now, before, smallest=11)["customers"].iloc[0] == 340


def test_without_an_earlier_report_or_tiers_in_it_nothing_is_told() -> None:
    now, before = quarters(PLENTY)
    for nothing in (None, before.assign(value_tier=None), before.drop(columns="value_tier")):
        got = tier_moves(now, nothing, smallest=11)
        assert got.empty
        assert tier_kpis(TIERS.head(0), gini=(float("nan"),) * 3, moves=got) == []


TIERS = pd.DataFrame(
    {
        "tier": ["high", "low"], "customers": [20.0, 80.0], "revenue_share": [0.4, 0.6], "revenue_low": [0.3, 0.5],
        "revenue_high": [0.5, 0.7], "masked": False,
    }
)  # fmt: skip


def test_kpis_are_the_coefficient_the_high_tiers_revenue_and_the_share_that_kept_a_tier() -> None:
    got = tier_kpis(TIERS, gini=(0.3, 0.2, 0.4), moves=tier_moves(*quarters(PLENTY), smallest=11))
    assert [(kpi.metric, kpi.value, kpi.n) for kpi in got] == [
        ("value_gini", 0.3, 100),
        ("high_value_revenue", 0.4, 20),
        ("value_tier_kept", 0.675, 400),
    ]
    hidden = tier_kpis(
        TIERS.assign(revenue_share=None), gini=(0.3, 0.2, 0.4), moves=pd.DataFrame({"tier": [], "kept": []})
    )
    assert [kpi.metric for kpi in hidden] == ["value_gini"]
