"""What was billed before a landmark, by hand: windows, kinds, and bills that come later."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.frames.billed import billed
from analysis.frames.observation import Observation

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))


@pytest.fixture
def bills(contract, engine, rows):
    """`bills(("2024-05", 10), …)`: what was billed of customer a before the end of September 2024."""

    def made(*lines: tuple, landmark: str = "2024-09-30", seen: Observation = SEEN) -> tuple:
        table = contract(
            "invoices",
            *(
                {"invoice_id": str(i), "customer_id": "a", "month": f"{month}-01", "amount": amount} | dict(*more)
                for i, (month, amount, *more) in enumerate(lines)
            ),
        )
        keys = pd.DataFrame({"customer_id": ["a"], "landmark": pd.to_datetime([landmark])})
        points = engine.table(keys).with_columns(nw.col("landmark").cast(nw.Date))
        (row,) = rows(billed(points, table, seen))
        return row["billed_3m"], row["billed_previous_3m"]

    return made


def test_the_months_of_a_window_are_averaged_and_lines_of_a_month_added(bills):
    assert bills(("2024-09", 10), ("2024-09", 5), ("2024-07", 9), ("2024-06", 30), ("2024-04", 10)) == (12.0, 20.0)


def test_months_before_and_after_both_windows_do_not_count(bills):
    assert bills(("2024-10", 99), ("2024-08", 10), ("2024-05", 20), ("2024-03", 99)) == (10.0, 20.0)


def test_what_is_bought_once_or_credited_is_left_out(bills):
    lines = [
        ("2024-09", 10, {"kind": "usage"}),
        ("2024-09", 99, {"kind": "one_off"}),
        ("2024-09", -5, {"kind": "credit"}),
    ]
    assert bills(*lines) == (10.0, None)


def test_a_bill_that_is_issued_later_is_not_known_yet(bills):
    late = ("2024-09", 50, {"issued_on": "2024-10-02"})
    assert bills(late, ("2024-08", 10, {"issued_on": "2024-09-30"})) == (10.0, None)


def test_a_window_that_reaches_before_the_bills_is_missing(bills):
    seen = Observation(SEEN.as_of, SEEN.observed_from, {"invoices": dt.date(2024, 5, 1)})
    assert bills(("2024-09", 10), ("2024-06", 30), seen=seen) == (10.0, None)
    assert bills(landmark="2024-09-30") == (None, None)


def test_a_month_under_way_is_not_over(bills):
    assert bills(("2024-09", 50), ("2024-08", 10), ("2024-05", 20), landmark="2024-09-15") == (10.0, 20.0)
