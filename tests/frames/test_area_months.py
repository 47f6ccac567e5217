"""An area's month: customers, complaints where they live, and what the network measured."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.frames.area_months import area_months, area_places, marks_complaints
from analysis.frames.observation import Observation

SEEN = Observation(dt.date(2026, 2, 28), dt.date(2026, 1, 1))
PEOPLE = [{"customer_id": name, "area_id": area} for name, area in (("a", "N"), ("b", "N"), ("c", "S"), ("d", None))]


@pytest.fixture
def of(contract, rows, engine):
    def made(seen: Observation = SEEN, **tables: list[dict]) -> list[dict]:
        held = [(name, month, 1.0 if name != "b" else 0.5) for name in "abcd" for month in ("2026-01-01", "2026-02-01")]
        months = engine.table(pd.DataFrame(held, columns=["customer_id", "month", "share"])).with_columns(
            nw.col("month").str.to_date(format="%Y-%m-%d")
        )
        given = {"customers": contract("customers", *PEOPLE)}
        given |= {name: contract(name, *lines) for name, lines in tables.items()}
        found = rows(area_months(months, given, seen))
        return sorted(found, key=lambda row: (row["area_id"], row["month"]))

    return made


def ticket(number: int, customer: str | None, day: str, complaint: bool | None = True) -> dict:
    told = {"customer_id": customer, "opened_at": f"{day} 10:00:00", "is_complaint": complaint}
    return {"ticket_id": str(number), **told}


def told(found: list[dict], *names: str) -> list[tuple]:
    return [tuple(row[name] for name in names) for row in found]


def test_complaints_count_in_the_area_of_the_customer_and_a_quiet_month_is_zero(of) -> None:
    tickets = [
        ticket(1, "a", "2026-01-03"), ticket(2, "a", "2026-01-31"), ticket(3, "b", "2026-01-05"),
        ticket(4, "b", "2026-02-05", complaint=False), ticket(5, None, "2026-01-05"), ticket(6, "d", "2026-01-05"),
    ]  # fmt: skip
    got = told(of(tickets=tickets), "area_id", "month", "customers", "complaints", "complainers")
    assert got == [
        ("N", "2026-01-01", 1.5, 3, 2), ("N", "2026-02-01", 1.5, 0, 0),
        ("S", "2026-01-01", 1.0, 0, 0), ("S", "2026-02-01", 1.0, 0, 0),
    ]  # fmt: skip


def test_without_marks_every_contact_is_a_complaint(of) -> None:
    tickets = [ticket(1, "a", "2026-01-03", complaint=None), ticket(2, "b", "2026-01-03", complaint=None)]
    assert told(of(tickets=tickets), "complaints")[0] == (2,)


def test_before_the_service_desk_is_covered_nothing_is_known_of_complaints(of) -> None:
    late = Observation(dt.date(2026, 2, 28), dt.date(2026, 1, 1), {"tickets": dt.date(2026, 2, 1)})
    got = told(of(late, tickets=[ticket(1, "a", "2026-02-03")]), "complaints")
    assert got == [(None,), (1,), (None,), (0,)]
    assert told(of(), "complaints") == [(None,)] * 4


def test_speed_is_a_share_of_the_advertised(of) -> None:
    network = [
        {"area_id": "N", "month": "2026-01-01", "download_mbps": 40, "advertised_mbps": 50, "latency_ms": 9},
        {"area_id": "S", "month": "2026-01-01", "download_mbps": 40, "advertised_mbps": 0, "outage_minutes": 5},
    ]
    got = told(of(network=network), "speed_share", "latency_ms", "outage_minutes")
    assert got == [(0.8, 9.0, None), (None, None, None), (None, None, 5.0), (None, None, None)]


def test_an_area_lies_where_its_latest_month_with_both_degrees_says(contract, rows) -> None:
    network = contract(
        "network",
        {"area_id": "N", "month": "2026-01-01", "latitude": 50.0, "longitude": 8.0},
        {"area_id": "N", "month": "2026-02-01", "latitude": 51.0, "longitude": 9.0},
        {"area_id": "N", "month": "2026-03-01", "latitude": 52.0},
    )
    assert rows(area_places({"network": network})) == [{"area_id": "N", "latitude": 51.0, "longitude": 9.0}]
    assert rows(area_places({"customers": contract("customers", *PEOPLE)})) == []


def test_whether_complaints_are_marked_at_all(contract) -> None:
    marked = contract("tickets", ticket(1, "a", "2026-01-03", complaint=False))
    plain = contract("tickets", ticket(1, "a", "2026-01-03", complaint=None))
    assert marks_complaints({"tickets": marked})
    assert not marks_complaints({"tickets": plain})
    assert marks_complaints({})
