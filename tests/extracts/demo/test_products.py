"""Subscriptions: no product twice, no day without one within a spell, every change of terms a new row."""

from __future__ import annotations

import pandas as pd

OBSERVED_FROM = pd.Timestamp("2023-10-01")
UNTIL = pd.Timestamp("2026-09-30")


def gaps(subscriptions: pd.DataFrame) -> pd.DataFrame:
    """Days without any product between the first and the last, one row per gap."""
    rows = subscriptions.sort_values(["customer_id", "start_date"]).copy()
    rows["end_date"] = rows["end_date"].fillna(UNTIL + pd.Timedelta(days=1))
    latest = rows.groupby("customer_id")["end_date"].cummax().groupby(rows["customer_id"]).shift()
    rows["gap"] = (rows["start_date"] - latest).dt.days
    return rows[rows["gap"] > 0]


def test_a_product_is_held_once_at_a_time(tables):
    rows = tables["subscriptions"].sort_values(["customer_id", "product", "start_date"])
    before = rows.groupby(["customer_id", "product"])["end_date"].shift()
    second = rows.duplicated(["customer_id", "product"])
    assert (rows["start_date"][second] >= before[second]).all()


def test_the_first_product_begins_on_the_first_signup(tables):
    first = tables["subscriptions"].groupby("customer_id")["start_date"].min()
    signup = tables["customers"].set_index("customer_id")["signup_date"]
    assert (first.sort_index() == signup.sort_index()).all()


def test_a_leavers_products_all_end_by_the_day_of_leaving_and_the_last_of_them_on_it(tables):
    rows = tables["subscriptions"].merge(tables["customers"][["customer_id", "churn_date"]], on="customer_id")
    gone = rows[rows["churn_date"].notna()]
    assert gone["end_date"].notna().all()
    assert (gone.groupby("customer_id")["end_date"].max() == gone.groupby("customer_id")["churn_date"].first()).all()


def test_who_has_not_left_holds_a_product(tables):
    held = tables["subscriptions"][tables["subscriptions"]["end_date"].isna()]["customer_id"]
    stayed = tables["customers"][tables["customers"]["churn_date"].isna()]["customer_id"]
    assert set(held) == set(stayed)


def test_gaps_are_short_interruptions_or_long_absences_of_returners(tables):
    got = gaps(tables["subscriptions"])["gap"]
    assert got.between(3, 12).any()
    assert got.between(75, 400).any()
    assert (got.between(3, 12) | got.between(75, 400)).all()


def test_a_returners_first_signup_and_last_leaving_are_kept(tables):
    long = gaps(tables["subscriptions"])
    back = tables["customers"].merge(long[long["gap"] >= 75][["customer_id", "start_date"]], on="customer_id")
    assert len(back) > 10
    assert (back["signup_date"] < back["start_date"]).all()
    assert back["churn_date"].isna().any()
    assert (back["churn_date"].isna() | (back["churn_date"] > back["start_date"])).all()


def test_a_promotions_end_closes_the_row_and_opens_one_without_discount(tables):
    rows = tables["subscriptions"]
    ended = rows[rows["discount_end_date"] <= UNTIL]
    following = ended.merge(
        rows, left_on=["customer_id", "product", "discount_end_date"], right_on=["customer_id", "product", "start_date"]
    )
    assert (ended["end_date"] <= ended["discount_end_date"]).all()
    assert len(following) > 0.7 * len(ended) > 1_000
    assert (following["discount_end_date_y"] != following["start_date_y"]).all()
    assert (following["discount_y"] == 0).mean() > 0.7


def test_a_renewal_opens_a_new_row_so_that_no_contract_end_lies_behind_a_held_product(tables):
    rows = tables["subscriptions"]
    ends = rows["end_date"].fillna(UNTIL)
    assert (ends <= rows["contract_end_date"].fillna(ends)).all()
    renewed = rows.merge(
        rows, left_on=["customer_id", "product", "contract_end_date"], right_on=["customer_id", "product", "start_date"]
    )
    assert 0.5 < (renewed["contract_months_y"] > 1).mean() < 0.75


def test_contract_lengths_are_1_12_and_24_months(tables):
    rows = tables["subscriptions"]
    assert set(rows["contract_months"]) == {1, 12, 24}
    assert (rows["contract_end_date"].isna() == (rows["contract_months"] == 1)).all()


def test_prices_rise_on_the_first_day_of_april_for_copper_and_cable(tables):
    rows = tables["subscriptions"]
    lines = rows[rows["technology"].isin(["dsl", "cable"])]
    day = pd.Timestamp("2025-04-01")
    turned = lines[lines["end_date"] == day].merge(
        lines[lines["start_date"] == day], on=["customer_id", "product", "plan"], suffixes=("_old", "_new")
    )
    rise = (turned["monthly_fee_new"] - turned["monthly_fee_old"]).round(2)
    assert len(turned) > 300
    assert (rise == 2.5).mean() > 0.98


def test_add_ons_come_and_go_and_plans_change(tables):
    rows = tables["subscriptions"]
    later = rows["start_date"] >= OBSERVED_FROM
    joined = rows["customer_id"].map(tables["customers"].set_index("customer_id")["signup_date"])
    assert (later & (rows["product"] == "smart_home") & (rows["start_date"] > joined)).sum() > 50
    cloud = rows[rows["product"] == "cloud"]
    assert (cloud["end_date"].notna()).sum() > 50
    lines = rows[rows["product"] == "broadband"]
    assert (lines.groupby("customer_id")["plan"].nunique() > 1).mean() > 0.05


def test_some_give_up_broadband_and_keep_mobile(tables):
    rows = tables["subscriptions"]
    now = rows[rows["end_date"].isna()].groupby("customer_id")["product"].agg(set)
    once = rows.groupby("customer_id")["product"].agg(set).loc[now.index]
    got = [("broadband" in before) and ("broadband" not in held) for before, held in zip(once, now, strict=True)]
    assert sum(got) > 5


def test_a_house_move_opens_an_account_in_another_area_that_day_or_the_next(tables):
    customers = tables["customers"].set_index("customer_id")
    new = customers[customers["replaces_customer_id"].notna()]
    old = customers.loc[new["replaces_customer_id"]]
    wait = (new["signup_date"].to_numpy() - old["churn_date"].to_numpy()).astype("timedelta64[D]").astype(int)
    assert set(wait) == {0, 1}
    assert set(old["churn_kind"]) == {"moved"}
    assert (old["area_id"].to_numpy() != new["area_id"].to_numpy()).all()
    assert (old["birth_year"].fillna(0).to_numpy() == new["birth_year"].fillna(0).to_numpy()).all()
