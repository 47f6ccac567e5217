"""What customers cost to win, held against the extracts by another road."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from tests.reports.test_identities import erased, raw

if TYPE_CHECKING:
    from tests.reports.conftest import Report


def test_the_cost_of_each_channel_is_that_of_its_first_accounts_of_the_last_four_quarters(demo: Report) -> None:
    customers = raw(demo, "customers")
    nobody = customers["status"].isin(["test", "staff"]) | customers["customer_id"].isin(erased(demo))
    begun = pd.to_datetime(customers["signup_date"], errors="coerce")
    late = (begun >= "2025-10-01") & (begun <= "2026-09-30") & customers["replaces_customer_id"].isna()
    costs = customers[~nobody & late].groupby("acquisition_channel")["acquisition_cost"].mean()
    got = {key[2]: value for key, value in demo.values.items() if key[:2] == ("acquisition_cost", "channel")}
    assert len(got) >= 3  # the smallest are masked
    for channel, value in got.items():
        assert value == pytest.approx(costs[channel], rel=0.02), channel


def test_a_dear_channel_is_paid_back_later_than_a_cheap_one(demo: Report) -> None:
    costs, months, ratios = (
        {key[2]: value for key, value in demo.values.items() if key[:2] == (metric, "channel")}
        for metric in ("acquisition_cost", "payback_months", "clv_per_cac")
    )
    cheap, *_, dear = sorted(set(costs) & set(months), key=costs.__getitem__)
    assert costs[dear] > 1.3 * costs[cheap]
    assert months[cheap] < months[dear]
    assert ratios[cheap] > ratios[dear]
    assert months[cheap] <= demo.values["payback_months",] <= months[dear]


def test_a_source_without_costs_says_so_and_shows_no_figure(ibm: Report) -> None:
    assert not [row for row in ibm.rows if row["metric"] in ("acquisition_cost", "clv_per_cac", "payback_months")]
    words = ibm.chapter("What are they worth?").get_text()
    assert "What it costs to win a customer cannot be told" in words
