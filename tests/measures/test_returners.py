"""Who came back, and after how long."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.measures.returners import return_counts

AS_OF, EVE = dt.date(2024, 12, 31), dt.date(2023, 12, 31)


@pytest.fixture
def counted(engine):
    """`counted((customer, start, end), …)`: the counts of spells given in the order of their numbers."""

    def made(*rows):
        table = pd.DataFrame(rows, columns=["customer_id", "start", "end"])
        table["spell"] = table.groupby("customer_id").cumcount() + 1
        dated = table.assign(start=pd.to_datetime(table["start"]), end=pd.to_datetime(table["end"]))
        spells = engine.table(dated).with_columns(nw.col("start").cast(nw.Date), nw.col("end").cast(nw.Date))
        got = return_counts(spells, as_of=AS_OF, seen_after=EVE)
        return [(round(row.exit * DAYS_PER_MONTH), row.event, row.n) for row in got.itertuples()]

    return made


def test_the_time_away_runs_from_leaving_to_joining_again_or_to_the_as_of_date(counted):
    got = counted(("a", "2020-01-01", "2024-03-01"), ("a", "2024-05-30", None), ("b", "2023-01-01", "2024-12-01"))
    assert got == [(30, 0, 1), (90, 1, 1)]


def test_who_left_twice_counts_twice_and_equal_times_together(counted):
    got = counted(
        ("a", "2020-01-01", "2024-01-31"), ("a", "2024-03-31", "2024-06-30"), ("a", "2024-08-29", None),
        ("b", "2020-01-01", "2024-12-01"),
    )  # fmt: skip
    assert got == [(30, 0, 1), (60, 1, 2)]


def test_who_left_before_observation_or_is_still_there_is_not_counted(counted):
    assert counted(("a", "2019-01-01", "2023-12-31"), ("a", "2024-02-01", None), ("b", "2024-01-01", None)) == []


def test_of_who_left_on_the_as_of_date_nothing_is_known(counted):
    assert counted(("a", "2019-01-01", "2024-12-31")) == []
