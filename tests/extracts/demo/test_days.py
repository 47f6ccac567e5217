"""Days, months, and random numbers by address."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from analysis.extracts.demo.days import add_months, date_of, day_of, first_day, month_number, months_of
from analysis.extracts.demo.draws import Draws, Subject


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 12, 15), 24, date(2025, 12, 15)),
    ],
)
def test_a_month_on_is_the_same_day_or_the_last_one(start, months, expected):
    got = add_months(np.array([day_of(start)]), months)
    assert date_of(got[0]) == expected


def test_days_and_months_agree_with_the_calendar():
    assert first_day(month_number(date(2026, 9, 17))) == day_of(date(2026, 9, 1))
    assert months_of(np.array([day_of(date(2026, 9, 30))])) == [month_number(date(2026, 9, 1))]


def test_random_numbers_depend_on_seed_path_subject_and_address_only():
    def first(draws: Draws, *address: int) -> float:
        return draws.stream(Subject.USAGE, *address).random()

    same = first(Draws(1), 0, 5)
    others = [first(Draws(2), 0, 5), first(Draws(1), 0, 6), first(Draws(1), 1, 5), first(Draws(1, (1,)), 0, 5)]
    assert same == first(Draws(1), 0, 5)
    assert len({same, *others}) == 5
