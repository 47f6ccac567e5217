"""What teams can still do in a month: a third of their quarter, less what was handed out before."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.policy.capacity import money_left, time_left
from analysis.policy.open_orders import ACTIONS, HANDED, WARNINGS
from analysis.policy.table import Team

TEAMS = {"retention": Team("retention", "R", 31), "post": Team("post", "P"), "service": Team("service", "S", 2)}
END = dt.date(2026, 9, 30)


def handed(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Orders: team, list, day, how many; at 2.50 each."""
    each = [
        ("c", "call", team, 2.5, origin, day, day) for team, origin, day, many in rows for _ in range(many)
    ]  # fmt: skip
    return pd.DataFrame(each, columns=list(HANDED))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], 10),  # a third of 31, whole orders
        ([("retention", ACTIONS, "2026-09-30", 20)], 10),  # 11 are left of the quarter
        ([("retention", ACTIONS, "2026-09-30", 25)], 6),
        ([("retention", ACTIONS, "2026-09-30", 40)], 0),
        ([("retention", WARNINGS, "2026-10-14", 4)], 6),  # of the same month
        ([("retention", WARNINGS, "2026-08-31", 4)], 10),  # work of September, and of the quarter before
        ([("retention", ACTIONS, "2026-06-30", 31)], 10),
        ([("service", ACTIONS, "2026-09-30", 31)], 10),
    ],
)
def test_a_month_gets_a_third_and_the_quarter_no_more_than_its_capacity(rows, expected) -> None:
    got = time_left(TEAMS, handed(*rows), as_of=END)
    assert got["retention"] == expected
    assert got["service"] == (0 if ("service", ACTIONS, "2026-09-30", 31) in rows else 1)  # of two a quarter
    assert "post" not in got


@pytest.mark.parametrize(("capacity", "month"), [(0, 0), (1, 1), (2, 1), (4, 1), (5, 2), (31, 10), (100, 33)])
def test_a_month_is_a_third_in_whole_orders_and_one_at_least(capacity, month) -> None:
    assert time_left({"desk": Team("desk", "D", capacity)}, handed(), as_of=END) == {"desk": month}


def test_an_order_handed_out_on_the_last_day_of_a_month_is_work_of_the_next() -> None:
    before = handed(("retention", WARNINGS, "2026-09-30", 3), ("retention", WARNINGS, "2026-10-31", 7))
    assert time_left(TEAMS, before.head(3), as_of=dt.date(2026, 10, 14))["retention"] == 7
    assert time_left(TEAMS, before, as_of=dt.date(2026, 10, 31))["retention"] == 3
    assert time_left(TEAMS, before, as_of=dt.date(2026, 11, 30))["retention"] == 10


def test_a_month_has_money_of_its_own() -> None:
    before = handed(
        ("post", WARNINGS, "2026-10-14", 2), ("post", WARNINGS, "2026-08-31", 9), ("post", ACTIONS, "2026-09-30", 9)
    )
    assert money_left(20, before, as_of=END) == 15
    assert money_left(4, before, as_of=END) == 0
    assert money_left(None, before, as_of=END) is None
