"""Freshness and volume, against a table's own rhythm."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.arrival import freshness, gone, rows_by_day, rows_by_quarter, silent_tables, volume

END = dt.date(2026, 9, 30)
Q3 = Quarter(2026, 3)
QUARTERS = [
    Quarter(2025, 1),
    Quarter(2025, 2),
    Quarter(2025, 3),
    Quarter(2025, 4),
    Quarter(2026, 1),
    Quarter(2026, 2),
    Q3,
]


def days(*dates: str, rows: int = 1) -> pd.DataFrame:
    return pd.DataFrame({"day": pd.to_datetime(list(dates)), "rows": rows})


def weekly(until: str) -> pd.DataFrame:
    return days(*pd.date_range(end=until, periods=60, freq="7D").astype(str))


def quarterly(*counts: int) -> pd.DataFrame:
    first = [quarter.first_day for quarter in QUARTERS[-len(counts) :]]
    return pd.DataFrame({"day": pd.to_datetime(first), "rows": counts})


def test_rows_are_counted_by_the_day_they_became_known(engine):
    rows = pd.DataFrame(
        {"issued_on": pd.to_datetime(["2026-09-02", None]), "month": pd.to_datetime(["2026-09-01"] * 2)}
    )
    got = rows_by_day("invoices", engine.table(rows))
    assert got["day"].dt.day.tolist() == [1, 2]
    assert got["rows"].tolist() == [1, 1]


def test_a_table_is_fresh_while_its_last_row_is_no_older_than_its_longest_usual_gap():
    got = [freshness("tickets", weekly(last), as_of=END)[0] for last in ("2026-09-23", "2026-09-22", "2026-09-08")]
    assert [(one.value, one.status) for one in got] == [(7, "good"), (8, "watch"), (22, "bad")]
    assert {one.threshold for one in got} == {7}


def test_a_months_rows_are_dated_on_its_last_day():
    months = days(*pd.date_range("2025-09-01", "2026-09-01", freq="MS").astype(str))
    [got] = freshness("usage", months, as_of=END)
    assert (got.value, got.status) == (0, "good")
    [late] = freshness("usage", months.iloc[:-1], as_of=END)
    assert (late.value, late.status) == (30, "good")
    [later] = freshness("usage", months.iloc[:-2], as_of=END)
    assert (later.value, later.status) == (61, "watch")


def test_a_gap_in_which_a_month_is_missing_is_no_usual_one():
    months = days(*pd.date_range("2025-09-01", "2026-06-01", freq="MS").drop(pd.Timestamp("2026-02-01")).astype(str))
    [hidden] = freshness("usage", months, as_of=END)
    [got] = freshness("usage", months, as_of=END, missing=[dt.date(2026, 2, 1)])
    assert (hidden.threshold, got.threshold) == (59, 31)
    assert (got.value, got.status) == (92, "watch")


def test_a_day_that_stands_alone_in_its_year_has_no_rhythm():
    old = days("2023-01-01", "2023-02-01", "2023-03-01", "2023-04-01", "2026-01-01")
    assert freshness("tickets", old, as_of=END) == []


def test_a_few_days_have_no_rhythm():
    assert freshness("tickets", days("2026-01-01", "2026-02-01"), as_of=END) == []


def test_volume_is_good_within_what_was_usual():
    [got] = volume("tickets", quarterly(1000, 1050, 980, 1020, 1000, 1010, 1060), QUARTERS)
    assert (got.value, got.previous, got.status) == (1060, 1010, "good")


def test_half_the_rows_are_not_usual():
    [got] = volume("tickets", quarterly(1000, 1050, 980, 1020, 1000, 1010, 600), QUARTERS)
    assert got.status == "bad"
    assert 800 < got.threshold < 1000


def test_a_table_that_always_swings_may_swing():
    [got] = volume("tickets", quarterly(1000, 500, 1000, 500, 1000, 500, 1000), QUARTERS)
    assert got.status == "good"


def test_with_too_little_history_a_half_more_is_to_be_watched():
    assert volume("tickets", quarterly(10_000, 10_400), QUARTERS)[0].status == "good"
    assert volume("tickets", quarterly(10_000, 16_000), QUARTERS)[0].status == "watch"
    assert volume("tickets", quarterly(10_000, 100), QUARTERS)[0].status == "bad"


def test_a_change_of_few_rows_is_chance():
    assert volume("tickets", quarterly(9, 16), QUARTERS)[0].status == "good"


def test_quarters_before_the_first_row_are_no_history():
    assert rows_by_quarter(quarterly(0, 5, 0, 7), QUARTERS) == [5, 0, 7]
    assert volume("tickets", quarterly(5), QUARTERS) == []


def test_a_table_that_stops_after_four_full_quarters_is_an_old_file(engine):
    rows = [(quarter.first_day, number) for quarter in QUARTERS[2:6] for number in range(30)]
    old = pd.DataFrame(rows, columns=["opened_at", "ticket_id"]).astype({"opened_at": "datetime64[ns]"})
    assert silent_tables({"tickets": engine.table(old)}, Q3) == {"tickets": dt.date(2026, 4, 1)}
    assert silent_tables({"tickets": engine.table(old.iloc[1:])}, Q3) == {}
    new = pd.concat([old, pd.DataFrame({"opened_at": pd.to_datetime(["2026-09-30 12:00"]), "ticket_id": [99]})])
    assert silent_tables({"tickets": engine.table(new)}, Q3) == {}
    assert silent_tables({"campaigns": engine.table(old.rename(columns={"opened_at": "start_date"}))}, Q3) == {}


def test_a_table_that_had_rows_and_is_absent_or_empty_now_is_gone():
    got = gone({"surveys": 40, "tickets": 9, "usage": 5, "leads": 0}, {"usage": 1, "tickets": 0})
    assert [(one.table, one.status, one.rows, one.previous) for one in got] == [
        ("tickets", "bad", 9, 9),
        ("surveys", "bad", 40, 40),
    ]
    assert gone({}, {"usage": 1}) == []
