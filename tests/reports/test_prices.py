"""Plans against use and price rises in a report: stage table, figures and sentences agree with the raw extract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from tests.reports.test_identities import raw

from analysis.present.numbers import percent

if TYPE_CHECKING:
    from tests.reports.conftest import Report

SHARES = {"over-buyer": "over_buyers", "under-buyer": "under_buyers", "near cap": "near_cap"}


def stage(report: Report, name: str) -> pd.DataFrame:
    return pd.read_parquet(report.run / f"{name}.parquet")


def words(report: Report) -> str:
    return " ".join(report.chapter("How are they served?").get_text().split())


def test_every_active_customer_with_a_data_plan_is_in_the_stage_table_once(demo: Report) -> None:
    rows, customers = stage(demo, "price_fit"), stage(demo, "customers")
    assert rows["customer_id"].is_unique
    there = customers.loc[customers["state"] != "left", "customer_id"]
    assert set(rows["customer_id"]) <= set(there)
    held = customers[(customers["state"] == "active") & (customers["has_broadband"] == 1)]
    assert set(held["customer_id"]) <= set(rows["customer_id"])


def test_published_shares_and_sums_are_those_of_the_stage_table(demo: Report) -> None:
    rows = stage(demo, "price_fit")
    for name, metric in SHARES.items():
        assert demo.values[metric,] == pytest.approx((rows["fit"] == name).mean()), name
        assert " ".join(percent(demo.values[metric,]).split()) in words(demo)
    changes = rows.groupby("fit")["monthly_change"].sum()
    assert demo.values["down_sizing",] == pytest.approx(changes["over-buyer"])
    assert demo.values["up_sizing",] == pytest.approx(changes["under-buyer"] + changes["near cap"])


def test_who_is_near_the_cap_used_it_up_in_the_raw_extract(demo: Report) -> None:
    usage = raw(demo, "usage")
    lately = usage[usage["month"] >= "2026-07-01"].astype({"download_gb": float, "upload_gb": float})
    used = (lately["download_gb"] + lately["upload_gb"]).groupby(lately["customer_id"]).mean()
    rows = stage(demo, "price_fit").set_index("customer_id")
    near = rows[(rows["fit"] == "near cap") & (rows["plan"] == "Mobile S")]
    known = used.reindex(near.index)
    told = near["use_share_of_cap"].astype(float)
    assert len(near) > 10
    # Use under two keys is added up in the report: who moved house in these months differs.
    assert (abs(known / 5 - told) < 1e-3 * told).mean() > 0.9
    assert (told > 0.5).all()


def test_the_rises_of_the_demo_are_told_with_what_is_unknown_of_them(demo: Report) -> None:
    """The demo plants an effect of some 13.8 per share of the fees; a small provider tells it to half of that."""
    row = next(row for row in demo.rows if row["metric"] == "price_rise_ratio")
    assert row["low"] < row["value"] < row["high"]
    assert row["low"] < np.exp(0.05 * 13.8) < row["high"] * 1.1
    assert "would have stayed without" in words(demo)


def test_a_source_without_sizes_of_plans_or_rises_says_so(ibm: Report) -> None:
    assert not [row for row in ibm.rows if row["metric"] in (*SHARES.values(), "price_rise_ratio", "down_sizing")]
    assert "Whether plans fit what is used cannot be told" in words(ibm)
    assert "What price rises did cannot be told" in words(ibm)
    assert stage(ibm, "price_fit").empty


def test_a_source_without_subscriptions_says_so(cdnow: Report) -> None:
    assert "Whether plans fit what is used cannot be told: the source gives no subscriptions" in words(cdnow)
    assert stage(cdnow, "price_fit").empty
