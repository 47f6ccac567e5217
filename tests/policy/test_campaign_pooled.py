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


def contacts(
    margin: dict[str, float], *, of: str = "new", month: str = "2026-03-01", n: int = 100, cost: float = 3.5
) -> pd.DataFrame:
    """Every customer of an arm brings its margin, half of them a euro more and half one less, in cents."""
    rows = []
    for arm, mean in margin.items():
        cents = 100 * (mean + np.where(np.arange(n) % 2, 1, -1))
        treated = float(n) * (arm != "control")
        made = (float(n), 100 * cost * treated, treated * (cost > 0))
        rows.append(
            ("Stay", of, arm, pd.Timestamp(month), *made, float(n), float(cents.sum()), float((cents**2).sum()))
        )
    names = ["contacts", "cost", "costed", "n", "margin_total", "margin_squares"]
    return pd.DataFrame(rows, columns=["campaign", "round", "arm", "month", *names])


def test_all_variants_of_the_year_are_one_arm_against_the_control_group():
    got = pooled_return(contacts({"call": 12.0, "mail": 8.0, "control": 4.0}), ROUNDS, quarter=NOW)
    # The margin is 10 against 4; a contact costs 3.50, and its part of the fixed 100 for 200 contacts, 0.50.
    assert got.roi == pytest.approx((6 - 4) / 4)
    assert (got.contacts, got.control, got.made) == (200, 100, 200)
    assert got.low < 0.5 < got.high
    assert got.high - 0.5 == pytest.approx(0.5 - got.low)


def test_rounds_of_other_years_do_not_count():
    old = contacts({"call": 100.0, "control": 0.0}, of="old", month="2025-03-01")
    both = pd.concat([old, contacts({"call": 8.0, "control": 4.0})])
    assert pooled_return(both, ROUNDS, quarter=NOW).contacts == 100
    assert np.isnan(pooled_return(old, ROUNDS, quarter=NOW).roi)
    assert pooled_return(old, ROUNDS, quarter=NOW.year_before).contacts == 100
    first = ROUNDS.assign(start=pd.to_datetime(["2025-10-01", "2025-09-30"]))  # the first day of the year, and the eve
    late = contacts({"call": 100.0, "control": 0.0}, of="old", month="2025-10-01")
    got = pooled_return(pd.concat([late, contacts({"call": 8.0, "control": 4.0})]), first, quarter=NOW)
    assert got.roi == pytest.approx((100 - 3.5) / 3.5)


def test_without_a_cost_or_a_control_group_there_is_no_return():
    free = ROUNDS.assign(fixed_cost=0.0)
    assert np.isnan(pooled_return(contacts({"call": 8.0, "control": 4.0}, cost=0.0), free, quarter=NOW).roi)
    assert np.isnan(pooled_return(contacts({"call": 8.0}), ROUNDS, quarter=NOW).roi)


def test_contacts_count_once_their_three_months_are_over_and_cost_once_they_are_made():
    told = pd.concat(
        [contacts({"call": 8.0, "control": 4.0}), contacts({"call": 80.0, "control": 4.0}, month="2026-04-01")]
    )
    before, now = (pooled_return(told, ROUNDS, quarter=one) for one in (NOW.previous, NOW))
    # By the end of June the three months after March are over; of April's contacts only the cost is known.
    assert (before.contacts, before.made) == (100, 200)
    assert before.roi == pytest.approx((4 - 4) / 4)
    assert (now.contacts, now.made) == (200, 200)
    assert now.roi == pytest.approx((40 - 4) / 4)
    # At the end of March nothing was known yet, of the year nor of the round.
    assert np.isnan(pooled_return(told, ROUNDS, quarter=Quarter(2026, 1)).roi)


def test_the_quarter_before_says_what_was_known_then():
    told = pd.concat(
        [contacts({"call": 8.0, "control": 4.0}), contacts({"call": 80.0, "control": 4.0}, month="2026-04-01")]
    )
    (got,) = pooled_kpi(told, ROUNDS, quarter=NOW, smallest=11).kpis
    assert got.previous == pytest.approx(0.0)
    (young,) = pooled_kpi(told, ROUNDS, quarter=NOW.previous, smallest=11).kpis
    assert young.previous is None
    (undated,) = pooled_kpi(told, ROUNDS, quarter=NOW, smallest=11, dated=False).kpis
    assert undated.previous is None


def test_a_return_of_few_is_not_published_and_stands_beside_that_of_a_year_ago():
    old = contacts({"call": 7.0, "control": 0.0}, of="old", month="2025-03-01")
    (got,) = pooled_kpi(
        pd.concat([old, contacts({"call": 8.0, "control": 4.0})]), ROUNDS, quarter=NOW, smallest=11
    ).kpis
    assert (got.metric, got.n) == ("campaigns_roi", 200)
    assert got.year_before == pytest.approx(1.0)
    few = contacts({"call": 8.0, "control": 4.0}, n=10)
    assert pooled_kpi(few, ROUNDS, quarter=NOW, smallest=11).kpis == []
