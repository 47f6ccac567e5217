"""Dates and time (M58–M74)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from tests.promises.cases import Seen, case
from tests.promises.provider import taken

DAY = pd.Timestamp


def signups(*days: str) -> str:
    """A customers file, one row per signup date: customers A, B, C, …"""
    return "customer_id,signup_date\n" + "".join(f"{chr(65 + n)},{day}\n" for n, day in enumerate(days))


def tickets(*moments: str) -> str:
    """A tickets file, one row per opening time."""
    return "ticket_id,opened_at\n" + "".join(f"T{n},{moment}\n" for n, moment in enumerate(moments, start=1))


@case("M58", "Days that never were", "QUAR")
def impossible_days(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": signups("2024-13-01", "2024-02-30", "1900-01-00", "2024-02-29")})
    assert got.column("customers", "signup_date") == [DAY("2024-02-29")]
    seen = got.found("type:signup_date", rows=3)
    assert "customers.csv, line 2: expected signup_date as a date written %Y-%m-%d, found '2024-13-01'" in seen.said
    return seen


@case("M59", "A date that could be read both ways", "REFUSE")
def ambiguous(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": signups("01/02/2024", "13/02/2024")}).refused
    assert "not guessed whether the day or the month comes first" in seen.said
    assert 'write `csv: {date_format: "%d/%m/%Y"}` or `csv: {date_format: "%m/%d/%Y"}`' in seen.said
    return seen


@case("M59", "A date that could be read both ways, its order declared for its column", "OK")
def declared(folder: Path) -> Seen:
    files = {"customers.csv": signups("01/02/2024", "13/02/2024"), "tickets.csv": tickets("2024-02-01 09:30:00")}
    got = taken(folder, files, csv='{date_format: {default: "%Y-%m-%d", signup_date: "%d/%m/%Y"}}')
    assert got.column("customers", "signup_date") == [DAY("2024-02-01"), DAY("2024-02-13")]
    assert got.column("tickets", "opened_at") == [DAY("2024-02-01 09:30")]
    return got.plain()


@case("M60", "Excel's serial numbers", "REFUSE")
def serials(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": signups("45292", "45293")}).refused
    assert "`csv: {date_format: excel_serial}`" in seen.said
    return seen


@case("M60", "Excel's serial numbers, declared", "FIX")
def declared_serials(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": signups("45292", "45657", "60")}, csv="{date_format: excel_serial}")
    assert got.column("customers", "signup_date") == [DAY("2024-01-01"), DAY("2024-12-31")]
    assert "expected signup_date as a number of days as Excel counts them" in got.found("type:signup_date", rows=1).said
    return got.found("counted:signup_date", rows=2)


@case("M61", "Days and moments as whole numbers", "REFUSE")
def numbers(folder: Path) -> Seen:
    for number, form in {"20240930": '"%Y%m%d"', "1727733600": "epoch_s", "1727733600000": "epoch_ms"}.items():
        seen = taken(folder, {"tickets.csv": tickets(number)}).refused
        assert f"`csv: {{date_format: {form}}}`" in seen.said
    return seen


@case("M61", "Days and moments as whole numbers, declared", "FIX")
def declared_numbers(folder: Path) -> Seen:
    customers = {"customers.csv": signups("20240930")}
    got = taken(folder, customers, csv='{date_format: "%Y%m%d"}')
    assert got.column("customers", "signup_date") == [DAY("2024-09-30")]
    for form, number in {"epoch_ms": "1727733599000", "epoch_s": "1727733599"}.items():
        got = taken(
            folder,
            customers | {"tickets.csv": tickets(number)},
            csv=f'{{date_format: {{default: "%Y%m%d", opened_at: {form}}}}}',
        )
        assert got.column("tickets", "opened_at") == [DAY("2024-09-30 23:59:59")]  # Berlin, two hours before UTC
    return got.found("counted:opened_at", rows=1)


@case("M61", "Milliseconds declared as seconds", "REFUSE")
def misdeclared(folder: Path) -> Seen:
    return taken(folder, {"tickets.csv": tickets("1727733599000")}, csv="{date_format: epoch_s}").refused


@case("M62", "Dates in Chinese", "FIX")
def chinese(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": signups("2024年9月30日", "2024年09月01日", "2024-08-01")})
    assert got.column("customers", "signup_date") == [DAY("2024-09-30"), DAY("2024-09-01"), DAY("2024-08-01")]
    return got.found("chinese:signup_date", rows=2)


@case("M63", "A far day for no end", "FIX")
def sentinels(folder: Path) -> Seen:
    rows = "customer_id,churn_date\nA,9999-12-31\nB,2099-12-31\nC,2024-05-01\n"
    got = taken(folder, {"customers.csv": rows})
    assert got.column("customers", "churn_date") == [None, None, DAY("2024-05-01")]
    return got.found("sentinel:churn_date", rows=2)


@case("M65", "Rows dated after the as-of date", "OK")
def later(folder: Path) -> Seen:
    got = taken(folder, {"tickets.csv": tickets("2024-12-31 23:59:59", "2025-01-01")})
    assert got.column("tickets", "ticket_id") == ["T1"]
    assert got.doors["later"].tolist() == [1]
    return got.plain()


@case("M67", "Left before joining", "QUAR")
def reversed_days(folder: Path) -> Seen:
    got = taken(
        folder, {"customers.csv": "customer_id,signup_date,churn_date\nA,2024-05-02,2024-05-01\nB,2024-05-01,\n"}
    )
    return got.found("dates:churn_date", rows=1)


@case("M69", "Moments that name several zones", "FIX")
def zones(folder: Path) -> Seen:
    got = taken(
        folder,
        {"tickets.csv": tickets("2024-07-01T12:00:00Z", "2024-07-01 12:00:00+05:30", "2024-01-01T12:00:00.5-03")},
    )
    assert got.column("tickets", "opened_at") == [
        DAY("2024-07-01 14:00"), DAY("2024-07-01 08:30"), DAY("2024-01-01 16:00:00.5"),
    ]  # fmt: skip
    return got.found("zone:opened_at", rows=3)


@case("M69", "Moments with a zone among others without", "REFUSE")
def mixed_zones(folder: Path) -> Seen:
    seen = taken(folder, {"tickets.csv": tickets("2024-07-01 12:00:00", "2024-07-01T12:00:00Z", "2024-07-02")}).refused
    assert "tickets.csv, line 3: expected every opened_at with its time zone, or none with one" in seen.said
    assert "found 1 row with one and 2 rows without" in seen.said
    return seen


@case("M70", "Midnight that moves over a quarter's edge", "FIX")
def edges(folder: Path) -> Seen:
    """Berlin is two hours ahead of UTC in summer, one in winter: both edges of the third quarter, and of the year."""
    summer = tickets("2024-06-30T21:59:59Z", "2024-06-30T22:00:00Z", "2024-09-30T21:59:59Z", "2024-09-30T22:00:00Z")
    got = taken(folder, {"tickets.csv": summer}, as_of=dt.date(2024, 9, 30))
    days = [moment.date().isoformat() for moment in got.column("tickets", "opened_at")]
    assert days == ["2024-06-30", "2024-07-01", "2024-09-30"]
    assert got.doors["later"].tolist() == [1]
    winter = tickets("2024-12-31T22:59:59Z", "2024-12-31T23:00:00Z")
    got = taken(folder, {"tickets.csv": winter}, as_of=dt.date(2024, 12, 31))
    assert got.column("tickets", "ticket_id") == ["T1"]
    assert got.doors["later"].tolist() == [1]
    return got.found("zone:opened_at")
