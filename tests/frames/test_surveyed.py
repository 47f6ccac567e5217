"""Surveys that were sent, by hand: who was on the books, and which answers came in time."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.frames.observation import Observation
from analysis.frames.surveyed import number_of, on_the_books, sent_surveys

SEEN = Observation(dt.date(2024, 6, 30), dt.date(2023, 1, 1))


@pytest.fixture
def spells(engine):
    data = pd.DataFrame(
        {"customer_id": ["a", "b"], "start": pd.to_datetime(["2023-04-01", "2023-06-01"]),
         "end": pd.to_datetime([None, "2024-05-10"]), "kind": [None, "voluntary"]}
    )  # fmt: skip
    return engine.table(data).with_columns(nw.col("start").cast(nw.Date), nw.col("end").cast(nw.Date))


@pytest.fixture
def tables(contract):
    people = ({"customer_id": name, "signup_date": "2023-04-01", "customer_type": "household"} for name in "ab")

    def made(*surveys):
        rows = ({"survey_id": f"s{at}", **one} for at, one in enumerate(surveys))
        return {"customers": contract("customers", *people), "surveys": contract("surveys", *rows)}

    return made


def test_an_answer_after_the_end_of_the_quarter_of_sending_does_not_count(tables, spells, rows):
    late = {"customer_id": "a", "sent_at": "2024-03-30", "answered_at": "2024-04-01 00:00", "nps_score": 9}
    in_time = {"customer_id": "a", "sent_at": "2024-03-30", "answered_at": "2024-03-31 23:59", "nps_score": 9}
    got = rows(sent_surveys(tables(late, in_time), spells, SEEN).sort("survey_id"))
    told = {one["survey_id"]: (one["answered"], one["nps"], one["answered_on"]) for one in got}
    assert told == {"s0": (0, None, None), "s1": (1, 9, "2024-03-31")}
    assert {one["quarter"] for one in got} == {number_of(Quarter(2024, 1))}


def test_surveys_to_who_was_not_on_the_books_the_day_before_are_left_out(tables, spells, rows):
    days = [("b", "2024-05-10"), ("b", "2024-05-11"), ("a", "2023-04-01"), ("a", "2023-04-02")]
    given = [{"customer_id": customer, "sent_at": day} for customer, day in days]
    got = rows(sent_surveys(tables(*given), spells, SEEN))
    assert sorted(one["survey_id"] for one in got) == ["s0", "s3"]
    first = next(one for one in got if one["survey_id"] == "s3")
    assert (first["landmark"], first["tenure_months"], first["customer_type"]) == ("2023-04-01", 0.0, "household")


def test_everyone_on_the_books_is_told_once_a_day(tables, spells, rows):
    got = rows(on_the_books(tables(), spells, SEEN, [dt.date(2024, 3, 31), dt.date(2024, 6, 30)]))
    assert [(one["customer_id"], one["landmark"]) for one in got] == [
        ("a", "2024-03-31"), ("a", "2024-06-30"), ("b", "2024-03-31"),
    ]  # fmt: skip
