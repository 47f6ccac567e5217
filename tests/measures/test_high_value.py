"""Retention of high value by hand: one less the churn rate of the high margin band, masked as that is."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.measures.class_rules import Dimension, Percentile
from analysis.measures.high_value import band_rates, retention_kpi

RULES = {
    "margin_band": Dimension("margin_band", "Margin band", column="monthly_margin", bands={"low": None, "high": 50.0}),
    "other": Dimension("other", "Other"),
}


def rates(**high: object) -> pd.DataFrame:
    row = {
        "dimension": "margin_band", "class": "high", "customers": 1000, "churn_rate": 0.03, "low": 0.021, "high": 0.042,
        "previous": 0.05, "masked": False,
    }  # fmt: skip
    return pd.DataFrame([row | high, row | {"class": "low", "churn_rate": 0.5}])


def year(**high: object) -> pd.DataFrame:
    row = {"dimension": "margin_band", "class": "high", "churn_rate": 0.06, "rate_masked": False}
    return pd.DataFrame([row | high])


def test_who_did_not_leave_stayed():
    (got,) = retention_kpi(rates(), year())
    assert got.n == 1000
    told = [got.value, got.low, got.high, got.previous, got.year_before]
    assert told == pytest.approx([0.97, 0.958, 0.979, 0.95, 0.94])
    assert got.moved is True


def test_a_difference_that_chance_explains_is_no_move():
    assert retention_kpi(rates(previous=0.031), None)[0].moved is False
    assert retention_kpi(rates(previous=None), None)[0].moved is None


def test_what_is_masked_or_was_not_observed_is_not_told():
    assert retention_kpi(rates(masked=True), year()) == []
    assert retention_kpi(rates(customers=0), year()) == []
    assert retention_kpi(rates().iloc[1:], year()) == []
    assert retention_kpi(rates(), None)[0].year_before is None
    assert retention_kpi(rates(), year(rate_masked=True))[0].year_before is None
    assert retention_kpi(rates(), pd.DataFrame(columns=["dimension", "class"]))[0].year_before is None


def test_the_band_is_that_of_the_quarters_start(engine):
    day = dt.date(2025, 6, 30)
    rows = [(f"C{i}", day, int(i < 20), 80.0 if i < 100 else 20.0) for i in range(300)]
    exposed = pd.DataFrame(rows, columns=["customer_id", "landmark", "event", "margin"])
    margins = engine.table(exposed[["customer_id", "landmark", "margin"]].rename(columns={"margin": "monthly_margin"}))
    customers = engine.table(pd.DataFrame({"state": ["active"] * 300, "margin_band_class": ["low"] * 300}))

    def known(keys: nw.LazyFrame) -> nw.LazyFrame:
        return keys.join(margins, on=["customer_id", "landmark"], how="inner")

    there = engine.table(exposed.drop(columns="margin"))
    got = band_rates(there, customers, [known], rules=RULES, smallest=11).set_index("class")
    assert got["customers"].to_dict() == {"low": 200, "high": 100}
    assert got.loc["high", "churn_rate"] == pytest.approx(0.2)
    without = band_rates(there, customers, [known], rules={"other": RULES["other"]}, smallest=11)
    assert without.empty


def test_shares_of_customers_are_those_of_that_time(engine):
    rules = {
        "margin_band": Dimension(
            "margin_band",
            "Margin band",
            column="monthly_margin",
            bands={"low": None, "high": Percentile(50)},
        )
    }
    day = dt.date(2025, 6, 30)
    exposed = pd.DataFrame([(f"C{i}", day, int(i % 4 == 0), float(i)) for i in range(100)])
    exposed.columns = ["customer_id", "landmark", "event", "monthly_margin"]
    customers = engine.table(pd.DataFrame({"state": ["active"] * 30, "margin_band_class": ["high"] * 30}))
    got = band_rates(engine.table(exposed), customers, [], rules=rules, smallest=11).set_index("class")
    assert got.loc["high", "customers"] == 50
