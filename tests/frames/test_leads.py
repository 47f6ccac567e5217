"""Leads followed, by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.leads import UNTOLD, followed_leads
from analysis.frames.observation import Observation

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2026, 1, 1), covers_from={"leads": dt.date(2026, 2, 1)})
COLUMNS = ["lead_id", "created_at", "channel", "segment", "area_id", "converted_customer_id", "converted_at"]


@pytest.fixture
def engine():
    with Engine(threads=1) as one:
        yield one


def followed(engine: Engine, *rows: tuple[object, ...]) -> pd.DataFrame:
    data = pd.DataFrame([(*row, *([None] * (len(COLUMNS) - len(row)))) for row in rows], columns=COLUMNS)
    days = {name: pd.to_datetime(data[name]).astype("datetime64[us]") for name in ("created_at", "converted_at")}
    text = {name: data[name].astype("string") for name in COLUMNS if name not in days}
    keys = pd.DataFrame({"account_id": ["old", "new"], "customer_id": ["new", "new"]})
    tables = {"leads": engine.table(data.assign(**days, **text)), "customers": engine.table(keys)}
    return to_pandas(followed_leads(tables, SEEN).sort("lead_id")).set_index("lead_id")


def test_a_lead_is_followed_to_the_day_it_became_a_customer_or_to_the_as_of_date(engine: Engine) -> None:
    got = followed(
        engine,
        ("a", "2026-09-01 08:00", "web", "household", "A", "old", "2026-09-11 07:00"),
        ("b", "2026-09-01 08:00", "web"),
    )
    assert got["days"].to_dict() == {"a": 10, "b": 29}
    assert got["converted"].to_dict() == {"a": 1, "b": 0}
    assert got.loc["a", "customer_id"] == "new"
    assert got.loc["b", "segment"] == UNTOLD


def test_on_the_same_day_the_hour_does_not_matter(engine: Engine) -> None:
    got = followed(engine, ("a", "2026-09-01 15:00", "web", "x", "A", "old", "2026-09-01 00:00"))
    assert got.loc["a", ["days", "converted"]].tolist() == [0, 1]


def test_leads_that_cannot_be_followed_are_left_out(engine: Engine) -> None:
    got = followed(
        engine,
        ("before leads are told", "2026-01-31"),
        ("customer first", "2026-09-01", "web", "x", "A", "old", "2026-08-31"),
        ("day unknown", "2026-09-01", "web", "x", "A", "old"),
        ("told", "2026-02-01"),
        ("after the as-of date", "2026-10-01"),
    )
    assert got.index.tolist() == ["told"]


def test_a_customer_of_after_the_as_of_date_is_none_yet(engine: Engine) -> None:
    got = followed(engine, ("a", "2026-09-01", "web", "x", "A", None, "2026-10-02"))
    assert got.loc["a", ["days", "converted"]].tolist() == [29, 0]
