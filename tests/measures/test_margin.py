"""The margin by hand: from fees, bills and tickets, and from what is assumed where a source gives less."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.spells import spells
from analysis.measures.margin import Costs, ahead_fees, margin

COSTS = Costs({"default": 0.5, "broadband": 0.6, "tv": 0.3}, per_month=2.0, per_contact=6.0)
YEARS = Observation(dt.date(2025, 12, 31), dt.date(2024, 1, 1))
QUARTER = Observation(dt.date(2025, 12, 31), dt.date(2025, 10, 1))
DAYS = ("start_date", "end_date", "discount_end_date", "month", "signup_date", "churn_date")
MONEY = ("monthly_fee", "discount", "amount", "cost")
KINDS = {"text": nw.String, "date": nw.Date, "money": nw.Decimal(18, 4)}


def table(engine, *rows: dict, **missing: str) -> nw.LazyFrame:
    """Rows as the engine holds them: dates as dates, money as decimals; `missing` names columns of nothing."""
    data = pd.DataFrame(rows)
    days = [name for name in data.columns if name in DAYS]
    money = [name for name in data.columns if name in MONEY]
    casts = [nw.col(name).cast(nw.Date) for name in days] + [nw.col(name).cast(KINDS["money"]) for name in money]
    empty = [nw.lit(None).cast(KINDS[kind]).alias(name) for name, kind in missing.items()]
    lazy = engine.table(data.assign(**{name: pd.to_datetime(data[name]) for name in days}))
    return lazy.with_columns(*casts, *empty) if casts or empty else lazy


def customers(engine, *ids: str) -> nw.LazyFrame:
    rows = [{"customer_id": one, "account_id": one, "signup_date": "2020-01-01"} for one in ids]
    return table(engine, *rows, churn_date="date", churn_kind="text")


def subscriptions(engine, *rows: dict) -> nw.LazyFrame:
    filled = [
        {"subscription_id": str(number), "product": "broadband", "monthly_fee": 30.0, "discount": 0.0,
         "discount_end_date": None, "start_date": "2020-01-01", "end_date": None, "plan": "M"} | row
        for number, row in enumerate(rows)
    ]  # fmt: skip
    return table(engine, *filled)


def bills(engine, customer: str, *, first: str, count: int, **kinds: float) -> list[dict]:
    days = pd.date_range(first, periods=count, freq="MS")
    return [
        {"invoice_id": f"{customer}{day:%y%m}", "customer_id": customer, "month": day, "kind": kind, "amount": amount}
        for day in days
        for kind, amount in kinds.items()
    ]


@pytest.fixture
def of(engine):
    def made(observation: Observation, **tables: nw.LazyFrame):
        spell = engine.table(spells(tables, observation))
        month = engine.table(months(spell, tables, observation))
        return margin(month, tables=tables, spells=spell, observation=observation, costs=COSTS)

    return made


def figure(got, item: str) -> pd.Series:
    return got.figures.set_index("item").loc[item]


# ---------------------------------------------------------------------------------------------------------- measured


def test_the_share_of_fees_that_is_billed_counts_usage_and_credits_but_no_one_off_charge(of, engine):
    invoices = table(engine, *bills(engine, "a", first="2025-01-01", count=12, recurring=30.0, usage=3.0, one_off=40.0),
                     *bills(engine, "b", first="2025-01-01", count=12, recurring=30.0, credit=-6.0))  # fmt: skip
    held = subscriptions(engine, {"customer_id": "a"}, {"customer_id": "b"})
    whole = of(YEARS, customers=customers(engine, "a", "b"), invoices=invoices, subscriptions=held)
    got = figure(whole, "realisation")
    assert (got["value"], got["basis"], got["remark"]) == (pytest.approx(57 / 60), "measured", "12 billed months")
    assert got["low"] < got["value"] < got["high"]


def test_months_that_are_not_billed_yet_lower_no_share(of, engine):
    invoices = table(engine, *bills(engine, "a", first="2025-01-01", count=11, recurring=30.0))
    got = of(YEARS, customers=customers(engine, "a"), invoices=invoices,
             subscriptions=subscriptions(engine, {"customer_id": "a"}))  # fmt: skip
    assert figure(got, "realisation")[["value", "remark"]].tolist() == [pytest.approx(1.0), "11 billed months"]


def test_the_drift_is_the_mean_of_the_years_that_were_observed(of, engine):
    seen = Observation(dt.date(2025, 12, 31), dt.date(2024, 1, 1))
    rows = [
        {"customer_id": "a", "end_date": "2024-07-01"},
        {"customer_id": "a", "monthly_fee": 33.0, "start_date": "2024-07-01"},
        {"customer_id": "b"},
    ]
    got = figure(of(seen, customers=customers(engine, "a", "b"), subscriptions=subscriptions(engine, *rows)), "drift")
    assert (got["value"], got["remark"]) == (pytest.approx((63 / 60 + 1) / 2), "2 years observed")
    error = max(np.std([1.05, 1.0], ddof=1) / np.sqrt(2), 0)
    assert (got["high"] - got["low"]) / 2 == pytest.approx(1.959964 * error)


def test_contacts_cost_what_their_tickets_say_and_the_rest_what_params_say(of, engine):
    tickets = table(
        engine,
        {"ticket_id": "1", "customer_id": "a", "opened_at": pd.Timestamp("2025-02-03 10:00"), "cost": 10.0},
        {"ticket_id": "2", "customer_id": "b", "opened_at": pd.Timestamp("2025-03-03 10:00"), "cost": None},
        {"ticket_id": "3", "customer_id": None, "opened_at": pd.Timestamp("2025-03-03 10:00"), "cost": 99.0},
        {"ticket_id": "4", "customer_id": "a", "opened_at": pd.Timestamp("2024-12-31 10:00"), "cost": 99.0},
    )
    got = of(YEARS, customers=customers(engine, "a", "b"), tickets=tickets,
             subscriptions=subscriptions(engine, {"customer_id": "a"}, {"customer_id": "b"}))  # fmt: skip
    assert figure(got, "contact_cost")["value"] == pytest.approx(16 / 24)
    assert figure(got, "contact_cost")["remark"] == "tickets since 2025-01-01"
    assert figure(got, "service_cost")[["value", "basis"]].tolist() == [2.0, "params"]


def test_received_is_what_was_billed_at_the_products_margin_less_what_serving_cost(of, engine):
    invoices = table(engine, *bills(engine, "a", first="2024-01-01", count=24, recurring=30.0, one_off=10.0))
    ticket = {"ticket_id": "1", "customer_id": "a", "opened_at": pd.Timestamp("2024-05-01 10:00"), "cost": 11.0}
    got = of(YEARS, customers=customers(engine, "a"), invoices=invoices, tickets=table(engine, ticket),
             subscriptions=subscriptions(engine, {"customer_id": "a"}))  # fmt: skip
    assert got.customers["received_value"].tolist() == [pytest.approx(24 * 40 * 0.6 - 24 * 2 - 11)]
    assert got.followed_months == pytest.approx(24, abs=0.05)


# ------------------------------------------------------------------------------------------------------------- ahead


def test_fees_ahead_are_less_a_discount_until_it_ends(of, engine):
    rows = [
        {"customer_id": "b", "monthly_fee": 50.0},
        {"customer_id": "a", "discount": 10.0, "discount_end_date": "2026-02-16"},
        {"customer_id": "a", "product": "TV", "monthly_fee": 10.0, "discount": 5.0},
    ]
    got = of(YEARS, customers=customers(engine, "a", "b"), subscriptions=subscriptions(engine, *rows))
    ahead = ahead_fees(got, pd.Series(["a", "c", "b"]), horizon=4)
    half = 46 / 30.4375 - 1  # of the second month: the last day with the discount is 15 February
    assert ahead[0] == pytest.approx(np.array([18 + 3 - 1.5 - 6, 19.5 - 6 * half, 19.5, 19.5]))
    assert np.isnan(ahead[1]).all()
    assert ahead[2] == pytest.approx([30] * 4)


# ----------------------------------------------------------------------------------------------------------- assumed


def test_a_source_of_one_quarter_without_invoices_tickets_and_discounts_works_and_says_what_it_assumed(of, engine):
    got = of(QUARTER, customers=customers(engine, "a"), subscriptions=subscriptions(engine, {"customer_id": "a"}))
    figures = got.figures.set_index("item")
    assert figures.loc[["realisation", "drift", "contact_cost"], "value"].tolist() == [1, 1, 0]
    assert figures["basis"].tolist() == ["params", "assumed", "assumed", "assumed", "params"]
    assert figures[["low", "high"]].isna().all(axis=None)
    assert got.customers["received_value"].tolist() == [pytest.approx(3 * (30 * 0.6 - 2))]
    assert len(got.discounts) == 0
    assert ahead_fees(got, pd.Series(["a"]), horizon=2) == pytest.approx(np.array([[18, 18]]))


def test_without_subscriptions_the_bills_of_the_last_quarter_stand_for_the_fees(of, engine):
    accounts = table(
        engine,
        {"customer_id": "a", "account_id": "a", "signup_date": "2020-01-01", "churn_date": None},
        {"customer_id": "b", "account_id": "b", "signup_date": "2020-01-01", "churn_date": "2025-11-15"},
        churn_kind="text",
    )
    invoices = table(engine, *bills(engine, "a", first="2024-01-01", count=21, recurring=90.0),
                     *bills(engine, "a", first="2025-10-01", count=3, recurring=30.0, one_off=50.0),
                     *bills(engine, "b", first="2024-01-01", count=23, recurring=30.0))  # fmt: skip
    got = of(YEARS, customers=accounts, invoices=invoices)
    assert got.customers["customer_id"].tolist() == ["a"]
    assert got.customers["fee"].tolist() == [pytest.approx(30 * 3 / (92 / 30.4375))]
    assert got.customers["fee_margin"].tolist() == [pytest.approx(got.customers["fee"].iloc[0] * 0.5)]
    assert figure(got, "realisation")["value"] == 1


def test_who_pays_by_use_alone_brings_what_is_billed_and_the_fees_of_others_are_billed_as_before(of, engine):
    """Prepaid cards have no fee: their top-ups would else be spread over the fees of those who have one."""
    held = subscriptions(engine, {"customer_id": "a"}, {"customer_id": "b", "monthly_fee": 0.0, "product": "tv"},
                         {"customer_id": "c", "monthly_fee": 0.0, "start_date": "2025-12-01"})  # fmt: skip
    invoices = table(engine, *bills(engine, "a", first="2025-01-01", count=12, recurring=33.0),
                     *bills(engine, "b", first="2025-01-01", count=12, usage=20.0, one_off=9.0),
                     *bills(engine, "c", first="2025-12-01", count=1, usage=50.0))  # fmt: skip
    got = of(YEARS, customers=customers(engine, "a", "b", "c"), invoices=invoices, subscriptions=held)
    assert figure(got, "realisation")["value"] == pytest.approx(1.1)
    assert figure(got, "realisation")["remark"].endswith("who pays by use alone counts with their own bills")
    year, month = 365 / 30.4375, 31 / 30.4375
    usual = (240 + 50) / (year + month)
    billed = got.customers.set_index("customer_id")["fee"] * 1.1
    assert billed["a"] == pytest.approx(33)
    assert billed[["b", "c"]].tolist() == pytest.approx([(240 + usual) / (year + 1), (50 + usual) / (month + 1)])
    kept = got.customers.set_index("customer_id").eval("fee_margin / fee")
    assert kept.tolist() == pytest.approx([0.6, 0.3, 0.6])
    assert ahead_fees(got, pd.Series(["b"]), horizon=1)[0, 0] > 0


def test_a_source_that_tells_no_revenue_has_no_margin(of, engine):
    got = of(YEARS, customers=customers(engine, "a"))
    assert len(got.customers) == 0
    assert np.isnan(ahead_fees(got, pd.Series(["a"]), horizon=2)).all()


def test_the_order_of_rows_changes_nothing(of, engine):
    rows = [{"customer_id": "a", "discount": 3.0}, {"customer_id": "b"}, {"customer_id": "b", "product": "tv"}]
    first, second = (
        of(YEARS, customers=customers(engine, *ids), subscriptions=subscriptions(engine, *some))
        for ids, some in ((("a", "b"), rows), (("b", "a"), rows[::-1]))
    )
    pd.testing.assert_frame_equal(first.customers, second.customers, check_exact=True)
    pd.testing.assert_frame_equal(first.figures, second.figures, check_exact=True)


def test_where_every_fee_is_nothing_nobody_has_a_margin(of, engine):
    free = subscriptions(engine, {"customer_id": "a", "monthly_fee": 0.0}, {"customer_id": "b", "monthly_fee": 0.0})
    assert of(YEARS, customers=customers(engine, "a", "b"), subscriptions=free).customers.empty
    one = subscriptions(engine, {"customer_id": "a", "monthly_fee": 0.0}, {"customer_id": "b"})
    assert of(YEARS, customers=customers(engine, "a", "b"), subscriptions=one).customers["fee"].tolist() == [0.0, 30.0]
