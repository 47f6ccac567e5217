"""Who is in the extract: survivors of earlier years, joiners, and lines that are nobody's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.demo.people import _survivors, strangers

OBSERVED_FROM = pd.Timestamp("2023-10-01")


def test_most_customers_joined_before_the_window_and_some_over_ten_years_before(ordinary):
    late = ordinary["signup_date"] < OBSERVED_FROM
    years = (OBSERVED_FROM - ordinary.loc[late, "signup_date"]).dt.days / 365.25
    assert 0.55 < late.mean() < 0.75
    assert years.max() > 10
    assert (years > 10).mean() > 0.05


def test_nobody_who_left_before_the_window_is_in_it(tables):
    assert tables["customers"]["churn_date"].min() >= OBSERVED_FROM


def test_old_signups_are_survivors_with_less_frailty_than_new_ones(small_world):
    random = np.random.default_rng(1)
    state = strangers(20_000, small_world, random)
    rows = _survivors(state, 20_000, small_world, random)
    years = (small_world.observed_from - state.signup[rows]) / 365.25
    old, new = state.frailty[rows][years > 8], state.frailty[rows][years < 1]
    assert new.mean() == pytest.approx(0, abs=0.06)
    assert old.mean() < -0.12
    assert (years > 8).sum() < 0.6 * 20_000 * 5 / 13


@pytest.mark.parametrize(("column", "value"), [("status", "test"), ("status", "staff"), ("status", "suspended")])
def test_a_few_lines_are_test_staff_or_suspended(tables, column, value):
    share = (tables["customers"][column] == value).mean()
    assert 0.0003 < share < 0.02


def test_test_and_staff_lines_are_nobodys_they_never_leave_nor_pay(tables):
    lines = tables["customers"][tables["customers"]["status"].isin(["test", "staff"])]
    assert lines["churn_date"].isna().all()
    assert not tables["invoices"]["customer_id"].isin(lines["customer_id"]).any()


def test_status_says_churned_where_there_is_a_day_of_leaving(tables):
    customers = tables["customers"]
    assert ((customers["status"] == "churned") == customers["churn_date"].notna()).all()
    assert (customers["churn_kind"].notna() == customers["churn_date"].notna()).all()


def test_households_have_years_of_birth_and_businesses_have_employees(tables):
    customers = tables["customers"]
    household = customers["customer_type"] == "household"
    assert (customers["birth_year"].notna() == household).all()
    assert (customers["employees"].notna() == ~household).all()
    assert (customers["industry"].notna() == (customers["customer_type"] == "business")).all()
    assert customers["household_id"].value_counts().max() > 1


def test_identities_are_invented_and_follow_a_person_to_the_new_house(tables):
    identities = tables["identities"].set_index("customer_id")
    customers = tables["customers"].set_index("customer_id")
    moved = customers["replaces_customer_id"].dropna()
    assert identities["email"].str.endswith("@example.com").all()
    prefixes = r"\+49 (30 23125|40 66969|69 90009|89 99998|221 4710) \d{3}"
    assert identities["phone"].str.fullmatch(prefixes).all()
    assert (identities.loc[moved.index, "email"].to_numpy() == identities.loc[moved, "email"].to_numpy()).all()
    assert identities["company"].notna().sum() == (customers["customer_type"] != "household").sum()
