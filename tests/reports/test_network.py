"""Signals of areas, calls about faults and unusual use in a report: tables, published figures and words agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from tests.reports.conftest import Report

TITLE = "How are they served?"


def stage(report: Report, name: str) -> pd.DataFrame:
    return pd.read_parquet(report.run / f"{name}.parquet")


def words(report: Report) -> str:
    return " ".join(report.chapter(TITLE).get_text(" ").split())


def test_the_chapter_names_the_areas_whose_signal_stands(demo: Report) -> None:
    signals = stage(demo, "area_signals")
    last = signals[signals["month"] == signals["month"].max()]
    standing = sorted(last.loc[last["signal"], "area_id"])
    assert demo.values["areas_signalled",] == len(standing)
    assert demo.values["areas_judged",] == last["p"].notna().sum()
    assert all(area in words(demo) for area in standing)
    customers = stage(demo, "customers")
    inside = customers[(customers["state"] == "active") & customers["area_id"].isin(standing)]
    assert demo.values.get(("customers_in_signalled_areas",), 0) in (len(inside), 0)


def test_planted_faults_are_what_is_signalled(demo: Report) -> None:
    """The demo's network is at about half its speed in a fault; whatever is signalled by the network is one."""
    signals = stage(demo, "area_signals")
    judged = signals[signals["p"].notna()]
    slow = judged["speed_share"] < 0.7 * judged["speed_usual"]
    assert slow.sum() >= 5
    # Areas of this small provider have a dozen customers: many a fault brings no complaint at all.
    assert judged.loc[slow, "signal"].mean() > 0.7
    assert judged.loc[~slow, "signal"].mean() < 0.01


def test_who_is_to_be_called_is_active_of_high_value_in_a_failing_area(demo: Report) -> None:
    calls, value = stage(demo, "fault_notices"), stage(demo, "customer_value").set_index("customer_id")
    signals = stage(demo, "area_signals")
    last = signals[(signals["month"] == signals["month"].max()) & signals["signal"]]
    assert set(calls["area_id"]) <= set(last["area_id"])
    assert (value.loc[calls["customer_id"], "value_tier"] == "high").all()
    assert calls["clv"].is_monotonic_decreasing
    consents = stage(demo, "tables/consents")
    refused = consents[(consents["channel"] == "do_not_contact") & consents["granted"]]
    assert not set(calls["customer_id"]) & set(refused["customer_id"])
    assert all(customer not in words(demo) for customer in calls["customer_id"])


def test_unusual_use_is_published_as_stored(demo: Report) -> None:
    rows = stage(demo, "usage_anomalies")
    unexplained = rows[rows["explained"].isna()]
    for metric, side in (("usage_jumps", "up"), ("usage_falls", "down")):
        told = demo.values.get((metric, "measure", "download_gb"))
        mine = unexplained[(unexplained["direction"] == side) & (unexplained["measure"] == "download_gb")]
        many = mine["customer_id"].nunique()
        if 0 < many < 11:
            assert told is None
        else:
            assert told == 0 if not many else 0 < told < 0.05
            assert not many or f"ownload of {many}" in words(demo)


def test_without_network_tickets_and_use_the_chapter_says_what_is_absent(ibm: Report, cdnow: Report) -> None:
    for report in (ibm, cdnow):
        assert "neither the network nor the service desk" in words(report)
        assert "No area can be judged yet" in words(report)
        assert stage(report, "fault_notices").empty
        assert ("areas_judged",) not in report.values
