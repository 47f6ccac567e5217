"""Which months' bills may still be coming in."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.measures.lateness import provisional_months


def months(*lines: tuple[str, str, int], until: str) -> tuple[list[str], int]:
    """Provisional months of bill lines given as month, day of issue, how many."""
    rows = [(month, issued) for month, issued, many in lines for _ in range(many)]
    table = pd.DataFrame({"month": [row[0] for row in rows], "issued_on": [row[1] or None for row in rows]})
    with Engine() as engine:
        bills = engine.table(table.apply(pd.to_datetime))
        found, delay = provisional_months(bills, until=dt.date.fromisoformat(until))
    return [month.isoformat() for month in found], delay


SETTLED = ("2024-01-01", "2024-02-05", 19), ("2024-01-01", "2024-02-28", 1)  # 19 of 20 by the fifth day after


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2024-06-30", ["2024-06-01"]),
        ("2024-07-04", ["2024-06-01", "2024-07-01"]),
        ("2024-07-05", ["2024-07-01"]),
    ],
)
def test_a_month_is_provisional_until_the_usual_delay_is_over(until: str, expected: list[str]) -> None:
    assert months(*SETTLED, until=until) == (expected, 5)


def test_bills_within_their_month_are_never_late() -> None:
    assert months(("2024-01-01", "2024-01-03", 30), until="2024-06-30") == ([], 0)


def test_few_bills_and_young_months_say_nothing() -> None:
    assert months(("2024-01-01", "2024-02-05", 19), until="2024-06-30") == ([], 0)
    assert months(("2024-05-01", "2024-06-05", 99), until="2024-06-30") == ([], 0)
    assert months(("2024-01-01", "", 99), until="2024-06-30") == ([], 0)
