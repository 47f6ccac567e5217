"""Products held at a landmark, by hand: until which day, for how much, on what terms."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.frames.observation import Observation

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))


def line(start: str, end: str | None = None, product: str = "broadband", fee: float = 30, **more) -> dict:
    return {
        "subscription_id": f"{product}/{start}/{fee}", "customer_id": "a", "product": product, "monthly_fee": fee,
        "start_date": start, "end_date": end, **more,
    }  # fmt: skip


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


def test_the_share_of_the_discount_is_that_of_the_main_product(at, contract):
    main = line("2024-01-01", fee=40, discount=10, discount_end_date="2024-07-01")
    table = contract("subscriptions", main, line("2024-01-01", product="tv", fee=10, discount=5))
    assert at("2024-06-30", subscriptions=table)["discount_share"] == 0.25
    assert at("2024-07-01", subscriptions=table)["discount_share"] == 0
    assert (
        at("2024-06-30", subscriptions=contract("subscriptions", line("2024-01-01", fee=0)))["discount_share"] is None
    )


def test_a_contract_binds_until_the_day_it_ends(at, contract):
    bound = line("2024-01-01", contract_months=12, contract_end_date="2025-01-01")
    table = contract("subscriptions", bound, line("2024-01-01", product="tv", fee=99, contract_months=1))
    before, on = at("2024-12-31", subscriptions=table), at("2025-01-01", subscriptions=table)
    assert (before["contract_bound"], before["contract_months_left"]) == (1, pytest.approx(1 / 30.4375))
    assert (on["contract_bound"], on["contract_months_left"]) == (0, None)


def test_monthly_terms_do_not_bind_and_a_term_without_an_end_says_nothing(at, contract):
    table = contract(
        "subscriptions",
        line("2024-01-01", "2024-06-01", contract_months=1),
        line("2024-06-01", "2024-09-01", contract_months=12),
        line("2024-09-01", contract_months=12, contract_end_date="2025-09-01"),
    )
    days = ("2024-05-31", "2024-06-30", "2024-09-30")
    assert [at(day, subscriptions=table)["contract_bound"] for day in days] == [0, None, 1]


def test_contract_ends_that_renewals_overwrite_are_not_used(at, contract):
    table = contract("subscriptions", line("2023-01-01", contract_months=12, contract_end_date="2025-01-01"))
    got = at("2024-06-30", subscriptions=table)
    assert "contract_bound" not in got
    assert "contract_months_left" not in got


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


def test_a_rise_of_the_price_is_known_at_the_landmark_after_it(at, contract):
    table = contract("subscriptions", line("2024-01-01", "2024-06-01"), line("2024-06-01", fee=36))
    got = at("2024-06-30", subscriptions=table)
    assert (got["price_rise_1m"], got["promotion_lost_1m"]) == (pytest.approx(0.2), 0)
