"""What was known at a landmark, by hand: nothing later, and missing where the extract does not reach."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.frames.features import features
from analysis.frames.observation import Observation

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))


@pytest.fixture
def at(contract, rows, engine: Engine):
    """The features of one customer "a", who joined on `start`, at `landmark`."""

    def made(
        landmark: str,
        *,
        start: str = "2023-01-01",
        observation: Observation = OBSERVATION,
        customer: dict | None = None,
        **tables,
    ) -> dict:
        points = engine.table(
            pd.DataFrame(
                {"customer_id": ["a"], "spell_start": pd.to_datetime([start]), "landmark": pd.to_datetime([landmark])}
            )
        ).with_columns(nw.col("spell_start", "landmark").cast(nw.Date))
        accounts = {"customers": contract("customers", {"customer_id": "a", "signup_date": start, **(customer or {})})}
        got = rows(features(points, accounts | tables, observation))
        assert len(got) == 1
        return got[0]

    return made


def line(start: str, end: str | None = None, product: str = "broadband", fee: float = 30, **more) -> dict:
    return {
        "subscription_id": f"{product}/{start}/{fee}", "customer_id": "a", "product": product, "monthly_fee": fee,
        "start_date": start, "end_date": end, **more,
    }  # fmt: skip


def test_tenure_is_days_divided_by_the_mean_length_of_a_month(at):
    assert at("2024-03-31", start="2024-01-01")["tenure_months"] == pytest.approx(90 / 30.4375)


def test_a_product_is_held_on_its_first_day_and_no_more_on_its_end_date(at, contract):
    table = contract("subscriptions", line("2024-02-01", "2024-05-01"))
    held = [
        at(day, subscriptions=table)["products"] for day in ("2024-01-31", "2024-02-01", "2024-04-30", "2024-05-01")
    ]
    assert held == [None, 1, 1, None]


def test_fees_add_up_and_terms_are_those_of_the_dearest_broadband_line(at, contract):
    table = contract(
        "subscriptions",
        line("2024-01-01", fee=20, plan="S", contract_months=1),
        line("2024-01-01", fee=40, plan="L", contract_months=24),
        line("2024-01-01", product="mobile", fee=60, plan="M", contract_months=12),
        line("2024-01-01", product="tv", fee=10),
    )
    got = at("2024-06-30", subscriptions=table)
    assert (got["monthly_fee"], got["products"], got["plan"], got["contract_months"]) == (130, 3, "L", 24)
    assert (got["has_broadband"], got["has_tv"], got["has_voice"]) == (1, 1, 0)


def test_a_discount_counts_until_its_end_date(at, contract):
    table = contract("subscriptions", line("2024-01-01", discount=5, discount_end_date="2024-07-01"))
    before, on = at("2024-06-30", subscriptions=table), at("2024-07-01", subscriptions=table)
    assert (before["discount"], before["promotion_months_left"]) == (5, pytest.approx(1 / 30.4375))
    assert (on["discount"], on["promotion_months_left"]) == (0, None)


def test_use_is_the_mean_of_the_last_three_months_that_were_over(at, contract):
    months = {"2024-05-01": 1, "2024-06-01": 10, "2024-07-01": 20, "2024-08-01": 60, "2024-09-01": 1000}
    table = contract("usage", *({"customer_id": "a", "month": m, "download_gb": float(v)} for m, v in months.items()))
    assert at("2024-08-31", usage=table)["download_gb_3m"] == 30
    assert at("2024-09-15", usage=table)["download_gb_3m"] == 30  # September is not over
    assert at("2024-08-31", usage=table)["download_gb_previous_3m"] == 1


def test_a_window_that_reaches_before_the_table_begins_is_missing_not_zero(at, contract):
    usage = contract("usage", {"customer_id": "a", "month": "2024-04-01", "download_gb": 5.0})
    tickets = contract("tickets", {"ticket_id": "1", "customer_id": "a", "opened_at": "2024-04-10 09:00"})
    late = Observation(
        OBSERVATION.as_of,
        OBSERVATION.observed_from,
        covers_from={"usage": dt.date(2024, 4, 1), "tickets": dt.date(2024, 4, 1)},
    )
    short = at("2024-05-31", observation=late, usage=usage, tickets=tickets)
    assert (short["download_gb_3m"], short["tickets_3m"]) == (None, None)
    whole = at("2024-06-30", observation=late, usage=usage, tickets=tickets)
    assert (whole["download_gb_3m"], whole["tickets_3m"]) == (5, 1)


def test_contacts_count_on_the_landmark_and_not_the_day_after_nor_three_months_before(at, contract):
    opened = ["2024-03-31 23:59", "2024-04-01 00:00", "2024-06-30 23:59", "2024-07-01 00:00"]
    table = contract(
        "tickets",
        *(
            {"ticket_id": str(i), "customer_id": "a", "opened_at": day, "is_complaint": i == 1}
            for i, day in enumerate(opened)
        ),
    )
    got = at("2024-06-30", tickets=table)
    assert (got["tickets_3m"], got["complaints_3m"]) == (2, 1)


def test_who_had_no_contact_in_a_covered_window_had_zero(at, contract):
    assert at("2024-06-30", tickets=contract("tickets"))["tickets_3m"] == 0


def test_the_control_arm_was_not_contacted(at, contract):
    row = {"campaign_id": "k", "customer_id": "a", "contacted_at": "2024-06-01"}
    table = contract("contacts", {**row, "arm": "control"})
    assert at("2024-06-30", contacts=table)["contacted_3m"] == 0
    assert at("2024-06-30", contacts=contract("contacts", {**row, "arm": "call"}))["contacted_3m"] == 1


def test_a_bill_is_overdue_from_the_day_after_it_was_due_until_it_is_paid(at, contract):
    table = contract(
        "invoices",
        {
            "invoice_id": "1",
            "customer_id": "a",
            "month": "2024-05-01",
            "amount": 9,
            "issued_on": "2024-05-31",
            "due_date": "2024-06-14",
            "paid_date": "2024-07-10",
        },
        {
            "invoice_id": "1",
            "customer_id": "a",
            "month": "2024-05-01",
            "amount": 1,
            "issued_on": "2024-05-31",
            "due_date": "2024-06-14",
            "paid_date": "2024-07-10",
        },
    )
    days = ("2024-06-14", "2024-06-15", "2024-07-09", "2024-07-10")
    assert [at(day, invoices=table)["overdue_bills"] for day in days] == [0, 1, 1, 0]


def test_a_bill_issued_more_than_three_months_before_is_no_recent_debt(at, contract):
    bill = {"invoice_id": "1", "customer_id": "a", "month": "2024-05-01", "amount": 9, "due_date": "2024-06-14"}
    table = contract("invoices", {**bill, "issued_on": "2024-05-31"})
    assert [at(day, invoices=table)["overdue_bills"] for day in ("2024-08-30", "2024-08-31")] == [1, 0]


def test_the_latest_answer_given_by_the_landmark_counts(at, contract):
    table = contract(
        "surveys",
        {"survey_id": "1", "customer_id": "a", "sent_at": "2024-03-01", "answered_at": "2024-03-05", "nps_score": 9},
        {"survey_id": "2", "customer_id": "a", "sent_at": "2024-06-01", "answered_at": "2024-07-02", "nps_score": 2},
        {"survey_id": "3", "customer_id": "a", "sent_at": "2024-06-20"},
    )
    assert at("2024-06-30", surveys=table)["nps_score"] == 9
    assert at("2024-09-30", surveys=table)["nps_score"] == 2


def test_outages_are_those_of_the_area_lived_in(at, contract):
    rows = [
        {"area_id": area, "month": f"2024-0{m}-01", "outage_minutes": float(v)}
        for area, v in (("x", 30), ("y", 900))
        for m in (4, 5, 6)
    ]
    got = at("2024-06-30", customer={"area_id": "x"}, network=contract("network", *rows))
    assert got["outage_minutes_3m"] == 30


def test_the_profile_is_that_of_the_account_held_at_the_landmark(at, contract):
    accounts = contract(
        "customers",
        {"customer_id": "a", "account_id": "old", "signup_date": "2023-01-01", "area_id": "x", "birth_year": 1980},
        {"customer_id": "a", "signup_date": "2024-05-01", "area_id": "y", "birth_year": 1980},
    )
    before, after = at("2024-04-30", customers=accounts), at("2024-05-01", customers=accounts)
    assert (before["area_id"], after["area_id"], after["age"]) == ("x", "y", 44)


def test_the_account_held_now_counts_where_the_first_signup_was_copied_to_it(at, contract):
    accounts = contract(
        "customers",
        {"customer_id": "a", "account_id": "z-old", "signup_date": "2023-01-01", "area_id": "x"},
        {"customer_id": "a", "signup_date": "2023-01-01", "area_id": "y"},
    )
    assert at("2024-05-01", customers=accounts)["area_id"] == "y"


def test_what_is_known_at_the_snapshot_only_is_missing_at_every_earlier_landmark(at):
    observation = Observation(
        dt.date(2026, 9, 30), dt.date(2024, 1, 1), known_at={"region": "snapshot"}, snapshot_date=dt.date(2026, 9, 30)
    )
    got = [
        at(day, observation=observation, customer={"region": "north"})["region"] for day in ("2026-06-30", "2026-09-30")
    ]
    assert got == [None, "north"]


def test_fees_and_products_known_at_the_snapshot_only_are_missing_and_not_zero(at, contract):
    table = contract("subscriptions", line("2024-01-01", fee=30, discount=5, discount_end_date="2026-09-30", plan="S"))
    for column, missing in (
        ("monthly_fee", ("monthly_fee", "discount")),
        ("product", ("products", "has_tv", "monthly_fee")),
    ):
        observation = Observation(
            dt.date(2026, 9, 30), dt.date(2024, 1, 1), known_at={column: "snapshot"}, snapshot_date=dt.date(2026, 9, 30)
        )
        got = at("2026-06-30", observation=observation, subscriptions=table)
        assert [got[name] for name in missing] == [None] * len(missing)


def test_a_column_may_be_known_from_a_date_of_its_own(at, contract):
    observation = Observation(
        dt.date(2026, 9, 30), dt.date(2024, 1, 1), known_at={"payment_method": "discount_end_date"}
    )
    table = contract("subscriptions", line("2024-01-01", payment_method="card", discount_end_date="2024-03-01"))
    got = [
        at(day, observation=observation, subscriptions=table)["payment_method"] for day in ("2024-02-29", "2024-03-01")
    ]
    assert got == [None, "card"]


def test_tables_the_source_does_not_give_leave_no_columns(at):
    assert set(at("2024-06-30")) == {
        "customer_id", "spell_start", "landmark", "tenure_months", "customer_type", "industry", "employees", "region",
        "area_id", "area_type", "acquisition_channel", "account_role", "age",
    }  # fmt: skip
