from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analysis.extracts.engine import Engine, to_pandas
from analysis.policy.campaign_money import MARGIN, Rates, increments, money_sums, months_after, returns

RATES = Rates(gross_margin=0.5, per_month=0.0, value=1_000.0)


def arms(**changes: float) -> pd.DataFrame:
    common = {"campaign": "A", "objective": "retention", "randomised": True, "round": "c1", "amount": 0.0}
    rows = [{"arm": "call", "contacts": 100.0, "cost": 40_000.0, "converted": 0.0, "costed": 100.0}]
    rows.append({"arm": "control", "contacts": 100.0, "cost": 0.0, "converted": 0.0, "costed": 0.0})
    return pd.DataFrame([common | row | changes for row in rows])


ROUNDS = pd.DataFrame({"round": ["c1", "c2"], "fixed_cost": [100.0, 999.0]})


def effect(low: float, value: float, high: float) -> pd.DataFrame:
    row = {"campaign": "A", "variant": "call", "objective": "retention", "outcome": "left_3m"}
    return pd.DataFrame([row | {"effect": value, "low": low, "high": high}])


def gain(value: float) -> pd.DataFrame:
    row = {"campaign": "A", "variant": "call", "outcome": MARGIN, "effect": value, "low": value - 1, "high": value + 1}
    return pd.DataFrame([row])


def test_cost_holds_the_fixed_cost_of_its_own_rounds():
    got = returns(effect(-0.03, -0.02, -0.01), gain(7.5), arms(), ROUNDS, RATES).iloc[0]
    assert got["cost"] == pytest.approx(5.0)  # four euros a contact, and one of the fixed hundred
    assert got["total_cost"] == pytest.approx(500)
    assert got[["roi", "roi_low", "roi_high"]].tolist() == pytest.approx([0.5, 0.3, 0.7])


def test_a_clear_effect_has_a_cost_per_customer_kept_and_a_worth():
    got = returns(effect(-0.03, -0.02, -0.01), gain(7.5), arms(), ROUNDS, RATES).iloc[0]
    assert got[["per_won", "won_low", "won_high"]].tolist() == pytest.approx([250, 500 / 3, 500])
    assert got["break_even"] == pytest.approx(0.005)
    assert got[["net", "net_low", "net_high"]].tolist() == pytest.approx([15, 5, 25])


def test_an_effect_that_may_be_chance_has_no_cost_per_customer():
    got = returns(effect(-0.03, -0.01, 0.01), gain(7.5), arms(), ROUNDS, RATES).iloc[0]
    assert got[["per_won", "won_low", "won_high"]].isna().all()
    assert got["net_low"] < 0 < got["net_high"]


def test_without_a_cost_on_record_there_is_no_return():
    got = returns(
        effect(-0.03, -0.02, -0.01), gain(7.5), arms(cost=0.0, costed=0.0), ROUNDS.assign(fixed_cost=0.0), RATES
    )
    assert got[["cost", "roi", "per_won", "break_even", "net"]].isna().all(axis=None)


def test_bills_of_three_whole_months_after_the_contact_count_before_credits():
    with Engine() as engine:
        contacts = pd.DataFrame(
            {"campaign": "A", "round": "c1", "customer_id": ["a", "b", "c"], "arm": ["call", "control", "call"]}
        ).assign(month=[dt.date(2026, 3, 1), dt.date(2026, 3, 1), dt.date(2026, 5, 1)])
        months = pd.DataFrame(
            {
                "customer_id": ["a"] * 5,
                "month": [dt.date(2026, number, 1) for number in (3, 4, 5, 6, 7)],
                "revenue": [50.0, 10.0, 20.0, 25.0, 50.0], "credit": [0.0, 0.0, -5.0, 0.0, 0.0], "share": 1.0,
            }
        )  # fmt: skip
        rows = [engine.table(pa.Table.from_pandas(one, preserve_index=False)) for one in (contacts, months)]
        got = to_pandas(months_after(rows[0], rows[1], last=dt.date(2026, 7, 1))).sort_values("customer_id")
    assert got["customer_id"].tolist() == ["a", "b"]  # c's three months are not over
    assert got["money"].tolist() == [6_000, 0]
    assert got["stayed"].tolist() == [300, 0]


def test_increments_are_those_of_the_means():
    with Engine() as engine:
        money = [1_000, 3_000, 2_000, 0, 0, 600]
        rows = pd.DataFrame({"campaign": "A", "round": "c1", "arm": ["call"] * 3 + ["control"] * 3, "money": money})
        sums = money_sums(engine.table(rows.assign(stayed=100)), RATES._replace(per_month=1.0))
    got = increments(sums, arms()).set_index("outcome")
    assert got.loc["revenue", "effect"] == pytest.approx(18)
    assert got.loc["margin", "effect"] == pytest.approx(9)  # the cost to serve is that of both
    assert got.loc["revenue", "low"] < 18 < got.loc["revenue", "high"]
    assert not np.isnan(got.loc["revenue", "error"])
