"""Who counts as a customer, and under which key."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import to_pandas
from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells

DAY = "2024-01-01"


def bare(rows: list[dict]) -> list[dict]:
    return [{"customer_id": r["customer_id"], "account_id": r["account_id"]} for r in rows]


def counts(got) -> dict[str, int]:
    return dict(zip(got.counts["reason"], got.counts["accounts"], strict=True))


def test_test_staff_and_internal_lines_are_left_out_of_every_table_and_counted(contract, rows, engine):
    customers = contract(
        "customers", {"customer_id": "a", "status": "active"}, {"customer_id": "t", "status": "test"},
        {"customer_id": "s", "status": "staff"}, {"customer_id": "n"}, {"customer_id": "i", "status": "internal"},
        {"customer_id": "u", "status": "internal", "household_id": "h"},
    ).drop("account_id")  # fmt: skip
    usage = contract("usage", {"customer_id": "a", "month": DAY}, {"customer_id": "t", "month": DAY})
    got = population({"customers": customers, "usage": usage}, engine=engine)
    assert [r["customer_id"] for r in rows(got.tables["customers"])] == ["a", "n"]
    assert [r["customer_id"] for r in rows(got.tables["usage"])] == ["a"]
    assert counts(got) == {
        "test": 1, "staff": 1, "internal": 2, "replaced": 0, "suspended": 0, "shared_household": 0, "under_parent": 0,
    }  # fmt: skip


def test_suspended_lines_households_and_parent_accounts_are_counted_and_kept(contract, rows, engine):
    customers = contract(
        "customers", {"customer_id": "a", "status": "suspended", "household_id": "h"},
        {"customer_id": "b", "household_id": "h"}, {"customer_id": "c", "household_id": "alone", "parent_id": "p"},
        {"customer_id": "p", "parent_id": "p"}, {"customer_id": "old", "household_id": "h", "status": "suspended"},
        {"customer_id": "new", "replaces_customer_id": "old", "household_id": "alone", "parent_id": "p"},
    ).drop("account_id")  # fmt: skip
    got = population({"customers": customers}, engine=engine)
    assert len(rows(got.tables["customers"])) == 6
    assert counts(got) == {
        "test": 0, "staff": 0, "internal": 0, "replaced": 1, "suspended": 1, "shared_household": 4, "under_parent": 2,
    }  # fmt: skip


def test_a_customer_who_moved_twice_is_one_customer_under_the_latest_key(contract, rows, engine):
    customers = contract(
        "customers", {"customer_id": "a", "signup_date": "2020-01-01"},
        {"customer_id": "b", "signup_date": "2022-01-01", "replaces_customer_id": "a"},
        {"customer_id": "c", "signup_date": "2024-01-01", "replaces_customer_id": "b"},
    ).drop("account_id")  # fmt: skip
    tickets = contract("tickets", {"ticket_id": "1", "customer_id": "a"}, {"ticket_id": "2"})
    got = population({"customers": customers, "tickets": tickets}, engine=engine)
    assert bare(rows(got.tables["customers"])) == [
        {"customer_id": "c", "account_id": "a"},
        {"customer_id": "c", "account_id": "b"},
        {"customer_id": "c", "account_id": "c"},
    ]
    assert [r["customer_id"] for r in rows(got.tables["tickets"])] == [None, "c"]


def test_moving_house_under_a_new_key_is_not_churn_and_tenure_goes_on(contract, rows, engine):
    customers = contract(
        "customers",
        {"customer_id": "a", "signup_date": "2020-01-01", "churn_date": "2025-05-01", "churn_kind": "moved"},
        {"customer_id": "b", "signup_date": "2025-05-01", "replaces_customer_id": "a"},
    ).drop("account_id")
    got = population({"customers": customers}, engine=engine)
    found = rows(spells(got.tables, Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))))
    assert [(r["customer_id"], r["start"], r["end"], r["kind"]) for r in found] == [("b", "2020-01-01", None, None)]


def test_accounts_that_replace_each_other_in_a_circle_are_refused(contract, engine):
    customers = contract(
        "customers",
        {"customer_id": "a", "replaces_customer_id": "b"},
        {"customer_id": "b", "replaces_customer_id": "a"},
    ).drop("account_id")
    with pytest.raises(
        InputRefused, match=r"customers.replaces_customer_id: expected each account to replace an earlier one"
    ):
        population({"customers": customers}, engine=engine)


def test_tables_without_a_customer_are_left_as_they_are(contract, engine):
    customers = contract("customers", {"customer_id": "a"}).drop("account_id")
    network = contract("network", {"area_id": "x", "month": DAY})
    got = population({"customers": customers, "network": network}, engine=engine)
    assert len(to_pandas(got.tables["network"])) == 1


def test_a_month_under_two_keys_is_one_month_of_use(contract, rows, engine):
    customers = contract(
        "customers", {"customer_id": "a", "signup_date": "2020-01-01", "churn_date": "2024-01-20"},
        {"customer_id": "b", "signup_date": "2024-01-20", "replaces_customer_id": "a"}, {"customer_id": "c"},
    ).drop("account_id")  # fmt: skip
    month = {"month": DAY, "evening_share": 0.5}
    usage = contract(
        "usage",
        {"customer_id": "a", "download_gb": 19.25, "active_days": 19, **month},
        {"customer_id": "b", "download_gb": 12.5, "active_days": 12, "app_logins": 3, **month},
        {"customer_id": "b", "download_gb": 40, **month, "month": "2024-02-01"},
        {"customer_id": "c", "download_gb": 1.1234567, **month},
    )
    got = rows(population({"customers": customers, "usage": usage}, engine=engine).tables["usage"])
    assert [(r["customer_id"], r["month"], r["download_gb"], r["active_days"], r["app_logins"]) for r in got] == [
        ("b", "2024-01-01", 31.75, 31, 3),
        ("b", "2024-02-01", 40, None, None),
        ("c", "2024-01-01", 1.1234567, None, None),
    ]
    assert [(r["evening_share"], r["voice_minutes"]) for r in got] == [(0.5, None)] * 3


def test_a_month_under_two_keys_is_billed_once(contract, rows, engine):
    customers = contract(
        "customers", {"customer_id": "a", "signup_date": "2020-01-01", "churn_date": "2024-01-20"},
        {"customer_id": "b", "signup_date": "2024-01-20", "replaces_customer_id": "a"},
    ).drop("account_id")  # fmt: skip
    usage = contract("usage", {"customer_id": "a", "month": DAY}, {"customer_id": "b", "month": DAY})
    bill = {"customer_id": "b", "month": DAY, "kind": "recurring", "amount": 30, "invoice_id": "1"}
    got = population(
        {"customers": customers, "usage": usage, "invoices": contract("invoices", bill)}, engine=engine
    ).tables
    seen = Observation(dt.date(2024, 1, 31), dt.date(2024, 1, 1))
    assert [(r["days"], r["revenue"]) for r in rows(months(spells(got, seen), got, seen))] == [(31, 30)]
