from __future__ import annotations

import datetime as dt

import pytest

from analysis.basis.quarter import DAYS_PER_MONTH, Quarter, months_later, quarter_ends


def test_a_quarter_reads_as_it_is_written() -> None:
    assert str(Quarter.parse("2026-Q3")) == "2026-Q3"


@pytest.mark.parametrize("text", ["2026-Q5", "2026-Q0", "2026Q3", "26-Q3", "2026-q3", " 2026-Q3", "2026-Q3\n", ""])
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="expected a quarter written like 2026-Q3, found"):
        Quarter.parse(text)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [((2026, 1, 1), "2026-Q1"), ((2026, 3, 31), "2026-Q1"), ((2026, 4, 1), "2026-Q2"), ((2026, 12, 31), "2026-Q4")],
)
def test_a_day_lies_in_its_quarter(day: tuple[int, int, int], quarter: str) -> None:
    assert str(Quarter.of(dt.date(*day))) == quarter


@pytest.mark.parametrize("text", ["9999-Q4", "2201-Q1", "1899-Q4", "0000-Q1"])
def test_a_year_that_must_be_a_slip_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=f"^expected a quarter of the years 1900 to 2200, found '{text}'$"):
        Quarter.parse(text)


def test_the_first_and_the_last_year_are_quarters_with_days() -> None:
    got = [str(Quarter.parse(text).last_day) for text in ("1900-Q1", "2200-Q4")]
    assert got == ["1900-03-31", "2200-12-31"]


def test_a_quarter_knows_its_first_and_last_day() -> None:
    got = [(str(q.first_day), str(q.last_day)) for q in (Quarter(2024, n) for n in (1, 2, 3, 4))]
    assert got == [
        ("2024-01-01", "2024-03-31"),
        ("2024-04-01", "2024-06-30"),
        ("2024-07-01", "2024-09-30"),
        ("2024-10-01", "2024-12-31"),
    ]


def test_quarters_follow_each_other_over_the_new_year() -> None:
    assert str(Quarter(2025, 4).next) == "2026-Q1"
    assert str(Quarter(2026, 1).previous) == "2025-Q4"
    assert str(Quarter(2026, 2).next) == "2026-Q3"
    assert str(Quarter(2026, 4).previous) == "2026-Q3"


def test_a_quarter_has_three_months() -> None:
    assert [str(month) for month in Quarter(2026, 4).months] == ["2026-10-01", "2026-11-01", "2026-12-01"]


def test_quarters_sort_by_time() -> None:
    assert sorted([Quarter(2026, 1), Quarter(2025, 4), Quarter(2025, 2)]) == [
        Quarter(2025, 2),
        Quarter(2025, 4),
        Quarter(2026, 1),
    ]


def test_quarter_ends_lie_after_the_first_day_and_up_to_the_last() -> None:
    got = quarter_ends(dt.date(2025, 9, 30), dt.date(2026, 3, 31))
    assert [str(day) for day in got] == ["2025-12-31", "2026-03-31"]


def test_there_are_no_quarter_ends_in_an_empty_stretch() -> None:
    assert quarter_ends(dt.date(2026, 4, 1), dt.date(2026, 6, 29)) == []
    assert quarter_ends(dt.date(2026, 6, 30), dt.date(2026, 6, 30)) == []


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 12, "2027-12-15"),
        ("2026-12-31", 0, "2026-12-31"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_later_keeps_the_day_or_ends_the_month(day: str, months: int, later: str) -> None:
    assert str(months_later(dt.date.fromisoformat(day), months)) == later


def test_a_month_of_tenure_is_a_twelfth_of_a_julian_year() -> None:
    assert DAYS_PER_MONTH * 12 == 365.25
