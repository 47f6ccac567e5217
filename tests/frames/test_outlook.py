"""What followed each landmark, by hand: leaving, who came back, and the first new contact."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.extracts.engine import Engine
from analysis.frames.episodes import episodes
from analysis.frames.observation import Observation
from analysis.frames.outlook import with_outlook
from analysis.frames.spells import spells

OBSERVATION = Observation(dt.date(2024, 9, 30), dt.date(2024, 1, 1))
EVE = "2023-12-31"
JOINED = {"customer_id": "a", "signup_date": "2023-01-01"}
NEW_YEAR = {"campaign_id": "stay", "customer_id": "a", "arm": "call"}


@pytest.fixture
def ahead(contract, rows, engine: Engine):
    """{landmark: what followed it} of customer "a"."""

    def made(*accounts: dict, **tables) -> dict[str, dict]:
        given = {"customers": contract("customers", *accounts)} | tables
        lives = engine.table(spells(given, OBSERVATION))
        found = rows(with_outlook(episodes(lives, OBSERVATION), lives, given, OBSERVATION))
        return {row["landmark"]: row for row in found if row["customer_id"] == "a"}

    return made


def line(start: str, end: str | None = None) -> dict:
    return {
        "subscription_id": start, "customer_id": "a", "product": "broadband", "monthly_fee": 30,
        "start_date": start, "end_date": end,
    }  # fmt: skip


def days(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days


def test_who_stays_is_followed_to_the_as_of_date(ahead):
    got = ahead(JOINED)
    assert [row["ahead_days"] for row in got.values()] == [days(mark, "2024-09-30") for mark in got]
    assert {(row["left"], row["left_kind"], row["contact_days"]) for row in got.values()} == {(0, None, None)}


def test_every_landmark_of_a_spell_sees_its_end_and_not_only_the_last(ahead):
    got = ahead({**JOINED, "churn_date": "2024-05-20", "churn_kind": "moved"})
    expected = [
        (EVE, days(EVE, "2024-05-20"), 1, "moved"),
        ("2024-03-31", days("2024-03-31", "2024-05-20"), 1, "moved"),
    ]
    assert [(mark, row["ahead_days"], row["left"], row["left_kind"]) for mark, row in got.items()] == expected


def test_leaving_on_the_as_of_date_is_known_and_the_day_after_is_not(ahead):
    on = ahead({**JOINED, "churn_date": "2024-09-30", "churn_kind": "other"})["2024-06-30"]
    after = ahead({**JOINED, "churn_date": "2024-10-01", "churn_kind": "other"})["2024-06-30"]
    assert (on["left"], on["ahead_days"], on["left_kind"]) == (1, 92, "other")
    assert (after["left"], after["ahead_days"], after["left_kind"]) == (0, 92, None)


def test_who_came_back_had_left_by_choice_where_the_source_gives_kinds(ahead, contract):
    table = contract("subscriptions", line("2023-01-01", "2024-02-10"), line("2024-05-10"))
    left = {"customer_id": "b", "signup_date": "2023-01-01", "churn_date": "2024-02-01", "churn_kind": "deceased"}
    also = contract("subscriptions", line("2023-01-01", "2024-02-10"), line("2024-05-10"), {
        **line("2023-01-01", "2024-02-01"), "subscription_id": "b", "customer_id": "b",
    })  # fmt: skip
    assert ahead(JOINED, subscriptions=table)[EVE]["left_kind"] is None
    got = ahead(JOINED, left, subscriptions=also)
    assert [(mark, row["left"], row["left_kind"]) for mark, row in got.items()] == [
        (EVE, 1, "voluntary"), ("2024-05-10", 0, None), ("2024-06-30", 0, None),
    ]  # fmt: skip


def test_the_first_contact_after_the_landmark_counts_and_one_on_its_day_was_known(ahead, contract):
    table = contract(
        "contacts",
        *({**NEW_YEAR, "contacted_at": f"{day} 09:00"} for day in ("2024-03-31", "2024-04-02", "2024-08-01")),
    )
    got = {mark: row["contact_days"] for mark, row in ahead(JOINED, contacts=table).items()}
    assert got == {EVE: days(EVE, "2024-03-31"), "2024-03-31": 2, "2024-06-30": days("2024-06-30", "2024-08-01")}


def test_a_contact_on_the_day_of_leaving_or_later_changed_nothing(ahead, contract):
    leaves = {**JOINED, "churn_date": "2024-02-10"}
    last, late = (
        contract("contacts", {**NEW_YEAR, "contacted_at": f"{day} 09:00"}) for day in ("2024-02-09", "2024-02-10")
    )
    assert ahead(leaves, contacts=last)[EVE]["contact_days"] == days(EVE, "2024-02-09")
    assert ahead(leaves, contacts=late)[EVE]["contact_days"] is None


def test_only_treated_arms_of_retention_campaigns_are_contacts(ahead, contract):
    campaigns = contract(
        "campaigns",
        {"campaign_id": "stay", "name": "stay", "objective": "retention", "start_date": "2024-01-01"},
        {"campaign_id": "more", "name": "more", "objective": "upsell", "start_date": "2024-01-01"},
        {"campaign_id": "quiet", "name": "quiet", "start_date": "2024-01-01"},
    )
    table = contract(
        "contacts",
        {**NEW_YEAR, "contacted_at": "2024-01-05", "arm": "control"},
        {**NEW_YEAR, "contacted_at": "2024-01-10", "campaign_id": "more"},
        {**NEW_YEAR, "contacted_at": "2024-01-20", "campaign_id": "quiet"},
        {**NEW_YEAR, "contacted_at": "2024-01-30"},
    )
    got = ahead(JOINED, contacts=table, campaigns=campaigns)[EVE]
    assert (got["contact_days"], got["held_out_days"]) == (20, 5)
    assert ahead(JOINED, contacts=table)[EVE]["contact_days"] == 10


def test_who_was_held_out_of_a_campaign_for_more_products_was_not_held_out(ahead, contract):
    campaigns = contract(
        "campaigns", {"campaign_id": "more", "name": "more", "objective": "upsell", "start_date": "2024-01-01"}
    )
    table = contract("contacts", {**NEW_YEAR, "contacted_at": "2024-01-05", "arm": "control", "campaign_id": "more"})
    assert ahead(JOINED, contacts=table, campaigns=campaigns)[EVE]["held_out_days"] is None
    assert ahead(JOINED)[EVE]["held_out_days"] is None


def test_landmarks_at_quarter_ends_are_told_from_a_spells_own_start(ahead):
    got = {mark: row["at_quarter_end"] for mark, row in ahead({**JOINED, "signup_date": "2024-02-10"}).items()}
    assert got == {"2024-02-10": 0, "2024-03-31": 1, "2024-06-30": 1}
    assert ahead(JOINED)[EVE]["at_quarter_end"] == 1
    assert ahead({**JOINED, "signup_date": "2024-06-30"})["2024-06-30"]["at_quarter_end"] == 1
