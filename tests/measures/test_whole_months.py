"""Months that lack rows, and months that lack customers."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.basis.quarter import months_later
from analysis.extracts.engine import Engine
from analysis.measures.whole_months import (
    Window,
    month_measures,
    rows_by_month,
    short_months,
    thin_months,
)

EDGES = (0.02, 0.1)
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
YEAR = [dt.date(2025, month, 1) for month in range(1, 13)]


def struck(*rows: int) -> list[tuple[str, float, str]]:
    """Months told of, by their rows in 2025: the month, what was expected, the status."""
    counts = {month: held for month, held in zip(YEAR, rows, strict=False) if held}
    return [(one.month, one.previous, one.status) for one in thin_months("usage", counts, YEAR[: len(rows)])]


def test_a_month_without_rows_between_others_is_found() -> None:
    assert struck(100, 110, 0, 120, 130) == [("2025-03", 105, "bad")]


def test_several_months_in_a_row_are_found_by_the_filled_ones_around_them() -> None:
    assert [month for month, _, _ in struck(100, 100, 0, 0, 0, 90, 90)] == ["2025-03", "2025-04", "2025-05"]


def test_a_month_with_fewer_than_half_of_its_neighbours_is_watched() -> None:
    assert struck(100, 100, 49, 100, 100) == [("2025-03", 100, "watch")]
    assert struck(100, 100, 51, 100, 100) == []
    assert struck(100, 100, 9, 100, 100) == [("2025-03", 100, "bad")]


def test_an_empty_month_at_the_end_is_found_and_a_small_one_is_not_told_from_a_decline() -> None:
    assert struck(100, 100, 100, 0) == [("2025-04", 100, "bad")]
    assert struck(100, 100, 100, 40) == []


def test_a_table_that_falls_to_a_lower_level_lacks_no_month() -> None:
    assert struck(1000, 900, 300, 290, 310, 280) == []


def test_a_table_filled_every_other_month_has_that_rhythm() -> None:
    assert struck(100, 0, 100, 0, 100, 0, 100) == []
    assert struck(100, 0, 100, 0, 100, 0, 0) != []


def test_few_rows_say_nothing() -> None:
    assert struck(5, 6, 0, 7, 5) == []


def shares(*found: int, customers: int = 1000) -> pd.DataFrame:
    return pd.DataFrame({"month": YEAR[: len(found)], "customers": customers, "found": found})


def short(*found: int, customers: int = 1000) -> list[tuple[str, int, str]]:
    got = short_months("invoices", shares(*found, customers=customers), EDGES)
    return [(one.month, one.rows, one.status) for one in got]


def test_a_last_month_in_which_customers_lack_their_bill_looks_incomplete() -> None:
    assert short(998, 997, 998, 999, 678) == [("2025-05", 320, "bad")]
    assert short(998, 997, 998, 999, 930) == [("2025-05", 68, "watch")]
    assert short(998, 997, 998, 999, 990) == []


def test_a_source_whose_share_swings_may_swing() -> None:
    assert short(500, 900, 450, 880, 520, 910, 480) == []


def test_a_share_that_grows_is_not_short_in_its_first_months() -> None:
    assert short(100, 200, 300, 400, 500, 600) == []


def test_chance_among_few_customers_is_no_finding() -> None:
    assert short(18, 18, 18, 18, 15, customers=20) == []


@pytest.fixture
def engine():
    with Engine() as one:
        yield one


def provider(engine: Engine, *, last: int) -> dict[str, object]:
    """Forty customers with a product since 2024, a bill each and month of 2025, of the last month `last` of them."""
    people = [f"c{place:02d}" for place in range(40)]
    bills = [(who, month) for month in YEAR for who in people[: last if month == YEAR[-1] else 40]]
    lines = pd.DataFrame(
        {"customer_id": people, "start_date": pd.Timestamp("2024-01-01"), "end_date": pd.Series([pd.NaT] * 40)}
    )
    table = pd.DataFrame(bills, columns=["customer_id", "month"]).astype({"month": "datetime64[ns]"})
    dated = {"start_date": "DATE", "end_date": "DATE"}
    subscriptions, invoices = engine.fresh_name(), engine.fresh_name()
    for name, rows, types in ((subscriptions, lines, dated), (invoices, table, {"month": "DATE"})):
        held = engine.table(rows)
        casts = ", ".join(f"CAST({column} AS {kind}) AS {column}" for column, kind in types.items())
        engine.table(held, f"{name}_raw")
        engine.execute(f"CREATE TABLE {name} AS SELECT * REPLACE ({casts}) FROM {name}_raw")
    return {
        "subscriptions": engine.select(f"SELECT * FROM {subscriptions}"),
        "invoices": engine.select(f"SELECT * FROM {invoices}"),
    }


def test_bills_are_held_against_the_customers_who_held_a_product_all_month(engine: Engine) -> None:
    tables = provider(engine, last=20)
    assert rows_by_month("invoices", tables["invoices"])[YEAR[-1]] == 20
    [got] = month_measures("invoices", tables, Window(FIRST, LAST), edges=EDGES)
    assert (got.rule, got.month, got.value, got.previous, got.rows, got.status) == (
        "month_customers", "2025-12", 0.5, 1.0, 20, "bad",
    )  # fmt: skip


def test_a_month_that_is_not_over_or_whose_bills_come_late_is_not_judged(engine: Engine) -> None:
    tables = provider(engine, last=20)
    for until, late in ((months_later(LAST, -1), []), (LAST, [YEAR[-1]])):
        [got] = month_measures("invoices", tables, Window(FIRST, until, late), edges=EDGES)
        assert (got.rule, got.status) == ("month_rows", "good")
