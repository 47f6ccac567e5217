"""Contacts of retention campaigns before a landmark, by hand."""

from __future__ import annotations


def test_the_control_arm_was_not_contacted(at, contract):
    row = {"campaign_id": "k", "customer_id": "a", "contacted_at": "2024-06-01"}
    table = contract("contacts", {**row, "arm": "control"})
    assert at("2024-06-30", contacts=table)["contacted_3m"] == 0
    assert at("2024-06-30", contacts=contract("contacts", {**row, "arm": "call"}))["contacted_3m"] == 1


def test_only_contacts_of_retention_campaigns_count_where_objectives_are_given(at, contract):
    days = {"stay": "2024-06-01", "more": "2024-06-02", "quiet": "2024-06-03"}
    table = contract(
        "contacts",
        *({"campaign_id": k, "customer_id": "a", "arm": "call", "contacted_at": day} for k, day in days.items()),
    )
    aims = {"stay": "retention", "more": "upsell", "quiet": None}
    campaigns = contract(
        "campaigns",
        *({"campaign_id": k, "name": k, "objective": aim, "start_date": "2024-01-01"} for k, aim in aims.items()),
    )
    assert at("2024-06-30", contacts=table)["contacted_3m"] == 3
    assert at("2024-06-30", contacts=table, campaigns=campaigns)["contacted_3m"] == 2


def test_contacts_of_the_three_months_before_are_counted_apart(at, contract):
    days = ["2023-12-31", "2024-01-01", "2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01"]
    table = contract(
        "contacts", *({"campaign_id": "k", "customer_id": "a", "arm": "call", "contacted_at": day} for day in days)
    )
    got = at("2024-06-30", contacts=table)
    assert (got["contacted_3m"], got["contacted_previous_3m"]) == (2, 2)
    early = at("2024-05-31", contacts=table)
    assert (early["contacted_3m"], early["contacted_previous_3m"]) == (2, None)  # before January nothing is covered
