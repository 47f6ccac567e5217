"""What a run can see, by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.basis.quarter import Quarter
from analysis.frames.observation import Observation

SEEN = Observation(dt.date(2024, 9, 30), dt.date(2024, 2, 10))


def test_everyone_older_enters_on_the_eve_of_the_first_observed_day():
    assert SEEN.entry == dt.date(2024, 2, 9)


def test_observation_begins_no_earlier_than_the_subscriptions_that_tell_it():
    later = Observation(dt.date(2024, 9, 30), dt.date(2024, 2, 10), covers_from={"subscriptions": dt.date(2024, 5, 1)})
    assert later.begins == dt.date(2024, 5, 1)
    assert later.quarters == [Quarter(2024, 3)]


def test_quarters_are_those_observed_whole_and_the_reports_own():
    assert SEEN.quarters == [Quarter(2024, 2), Quarter(2024, 3)]
    assert Observation(dt.date(2024, 3, 31), dt.date(2024, 2, 10)).quarters == [Quarter(2024, 1)]


@pytest.mark.parametrize(
    ("supplied", "expected"),
    [
        ({"subscriptions": ["end_date"], "customers": ["churn_date"]}, "products"),
        ({"subscriptions": ["start_date"], "customers": ["churn_date"]}, "accounts"),
        ({"customers": ["churn_date"]}, "accounts"),
        ({"customers": ["signup_date"]}, "nothing"),
    ],
)
def test_leaving_is_told_by_the_products_else_by_the_accounts_else_by_nothing(supplied, expected):
    assert SEEN.informed(supplied).leaving_told_by == expected
