from __future__ import annotations

import numpy as np
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.measures.interval import share_interval
from analysis.models.lift import lift


def hundred():
    """A hundred customers in order of risk, the likeliest first; of the first ten 6 leave, of the others 6."""
    left = np.zeros(100)
    left[[0, 1, 2, 5, 7, 9, 12, 15, 40, 60, 80, 99]] = 1
    return np.where(left == 1, 2.0, 6.0), left, np.linspace(0.9, 0.1, 100)


def test_the_top_shares_hold_the_leavers_counted_by_hand():
    got = lift(*hundred(), 3)
    assert got["top"].tolist() == [0.05, 0.1, 0.2]
    assert got["customers"].tolist() == [5, 10, 20]
    assert got["leavers_held"].tolist() == pytest.approx([3 / 12, 6 / 12, 8 / 12])
    assert got["lift"].tolist() == pytest.approx([5, 5, 10 / 3])


def test_the_interval_is_that_of_a_share_of_the_leavers():
    got = lift(*hundred(), 3).iloc[1]
    assert (got["low"], got["high"]) == pytest.approx(share_interval(6, 12))


def test_customers_of_equal_risk_are_in_the_top_in_part():
    time, left, _ = hundred()
    risk = np.repeat([0.8, 0.2], [8, 92])
    got = lift(time, left, risk, 3)
    among = 5 + 7 * 2 / 92
    assert got["leavers_held"].tolist() == pytest.approx([5 * 5 / 8 / 12, among / 12, (5 + 7 * 12 / 92) / 12])


def test_equal_predictions_are_chance():
    time, left, _ = hundred()
    assert lift(time, left, np.full(100, 0.3), 3)["lift"].tolist() == pytest.approx([1, 1, 1])


def test_the_order_of_the_rows_does_not_matter():
    time, left, risk = hundred()
    risk = np.round(risk, 1)
    mixed = np.random.default_rng(1).permutation(100)
    assert lift(time, left, risk, 3).equals(lift(time[mixed], left[mixed], risk[mixed], 3))


def test_who_was_lost_is_stood_for_by_the_others():
    rng = np.random.default_rng(3)
    hazard = 0.03 * np.exp(rng.normal(size=100_000))
    life, lost = rng.exponential(1 / hazard), rng.uniform(0, 24, 100_000)
    got = lift(np.minimum(life, lost), life <= lost, hazard, 12)
    everyone = lift(np.minimum(life, 12), life <= 12, hazard, 12)
    assert got["leavers_held"].tolist() == pytest.approx(everyone["leavers_held"].tolist(), abs=0.01)
    assert (got["high"] - got["low"] > everyone["high"] - everyone["low"]).all()


def test_a_customer_who_counts_twice_is_two_customers():
    time, left, risk = hundred()
    times = np.random.default_rng(4).integers(1, 4, 100)
    twice = lift(*(np.repeat(column, times) for column in (time, left, risk)), 3)
    got = lift(time, left, risk, 3, weights=times)
    assert got[["top", "customers"]].equals(twice[["top", "customers"]])
    assert got["leavers_held"].tolist() == pytest.approx(twice["leavers_held"].tolist())


def test_with_fewer_than_ten_leavers_nothing_is_said():
    time, left, risk = hundred()
    left[60:] = 0
    got = lift(np.where(left == 1, time, 6.0), left, risk, 3)
    assert got[["leavers_held", "low", "high", "lift"]].isna().all(axis=None)
    assert got["customers"].tolist() == [5, 10, 20]


def test_without_follow_up_to_the_horizon_nothing_is_said():
    assert lift(*hundred(), 9)[["leavers_held", "low", "high", "lift"]].isna().all(axis=None)


def test_a_missing_risk_is_refused():
    time, left, risk = hundred()
    risk[3] = np.nan
    with pytest.raises(AnalysisFailed, match="expected a score for every customer, found nan; such values: 1"):
        lift(time, left, risk, 3)
