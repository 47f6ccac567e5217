"""The return of a year's campaigns by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.policy.campaign_pooled import pooled_kpi, pooled_return

NOW = Quarter(2026, 3)
ROUNDS = pd.DataFrame(
    {
        "round": ["old", "new"],
        "campaign": "Stay",
        "start": pd.to_datetime(["2025-03-01", "2026-03-01"]),
        "fixed_cost": [0.0, 100.0],
    }
)


def sums(margin: dict[str, float], *, n: int = 100, rounds: tuple[str, ...] = ("new",)) -> pd.DataFrame:
    """Every customer of an arm brings its margin, half of them a euro more and half one less, in cents."""
    rows = []
    for name in rounds:
        for arm, mean in margin.items():
            cents = 100 * (mean + np.where(np.arange(n) % 2, 1, -1))
            squares = float((cents**2).sum())
            rows.append(("Stay", name, arm, float(n), float(cents.sum()), squares))
    return pd.DataFrame(rows, columns=["campaign", "round", "arm", "n", "margin_total", "margin_squares"])


def arms(cost: float, *, rounds: tuple[str, ...] = ("old", "new")) -> pd.DataFrame:
    rows = [
        ("Stay", True, name, arm, 100.0, 100 * cost * 100.0 * (arm != "control"), 100.0 * (arm != "control"))
        for name in rounds
        for arm in ("call", "mail", "control")
    ]
    return pd.DataFrame(rows, columns=["campaign", "randomised", "round", "arm", "contacts", "cost", "costed"])


def test_all_variants_of_the_year_are_one_arm_against_the_control_group():
    got = pooled_return(sums({"call": 12.0, "mail": 8.0, "control": 4.0}), arms(3.5), ROUNDS, quarter=NOW)
    # The margin is 10 against 4; a contact costs 3.50, and its part of the fixed 100 for 200 contacts, 0.50.
    assert got.roi == pytest.approx((6 - 4) / 4)
    assert (got.contacts, got.control) == (200, 100)
    assert got.low < 0.5 < got.high
    assert got.high - 0.5 == pytest.approx(0.5 - got.low)


def test_rounds_of_other_years_do_not_count():
    both = sums({"call": 100.0, "control": 0.0}, rounds=("old",))
    mine = sums({"call": 8.0, "control": 4.0})
    got = pooled_return(pd.concat([both, mine]), arms(3.5), ROUNDS, quarter=NOW)
    assert got.contacts == 100
    assert np.isnan(pooled_return(both, arms(3.5), ROUNDS, quarter=NOW).roi)
    assert pooled_return(both, arms(3.5), ROUNDS, quarter=NOW.year_before).contacts == 100
    first = ROUNDS.assign(start=pd.to_datetime(["2025-10-01", "2025-09-30"]))  # the first day of the year, and the eve
    assert pooled_return(pd.concat([both, mine]), arms(3.5), first, quarter=NOW).roi == pytest.approx((100 - 3.5) / 3.5)


def test_without_a_cost_or_a_control_group_there_is_no_return():
    free = ROUNDS.assign(fixed_cost=0.0)
    assert np.isnan(
        pooled_return(sums({"call": 8.0, "control": 4.0}), arms(0).assign(costed=0.0), free, quarter=NOW).roi
    )
    assert np.isnan(pooled_return(sums({"call": 8.0}), arms(3.5), ROUNDS, quarter=NOW).roi)


def test_a_return_of_few_is_not_published_and_stands_beside_that_of_a_year_ago():
    told = pd.concat([sums({"call": 7.5, "control": 4.0}, rounds=("old",)), sums({"call": 8.0, "control": 4.0})])
    (got,) = pooled_kpi(told, arms(3.5), ROUNDS, quarter=NOW, smallest=11)
    assert (got.metric, got.n) == ("campaigns_roi", 200)
    assert got.year_before == pytest.approx(0.0)
    few = sums({"call": 8.0, "control": 4.0}, n=10)
    assert pooled_kpi(few, arms(3.5), ROUNDS, quarter=NOW, smallest=11) == []
