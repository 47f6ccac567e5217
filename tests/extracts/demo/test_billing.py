"""Bills: what is held is what is billed; late payers, and those who never pay."""

from __future__ import annotations

import pandas as pd
import pytest


@pytest.fixture
def recurring(tables):
    return tables["invoices"][tables["invoices"]["kind"] == "recurring"]


def test_a_whole_months_bill_is_the_fees_less_discounts_held_on_its_first_day(tables, recurring):
    month = pd.Timestamp("2025-02-01")
    rows, customers = tables["subscriptions"], tables["customers"].set_index("customer_id")
    held = rows[(rows["start_date"] <= month) & ~(rows["end_date"] <= month)]
    fees = (held["monthly_fee"] - held["discount"]).groupby(held["customer_id"]).sum()
    billed = recurring[recurring["month"] == month].set_index("customer_id")["amount"]
    whole = customers.loc[billed.index]
    whole = whole[(whole["signup_date"] < month) & ~(whole["churn_date"] < "2025-03-01")].index
    whole = whole.intersection(fees.index)
    assert len(whole) > 2_000
    assert ((billed[whole] - fees[whole]).abs() < 0.005).mean() > 0.995


def test_the_first_month_is_billed_by_the_day(tables, recurring):
    customers = tables["customers"]
    midway = customers[(customers["signup_date"] >= "2023-10-01") & customers["signup_date"].dt.day.between(14, 18)]
    rows = recurring.merge(midway[["customer_id", "signup_date"]]).sort_values(["customer_id", "month"])
    bills = rows.groupby("customer_id")["amount"].agg(["first", "size", lambda amounts: amounts.iloc[1:2].sum()])
    two = bills[bills["size"] >= 3]
    share = two["first"] / two.iloc[:, 2]
    assert len(share) > 50
    assert share.median() == pytest.approx(0.5, abs=0.1)


def test_the_last_month_is_billed_by_the_day(tables, recurring):
    customers = tables["customers"]
    midway = customers[customers["churn_date"].dt.day.between(14, 18) & (customers["churn_kind"] == "moved")]
    rows = recurring.merge(midway[["customer_id", "churn_date"]]).sort_values(["customer_id", "month"])
    bills = rows.groupby("customer_id")["amount"].agg(["last", "size", lambda amounts: amounts.iloc[-2:-1].sum()])
    two = bills[bills["size"] >= 3]
    assert len(two) > 30
    assert (two["last"] / two.iloc[:, 2]).median() == pytest.approx(0.48, abs=0.1)


def test_a_customer_has_at_most_one_recurring_line_a_month_and_one_bill_number(tables, recurring):
    assert not recurring.duplicated(["customer_id", "month"]).any()
    bills = tables["invoices"].groupby(["customer_id", "month"])["invoice_id"].nunique()
    assert (bills == 1).all()


def test_only_credits_are_negative_and_every_kind_is_there(tables):
    invoices = tables["invoices"]
    assert set(invoices["kind"]) == {"recurring", "usage", "one_off", "credit"}
    assert ((invoices["amount"] < 0) == (invoices["kind"] == "credit")).all()
    assert ((invoices["tax"] - 0.19 * invoices["amount"]).abs() < 0.0051).all()


def test_bills_are_issued_and_due_within_their_month_or_soon_after(tables):
    invoices = tables["invoices"]
    assert (invoices["issued_on"] >= invoices["month"]).all()
    assert (invoices["issued_on"] < invoices["month"] + pd.DateOffset(months=1)).all()
    assert ((invoices["due_date"] - invoices["issued_on"]).dt.days == 14).all()


def test_some_pay_late_and_most_in_time(recurring):
    old = recurring[recurring["month"] < "2026-06-01"]
    late = (old["paid_date"] > old["due_date"]).mean()
    assert 0.05 < late < 0.2


def test_who_is_cut_off_never_paid_the_last_bills(tables, recurring):
    cut_off = tables["customers"][tables["customers"]["churn_kind"] == "non_payment"]
    cut_off = cut_off[cut_off["churn_date"] >= "2024-01-01"]  # with enough bills in the window
    rows = recurring.merge(cut_off[["customer_id", "churn_date"]], on="customer_id").sort_values("month")
    unpaid = rows[rows["paid_date"].isna()].groupby("customer_id").size()
    assert set(unpaid.index) == set(cut_off["customer_id"])
    assert (unpaid >= 2).all()
    assert not (rows["paid_date"] >= rows["churn_date"]).any()


def test_hardly_any_other_old_bill_is_unpaid(tables, recurring):
    kind = tables["customers"].set_index("customer_id")["churn_kind"].loc[recurring["customer_id"]].to_numpy()
    old = recurring[(recurring["month"] < "2026-01-01") & (kind != "non_payment")]
    assert old["paid_date"].isna().mean() < 0.001


def test_responders_to_the_discount_are_credited_for_three_months(tables):
    offered = tables["contacts"][tables["contacts"]["offer_cost"] > 0]
    credits = tables["invoices"][tables["invoices"]["kind"] == "credit"].groupby("customer_id")["amount"].sum()
    asked_early = offered[offered["contacted_at"] < "2026-04-01"]
    got = -credits.reindex(asked_early["customer_id"]).to_numpy() >= asked_early["offer_cost"].to_numpy() - 0.005
    assert len(got) > 50
    assert got.mean() > 0.85
