"""What each customer's months brought and cost."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.observation import Observation
from analysis.measures.received import received_months

SEEN = Observation(dt.date(2025, 12, 31), dt.date(2025, 1, 1))


@pytest.fixture
def of(engine):
    def made(lines: list[tuple], calls: list[tuple] | None = None) -> list[tuple]:
        rows = pd.DataFrame(lines, columns=["customer_id", "month", "share", "revenue"])
        months = engine.table(rows.assign(month=pd.to_datetime(rows["month"])))
        tables = {}
        if calls is not None:
            tickets = pd.DataFrame(calls, columns=["customer_id", "opened_at", "cost"])
            tables = {
                "tickets": engine.table(tickets.assign(opened_at=pd.to_datetime(tickets["opened_at"], format="mixed")))
            }
        dated = months.with_columns(nw.col("month").cast(nw.Date))
        got = to_pandas(received_months(dated, tables, SEEN, per_contact=6.0).sort("customer_id", "month"))
        return [
            (row.customer_id, f"{row.month:%m}", row.told, row.revenue, row.share, row.contacts)
            for row in got.itertuples()
        ]

    return made


def test_bills_and_contacts_meet_in_the_month_they_belong_to(of) -> None:
    got = of([("a", "2025-01-01", 1.0, 30.0), ("a", "2025-02-01", 0.5, 15.0)],
             [("a", "2025-02-28 23:59", 4.0), ("a", "2025-02-01", None)])  # fmt: skip
    assert got == [("a", "01", 1, 30, 1, 0), ("a", "02", 1, 15, 0.5, 10)]


def test_a_month_that_nothing_is_known_of_is_none_and_contacts_alone_are_marked(of) -> None:
    got = of([("a", "2025-01-01", 1.0, 30.0), ("b", "2025-01-01", 1.0, None)], [("b", "2025-01-05", 4.0)])
    assert got == [("a", "01", 1, 30, 1, 0), ("b", "01", 0, 0, 0, 4)]


def test_contacts_before_the_first_bill_and_of_nobody_do_not_count(of) -> None:
    lines = [("a", "2025-01-01", 1.0, None), ("a", "2025-02-01", 1.0, 30.0)]
    assert of(lines, [("a", "2025-01-31", 4.0), (None, "2025-02-03", 9.0)]) == [("a", "02", 1, 30, 1, 0)]


def test_without_tickets_or_any_revenue_there_is_no_contact(of) -> None:
    assert of([("a", "2025-01-01", 1.0, 30.0)]) == [("a", "01", 1, 30, 1, 0)]
    assert of([("a", "2025-01-01", 1.0, None)], [("a", "2025-01-05", 4.0)]) == []
