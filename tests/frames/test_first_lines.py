"""What a product costs who takes it for the first time, by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.frames.first_lines import first_lines
from analysis.frames.observation import Observation

DAY = dt.date(2024, 12, 31)
OBSERVATION = Observation(DAY, dt.date(2022, 1, 1))


def line(
    number: int, customer: str, start: str, fee: float, *, product: str = "tv", end=None, discount=None, until=None
):
    return {
        "subscription_id": f"s{number}", "customer_id": customer, "product": product, "monthly_fee": fee,
        "discount": discount, "discount_end_date": until, "start_date": start, "end_date": end,
    }  # fmt: skip


@pytest.fixture
def of(contract):
    def made(*lines: dict):
        return first_lines(DAY, {"subscriptions": contract("subscriptions", *lines)}, OBSERVATION)

    return made


def test_lines_of_the_last_year_are_added_up_by_the_months_of_their_discount(of):
    got = of(
        line(1, "a", "2024-02-01", 20, discount=5, until="2024-05-01"),
        line(2, "b", "2024-03-01", 10, discount=4, until="2024-05-30"),
        line(3, "c", "2024-04-01", 12),
        line(4, "d", "2024-04-01", 30, product="Voice"),
    )
    assert got["product"].tolist() == ["tv", "tv", "voice"]
    assert got[["lines", "fee", "discount"]].to_numpy().tolist() == [[1, 12, 0], [2, 30, 9], [1, 30, 0]]
    assert got["months"].tolist()[1] == pytest.approx(90 / DAYS_PER_MONTH)
    assert np.isnan(got["months"].tolist()[0])


def test_a_line_that_follows_another_of_the_product_or_begins_elsewhen_is_no_first_one(of):
    got = of(
        line(1, "a", "2023-05-01", 20, end="2024-05-01"), line(2, "a", "2024-05-01", 25),
        line(3, "b", "2023-12-31", 20), line(4, "c", "2025-01-01", 20), line(5, "d", "2024-12-31", 7),
    )  # fmt: skip
    assert got[["lines", "fee"]].to_numpy().tolist() == [[1, 7]]


def test_a_discount_that_was_over_when_the_line_began_is_none(of):
    got = of(line(1, "a", "2024-02-01", 20, discount=5, until="2024-02-01"))
    assert got["discount"].tolist() == [0]
    assert got["months"].isna().all()
