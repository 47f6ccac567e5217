"""The day that `linecard warn` is asked for: between the quarter and the end of the next one, and within the data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import narwhals as nw

from analysis.basis.errors import InputRefused, ParamsError
from analysis.basis.failures import shown
from analysis.basis.quarter import Quarter
from analysis.extracts.contract import CONTRACT
from analysis.extracts.mapping import Source
from analysis.run.finished import is_finished
from analysis.run.gates import latest_month
from analysis.run.handed import ORDERS, WARN, day_of
from analysis.run.store import Run

OPTION = "--as-of"


def asked_day(text: str, quarter: Quarter) -> dt.date:
    """The day that a text names.

    Raises
    ------
    ParamsError
        When it names none, one that is not after the quarter, or one after the end of the next quarter.
    """
    day = day_of(text)
    if day is None:
        do = "Write it like 2026-10-31."
        raise ParamsError(OPTION, expected="a date, year-month-day", found=shown(text), do=do)
    if day <= quarter.last_day:
        expected = f"a day after {quarter.last_day}, the last of the quarter"
        do = f"The report of {quarter} itself warns as of its last day: see the stage table warnings of its run."
        raise ParamsError(OPTION, expected=expected, found=str(day), do=do)
    if day > quarter.next.last_day:
        expected = f"a day up to {quarter.next.last_day}, a quarter later at most"
        later = Quarter.of(day).previous
        do = f"Run the report of {later} once the extracts reach its end, {later.last_day}, and warn from it."
        raise ParamsError(OPTION, expected=expected, found=str(day), do=do)
    return day


def check_turn(folder: Path, day: dt.date) -> None:
    """Raises ParamsError for a day before one that orders were made for already: those were made without its orders."""
    made = sorted(one.parent.name for one in folder.glob(f"*/{ORDERS}") if day_of(one.parent.name))
    if str(day) not in made and made and made[-1] > str(day):
        do = "Orders are made in the order of their days: choose a later one, or one that was made already."
        raise ParamsError(OPTION, expected=f"a day after {made[-1]}, the last one made", found=str(day), do=do)


def check_next(run: Run, day: dt.date, *, reports: Path) -> None:
    """Raises ParamsError for new orders once the next quarter's report, named as this one, is finished.

    Its lists know of no order that comes after them. A day before it that orders were made for can be made again.
    """
    after = run.quarter.next
    name = run.report.replace(str(run.quarter), str(after))
    if name == run.report or not is_finished(run.folder.with_name(name), reports / name):
        return
    if day >= after.last_day or not (run.folder / WARN / str(day) / ORDERS).is_file():
        expected = f"a day that orders were made for before the report {name}, which has its own"
        do = f"Warn from {name}, for days after {after.last_day}: else customers could get two orders."
        raise ParamsError(OPTION, expected=expected, found=str(day), do=do)


def gone_tables(quarter: Run, then: Run) -> list[str]:
    """Contract tables that the source gave the quarter's run, and does not give the day's."""
    return [name for name in CONTRACT if quarter.has(f"tables/{name}") and not then.has(f"tables/{name}")]


def check_reached(tables: Mapping[str, nw.LazyFrame[Any]], source: Source, day: dt.date) -> None:
    """Raises InputRefused when the extracts end before the day: use and bills of the last whole month must be there."""
    whole = (day + dt.timedelta(days=1)).replace(day=1) - dt.timedelta(days=1)
    last, found = latest_month(tables), None
    if source.whole_until is not None and source.whole_until < day:
        found = f"an extract that ends on {source.whole_until} (extracted_at in source.yml)"
    elif last is not None and last < whole.replace(day=1):
        found = f"no usage or invoices later than {last:%Y-%m}"
    elif last is None and source.snapshot_date is not None and source.snapshot_date < day:
        found = f"a snapshot of {source.snapshot_date}"
    if found:
        do = "Bring newer extracts, or choose an earlier day."
        raise InputRefused(f"{OPTION} {day}", expected=f"data up to {day}", found=found, do=do)
