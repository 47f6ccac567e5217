"""Overdue bills from month to month: who pays, who falls behind, who leaves owing."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bill_lines import spell_rows

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.open_bills import OVERDUE
from analysis.measures.interval import share_interval
from analysis.measures.roll_rates import LEFT_OWING, LEFT_PAID, STATES, monthly_steps, pair_rates, roll_rates

DAYS = [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31), dt.date(2026, 4, 30), dt.date(2026, 5, 31)]
EDGES = [day + dt.timedelta(days=shift) for day in DAYS for shift in (-1, 0, 1)]  # around the ends of months
Lives = dict[str, tuple[str, str | None]]
ALWAYS = ("2025-01-01", None)


def worst(engine: Engine, states: dict[str, list[str]]):
    """The state of each customer by day; "current" has no row."""
    rows = [
        (who, day, state)
        for who, path in states.items()
        for day, state in zip(DAYS, path, strict=False)
        if state in OVERDUE
    ]
    table = pd.DataFrame(rows, columns=["customer_id", "day", "state"])
    return engine.table(table.assign(day=pd.to_datetime(table["day"]))).with_columns(nw.col("day").cast(nw.Date))


def rates(engine: Engine, lives: Lives, states: dict[str, list[str]], days: list[dt.date] = DAYS) -> pd.DataFrame:
    return roll_rates(monthly_steps(spell_rows(engine, lives), worst(engine, states), days), smallest=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    paths=st.lists(st.lists(st.sampled_from(STATES), min_size=5, max_size=5), min_size=1, max_size=12),
    ends=st.lists(st.none() | st.sampled_from(EDGES), min_size=12, max_size=12),
)
def test_rows_sum_to_one_and_count_every_step_once(
    engine: Engine, paths: list[list[str]], ends: list[dt.date | None]
) -> None:
    lives = {f"c{number}": ("2025-01-01", end) for number, end in enumerate(ends[: len(paths)])}
    steps = monthly_steps(
        spell_rows(engine, lives), worst(engine, {f"c{n}": path for n, path in enumerate(paths)}), DAYS
    )
    for count, first in (("moves", 0), ("moves_quarter", 1)):
        told = by_hand(lives, paths, first)
        got = pair_rates(steps, count)
        assert {(row.state, row.next): row.moves for row in got.itertuples()} == told
        assert got.groupby("state")["rate"].sum().tolist() == pytest.approx([1.0] * got["state"].nunique())


def by_hand(lives: Lives, paths: list[list[str]], first: int) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for (_, end), path in zip(lives.values(), paths, strict=True):
        for place in range(first, len(DAYS) - 1):
            if end is not None and end <= DAYS[place]:
                continue
            gone = end is not None and end <= DAYS[place + 1]
            left = LEFT_OWING if path[place + 1] != "current" else LEFT_PAID
            counted[path[place], left if gone else path[place + 1]] += 1
    return counted


def test_a_month_later_by_hand(engine: Engine) -> None:
    lives: Lives = {f"p{n}": ALWAYS for n in range(20)} | {f"q{n}": ALWAYS for n in range(10)}
    states = {f"p{n}": ["1-30", "current"] for n in range(20)} | {f"q{n}": ["1-30", "31-60"] for n in range(10)}
    got = rates(engine, lives, states, DAYS[:2]).set_index(["state", "next"])
    assert got["rate"].to_dict() == {
        ("1-30", "current"): pytest.approx(20 / 30),
        ("1-30", "31-60"): pytest.approx(10 / 30),
    }
    # Every customer is met once, so the interval is that of a share.
    assert got.loc[("1-30", "current"), ["low", "high"]].tolist() == pytest.approx(share_interval(20, 30))


def test_who_leaves_with_an_overdue_bill_leaves_owing(engine: Engine) -> None:
    lives: Lives = {f"p{n}": ("2025-01-01", "2026-02-10") for n in range(8)}
    lives |= {f"q{n}": ("2025-01-01", "2026-02-10") for n in range(8)}
    states = {f"p{n}": ["1-30", "31-60"] for n in range(8)}
    got = rates(engine, lives, states, DAYS[:2]).set_index(["state", "next"])["rate"]
    assert got.to_dict() == {("current", LEFT_PAID): 1.0, ("1-30", LEFT_OWING): 1.0}


def test_a_customer_met_often_makes_no_interval_narrower(engine: Engine) -> None:
    lives: Lives = {f"p{n}": ALWAYS for n in range(60)}
    alike = {f"p{n}": ["1-30"] * 5 if n < 30 else ["1-30", "current"] * 3 for n in range(60)}
    got = rates(engine, lives, alike).set_index(["state", "next"]).loc[("1-30", "1-30")]
    low, high = share_interval(got["rate"] * 180, 180)
    assert got["high"] - got["low"] > 1.2 * (high - low)


def test_moves_of_few_customers_are_hidden_and_never_alone(engine: Engine) -> None:
    lives: Lives = {f"p{n}": ALWAYS for n in range(63)}
    states = {f"p{n}": ["1-30", "current" if n < 30 else "31-60" if n < 60 else "61-90"] for n in range(63)}
    got = rates(engine, lives, states, DAYS[:2])
    assert got["rate_masked"].sum() == 2
    assert got["rate"].notna().sum() == 1


def test_the_last_quarter_is_hidden_where_the_months_before_would_be_told(engine: Engine) -> None:
    lives: Lives = {f"p{n}": ALWAYS for n in range(40)}
    # 3 customers move in the first step, all others in the last three.
    states = {f"p{n}": ["1-30", "31-60", "31-60", "31-60", "31-60"] for n in range(3)}
    states |= {f"p{n}": ["current", "1-30", "1-30", "1-30", "31-60"] for n in range(3, 40)}
    got = rates(engine, lives, states).set_index(["state", "next"])
    assert got.loc[("1-30", "31-60"), "rate_quarter_masked"]
    assert to_pandas(engine.table(got.reset_index())).shape[0] == len(got)
