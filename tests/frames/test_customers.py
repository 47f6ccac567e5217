"""The customer 360 by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import narwhals as nw

from analysis.frames.customers import customers, lives
from analysis.frames.observation import Observation
from analysis.frames.spells import spells

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))
KEYS = ("customer_id", "state", "signup_date", "churn_date", "churn_kind", "churn_reason", "spells", "spell_start")


def of(tables: dict, rows) -> list[tuple]:
    return [tuple(r[key] for key in KEYS) for r in rows(customers(spells(tables, OBSERVATION), tables, OBSERVATION))]


def test_everyone_observed_has_a_row_leavers_and_suspended_lines_included(contract, rows):
    table = contract(
        "customers",
        {"customer_id": "here", "signup_date": "2020-01-01", "status": "active"},
        {"customer_id": "paused", "signup_date": "2020-01-01", "status": "suspended"},
        {
            "customer_id": "gone",
            "signup_date": "2020-01-01",
            "churn_date": "2025-03-01",
            "churn_kind": "moved",
            "churn_reason": "abroad",
            "status": "churned",
        },
        {"customer_id": "gone before", "signup_date": "2020-01-01", "churn_date": "2023-12-31", "status": "churned"},
    )
    got = of({"customers": table}, rows)
    assert got == [
        ("gone", "left", "2020-01-01", "2025-03-01", "moved", "abroad", 1, "2020-01-01"),
        ("here", "active", "2020-01-01", None, None, None, 1, "2020-01-01"),
        ("paused", "suspended", "2020-01-01", None, None, None, 1, "2020-01-01"),
    ]


def test_a_returner_keeps_the_first_signup_and_starts_tenure_anew(contract, rows):
    base = {"customer_id": "a", "product": "broadband", "monthly_fee": 30}
    lines = contract(
        "subscriptions", {**base, "subscription_id": "1", "start_date": "2023-01-01", "end_date": "2024-06-01"},
        {**base, "subscription_id": "2", "start_date": "2026-01-01"},
    )  # fmt: skip
    table = contract("customers", {"customer_id": "a", "signup_date": "2023-01-01", "status": "active"})
    got = of({"customers": table, "subscriptions": lines}, rows)
    assert got == [("a", "active", "2023-01-01", None, None, None, 2, "2026-01-01")]


def test_what_is_held_is_said_of_those_still_there(contract, rows):
    base = {"product": "broadband", "monthly_fee": 30, "start_date": "2024-01-01"}
    lines = contract(
        "subscriptions", {**base, "subscription_id": "1", "customer_id": "a"},
        {**base, "subscription_id": "2", "customer_id": "b", "end_date": "2026-09-30"},
    )  # fmt: skip
    accounts = contract("customers", *({"customer_id": name, "signup_date": "2024-01-01"} for name in "ab"))
    tables = {"customers": accounts, "subscriptions": lines}
    got = rows(customers(spells(tables, OBSERVATION), tables, OBSERVATION))
    assert [(r["state"], r["products"], r["monthly_fee"]) for r in got] == [("active", 1, 30), ("left", None, None)]


def test_where_nothing_tells_who_left_everybody_who_signed_has_a_row(contract, rows):
    table = contract(
        "customers", {"customer_id": "a", "signup_date": "2020-01-01"}, {"customer_id": "b"},
        {"customer_id": "c", "signup_date": "2026-10-01"},
    )  # fmt: skip
    seen, tables = replace(OBSERVATION, leaving_told_by="nothing"), {"customers": table}
    [got] = rows(customers(spells(tables, seen), tables, seen))
    assert (got["customer_id"], got["state"], got["spells"], got["spell_start"]) == ("a", "unknown", 1, "2020-01-01")
    assert got["churn_date"] is None


def test_where_nothing_tells_who_left_nobody_has(contract, rows):
    table = contract("customers", {"customer_id": "a", "signup_date": "2020-01-01", "churn_date": "2025-03-01"})
    tables = {"customers": table}
    seen = replace(OBSERVATION, leaving_told_by="nothing")
    [got] = rows(lives(spells(tables, OBSERVATION), tables, seen))
    assert (got["customer_id"], got["spell"], got["start"], got["end"]) == ("a", 1, "2020-01-01", None)
    [told] = rows(lives(spells(tables, OBSERVATION), tables, OBSERVATION))
    assert told["end"] == "2025-03-01"


def test_more_parts_are_joined_to_the_customers(contract, rows):
    tables = {"customers": contract("customers", {"customer_id": "a", "signup_date": "2020-01-01"})}
    part = [lambda keys: keys.with_columns(colour=nw.lit("red"))]
    [got] = rows(customers(spells(tables, OBSERVATION), tables, OBSERVATION, part))
    assert got["colour"] == "red"
