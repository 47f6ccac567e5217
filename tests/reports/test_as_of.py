"""The as-of date moved back one year, on the same extracts: later rows are no defects, and the past stays the past."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine
from analysis.extracts.erasure import ERASED
from analysis.measures.arpu import quarterly_arpu

if TYPE_CHECKING:
    from tests.reports.conftest import Project, Report

QUARTER = Quarter.parse("2025-Q3")


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as engine:
        yield engine


def set_aside(report: Report) -> pd.DataFrame:
    """Every row that broke a rule: table, rule, file, line, and the raw row as JSON. Who is erased may ask later."""
    files = sorted((report.run / "quarantine").glob("*.parquet"))
    rows = [pd.read_parquet(path).assign(table=path.stem) for path in files]
    every = pd.concat(rows, ignore_index=True)[["table", "rule", "file", "line", "row"]]
    return every[every["rule"] != ERASED].reset_index(drop=True)


def own_date(table: str, row: str) -> pd.Timestamp:
    """The day a raw row of the demo became known; missing where that cannot be read."""
    if table not in CONTRACT:
        return pd.NaT
    cells = json.loads(row)
    filled = [cells[name] for name in CONTRACT[table].own_date if cells[name]]
    return pd.to_datetime(filled[0], errors="coerce") if filled else pd.NaT


def test_rows_set_aside_are_those_of_the_later_date_that_are_not_dated_later(
    demo: Report, demo_earlier: Report
) -> None:
    assert demo_earlier.manifest["as_of"] == "2025-09-30"
    now, then = set_aside(demo), set_aside(demo_earlier)
    dates = pd.Series([own_date(table, row) for table, row in zip(now["table"], now["row"], strict=True)])
    later = dates.dt.normalize() > pd.Timestamp("2025-09-30")
    assert later.any()
    assert len(then) > 5
    assert set(then.itertuples(index=False, name=None)) == set(now[~later].itertuples(index=False, name=None))


def test_rows_dated_later_are_left_out_and_counted(demo: Report, demo_earlier: Report) -> None:
    now = {door["table"]: door for door in demo.manifest["doors"]}
    then = {door["table"]: door for door in demo_earlier.manifest["doors"]}
    assert then.keys() == now.keys()
    for table, door in then.items():
        assert door["selected"] == sum(door[way] for way in ("accepted", "set_aside", "duplicates", "later"))
        assert door["selected"] == now[table]["selected"]
        assert all(door[way] <= now[table][way] for way in ("accepted", "set_aside", "duplicates"))
    later = {table for table, door in then.items() if door["later"] > now[table]["later"]}
    assert {"customers", "subscriptions", "invoices", "usage", "tickets"} <= later


def test_no_row_that_the_earlier_report_uses_is_dated_later(demo_earlier: Report) -> None:
    for table, column in {"customers": "signup_date", "usage": "month", "tickets": "opened_at"}.items():
        dates = pd.read_parquet(demo_earlier.run / f"tables/{table}.parquet")[column]
        assert pd.to_datetime(dates).max() < pd.Timestamp("2025-10-01")
    leaving = pd.read_parquet(demo_earlier.run / "tables/customers.parquet")["churn_date"]
    assert pd.to_datetime(leaving).max() < pd.Timestamp("2025-10-01")


def erased_later(project: Project) -> set[str]:
    """Customers who asked to be erased between the two as-of dates: the later report knows nothing of them."""
    asked = pd.read_csv(project.extracts / "consents.csv", parse_dates=["changed_at"])
    asked = asked[(asked["channel"] == "erasure") & asked["granted"]]
    return set(asked.loc[asked["changed_at"].between("2025-10-01", "2026-09-30 23:59:59"), "customer_id"])


def test_the_movement_of_a_quarter_is_the_same_in_both_reports_but_for_who_is_erased(
    demo_project: Project, demo: Report, demo_earlier: Report
) -> None:
    values, row, now = demo_earlier.values, movement(demo_earlier), movement(demo)
    assert [row["Joined"], row["Left"], row["At its end"]] == [
        f"{values[metric,]:,.0f}" for metric in ("joiners", "leavers", "customers")
    ]
    opening, joined, left, closing = (number(row[name]) for name in HEADS)
    assert closing == opening + joined - left
    spells = pd.read_parquet(demo_earlier.run / "spells.parquet")
    erased = spells[spells["customer_id"].isin(erased_later(demo_project))]
    start, end = pd.to_datetime(erased["start"]), pd.to_datetime(erased["end"])
    before, last = pd.Timestamp("2025-06-30"), pd.Timestamp("2025-09-30")
    gone = [
        ((start <= before) & ~(end <= before)).sum(),
        start.between(before, last, inclusive="right").sum(),
        end.between(before, last, inclusive="right").sum(),
        ((start <= last) & ~(end <= last)).sum(),
    ]
    assert [number(row[name]) - number(now[name]) for name in HEADS] == gone


HEADS = ("At its start", "Joined", "Left", "At its end")


def number(text: str) -> int:
    return int(text.replace(",", ""))


def movement(report: Report) -> dict[str, str]:
    """The row of the quarter in the table of the base, by its head."""
    (table,) = [table for table in report.tables() if {"At its start", "Joined", "Left"} <= set(table[0])]
    (row,) = [row for row in table if row[0] == "Q3 2025"]
    return dict(zip(table[0], row, strict=True))


def test_arpu_of_a_quarter_is_the_same_from_both_runs_but_for_who_is_erased(
    demo_project: Project, demo: Report, demo_earlier: Report, engine: Engine
) -> None:
    then, now = (engine.scan_parquet(report.run / "months.parquet") for report in (demo_earlier, demo))
    kept = then.filter(~nw.col("customer_id").is_in(sorted(erased_later(demo_project))))
    told, same, got = (quarterly_arpu(months, [QUARTER]).iloc[0] for months in (then, kept, now))
    for name in ("arpu", "revenue"):
        assert told[name] == pytest.approx(demo_earlier.values[name,], abs=1e-9)
        assert got[name] == pytest.approx(same[name], abs=1e-9)
