"""Days and months that changed places, by hand and in the public sample."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.extracts.conftest import Taken

from analysis.basis.errors import ParamsError
from analysis.extracts.engine import Engine
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source

CSV = '{date_format: "%d/%m/%Y"}'
ORDER = "{column: created_at, by: lead_id}"
DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=3 * n) for n in range(60)]  # a lead every third day, January to June


def leads(*, exchanged: Callable[[dt.date], bool], id: Callable[[int], object] = lambda n: n) -> str:
    """A leads file in the order of time; where `exchanged`, a spreadsheet has made the day the month."""
    rows = [
        f"{id(n)},{f'{day:%m/%d/%Y}' if day.day <= 12 and exchanged(day) else f'{day:%d/%m/%Y}'}"
        for n, day in enumerate(DAYS, start=8)
    ]
    return "\n".join(["lead_id,created_at", *rows, ""])


def column(got: Any) -> list[dt.date]:
    rows = got.accepted("leads")
    return list(rows.sort_values("_line")["created_at"].dt.date)


BOTH_WAYS = sum(day.day <= 12 and day.day != day.month for day in DAYS)


def test_day_and_month_are_exchanged_where_the_order_of_ids_shows_it(taken: Callable[..., Any]) -> None:
    got = taken({"leads.csv": leads(exchanged=lambda day: True)}, csv=CSV, date_order=ORDER)
    assert column(got) == DAYS
    assert got.sentence("order:created_at") == (
        f"leads: expected dates in the order of lead_id, found {BOTH_WAYS} with day and month exchanged ({BOTH_WAYS} "
        "of 60 dates could be read both ways, day first or month first). Read with day and month exchanged; 0 more are "
        "right as written."
    )


def test_dates_that_are_right_stay_as_they_are(taken: Callable[..., Any]) -> None:
    got = taken({"leads.csv": leads(exchanged=lambda day: False)}, csv=CSV, date_order=ORDER)
    assert column(got) == DAYS
    assert got.rules() == []


def test_only_the_dates_that_are_wrong_are_exchanged(taken: Callable[..., Any]) -> None:
    got = taken({"leads.csv": leads(exchanged=lambda day: day.month in (2, 3))}, csv=CSV, date_order=ORDER)
    wrong = sum(day.month in (2, 3) and day.day <= 12 and day.day != day.month for day in DAYS)
    assert column(got) == DAYS
    assert f"found {wrong} with day and month exchanged" in got.sentence("order:created_at")
    assert f"{BOTH_WAYS - wrong} more are right as written." in got.sentence("order:created_at")


def test_ids_of_letters_and_padded_numbers_have_an_order_too(taken: Callable[..., Any]) -> None:
    files = {"leads.csv": leads(exchanged=lambda day: True, id=lambda n: f"L-{n:05}")}
    assert column(taken(files, csv=CSV, date_order=ORDER)) == DAYS


def test_a_time_of_day_stays_with_its_date(taken: Callable[..., Any]) -> None:
    ways = [f"{day:%m-%d-%Y} 09:30:00" if day.day <= 12 else f"{day:%d-%m-%Y}" for day in DAYS]
    text = "\n".join(["lead_id,created_at", *(f"{n},{way}" for n, way in enumerate(ways, start=1)), ""])
    got = taken({"leads.csv": text}, csv='{date_format: "%d-%m-%Y"}', date_order=ORDER).accepted("leads")
    assert list(got["created_at"].dt.date) == DAYS
    assert {moment.hour for moment in got["created_at"] if moment.day <= 12} == {9}


def test_a_date_between_distant_neighbours_is_left_and_counted(taken: Callable[..., Any]) -> None:
    text = "lead_id,created_at\n1,13/01/2024\n2,02/03/2024\n3,30/12/2024\n"
    got = taken({"leads.csv": text}, csv=CSV, date_order=ORDER)
    assert column(got) == [dt.date(2024, 1, 13), dt.date(2024, 3, 2), dt.date(2024, 12, 30)]
    assert got.rules() == ["unclear:created_at"]
    assert "found 1 that fit among their neighbours both ways" in got.sentence("unclear:created_at")


def test_without_the_key_the_contradiction_is_reported_and_nothing_changed(taken: Callable[..., Any]) -> None:
    got = taken({"leads.csv": leads(exchanged=lambda day: True)}, csv=CSV)
    assert column(got) != DAYS
    assert got.sentence("order:created_at") == (
        f"leads: expected dates in the order of lead_id, found that {BOTH_WAYS} of 60 dates could be read "
        f"both ways, day first or month first, and the order contradicts {BOTH_WAYS} of "
        f"{BOTH_WAYS} looked at as they are written. No "
        "count by month can be trusted. Write `date_order: {column: created_at, by: lead_id}` into source.yml to "
        "exchange day and month where the order shows it, or ask for the extract again."
    )


@pytest.mark.parametrize("id", [lambda n: (n * 37) % 101, lambda n: f"{(n * 7919) % 100_003:x}"])
def test_ids_that_were_not_given_in_order_say_nothing(taken: Callable[..., Any], id: Callable[[int], object]) -> None:
    got = taken({"leads.csv": leads(exchanged=lambda day: False, id=id)}, csv=CSV)
    assert got.rules() == []


def test_ids_that_were_not_given_in_order_are_no_key_to_dates(refused: Callable[..., str]) -> None:
    files = {"leads.csv": leads(exchanged=lambda day: True, id=lambda n: 1 + (n * 37) % 101)}
    got = refused(files, csv=CSV, date_order=ORDER)
    assert got.startswith(
        "leads.csv: expected created_at to follow the order of lead_id, as `date_order` in source.yml says, "
        "found a rank correlation of "
    )
    assert got.endswith("among the dates that can be read one way only. Take `date_order` out of source.yml.")


def test_a_table_without_the_columns_of_the_key_is_refused(refused: Callable[..., str]) -> None:
    order = "{column: signup_date, by: customer_id}"
    assert refused({"customers.csv": "customer_id\nA\n"}, date_order=order) == (
        "customers.csv: expected columns signup_date and customer_id, which date_order names, found not both. Select "
        "both in params/sources/acme/customers.sql, or take `date_order` out of source.yml."
    )


def test_a_key_that_means_nothing_is_refused(written: Callable[..., Any]) -> None:
    for order, words in {
        "{column: opened, by: ticket_id}": "7:14: expected a date column of the contract, found 'opened'.",
        "{column: month, by: customer_id}": "7:14: expected a date column of the contract, found 'month'.",
        "{column: opened_at, by: ticket}": "7:33: expected the id of a table that has opened_at: ticket_id or "
        "work_order_id, found 'ticket'. Did you mean ticket_id?",
    }.items():
        with pytest.raises(ParamsError, match="source.yml") as error:
            written(date_order=order)
        assert words in str(error.value)


SELECT = """
SELECT "Ticket #" AS ticket_id, "Date" AS opened_at, "Received Via" AS channel, "Status" AS status,
    "State" AS region, _file, _line
FROM complaints
"""


@pytest.fixture
def taken_from(engine: Engine) -> Callable[[Path], Any]:
    """Takes in the source in a folder as of the end of 2015, by its own tickets."""

    def take(source: Path) -> Taken:
        return Taken(intake(read_source(source, environ={}), engine, as_of=dt.date(2015, 12, 31)))

    return take


@pytest.fixture
def complaints(folder: Path, shared_data: Path) -> Callable[..., Path]:
    """A source of the public complaints file, with further lines of source.yml."""

    def write(*lines: str) -> Path:
        path = shared_data / "comcast_complaints" / "Comcast_telecom_complaints_data.csv"
        shutil.copyfile(path, folder / "raw" / "complaints.csv")
        keys = ["name: Complaints", "format: csv", "files: raw", "observed_from: 2015-01-01", "currency: USD"]
        keys += ["timezone: America/New_York", 'csv: {date_format: "%d-%m-%y"}', *lines]
        (folder / "source.yml").write_text("\n".join(keys) + "\n")
        (folder / "tickets.sql").write_text(SELECT)
        return folder

    return write


def by_month(got: Any) -> dict[str, int]:
    months = pd.to_datetime(got.accepted("tickets")["opened_at"]).dt.strftime("%Y-%m")
    return {str(month): int(rows) for month, rows in months.value_counts().sort_index().items()}


def test_complaints_in_the_order_of_their_tickets_lie_in_one_quarter(
    complaints: Callable[..., Path], taken_from: Callable[..., Any]
) -> None:
    got = taken_from(complaints("date_order: {column: opened_at, by: ticket_id}"))
    assert by_month(got) == {"2015-04": 545, "2015-05": 399, "2015-06": 1280}
    said = got.sentence("order:opened_at")
    assert "found 572 with day and month exchanged (572 of 2,224 dates could be read both ways" in said
    assert got.rules() == ["mark", "order:opened_at"]  # the other 37 of 609 have a day that is their month


def test_complaints_as_written_are_reported_never_a_silent_year(
    complaints: Callable[..., Path], taken_from: Callable[..., Any]
) -> None:
    got = taken_from(complaints())
    assert len(by_month(got)) == 12
    assert "found that 572 of 2,224 dates could be read both ways" in got.sentence("order:opened_at")
    assert "the order contradicts 572 of 572 looked at as they are written" in got.sentence("order:opened_at")
