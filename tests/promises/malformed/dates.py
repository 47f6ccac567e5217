"""Dates and time (M58–M74)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
from tests.promises.cases import Seen, case
from tests.promises.provider import AS_OF, Taken, described, linecard, taken
from tests.promises.reports import params, report

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.episodes import episodes
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells

DAY = pd.Timestamp
SEEN = Observation(AS_OF, dt.date(2024, 1, 1))


def signups(*days: str) -> str:
    """A customers file, one row per signup date: customers A, B, C, …"""
    return "customer_id,signup_date\n" + "".join(f"{chr(65 + n)},{day}\n" for n, day in enumerate(days))


def tickets(*moments: str) -> str:
    """A tickets file, one row per opening time."""
    return "ticket_id,opened_at\n" + "".join(f"T{n},{moment}\n" for n, moment in enumerate(moments, start=1))


def held(*periods: tuple[str, str]) -> dict[str, str]:
    """A subscriptions file: customer A's broadband, one row per start and end."""
    rows = [f"S{n},A,broadband,30,{start},{end}" for n, (start, end) in enumerate(periods, start=1)]
    head = "subscription_id,customer_id,product,monthly_fee,start_date,end_date"
    return {"subscriptions.csv": "\n".join([head, *rows, ""])}


@contextmanager
def in_engine(got: Taken) -> Iterator[dict[str, nw.LazyFrame[Any]]]:
    """The accepted tables once more in an engine, for who counts as a customer and how long."""
    with Engine(threads=1) as engine:
        typed = {name: engine.table(rows) for name, rows in got.tables.items()}
        tables = {
            name: table.with_columns(
                nw.col(column.name).cast(nw.Date) for column in CONTRACT[name].columns if column.type == "date"
            )
            for name, table in typed.items()
        }
        yield population(tables, engine=engine).tables


def followed(got: Taken) -> list[str]:
    """Customers with a spell."""
    with in_engine(got) as tables:
        return sorted(to_pandas(spells(tables, SEEN))["customer_id"])


def stretches(got: Taken) -> list[tuple[str, str]]:
    """First and last day of customer A's spells."""
    with in_engine(got) as tables:
        rows = to_pandas(spells(tables, SEEN)).sort_values("spell")
    return [(f"{row.start:%Y-%m-%d}", "" if pd.isna(row.end) else f"{row.end:%Y-%m-%d}") for row in rows.itertuples()]


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


@case("M64", "A first day that stands for an unknown one: who joined then is in no survival", "NOTE")
def unknown_signup(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": signups("1900-01-01", "1970-01-01", "2024-01-01")})
    assert got.column("customers", "signup_date") == [None, None, DAY("2024-01-01")]
    assert followed(got) == ["C"]
    return got.found("no_start:signup_date", rows=2)


@case("M64", "A first day that stands for an unknown one, where the day is required", "QUAR")
def unknown_start(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": signups("2020-05-01"), **held(("1970-01-01", ""), ("2024-02-01", ""))})
    assert got.column("subscriptions", "start_date") == [DAY("2024-02-01")]
    return got.found("not_null:start_date", rows=1)


@case("M65", "Rows dated after the as-of date", "OK")
def later(folder: Path) -> Seen:
    got = taken(folder, {"tickets.csv": tickets("2024-12-31 23:59:59", "2025-01-01")})
    assert got.column("tickets", "ticket_id") == ["T1"]
    assert got.doors["later"].tolist() == [1]
    return got.plain()


@case("M66", "Leaving after the as-of date", "FIX")
def leaving_later(folder: Path) -> Seen:
    rows = (
        "customer_id,signup_date,churn_date,status\nA,2024-01-01,2025-03-01,churned\nB,2024-01-01,2024-03-01,churned\n"
    )
    got = taken(folder, {"customers.csv": rows})
    assert got.column("customers", "status") == ["active", "churned"]
    assert got.column("customers", "churn_date") == [None, DAY("2024-03-01")]
    return got.found("later:churn_date", rows=1)


@case("M67", "Left before joining", "QUAR")
def reversed_days(folder: Path) -> Seen:
    got = taken(
        folder, {"customers.csv": "customer_id,signup_date,churn_date\nA,2024-05-02,2024-05-01\nB,2024-05-01,\n"}
    )
    return got.found("dates:churn_date", rows=1)


@case("M68", "Joined and left on one day", "OK")
def zero_tenure(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": "customer_id,signup_date,churn_date\nA,2024-05-02,2024-05-02\n"})
    assert got.column("customers", "churn_date") == [DAY("2024-05-02")]
    with in_engine(got) as tables:
        rows = to_pandas(episodes(spells(tables, SEEN), SEEN))
    assert (rows["stop"] - rows["start"]).round(6).tolist() == [round(0.5 / 30.4375, 6)]  # half a day at risk
    return got.plain()


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


@case("M71", "One product held twice at once", "FIX")
def overlapping(folder: Path) -> Seen:
    periods = ("2024-01-01", "2024-06-01"), ("2024-03-01", "2024-05-01"), ("2024-06-01", "2024-09-01")
    got = taken(folder, {"customers.csv": signups("2024-01-01"), **held(*periods)})
    assert stretches(got) == [("2024-01-01", "2024-09-01")]
    return got.found("overlap:product", rows=1)


@case("M72", "A few days between two plans", "FIX")
def gap(folder: Path) -> Seen:
    for days, expected in {31: 1, 32: 2}.items():  # days from the end of one to the start of the next; 30 are grace
        start = dt.date(2024, 3, 1) + dt.timedelta(days=days - 1)
        got = taken(
            folder, {"customers.csv": signups("2024-01-01"), **held(("2024-01-01", "2024-03-01"), (f"{start}", ""))}
        )
        assert len(stretches(got)) == expected
    return Seen("FIX", "30 days without a product: one spell; 31 days: two (grace_days: 30)")


@case("M73", "Active and left, or left and nobody knows when", "QUAR")
def contradictory(folder: Path) -> Seen:
    rows = "A,active,2024-03-01", "B,churned,", "C,churned,2024-03-01", "D,active,2025-03-01", "E,active,9999-12-31"
    text = "\n".join(["customer_id,status,churn_date", *rows, ""])
    got = taken(folder, {"customers.csv": text})
    assert got.column("customers", "customer_id") == ["C", "D", "E"]  # D has given notice
    later = taken(folder, {"customers.csv": text}, extracted_at="2025-03-01")
    assert later.column("customers", "customer_id") == ["C", "E"]
    seen = got.found("agrees:status", rows=2)
    assert "found active with a churn_date of 2024-03-01" in seen.said
    return seen


def use(*months: str) -> str:
    """A usage file: customer A's months."""
    return "customer_id,month,download_gb\n" + "".join(f"A,{month},12.5\n" for month in months)


PARTIAL = {"customers.csv": signups("2024-01-01"), "usage.csv": use("2024-10", "2024-11")}


@case("M74", "A quarter that the data covers in part", "REFUSE")
def partial_quarter(folder: Path) -> Seen:
    described(folder, PARTIAL)
    ended = linecard(folder, "run", params(folder))
    assert ended.returncode == 3
    assert "expected usage or invoices of 2024-12, found none later than 2024-11" in ended.stderr
    assert not (folder / "reports" / "latest").exists()
    return Seen("REFUSE", ended.stderr)


@case("M74", "A quarter that the data covers in part, allowed", "NOTE")
def allowed_partial_quarter(folder: Path) -> Seen:
    described(folder, PARTIAL)
    made = report(folder, options=("--allow-partial",))
    said = "Partial quarter: for 2024-Q4 this report needs usage or invoices of 2024-12"
    assert len(made.pages) > 2
    assert all("Partial quarter" in page for page in made.pages)
    chapters = made.html.select("section.chapter")
    assert chapters and all(said in chapter.find("p", class_="warning").get_text() for chapter in chapters)
    return Seen("NOTE", made.html.select_one("aside.notices").get_text().strip())
