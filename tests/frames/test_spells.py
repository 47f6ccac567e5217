"""Spells by hand: what ends one, what does not, and what was known at the as-of date."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.observation import Observation
from analysis.frames.spells import ended_with_their_account, spells

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1), grace_days=30)


def held(customer: str, start: str, end: str | None = None, product: str = "broadband") -> dict:
    key = f"{customer}/{product}/{start}"
    return {
        "subscription_id": key, "customer_id": customer, "product": product, "monthly_fee": 30,
        "start_date": start, "end_date": end,
    }  # fmt: skip


@pytest.fixture
def of(contract, rows):
    def made(
        customers: list[dict], subscriptions: list[dict] | None, observation: Observation = OBSERVATION
    ) -> list[tuple]:
        tables = {"customers": contract("customers", *customers)}
        if subscriptions is not None:
            tables["subscriptions"] = contract("subscriptions", *subscriptions)
        found = rows(spells(tables, observation))
        return [(r["customer_id"], r["spell"], r["start"], r["end"], r["kind"]) for r in found]

    return made


def test_without_subscriptions_a_customer_has_one_spell_from_signup_to_churn(of):
    customers = [
        {"customer_id": "a", "signup_date": "2020-05-01", "churn_date": "2025-02-03", "churn_kind": "moved"},
        {"customer_id": "b", "signup_date": "2021-05-01"},
    ]
    got = of(customers, None)
    assert got == [("a", 1, "2020-05-01", "2025-02-03", "moved"), ("b", 1, "2021-05-01", None, None)]


def test_a_customer_who_keeps_mobile_has_not_churned(of):
    got = of(
        [{"customer_id": "a", "signup_date": "2024-01-10"}],
        [held("a", "2024-01-10", "2025-03-01"), held("a", "2024-06-01", product="mobile")],
    )
    assert got == [("a", 1, "2024-01-10", None, None)]


def test_a_change_of_plan_on_the_same_day_goes_on_in_the_same_spell(of):
    got = of(
        [{"customer_id": "a", "signup_date": "2024-01-10"}],
        [held("a", "2024-01-10", "2025-03-01"), held("a", "2025-03-01")],
    )
    assert got == [("a", 1, "2024-01-10", None, None)]


def test_a_gap_of_exactly_the_grace_days_is_bridged_and_one_day_more_is_not(of):
    customers = [{"customer_id": "a", "signup_date": "2024-01-10"}, {"customer_id": "b", "signup_date": "2024-01-10"}]
    got = of(
        customers,
        [
            held("a", "2024-01-10", "2025-03-01"), held("a", "2025-03-31"),  # 30 days
            held("b", "2024-01-10", "2025-03-01"), held("b", "2025-04-01"),  # 31 days
        ],
    )  # fmt: skip
    assert got == [
        ("a", 1, "2024-01-10", None, None),
        ("b", 1, "2024-01-10", "2025-03-01", None),
        ("b", 2, "2025-04-01", None, None),
    ]


def test_a_long_row_hides_the_gap_between_two_short_ones(of):
    got = of(
        [{"customer_id": "a", "signup_date": "2024-01-01"}],
        [
            held("a", "2024-01-01", "2026-01-01"), held("a", "2024-02-01", "2024-03-01", "tv"),
            held("a", "2026-01-01", "2026-05-01", "mobile"),
        ],
    )  # fmt: skip
    assert got == [("a", 1, "2024-01-01", "2026-05-01", None)]


def test_only_the_last_spell_of_a_returner_has_the_kind_of_leaving(of):
    got = of(
        [{"customer_id": "a", "signup_date": "2024-01-01", "churn_date": "2026-05-01", "churn_kind": "voluntary"}],
        [held("a", "2024-01-01", "2024-07-01"), held("a", "2025-01-01", "2026-05-01")],
    )
    assert got == [("a", 1, "2024-01-01", "2024-07-01", None), ("a", 2, "2025-01-01", "2026-05-01", "voluntary")]


def test_leaving_on_the_as_of_date_is_known_and_leaving_the_day_after_is_not(of):
    customers = [{"customer_id": "a", "signup_date": "2024-01-01"}, {"customer_id": "b", "signup_date": "2024-01-01"}]
    got = of(customers, [held("a", "2024-01-01", "2026-09-30"), held("b", "2024-01-01", "2026-10-01")])
    assert got == [("a", 1, "2024-01-01", "2026-09-30", None), ("b", 1, "2024-01-01", None, None)]


def test_a_spell_that_begins_after_the_as_of_date_is_not_known_yet(of):
    got = of(
        [{"customer_id": "a", "signup_date": "2024-01-01"}],
        [held("a", "2024-01-01", "2025-01-01"), held("a", "2026-10-01")],
    )
    assert got == [("a", 1, "2024-01-01", "2025-01-01", None)]


def test_products_without_end_dates_end_with_their_account(contract, rows):
    observation = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1), leaving_told_by="accounts")
    lines = [held("a", "2024-01-10"), held("b", "2024-01-10")]
    tables = {
        "customers": contract(
            "customers",
            {"customer_id": "a", "signup_date": "2024-01-10", "churn_date": "2025-03-01", "churn_kind": "moved"},
            {"customer_id": "b", "signup_date": "2024-01-10"},
        ),
        "subscriptions": contract("subscriptions", *lines, account_id=pa.string()).with_columns(
            account_id=nw.col("customer_id")
        ),
    }
    got = [(r["customer_id"], r["end"], r["kind"]) for r in rows(spells(tables, observation))]
    assert got == [("a", "2025-03-01", "moved"), ("b", None, None)]


def test_where_nothing_tells_who_left_nobody_can_be_followed(of):
    observation = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1), leaving_told_by="nothing")
    assert of([{"customer_id": "a", "signup_date": "2024-01-10"}], [held("a", "2024-01-10")], observation) == []


def test_a_customer_without_a_product_has_no_spell_where_subscriptions_are_given(of):
    customers = [{"customer_id": "a", "signup_date": "2024-01-01"}, {"customer_id": "b", "signup_date": "2024-01-01"}]
    assert of(customers, [held("a", "2024-01-01")]) == [("a", 1, "2024-01-01", None, None)]


def test_tenure_counts_from_signup_where_the_extract_lacks_older_subscription_rows(of):
    observation = Observation(
        dt.date(2026, 9, 30), dt.date(2024, 1, 1), covers_from={"subscriptions": dt.date(2023, 6, 1)}
    )
    customers = [{"customer_id": "a", "signup_date": "2018-03-05"}, {"customer_id": "b", "signup_date": "2018-03-05"}]
    got = of(customers, [held("a", "2023-06-01"), held("b", "2023-06-02")], observation)
    assert got == [("a", 1, "2018-03-05", None, None), ("b", 1, "2023-06-02", None, None)]


@pytest.mark.parametrize("key", ["customer_id", "account_id"])
def test_products_without_an_end_end_with_their_account_whatever_names_it(engine, key: str):
    held = engine.table(pd.DataFrame({key: ["A", "B"], "product": ["tv", "tv"]}))
    closed = engine.table(pd.DataFrame({key: ["A", "B"], "churn_date": [dt.date(2026, 5, 1), None]}))
    got = to_pandas(ended_with_their_account(held, closed)).sort_values(key)
    assert got["end_date"].notna().tolist() == [True, False]
