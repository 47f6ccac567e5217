from __future__ import annotations

import datetime as dt

import pytest

from analysis.frames.observation import Observation
from analysis.frames.price_rises import price_rises

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))
DSL = {"customer_id": "a", "product": "Broadband", "plan": "DSL 50", "start_date": "2024-01-01", "monthly_fee": 40}


@pytest.fixture
def rises(contract, rows):
    def made(*lines: dict) -> list[dict]:
        numbered = [{"subscription_id": f"s{place}", "account_id": "a", **line} for place, line in enumerate(lines)]
        import pyarrow as pa

        return rows(price_rises(contract("subscriptions", *numbered, account_id=pa.string()), SEEN))

    return made


def test_a_line_that_goes_on_at_a_higher_fee_is_a_rise_of_all_that_is_paid(rises):
    later = DSL | {"start_date": "2025-04-15", "monthly_fee": 42}
    tv = DSL | {"product": "tv", "plan": "TV", "monthly_fee": 10}
    [got] = rises(DSL | {"end_date": "2025-04-15"}, later, tv)
    assert (got["month"], got["day"], got["added"]) == ("2025-04-01", "2025-04-15", 2)
    assert got["share"] == pytest.approx(2 / 50)


def test_the_day_after_the_end_will_do(rises):
    [got] = rises(DSL | {"end_date": "2025-03-31"}, DSL | {"start_date": "2025-04-01", "monthly_fee": 42})
    assert (got["day"], got["share"]) == ("2025-04-01", pytest.approx(0.05))


@pytest.mark.parametrize(
    "change",
    [
        {"plan": "DSL 100"},  # another plan was chosen
        {"account_id": "b"},  # moved house
        {"contract_end_date": "2027-04-15"},  # a new contract came with it
        {"start_date": "2025-05-20"},  # a gap
        {"monthly_fee": 39},
        {"monthly_fee": None},
    ],
)
def test_what_was_chosen_or_is_no_rise_does_not_count(rises, change):
    later = DSL | {"start_date": "2025-04-15", "monthly_fee": 42} | change
    assert rises(DSL | {"end_date": "2025-04-15"}, later) == []


def test_with_a_further_line_of_the_plan_nothing_can_be_compared(rises):
    later = DSL | {"start_date": "2025-04-15", "monthly_fee": 42}
    assert rises(DSL | {"end_date": "2025-04-15"}, later, later) == []


def test_two_lines_of_a_plan_rise_together_and_a_cheaper_one_makes_up_for_a_dearer(rises):
    old, new = DSL | {"end_date": "2025-04-15"}, DSL | {"start_date": "2025-04-15"}
    [got] = rises(old, old, new | {"monthly_fee": 43}, new | {"monthly_fee": 39})
    assert (got["added"], got["share"]) == (2, pytest.approx(2 / 80))


def test_rises_before_the_subscriptions_are_covered_are_not_told(rises):
    early = DSL | {"start_date": "2023-01-01", "end_date": "2023-06-01"}
    assert rises(early, DSL | {"start_date": "2023-06-01", "monthly_fee": 42}) == []
