"""The action list of a report: complete, consented, within its limits, and told as it is stored."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.policy.action_figures import by_policy, shown_money

if TYPE_CHECKING:
    from tests.reports.conftest import Report

NEEDED = ["action", "reason", "priority", "cost", "expected_benefit", "due_date", "owner"]


def stage(report: Report, name: str) -> pd.DataFrame:
    return pd.read_parquet(report.run / f"{name}.parquet")


def test_every_customer_on_the_list_has_all_that_is_needed_and_one_action(demo: Report) -> None:
    rows = stage(demo, "actions")
    assert rows["customer_id"].is_unique
    assert rows[NEEDED].notna().all().all()
    assert set(rows["customer_id"]) <= set(stage(demo, "churn_scores")["customer_id"])
    assert (rows["expected_benefit"] > rows["cost"]).all()
    acted = rows[rows["arm"] == "act"]
    assert acted["cost"].sum() <= 10_000
    if len(acted) >= 11:
        assert demo.values["actions",] == len(acted)
        told = by_policy(rows, [SimpleNamespace(name=name) for name in sorted(set(rows["policy"]))], smallest=11)
        assert demo.values.get(("actions_net",), 0.0) == pytest.approx(shown_money(told)["net"])


def test_nobody_without_consent_or_with_an_open_order_is_on_the_list(demo: Report) -> None:
    rows, consents = stage(demo, "actions"), stage(demo, "tables/consents")
    latest = consents.sort_values("changed_at").drop_duplicates(["customer_id", "channel"], keep="last")
    granted = set(
        zip(latest.loc[latest["granted"], "customer_id"], latest.loc[latest["granted"], "channel"], strict=True)
    )
    marketing = rows[rows["marketing"]]
    assert all(pair in granted for pair in zip(marketing["customer_id"], marketing["channel"], strict=True))
    assert not {(customer, "do_not_contact") for customer in rows["customer_id"]} & granted
    orders = stage(demo, "tables/work_orders")
    assert not set(rows["customer_id"]) & set(orders.loc[orders["status"] == "open", "customer_id"])


def test_without_consents_and_forecast_the_chapter_still_says_what_it_can(ibm: Report, cdnow: Report) -> None:
    for report in (ibm, cdnow):
        words = report.chapter("What worked, and what next?").get_text(" ")
        assert "What to do next" in words
        rows = stage(report, "actions")
        assert not rows["marketing"].astype(bool).any()
