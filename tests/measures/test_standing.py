"""Statuses, chapters, and the overview of both."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from analysis.measures.standing import (
    CHAPTERS,
    COLUMN_CHAPTERS,
    Measure,
    chapters,
    discreet,
    grid,
    judged,
    lost,
    quality_table,
)

EDGES = (0.001, 0.01)


def measure(table: str, column: str, dimension: str, status: str) -> Measure:
    return Measure(table, column, dimension, "valid", 0.5, status, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("share", "status"),
    [(0, "good"), (0.0009, "good"), (0.001, "watch"), (0.0099, "watch"), (0.01, "bad"), (math.nan, "unknown")],
)
def test_a_figure_is_judged_by_two_edges(share: float, status: str):
    assert judged(share, EDGES) == status


def test_rows_that_tell_who_joined_are_told_to_the_nearest_ten_and_no_age_tells_that_nobody_did():
    counts = Measure("customers", "", "volume", "row_count", 4.0, "watch", 4, 26.4, 15.0)
    got = discreet(counts)
    assert (got.value, got.rows, got.threshold, got.previous, got.status) == (0, 0, 30, 20, "watch")
    stale = Measure("subscriptions", "", "freshness", "last_row", 140.0, "bad", 6, 19.0)
    assert (discreet(stale).value, discreet(stale).rows, discreet(stale).threshold) == (60, 10, 19)
    assert discreet(replace(stale, value=59.0)).value == 59
    assert math.isnan(discreet(replace(counts, previous=math.nan)).previous)
    assert discreet(replace(counts, table="usage")).value == 4


def test_what_is_lost_is_kept_as_a_share():
    got = lost(("usage", "month", "validity", "valid"), 2, 1000, EDGES)
    assert (got.value, got.threshold, got.status, got.rows) == (0.998, 0.999, "watch", 2)
    assert lost(("usage", "month", "validity", "valid"), 0, 0, EDGES).status == "unknown"


def test_a_column_names_the_chapters_that_use_it():
    assert chapters("invoices", "due_date") == ("30_segments", "40_churn", "60_service")
    assert chapters("usage", "download_gb") == CHAPTERS["usage"]
    assert chapters("usage", "customer_id,month") == CHAPTERS["usage"]
    assert chapters("leads", "channel") == ()


def test_chapters_are_named_for_contract_columns_and_the_reports_notebooks(contract):
    assert {(table, column) for table, column in COLUMN_CHAPTERS if column not in contract[table].names} == set()
    named = {name for names in (*CHAPTERS.values(), *COLUMN_CHAPTERS.values()) for name in names}
    assert named == {"20_base", "30_segments", "40_churn", "50_value", "60_service"}


def test_the_table_keeps_the_order_given_and_names_the_chapters():
    got = quality_table([measure("usage", "month", "validity", "bad"), measure("leads", "", "freshness", "good")])
    assert got["chapters"].tolist() == ["20_base, 30_segments, 40_churn, 60_service", ""]
    assert got["place"].tolist() == [0, 1]
    assert list(quality_table([]).columns) == list(got.columns)


def test_the_overview_shows_the_worst_of_each_table_and_respect():
    rows = [
        measure("usage", "a", "validity", "good"),
        measure("usage", "b", "validity", "bad"),
        measure("usage", "c", "validity", "bad"),
        measure("usage", "d", "validity", "watch"),
        measure("usage", "", "freshness", "good"),
    ]
    got = grid(quality_table(rows))
    assert got.to_numpy().tolist() == [["usage", "validity", "bad", 2, 4], ["usage", "freshness", "good", 1, 1]]
