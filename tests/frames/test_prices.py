"""What became dearer, by hand: list prices that rose, promotions that ended, and what only looks like either."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.frames.observation import Observation
from analysis.frames.prices import price_history

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))
NONE = [0, 0, 0]


@pytest.fixture
def dearer(contract, rows, engine: Engine):
    """(price rises, promotions lost) of the last, the last but one and the third last month, at a landmark."""

    def made(landmark: str, *lines: dict, observation: Observation = OBSERVATION) -> tuple[list, list] | None:
        keys = engine.table(pd.DataFrame({"customer_id": ["a"], "landmark": pd.to_datetime([landmark])}))
        table = contract("subscriptions", *lines)
        got = rows(price_history(keys.with_columns(nw.col("landmark").cast(nw.Date)), table, observation))
        names = [[f"{name}_{month}m" for month in (1, 2, 3)] for name in ("price_rise", "promotion_lost")]
        return tuple([got[0][name] for name in some] for some in names) if got else None

    return made


def line(start: str, end: str | None = None, fee: float = 30, *, product: str = "broadband", **more) -> dict:
    key = f"{product}/{start}/{fee}/{more.pop('line', 1)}"
    return {
        "subscription_id": key, "customer_id": "a", "product": product, "plan": "L", "monthly_fee": fee,
        "start_date": start, "end_date": end, **more,
    }  # fmt: skip


def near(*shares: float) -> list:
    return [pytest.approx(share) for share in shares]


RISEN = (line("2023-01-01", "2024-06-01"), line("2024-06-01", fee=33))


@pytest.mark.parametrize(
    ("landmark", "rises"),
    [
        ("2024-05-31", (0, 0, 0)),
        ("2024-06-01", (0.1, 0, 0)),
        ("2024-06-30", (0.1, 0, 0)),
        ("2024-07-31", (0, 0.1, 0)),
        ("2024-08-31", (0, 0, 0.1)),
        ("2024-09-30", (0, 0, 0)),
    ],
)
def test_a_rise_of_the_list_price_is_seen_for_three_months_from_its_day_on(dearer, landmark, rises):
    assert dearer(landmark, *RISEN) == (near(*rises), NONE)


def test_a_promotion_that_ends_is_no_rise_whether_its_row_goes_on_or_the_next_one_begins(dearer):
    on = line("2024-01-01", discount=6, discount_end_date="2024-06-15")
    split = (
        line("2024-01-01", "2024-06-15", discount=6, discount_end_date="2024-06-15"),
        line("2024-06-15", discount=0),
    )
    assert dearer("2024-06-30", on) == (NONE, near(0.2, 0, 0))
    assert dearer("2024-06-30", *split) == (NONE, near(0.2, 0, 0))
    assert dearer("2024-06-14", on) == (NONE, NONE)


def test_a_rise_and_a_lost_promotion_are_told_apart_in_one_month(dearer):
    lines = (
        line("2024-01-01", "2024-06-15", discount=6, discount_end_date="2024-06-15"),
        line("2024-06-15", fee=33),
    )
    assert dearer("2024-06-30", *lines) == (near(0.1, 0, 0), near(0.2, 0, 0))


def test_a_lower_price_and_a_new_promotion_are_no_rise_and_no_loss(dearer):
    lines = (line("2023-01-01", "2024-06-01"), line("2024-06-01", fee=25, discount=5))
    assert dearer("2024-06-30", *lines) == (NONE, NONE)


def test_changes_are_shares_of_all_fees_and_not_of_the_main_products(dearer):
    got = dearer("2024-06-30", *RISEN, line("2023-01-01", fee=20, product="mobile"))
    assert got == (near(3 / 50, 0, 0), NONE)


def test_a_product_held_for_the_first_time_did_not_become_dearer(dearer):
    assert dearer("2024-06-30", line("2024-06-10")) == (NONE, NONE)
    assert dearer("2024-06-30", line("2024-01-01"), line("2024-06-10", fee=9, product="tv")) == (NONE, NONE)


def test_who_changes_the_plan_chose_the_new_price(dearer):
    got = dearer("2024-06-30", line("2023-01-01", "2024-06-01"), line("2024-06-01", fee=50, plan="XL"))
    assert got == (NONE, NONE)


def test_a_second_line_of_a_plan_is_no_rise_and_rises_of_two_lines_add_up(dearer):
    assert dearer("2024-06-30", line("2024-01-01"), line("2024-06-10", line=2)) == (NONE, NONE)
    second = (line("2023-01-01", "2024-06-01", line=2), line("2024-06-01", fee=36, line=2))
    assert dearer("2024-06-30", *RISEN, *second) == (near(9 / 60, 0, 0), NONE)


def test_a_rise_stays_one_where_the_customer_moved_house_on_its_day(dearer):
    old, new = RISEN
    assert dearer("2024-06-30", {**old, "product": "Broadband"}, new) == (near(0.1, 0, 0), NONE)


def test_months_that_begin_before_subscriptions_are_covered_are_missing(dearer):
    late = Observation(OBSERVATION.as_of, OBSERVATION.observed_from, covers_from={"subscriptions": dt.date(2024, 6, 1)})
    assert dearer("2024-06-29", *RISEN, observation=late) == ([None] * 3, [None] * 3)
    assert dearer("2024-06-30", *RISEN, observation=late) == ([pytest.approx(0.1), None, None], [0, None, None])
    assert dearer("2024-07-31", *RISEN, observation=late) == ([0, pytest.approx(0.1), None], [0, 0, None])


def test_who_holds_nothing_or_nothing_with_a_known_fee_has_no_row(dearer):
    assert dearer("2024-06-30", line("2023-01-01", "2024-06-30")) is None
    later = Observation(
        OBSERVATION.as_of,
        OBSERVATION.observed_from,
        known_at={"monthly_fee": "snapshot"},
        snapshot_date=OBSERVATION.as_of,
    )
    assert dearer("2024-06-30", *RISEN, observation=later) is None


def test_a_line_without_a_fee_to_begin_with_is_no_division_by_zero(dearer):
    free = (line("2023-01-01", "2024-06-01", fee=0), line("2024-06-01", fee=5))
    assert dearer("2024-06-30", *free) == (NONE, NONE)
