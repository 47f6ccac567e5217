"""Campaigns: arms by chance where they should be, the true effect, and no contact after leaving."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.demo import hazard
from analysis.extracts.demo.campaigns import contact_customers, rounds
from analysis.extracts.demo.contacts import Contacts, effects
from analysis.extracts.demo.parameters import CAMPAIGNS

STAY, CARE = CAMPAIGNS[0], CAMPAIGNS[1]


@pytest.fixture
def contacted(tables):
    return tables["contacts"].merge(tables["campaigns"], on="campaign_id").merge(tables["customers"], on="customer_id")


def test_there_are_randomised_and_other_campaigns_for_staying_and_some_for_more(tables):
    campaigns = tables["campaigns"]
    assert set(campaigns.loc[campaigns["objective"] == "retention", "randomised"]) == {True, False}
    assert {"upsell", "win_back"} <= set(campaigns["objective"])
    assert campaigns["end_date"].isna().sum() < len(campaigns)


def test_arms_of_the_randomised_campaign_are_of_equal_size_with_a_control(contacted):
    got = contacted[contacted["randomised"]]["arm"].value_counts(normalize=True)
    assert set(got.index) == {"control", "discount", "call"}
    assert got.between(0.29, 0.38).all()


def test_arms_of_the_randomised_campaign_are_alike_before_it(contacted):
    rows = contacted[contacted["randomised"]]
    years = (rows["contacted_at"] - rows["signup_date"]).dt.days / 365.25
    means = years.groupby(rows["arm"]).agg(["mean", "std", "size"])
    error = (means["std"] ** 2 / means["size"]).max() ** 0.5
    assert means["mean"].max() - means["mean"].min() < 5 * error


def test_a_control_is_asked_nothing_and_costs_nothing(tables):
    control = tables["contacts"][tables["contacts"]["arm"] == "control"]
    assert control[["responded", "converted_at", "outcome_amount"]].isna().all(axis=None)
    assert (control[["contact_cost", "offer_cost"]] == 0).all(axis=None)


def test_only_who_responds_converts(tables):
    asked = tables["contacts"][tables["contacts"]["arm"] != "control"]
    known = asked[asked["responded"].notna()]
    assert (known["responded"] == known["converted_at"].notna()).all()
    assert 0.05 < known["responded"].mean() < 0.5


def test_nobody_is_contacted_to_stay_after_leaving_or_to_come_back_before(contacted):
    left = contacted["churn_date"] <= contacted["contacted_at"]
    assert not left[contacted["objective"].isin(["retention", "upsell"])].any()
    back = contacted[contacted["objective"] == "win_back"]
    still_gone = back["churn_date"].notna() & (back["signup_date"] < back["churn_date"])
    assert still_gone.mean() > 0.8


def test_contacts_lie_within_their_campaign(contacted):
    assert (contacted["contacted_at"] >= contacted["start_date"]).all()
    ends = contacted["end_date"].fillna(pd.Timestamp("2026-09-30"))
    assert (contacted["contacted_at"] < ends + pd.Timedelta(days=1)).all()


def test_the_targeted_campaign_finds_those_who_leave_more_often(tables, contacted):
    care = contacted[(contacted["campaign_id"] == "CARE-2025-07")].drop_duplicates("customer_id")
    customers = tables["customers"]
    there = customers[(customers["signup_date"] < "2025-01-01") & ~(customers["churn_date"] < "2025-10-01")]
    others = there[~there["customer_id"].isin(care["customer_id"])]
    got = (care["churn_date"] < "2026-07-01").mean()
    assert got > 1.15 * (others["churn_date"] < "2026-07-01").mean()


def test_a_discount_helps_who_feels_the_price_and_wakes_who_is_bound(households, january):
    state = households(3, signup=january.first - 900)
    state.term_end[1:, 0] = [january.first + 40, january.first + 400]
    discount = Contacts(np.arange(3), np.ones(3, int), np.zeros(3, int), np.zeros(3, bool), np.zeros(3, int))
    arm = STAY.arms[1]
    got = effects(state, discount, january, STAY)
    assert got == pytest.approx([arm.effect + arm.at_price, arm.effect, arm.effect + arm.asleep])


def test_a_call_helps_who_has_complained(households, january):
    state = households(2, signup=january.first - 900)
    state.complaints[1] = 1.0
    call = Contacts(np.arange(2), np.full(2, 2), np.zeros(2, int), np.zeros(2, bool), np.zeros(2, int))
    arm = STAY.arms[2]
    assert effects(state, call, january, STAY) == pytest.approx([arm.effect, arm.effect + arm.at_complaint])


def test_a_control_has_no_effect(households, january):
    state = households(1, signup=january.first - 900)
    control = Contacts(np.arange(1), np.zeros(1, int), np.zeros(1, int), np.zeros(1, bool), np.zeros(1, int))
    assert effects(state, control, january, STAY) == pytest.approx([0])


def test_a_contact_moves_the_hazard_of_the_same_month(households, small_world, january):
    """CARE runs in January 2025 in this window (its fourth month), and everyone has two signs of risk."""
    number = next(one.month for one in rounds(small_world) if one.campaign.key == "CARE")
    there = january.__class__(small_world, number, 0, january.book)
    state = households(4_000, signup=there.first - 900)
    state.unpaid[:] = 1
    before = hazard.voluntary(state, there)
    contact_customers(state, there)
    asked = state.contacted == number
    ratio = hazard.voluntary(state, there) / before
    assert asked.mean() == pytest.approx(CARE.reach, abs=0.04)
    assert ratio[asked] == pytest.approx(np.exp(CARE.arms[0].effect))
    assert ratio[~asked] == pytest.approx(1)


def test_retention_calls_were_work_orders_handed_out_before(tables):
    orders = tables["work_orders"]
    calls = orders[orders["action"] == "retention call"]
    assert set(calls["status"]) == {"open", "done", "refused"}
    assert set(orders["action"]) == {"retention call", "technician visit"}
    care = tables["contacts"][tables["contacts"]["campaign_id"].str.startswith("CARE")]
    assert len(calls) == len(care)


def test_a_win_back_letter_brings_some_back_on_the_day_they_said(tables):
    letters = tables["contacts"][tables["contacts"]["campaign_id"].str.startswith("BACK")]
    yes = letters[letters["converted_at"].notna()]
    starts = tables["subscriptions"].groupby("customer_id")["start_date"].agg(set)
    day = yes["converted_at"].dt.normalize()
    got = [when in starts[customer] for customer, when in zip(yes["customer_id"], day, strict=True)]
    assert len(got) > 5
    assert np.mean(got) > 0.8
