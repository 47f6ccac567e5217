"""What customers did before a landmark, by hand."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.behaviour import behaviour, landmark_points, points_before
from analysis.frames.observation import Observation

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))
MONTH = {"customer_id": "a", "upload_gb": 10.0, "voice_minutes": 30.0, "active_days": 20, "app_logins": 4}
DAY = dt.date(2024, 9, 30)


@pytest.fixture
def told(engine):
    """One row of behaviour at the end of September 2024, from some tables."""

    def made(**tables) -> dict:
        points = engine.table(pd.DataFrame({"customer_id": ["a"], "landmark": [DAY]}))
        points = points.with_columns(nw.col("landmark").cast(nw.Date))
        (row,) = to_pandas(behaviour(points, tables, OBSERVATION)).to_dict("records")
        return row

    return made


def test_use_is_a_month_of_the_last_three_and_shares_are_of_the_whole(told, contract):
    months = [
        {**MONTH, "month": f"2024-0{month}-01", "download_gb": gb} for month, gb in ((7, 20.0), (8, 30.0), (9, 40.0))
    ]
    got = told(usage=contract("usage", *months))
    assert (got["download_gb"], got["voice_minutes"], got["app_logins"]) == (30, 30, 4)
    assert got["upload_share"] == pytest.approx(10 / 40)
    assert got["active_share"] == pytest.approx(20 / (365.25 / 12))
    assert pd.isna(got["download_change"])


def test_a_change_is_against_the_three_months_before(told, contract):
    months = [
        {**MONTH, "month": f"2024-0{month}-01", "download_gb": 40.0 if month > 6 else 10.0} for month in range(4, 10)
    ]
    assert told(usage=contract("usage", *months))["download_change"] == 4


def test_of_who_downloaded_nothing_no_share_is_known(told, contract):
    months = [
        {"customer_id": "a", "month": f"2024-0{month}-01", "download_gb": 0.0, "upload_gb": 0.0} for month in (7, 8, 9)
    ]
    got = told(usage=contract("usage", *months))
    assert got["download_gb"] == 0
    assert pd.isna(got["upload_share"])


def test_columns_of_tables_that_are_not_given_are_left_out(told, contract):
    assert "tickets_3m" not in told(usage=contract("usage"))
    assert told(tickets=contract("tickets"))["tickets_3m"] == 0


def spell_rows(engine):
    rows = [("stays", "2023-01-01", None), ("left", "2023-01-01", "2024-06-30"), ("joined", "2024-07-01", None)]
    table = pd.DataFrame(rows, columns=["customer_id", "start", "end"])
    return engine.table(table).with_columns(nw.col("start", "end").str.to_date(format="%Y-%m-%d"))


def test_who_leaves_on_a_day_is_not_on_the_books_at_its_end(engine):
    got = {
        day: to_pandas(landmark_points(spell_rows(engine), dt.date(2024, month, day)))
        for month, day in ((6, 29), (6, 30), (7, 1))
    }
    assert [sorted(rows["customer_id"]) for rows in got.values()] == [["left", "stays"], ["stays"], ["joined", "stays"]]


def test_the_quarters_before_are_the_four_that_end_before_it(engine):
    got = to_pandas(points_before(spell_rows(engine), Quarter.of(dt.date(2024, 9, 30))))
    days = sorted(pd.to_datetime(got["landmark"]).dt.strftime("%Y-%m-%d").unique())
    assert days == ["2023-09-30", "2023-12-31", "2024-03-31", "2024-06-30"]
    assert got["customer_id"].value_counts().to_dict() == {"stays": 4, "left": 3}
