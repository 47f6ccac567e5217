"""Why fees changed, by hand: two quarters of whole months."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from analysis.basis.quarter import Quarter
from analysis.frames.fee_changes import CHANGES, fee_changes
from analysis.frames.observation import Observation

BEFORE, NOW = Quarter(2025, 3), Quarter(2025, 4)
SEEN = Observation(dt.date(2025, 12, 31), dt.date(2025, 1, 1))
LINE = {"customer_id": "a", "product": "broadband", "plan": "M", "start_date": "2024-01-01"}


@pytest.fixture
def of(contract, rows):
    def made(*lines: dict, seen: Observation = SEEN, churn_date: str | None = None) -> dict:
        filled = [{"subscription_id": f"s{i}", "account_id": "a", **LINE, **line} for i, line in enumerate(lines)]
        tables = {
            "subscriptions": contract("subscriptions", *filled, account_id=pa.string()),
            "customers": contract("customers", {"customer_id": "a", "churn_date": churn_date}),
        }
        (got,) = rows(fee_changes(tables, seen, before=BEFORE, now=NOW))
        assert sum(got[name] for name in CHANGES) == pytest.approx(got["fees"], abs=1e-9)
        return {name: got[name] for name in ("fees", *CHANGES) if got[name] != 0}

    return made


def test_a_dearer_fee_on_the_same_plan_is_a_price(of) -> None:
    got = of({"monthly_fee": 30, "end_date": "2025-10-01"}, {"monthly_fee": 32, "start_date": "2025-10-01"})
    assert got == {"fees": 6.0, "price": 6.0}


def test_a_fee_that_did_not_change_changes_nothing(of) -> None:
    assert of({"monthly_fee": 30}) == {}


def test_a_discount_that_ends_is_no_price(of) -> None:
    assert of({"monthly_fee": 30, "discount": 5, "discount_end_date": "2025-10-01"}) == {"fees": 15.0, "discount": 15.0}


def test_a_discount_that_begins_takes(of) -> None:
    cheaper = {"monthly_fee": 30, "discount": 6, "discount_end_date": "2026-12-01", "start_date": "2025-12-01"}
    got = of({"monthly_fee": 30, "end_date": "2025-12-01"}, cheaper)
    assert got == {"fees": -6.0, "discount": -6.0}


def test_another_plan_of_the_same_product_is_a_plan(of) -> None:
    larger = {"plan": "L", "monthly_fee": 40, "start_date": "2025-11-01"}
    got = of({"monthly_fee": 30, "end_date": "2025-11-01"}, larger)
    assert got == {"fees": 20.0, "plan": 20.0}


def test_a_product_that_is_added_counts_at_its_fee_less_discount(of) -> None:
    got = of({"monthly_fee": 30}, {"product": "tv", "monthly_fee": 10, "discount": 4, "start_date": "2025-11-01"})
    assert got == {"fees": 12.0, "added": 12.0}


def test_a_product_given_up_within_the_first_quarter_counts_for_what_it_was_held(of) -> None:
    got = of({"monthly_fee": 30}, {"product": "TV", "monthly_fee": 10, "end_date": "2025-08-01"})
    assert got == {"fees": -10.0, "dropped": -10.0}


def test_a_product_held_longer_at_a_dearer_fee_is_divided_at_the_means_of_the_two(of) -> None:
    first = {"monthly_fee": 10, "start_date": "2025-09-01", "end_date": "2025-10-01"}
    got = of(first, {"monthly_fee": 12, "start_date": "2025-10-01"})
    assert got == {"fees": 26.0, "price": pytest.approx(2 * 2), "added": pytest.approx(2 * 11)}


def test_a_product_written_otherwise_is_the_same_product(of) -> None:
    before = {"product": "Broadband", "monthly_fee": 30, "end_date": "2025-10-01"}
    assert of(before, {"monthly_fee": 32, "start_date": "2025-10-01"}) == {"fees": 6.0, "price": 6.0}


def test_a_second_line_of_the_same_plan_is_added(of) -> None:
    got = of({"monthly_fee": 30}, {"monthly_fee": 30, "start_date": "2025-10-01"})
    assert got == {"fees": 90.0, "added": 90.0}


def test_a_line_without_a_fee_changes_nothing(of) -> None:
    assert of({"monthly_fee": 30}, {"product": "tv", "start_date": "2025-10-01", "discount": 3}) == {}


def test_products_without_end_dates_end_with_their_account(of) -> None:
    seen = Observation(SEEN.as_of, SEEN.observed_from, leaving_told_by="accounts")
    assert of({"monthly_fee": 30}, seen=seen, churn_date="2025-12-01") == {"fees": -30.0, "dropped": -30.0}
