"""Tables against each other, on a provider of a few customers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.frames.observation import Observation
from analysis.measures.consistency import agreement, billed_and_due, far_totals, would_fit
from analysis.measures.standing import Limits, Measure

Q3 = Quarter(2026, 3)
VIEW = Observation(Q3.last_day, dt.date(2026, 1, 1))
MONTHS = [dt.date(2026, month, 1) for month in range(1, 10)]
PERSON, BILL = ["customer_id", "signup_date", "churn_date", "status"], ["customer_id", "month", "kind", "amount"]
PLAIN = {"a": (20.0, "2025-01-01", None), "b": (30.0, "2025-01-01", None)}


def dated(engine, rows: pd.DataFrame, *names: str) -> nw.LazyFrame:
    days = rows.assign(**{name: pd.to_datetime(rows[name]) for name in names})
    return engine.table(days).with_columns(nw.col(name).cast(nw.Date) for name in names)


@pytest.fixture
def provider(engine):
    """Tables of customers a and b, who are billed what they owe; `lines` replaces what is held, `bills` some bills."""

    def made(lines=PLAIN, bills=None, customers=None, usage=None):
        held = [(f"s{name}", name, *line, 0.0, None) for name, line in lines.items()]
        names = [
            "subscription_id",
            "customer_id",
            "monthly_fee",
            "start_date",
            "end_date",
            "discount",
            "discount_end_date",
        ]
        billed = {(name, month): fee for name, (fee, *_) in PLAIN.items() for month in MONTHS} | (bills or {})
        invoices = [
            (name, month, "recurring", amount) for (name, month), amount in billed.items() if amount is not None
        ]
        who = customers or dict.fromkeys(lines, ("2025-01-01", None, "active"))
        people = pd.DataFrame([(name, *rest) for name, rest in who.items()], columns=PERSON)
        lines_held, lines_billed = pd.DataFrame(held, columns=names), pd.DataFrame(invoices, columns=BILL)
        tables = {
            "customers": dated(engine, people, "signup_date", "churn_date"),
            "subscriptions": dated(engine, lines_held, "start_date", "end_date", "discount_end_date"),
            "invoices": dated(engine, lines_billed, "month"),
        }
        if usage:
            rows = pd.DataFrame(usage, columns=["customer_id", "month"])
            tables["usage"] = dated(engine, rows, "month")
        return tables

    return made


def rules(tables) -> dict[str, Measure]:
    found = agreement(tables, Q3, VIEW, kinds=True, edges=Limits().disagree)
    return {one.rule: one for one in found}


def test_bills_that_equal_fees_agree(provider):
    got = rules(provider())
    assert (got["billed_as_due"].value, got["billed_as_due"].previous, got["billed_as_due"].rows) == (1, 1, 0)
    assert got["billed_of_due"].value == 1
    assert {one.status for one in got.values()} == {"good"}


def test_a_bill_of_another_amount_and_one_that_is_missing_disagree(provider):
    got = rules(provider(bills={("a", MONTHS[7]): 25.0, ("b", MONTHS[8]): None}))["billed_as_due"]
    assert (got.rows, got.value, got.status) == (2, pytest.approx(4 / 6), "bad")


def test_what_rounding_explains_is_no_disagreement(provider):
    assert rules(provider(bills={("a", MONTHS[7]): 20.05, ("b", MONTHS[8]): 30.3}))["billed_as_due"].rows == 0


def test_a_month_with_a_change_of_terms_is_not_compared(provider):
    lines = PLAIN | {"a": (20.0, "2026-08-10", None)}
    due = billed_and_due(provider(lines), Q3.months, kinds=True)
    got = nw.to_native(due).df().sort_values(["customer_id", "month"])
    assert got["month"][got["customer_id"] == "a"].dt.month.tolist() == [9]
    assert got["month"][got["customer_id"] == "b"].dt.month.tolist() == [7, 8, 9]


def test_fees_in_another_unit_show_in_the_total(provider):
    got = rules(provider({name: (100 * fee, start, end) for name, (fee, start, end) in PLAIN.items()}))
    assert got["billed_of_due"].value == pytest.approx(0.01)
    assert got["billed_of_due"].status == got["total"].status == "bad"


def test_bills_after_the_last_product_are_told_but_for_the_month_after(provider):
    lines = PLAIN | {"a": (20.0, "2025-01-01", "2026-07-01")}
    got = rules(provider(lines))["billed_without_product"]
    assert (got.rows, got.value) == (2, pytest.approx(4 / 6))


def test_use_without_a_product_is_told(provider):
    lines = PLAIN | {"a": (20.0, "2025-01-01", "2026-07-01")}
    got = rules(provider(lines, usage=[("a", MONTHS[5]), ("a", MONTHS[6]), ("b", MONTHS[6])]))["used_without_product"]
    assert (got.rows, got.value) == (1, 0.5)


def test_dates_of_customers_and_products_contradict_each_other(provider):
    customers = {"a": ("2025-02-01", None, "active"), "b": ("2025-01-01", "2026-03-01", "churned")}
    got = rules(provider(customers=customers))
    assert (got["product_before_signup"].rows, got["product_before_signup"].value) == (1, 0.5)
    assert (got["product_after_leaving"].rows, got["product_after_leaving"].value) == (1, 0)


def test_signups_that_fit_once_day_and_month_change_places_are_counted():
    pairs = pd.DataFrame(
        [("2025-03-02", "2025-02-03", 4), ("2025-03-02", "2025-02-28", 2), ("2025-03-02", "2025-03-02", 90),
         ("2025-03-25", "2025-02-03", 7), ("2025-12-01", "2025-01-08", 1)],
        columns=["signup_date", "since", "customers"],
    )  # fmt: skip
    assert would_fit(pairs) == (5, 5)


def test_exchanged_signups_beyond_chance_are_to_be_watched(provider):
    def of(wrong: int) -> Measure:
        customers = {f"w{n}": ("2025-03-02", None, "active") for n in range(wrong)}
        customers |= {f"r{n}": ("2025-02-03", None, "active") for n in range(20)}
        lines = dict.fromkeys(customers, (20.0, "2025-02-03", None))
        return rules(provider(lines, customers=customers))["days_exchanged"]

    assert (of(5).rows, of(5).status, of(5).value) == (5, "bad", 0.8)
    assert (of(4).rows, of(4).status, of(4).value) == (0, "good", 1)


def test_accounts_called_churned_without_a_day_are_told_where_no_product_ends(engine):
    rows = [("a", None, "churned"), ("b", "2026-01-05", "churned"), ("c", None, "churned"), ("d", None, "active")]
    people = dated(engine, pd.DataFrame(rows, columns=["customer_id", "churn_date", "status"]), "churn_date")
    undated = replace(VIEW, leaving_told_by="accounts")
    (got,) = agreement({"customers": people}, Q3, undated, kinds=False, edges=Limits().disagree)
    assert (got.rule, got.column, got.rows, got.value) == (
        "churned_without_a_day",
        "churn_date",
        2,
        pytest.approx(1 / 3),
    )
    assert got.status == "bad"
    assert agreement({"customers": people}, Q3, VIEW, kinds=False, edges=Limits().disagree) == []


def test_test_lines_are_not_compared(provider):
    customers = {"a": ("2025-01-01", None, "test"), "b": ("2025-01-01", None, "active")}
    got = rules(provider(customers=customers, bills={("a", month): None for month in MONTHS}))
    assert (got["billed_as_due"].rows, got["billed_as_due"].value) == (0, 1)


def test_totals_far_from_fee_and_tenure_are_counted(provider):
    bills = {("a", month): 5.0 for month in MONTHS}
    assert far_totals(provider(bills=bills), VIEW) == (1, 2)
    assert far_totals(provider(), VIEW) == (0, 2)


def test_a_quarter_without_bills_has_no_value_beside_the_first_with_some(provider):
    early = {(name, month): None for name in PLAIN for month in MONTHS[:6]}
    got = rules(provider(bills=early))
    assert (got["billed_as_due"].value, got["billed_of_due"].value) == (1, 1)
    assert pd.isna([got["billed_as_due"].previous, got["billed_of_due"].previous]).all()


def test_totals_are_compared_with_fee_and_tenure_only_since_bills_begin(provider):
    short = provider(bills={(name, month): None for name in PLAIN for month in MONTHS[:6]})
    assert far_totals(short, VIEW) == (0, 0)
    longer = provider(bills={(name, month): None for name in PLAIN for month in MONTHS[:4]} | {("a", MONTHS[8]): 0.01})
    assert far_totals(longer, VIEW) == (0, 2)
    assert rules(short)["total"].status == "unknown"


def test_a_quarter_before_the_bills_begin_is_not_compared(provider):
    late = Observation(Q3.last_day, dt.date(2026, 1, 1), {"invoices": dt.date(2026, 8, 1)})
    got = {one.rule for one in agreement(provider(), Q3, late, kinds=True, edges=(0.02, 0.1))}
    assert "billed_as_due" not in got
    assert "product_before_signup" in got
