"""C37: leads and who left, in a report: recomputed from the extracts, masked, consented, held out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.measures.interval import share_interval
from analysis.present.numbers import percent

if TYPE_CHECKING:
    from tests.reports.conftest import Project, Report

AS_OF = pd.Timestamp("2026-09-30")
SMALLEST = 11
TITLE = "What worked, and what next?"


def stage(report: Report, name: str) -> pd.DataFrame:
    return pd.read_parquet(report.run / f"{name}.parquet")


@pytest.fixture(scope="module")
def raw(demo_project: Project) -> pd.DataFrame:
    """The extract of leads, with days to becoming a customer, as known at the as-of date."""
    table = pd.read_csv(demo_project.extracts / "leads.csv", parse_dates=["created_at", "converted_at"])
    won = table["converted_at"].dt.normalize()
    table["days"] = (won.where(won <= AS_OF) - table["created_at"].dt.normalize()).dt.days
    return table[table["created_at"] < AS_OF + pd.Timedelta(days=1)]


def made(raw: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    return raw[(raw["created_at"] >= first) & (raw["created_at"] < last)]


def test_conversion_is_that_of_the_extract_counted_by_hand(demo: Report, raw: pd.DataFrame) -> None:
    now, before = made(raw, "2026-04-01", "2026-07-01"), made(raw, "2026-01-01", "2026-04-01")
    rows = [row for row in demo.rows if row["metric"] == "lead_conversion"]
    won = int((now["days"] <= 90).sum())
    if min(won, len(now) - won) < SMALLEST:
        assert rows == []
    else:
        assert (rows[0]["value"], rows[0]["n"]) == (pytest.approx(won / len(now)), len(now))
        assert (rows[0]["low"], rows[0]["high"]) == pytest.approx(share_interval(won, len(now)))
        assert rows[0]["previous"] in (None, pytest.approx((before["days"] <= 90).mean()))
    year = made(raw, "2025-07-01", "2026-07-01")
    [told] = [row for table in demo.tables() for row in table if row[0] == "All leads"]
    assert told[1] == f"{len(year):,}"
    assert told[2] == percent((year["days"] <= 90).mean()).replace("\N{NO-BREAK SPACE}", " ")


def test_channels_are_those_of_the_extract_over_four_quarters_and_few_are_not_told(demo: Report, raw) -> None:
    year = made(raw, "2025-07-01", "2026-07-01")
    by = year.assign(won=year["days"] <= 90).groupby("channel")["won"].agg(["size", "sum"])
    told = {row["class"]: row for row in demo.rows if row["metric"] == "lead_conversion_by"}
    told = {name: row for name, row in told.items() if row["dimension"] == "lead channel"}
    assert len(told) >= 2
    for name, row in told.items():
        assert row["value"] == pytest.approx(by.loc[name, "sum"] / by.loc[name, "size"])
        assert row["n"] == by.loc[name, "size"]
    few = by.index[(by["sum"] < 11) | (by["size"] - by["sum"] < 11)]
    assert not set(few) & set(told)


def test_every_open_lead_is_in_the_list_with_a_chance_and_those_to_call_come_first(demo: Report, raw) -> None:
    rows = stage(demo, "open_leads")
    assert set(rows["lead_id"]) == set(raw.loc[raw["days"].isna(), "lead_id"])
    assert rows["chance"].between(0, 1).all()
    assert rows["priority"].tolist() == list(range(1, len(rows) + 1))
    ages = (AS_OF - rows["created_at"].dt.normalize()).dt.days
    assert (rows.loc[ages > 60, "chance"] < 0.02).all()  # the demo's leads become customers within 45 days
    asked = rows[rows["arm"].notna()]
    assert set(asked["arm"]) <= {"act", "control"}
    assert (asked["net"] > 0).all()
    assert asked[["due_date", "owner", "action", "reason"]].notna().all().all()
    assert asked.index.tolist() == list(range(len(asked)))


def test_nobody_is_asked_back_without_consent_or_after_unpaid_bills_death_or_moving(demo: Report) -> None:
    rows, customers, consents = (stage(demo, name) for name in ("win_back", "customers", "tables/consents"))
    left = customers.set_index("customer_id").loc[rows["customer_id"]]
    assert (left["state"] == "left").all()
    assert not left["churn_kind"].isin(["non_payment", "deceased", "moved"]).any()
    latest = consents.sort_values("changed_at").drop_duplicates(["customer_id", "channel"], keep="last")
    yes = latest[latest["granted"]]
    granted = set(zip(yes["customer_id"], yes["channel"], strict=True))
    assert {(customer, "post") for customer in rows["customer_id"]} <= granted
    assert not {(customer, "do_not_contact") for customer in rows["customer_id"]} & granted
    contacts = stage(demo, "tables/contacts")
    lately = contacts["contacted_at"] > AS_OF - pd.Timedelta(days=59)
    assert not set(rows["customer_id"]) & set(contacts.loc[lately & (contacts["arm"] != "control"), "customer_id"])
    assert rows["customer_id"].is_unique
    assert (rows["expected_benefit"] > rows["cost"]).all()


def test_one_budget_holds_for_all_and_the_lot_leaves_some_alone(demo: Report) -> None:
    lists = {name: stage(demo, name) for name in ("actions", "win_back", "open_leads")}
    acted = {name: rows[rows["arm"] == "act"] for name, rows in lists.items()}
    assert sum(rows["cost"].sum() for rows in acted.values()) <= 10_000
    assert any((rows["arm"] == "control").any() for rows in lists.values())
    for name, metric in (("win_back", "win_back_asked"), ("open_leads", "leads_called")):
        if len(acted[name]) >= 11:
            assert demo.values[metric,] == len(acted[name])


def test_no_lead_or_former_customer_is_named_in_the_report(demo: Report) -> None:
    words = demo.chapter(TITLE).get_text(" ")
    assert "Who may become a customer" in words
    assert "Whom to win back" in words
    for name, column in (("open_leads", "lead_id"), ("win_back", "customer_id")):
        assert not set(stage(demo, name)[column].astype(str)) & set(re.findall(r"\w+", words))
    for name in ("open_leads", "win_back"):
        assert (demo.run / f"{name}.parquet").stat().st_mode & 0o077 == 0


def test_where_there_are_no_leads_and_nobody_left_a_line_says_so(cdnow: Report) -> None:
    words = cdnow.chapter(TITLE).get_text(" ")
    assert "The source gives no leads" in words
    assert "followed afterwards" in words
    assert stage(cdnow, "win_back").empty
    assert stage(cdnow, "open_leads").empty
