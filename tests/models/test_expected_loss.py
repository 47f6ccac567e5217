"""What will never be paid, told from what was not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.measures.ageing import CELLS
from analysis.models.expected_loss import cohort_days, expected_loss, loss_rates

D = dt.date(2026, 9, 30)
A_YEAR = [
    dt.date(2025, 9, 30), dt.date(2025, 8, 31), dt.date(2025, 7, 31), dt.date(2025, 6, 30), dt.date(2025, 5, 31),
    dt.date(2025, 4, 30), dt.date(2025, 3, 31), dt.date(2025, 2, 28), dt.date(2025, 1, 31), dt.date(2024, 12, 31),
    dt.date(2024, 11, 30), dt.date(2024, 10, 31),
]  # fmt: skip


def sums(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "cell", "owed", "unpaid"])


def test_the_share_never_paid_is_of_money_and_not_of_customers() -> None:
    rows = [(f"c{n:02d}", "1-30", 10.0, 0.0) for n in range(30)] + [
        (f"d{n:02d}", "1-30", 90.0, 90.0) for n in range(20)
    ]
    got = loss_rates(sums(rows))
    assert got.rates["1-30"] == pytest.approx(1800 / 2100)
    row = got.table.set_index("cell").loc["1-30"]
    assert row["low"] < 1800 / 2100 < row["high"] < 1
    assert expected_loss({"1-30": 700.0}, got)[0] == pytest.approx(600)


def test_the_interval_is_that_of_a_ratio_over_customers() -> None:
    rng = np.random.default_rng(1)
    owed = rng.uniform(20, 80, 2000)
    lost = owed * (rng.random(2000) < 0.3)
    got = loss_rates(sums([(f"c{n:04d}", "31-60", a, b) for n, (a, b) in enumerate(zip(owed, lost, strict=True))]))
    row = got.table.set_index("cell").loc["31-60"]
    rate = lost.sum() / owed.sum()
    error = np.sqrt(((lost - rate * owed) ** 2).sum()) / owed.sum()
    assert (row["high"] - row["low"]) / 2 == pytest.approx(1.96 * error, rel=0.15)


def test_debts_of_few_customers_take_the_share_of_all_overdue_ones_beside_them() -> None:
    rows = [(f"c{n}", "61-90", 10.0, 10.0) for n in range(4)] + [(f"d{n:02d}", "1-30", 10.0, 4.0) for n in range(16)]
    rows += [(f"e{n}", "left", 10.0, 9.0) for n in range(4)]
    got = loss_rates(sums(rows))
    share = pytest.approx((40 + 64) / 200)
    assert got.rates == {"1-30": 0.4, "31-60": share, "61-90": share, "over 90": share}
    assert expected_loss({"61-90": 100.0, "left": 100.0}, got)[0] == pytest.approx(52)


def test_where_nothing_was_lost_the_share_may_still_be_more() -> None:
    got = loss_rates(sums([(f"c{n:02d}", "not due", 10.0, 0.0) for n in range(40)]))
    row = got.table.set_index("cell").loc["not due"]
    assert row[["rate", "low"]].tolist() == [0, 0]
    assert 0.05 < row["high"] < 0.1


def test_the_order_of_rows_and_the_names_of_customers_change_nothing() -> None:
    rows = [(f"c{n:02d}", CELLS[n % 3], 10.0 + n, float(n % 7)) for n in range(60)]
    renamed = [(f"x{99 - n:02d}", cell, a, b) for n, (_, cell, a, b) in enumerate(rows)][::-1]
    first, second = loss_rates(sums(rows)), loss_rates(sums(renamed))
    pd.testing.assert_frame_equal(first.table, second.table)


def test_no_history_no_loss() -> None:
    got = loss_rates(sums([]))
    assert got.rates == {}
    assert all(value != value for value in expected_loss({"1-30": 5.0}, got))


def test_cohorts_are_followed_for_a_year_or_half_a_year_as_history_allows() -> None:
    assert cohort_days(D, dt.date(2023, 1, 1)) == (A_YEAR, 12)
    days, months = cohort_days(D, dt.date(2025, 5, 1)) or ([], 0)
    assert (days, months) == ([dt.date(2025, 9, 30)], 12)
    days, months = cohort_days(D, dt.date(2025, 10, 1)) or ([], 0)
    assert (days, months) == ([dt.date(2026, 3, 31), dt.date(2026, 2, 28)], 6)
    assert cohort_days(D, dt.date(2026, 7, 1)) is None
