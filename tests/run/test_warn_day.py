"""The day that warnings are asked for: after the quarter, a quarter later at most, in turn, and within the data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.errors import InputRefused, ParamsError
from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.run.warn_customers import writable
from analysis.run.warn_day import asked_day, check_next, check_reached, check_turn, gone_tables
from analysis.run.warn_files import publish_orders

QUARTER = Quarter(2026, 3)


@pytest.mark.parametrize("text", ["2026-10-01", "2026-10-31", "2026-12-31"])
def test_days_of_the_quarter_after_are_good(text) -> None:
    assert asked_day(text, QUARTER) == dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "--as-of: expected a date, year-month-day, found 'soon'"),
        ("2026-13-01", "expected a date, year-month-day"),
        ("20261031", "expected a date, year-month-day, found '20261031'"),
        ("2026-W44-6", "expected a date, year-month-day"),
        ("2026-09-30", "expected a day after 2026-09-30, the last of the quarter, found 2026-09-30"),
        ("2026-08-15", "The report of 2026-Q3 itself warns as of its last day"),
        (
            "2027-01-01",
            "Run the report of 2026-Q4 once the extracts reach its end, 2026-12-31, and warn from it.",
        ),
        ("2027-06-30", "Run the report of 2027-Q1 once the extracts reach its end, 2027-03-31, and warn from it."),
    ],
)
def test_other_days_are_refused_with_what_to_do(text, said) -> None:
    with pytest.raises(ParamsError) as raised:
        asked_day(text, QUARTER)
    assert said in str(raised.value)


def test_orders_are_made_in_the_order_of_their_days_and_a_day_can_be_made_again(tmp_path: Path) -> None:
    for day in ("2026-10-31", "2026-11-30"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "work_orders.parquet").touch()
    (tmp_path / "2026-12-01 copy").mkdir()
    (tmp_path / "2026-12-01 copy" / "work_orders.parquet").touch()
    (tmp_path / "2026-12-15").mkdir()  # one that was stopped before it had orders
    for good in (dt.date(2026, 10, 31), dt.date(2026, 11, 30), dt.date(2026, 12, 1)):
        check_turn(tmp_path, good)
    with pytest.raises(ParamsError, match=r"expected a day after 2026-11-30, the last one made, found 2026-10-15"):
        check_turn(tmp_path, dt.date(2026, 10, 15))
    check_turn(tmp_path / "none", dt.date(2026, 10, 15))


def source(whole_until=None, snapshot_date=None) -> SimpleNamespace:
    return SimpleNamespace(whole_until=whole_until, snapshot_date=snapshot_date)


@pytest.fixture
def used():
    def made(month: str) -> dict[str, nw.LazyFrame]:
        rows = pd.DataFrame({"month": [pd.Timestamp(month)]})
        return {"usage": nw.from_native(rows).lazy(backend="duckdb")}

    return made


@pytest.mark.parametrize(
    ("month", "day", "good"),
    [
        ("2026-10-01", "2026-10-31", True),
        ("2026-09-01", "2026-10-31", False),
        ("2026-09-01", "2026-10-30", True),  # October is not over: its use is not to be expected
        ("2026-08-01", "2026-10-30", False),
    ],
)
def test_the_last_whole_month_must_be_in_the_extracts(used, month, day, good) -> None:
    asked = dt.date.fromisoformat(day)
    if good:
        check_reached(used(month), source(), asked)
    else:
        with pytest.raises(InputRefused, match=rf"expected data up to {day}, found no usage or invoices later than"):
            check_reached(used(month), source(), asked)


def test_an_extract_that_was_taken_earlier_or_a_snapshot_does_not_reach(used) -> None:
    day = dt.date(2026, 10, 31)
    with pytest.raises(InputRefused, match="an extract that ends on 2026-10-30"):
        check_reached(used("2026-10-01"), source(whole_until=dt.date(2026, 10, 30)), day)
    with pytest.raises(InputRefused, match="a snapshot of 2026-09-30"):
        check_reached({}, source(snapshot_date=dt.date(2026, 9, 30)), day)
    check_reached({}, source(), day)


def test_a_day_that_the_next_report_made_orders_for_is_refused(tmp_path: Path) -> None:
    run = SimpleNamespace(report="a-2026-Q2", quarter=Quarter(2026, 2), folder=tmp_path / "runs" / "a-2026-Q2")
    last, reports = dt.date(2026, 9, 30), tmp_path / "reports"
    check_next(run, last, reports=reports)  # there is none
    for place in ("runs/a-2026-Q3", "reports/a-2026-Q3"):
        (tmp_path / place).mkdir(parents=True)
    check_next(run, last, reports=reports)  # it is not finished
    (tmp_path / "runs/a-2026-Q3/manifest.json").write_text('{"status": "succeeded"}')
    for made in ("2026-08-31", "2026-09-30"):
        (run.folder / "warn" / made).mkdir(parents=True)
        (run.folder / "warn" / made / "work_orders.parquet").touch()
    check_next(run, dt.date(2026, 8, 31), reports=reports)
    for day in (last, dt.date(2026, 9, 29)):
        with pytest.raises(ParamsError, match=r"before the report a-2026-Q3, .* Warn from a-2026-Q3, for days after"):
            check_next(run, day, reports=reports)
    check_next(SimpleNamespace(**{**vars(run), "report": "trial"}), last, reports=reports)


def test_tables_that_the_source_no_longer_gives_are_named() -> None:
    quarter, then = ({f"tables/{name}" for name in names} for names in (("usage", "tickets", "consents"), ("usage",)))
    gone = gone_tables(SimpleNamespace(has=quarter.__contains__), SimpleNamespace(has=then.__contains__))
    assert sorted(gone) == ["consents", "tickets"]


def test_no_order_is_made_for_whose_id_no_list_can_hold() -> None:
    cause = pd.DataFrame({"customer_id": ["k1", "k2", "k3"], "chance": 0.1})
    with Engine(threads=1) as engine:
        people = engine.table(pd.DataFrame({"customer_id": ["k1", "k2"], "source_id": ["=1", "2"]}))
        assert writable(cause, people, engine=engine)["customer_id"].tolist() == ["k2", "k3"]


def test_orders_whose_files_cannot_be_written_are_not_kept_as_handed_out(tmp_path: Path, monkeypatch) -> None:
    made = tmp_path / "unpublished_orders.parquet"
    made.touch()
    then = SimpleNamespace(folder=tmp_path, as_of=dt.date(2026, 10, 31))

    def fails(*_: object) -> None:
        raise InputRefused("a list", expected="room", found="none", do="Make some.")

    monkeypatch.setattr("analysis.run.warn_files._permitted_now", fails)
    with pytest.raises(InputRefused):
        publish_orders(SimpleNamespace(), (then, None, {}), SimpleNamespace(), tmp_path / "exports", params_file=made)
    assert not (tmp_path / "work_orders.parquet").exists()
