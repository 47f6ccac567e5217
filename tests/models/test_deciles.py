from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.interval import share_interval
from analysis.models.deciles import calibration_deciles
from analysis.models.survival import kaplan_meier, survival_at


def thousand(seed=1):
    rng = np.random.default_rng(seed)
    hazard = 0.06 * np.exp(rng.normal(size=1000))
    life, lost = rng.exponential(1 / hazard), np.minimum(rng.uniform(0, 30, 1000), 12)
    return np.minimum(life, lost), (life <= lost).astype(int), 1 - np.exp(-12 * hazard)


def test_a_tenth_of_the_customers_is_in_each_decile_the_lowest_risk_first():
    got = calibration_deciles(*thousand(), 12)
    assert got["decile"].tolist() == list(range(1, 11))
    assert got["customers"].tolist() == [100] * 10
    assert got["predicted"].is_monotonic_increasing
    assert np.average(got["predicted"], weights=got["customers"]) == pytest.approx(thousand()[2].mean())


def test_the_observed_share_and_its_interval_are_those_of_kaplan_and_meier():
    time, event, risk = thousand()
    top = np.argsort(risk)[-100:]
    counts = pd.DataFrame({"entry": 0, "exit": np.round(time[top], 5), "event": event[top], "n": 1})
    expected = 1 - survival_at(kaplan_meier(counts), 12)[["survival", "high", "low"]].iloc[0]
    got = calibration_deciles(time, event, risk, 12).iloc[-1]
    assert got[["observed", "low", "high"]].tolist() == pytest.approx(expected.tolist())


def test_a_forecast_that_is_right_lies_within_nearly_all_intervals():
    inside = [calibration_deciles(*thousand(seed), 12).eval("low <= predicted <= high").sum() for seed in range(10)]
    assert 88 <= sum(inside) <= 99


def test_what_happens_after_the_horizon_does_not_matter():
    time, event, risk = [1, 5, 6, 7], [1, 1, 0, 1], [0.1, 0.2, 0.3, 0.4]
    cut = calibration_deciles(np.minimum(time, 4), [1, 0, 0, 0], risk, 4)
    assert calibration_deciles(time, event, risk, 4).equals(cut)


def test_equal_predictions_share_a_decile():
    risk = np.repeat([0.1, 0.4], [300, 100])
    got = calibration_deciles(np.full(400, 6.0), np.zeros(400), risk, 6)
    assert got["decile"].tolist() == [4, 9]
    assert got["customers"].tolist() == [300, 100]


def test_where_nobody_or_everybody_left_the_interval_is_that_of_a_share():
    got = calibration_deciles(
        np.repeat([6.0, 2.0], [20, 20]), np.repeat([0, 1], [20, 20]), np.repeat([0.1, 0.9], 20), 6
    )
    assert got["observed"].tolist() == [0, 1]
    none, everyone = share_interval(0, 20), share_interval(20, 20)
    assert got[["low", "high"]].to_numpy().tolist() == pytest.approx(np.array([none, everyone]))


def test_a_decile_that_nobody_saw_to_the_horizon_has_no_observed_share():
    got = calibration_deciles([1, 2, 6, 6], [1, 0, 0, 0], [0.9, 0.9, 0.1, 0.1], 6)
    assert got["observed"].isna().tolist() == [False, True]
    assert got["customers"].tolist() == [2, 2]


def test_the_order_of_the_rows_does_not_matter():
    columns = thousand()
    mixed = np.random.default_rng(2).permutation(1000)
    assert calibration_deciles(*columns, 12).equals(calibration_deciles(*(column[mixed] for column in columns), 12))
