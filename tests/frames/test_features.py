"""What was known at a landmark, by hand: nothing later, and missing where the extract does not reach."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.features import features
from analysis.frames.observation import Observation
from analysis.frames.use import use_against_usual

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))


def test_tenure_is_days_divided_by_the_mean_length_of_a_month(at):
    assert at("2024-03-31", start="2024-01-01")["tenure_months"] == pytest.approx(90 / 30.4375)


def test_use_is_the_mean_of_the_last_three_months_that_were_over(at, contract):
    months = {"2024-05-01": 1, "2024-06-01": 10, "2024-07-01": 20, "2024-08-01": 60, "2024-09-01": 1000}
    table = contract("usage", *({"customer_id": "a", "month": m, "download_gb": float(v)} for m, v in months.items()))
    assert at("2024-08-31", usage=table)["download_gb_3m"] == 30
    assert at("2024-09-15", usage=table)["download_gb_3m"] == 30  # September is not over
    assert at("2024-08-31", usage=table)["download_gb_previous_3m"] == 1
    assert at("2024-08-31", usage=table)["download_gb_1m"] == 60
    assert at("2024-11-30", usage=table)["download_gb_1m"] is None  # no row for November


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
    assert (short["tickets_1m"], whole["tickets_1m"]) == (0, 0)  # a month is covered where three are not


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


def test_who_is_in_a_later_spell_returned(engine, contract, rows):
    days = {"customer_id": ["a", "b"], "spell": [1, 2], **dict.fromkeys(("spell_start", "landmark"), "2024-06-30")}
    points = engine.table(pd.DataFrame(days)).with_columns(nw.col("spell_start", "landmark").cast(nw.Date))
    accounts = contract("customers", {"customer_id": "a"}, {"customer_id": "b"})
    got = rows(features(points, {"customers": accounts}, OBSERVATION))
    assert [(row["customer_id"], row["returner"]) for row in got] == [("a", 0), ("b", 1)]


def test_tables_the_source_does_not_give_leave_no_columns(at):
    assert set(at("2024-06-30")) == {
        "customer_id", "spell_start", "landmark", "tenure_months", "customer_type", "industry", "employees", "region",
        "area_id", "area_type", "acquisition_channel", "account_role", "age",
    }  # fmt: skip


def test_use_is_held_against_the_customers_own_nine_months_before(engine, contract):
    """A fall that began half a year ago does not show between one quarter and the next, but against the usual."""
    months = pd.date_range("2023-09-01", "2024-08-01", freq="MS")
    used = [99.5, 99.5, 99.5, 9.5, 9.5, 9.5, 9.5, 9.5, 9.5, 9.5, 9.5, 4.5]
    rows = ({"customer_id": "a", "month": str(m.date()), "download_gb": v} for m, v in zip(months, used, strict=True))
    keys = engine.table(pd.DataFrame({"customer_id": ["a"], "landmark": [dt.date(2024, 8, 31)]}))
    dated = keys.with_columns(nw.col("landmark").cast(nw.Date))
    [got] = to_pandas(use_against_usual(dated, engine.table(contract("usage", *rows)))).to_dict("records")
    usual = (3 * 99.5 + 6 * 9.5) / 9 + 0.5
    assert got["download_gb_1m_to_usual"] == pytest.approx(np.log(5 / usual))
    assert got["download_gb_3m_to_usual"] == pytest.approx(np.log(((2 * 9.5 + 4.5) / 3 + 0.5) / usual))
