"""Orders handed out earlier: of this report, of the warnings after it, and of the reports of quarters before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.policy.open_orders import HANDED
from analysis.run.handed import handed_out

Q2, Q3 = Quarter(2026, 2), Quarter(2026, 3)


def orders(folder: Path, name: str, *customers: str) -> None:
    rows = pd.DataFrame({"customer_id": customers, "action": "call", "team": "retention", "cost": 5.0, "arm": "act"})
    rows.loc[rows["customer_id"] == "held", "arm"] = "control"
    path = folder / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.assign(due_date=pd.Timestamp("2026-10-07")).to_parquet(path)


@pytest.fixture
def run(tmp_path: Path):
    """Runs of two quarters under one name, and one of another name beside them."""
    orders(tmp_path / "acme-2026-Q2", "actions", "a", "held")
    orders(tmp_path / "acme-2026-Q2", "warnings", "b")
    orders(tmp_path / "acme-2026-Q2", "warn/2026-07-31/work_orders", "c")
    orders(tmp_path / "acme-2026-Q3", "actions", "d")
    orders(tmp_path / "acme-2026-Q3", "warnings", "e")
    orders(tmp_path / "acme-2026-Q3", "warn/2026-10-31/work_orders", "f")
    orders(tmp_path / "acme-2026-Q3", "warn/2026-10-31 copy/work_orders", "f")
    orders(tmp_path / "other-2026-Q2", "actions", "z")
    orders(tmp_path / "acme-2025-Q2", "actions", "y")
    with Engine(threads=1) as engine:
        yield lambda quarter=Q3, report="acme-2026-Q3": SimpleNamespace(
            engine=engine, folder=tmp_path / report, report=report, quarter=quarter, as_of=quarter.last_day
        )


def told(found: pd.DataFrame) -> list[tuple[str, str, str]]:
    days = found["handed_on"].dt.strftime("%Y-%m-%d")
    return list(zip(found["customer_id"], found["origin"], days, strict=True))


BEFORE = [("y", "actions", "2025-06-30"), ("a", "actions", "2026-06-30"), ("b", "warnings", "2026-06-30")]


def test_a_report_knows_the_orders_of_the_quarters_before_it_and_the_warnings_between(run) -> None:
    got = handed_out(run())
    assert told(got) == [*BEFORE, ("c", "warnings", "2026-07-31")]
    assert list(got.columns) == list(HANDED)


def test_a_day_knows_its_own_quarters_too_and_none_of_its_own_or_later_days(run) -> None:
    mine = [*BEFORE, ("c", "warnings", "2026-07-31"), ("d", "actions", "2026-09-30"), ("e", "warnings", "2026-09-30")]
    assert told(handed_out(run(), before=dt.date(2026, 10, 31))) == mine
    later = handed_out(run(), before=dt.date(2026, 11, 1))
    assert told(later) == [*mine, ("f", "warnings", "2026-10-31")]


def test_a_report_that_no_other_belongs_to_knows_none(run) -> None:
    got = handed_out(run(report="trial"))
    assert got.empty
    assert list(got.columns) == list(HANDED)
    assert handed_out(run(quarter=Quarter(2026, 1), report="acme-2026-Q1"))["customer_id"].tolist() == ["y"]
