"""Answers with what was known the day before, by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.frames.answered import answered
from analysis.frames.observation import Observation
from analysis.frames.spells import spells

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))


@pytest.fixture
def told(contract, rows):
    """The rows of answers of one customer in one area, who pays 30, then 33 from 2026-03-01 and 36 from 2026-06-01."""

    def made(*surveys: dict, **network) -> list[dict]:
        fees = (("2023-01-01", "2026-03-01", 30), ("2026-03-01", "2026-06-01", 33), ("2026-06-01", None, 36))
        tables = {
            "customers": contract(
                "customers", {"customer_id": "a", "signup_date": "2023-01-01", "area_id": "A1", "status": "active"}
            ),
            "subscriptions": contract(
                "subscriptions",
                *(
                    {"subscription_id": start, "customer_id": "a", "product": "broadband", "plan": "L",
                     "monthly_fee": fee, "start_date": start, "end_date": end}
                    for start, end, fee in fees
                ),
            ),
            "surveys": contract("surveys", *surveys),
            "network": contract(
                "network",
                *(
                    {"area_id": "A1", "month": f"2026-{month:02d}-01", "outage_minutes": 60 * month,
                     "download_mbps": 10 * month, "advertised_mbps": 100}
                    for month in range(1, 9)
                ),
            ),
        }  # fmt: skip
        return rows(answered(tables, spells(tables, OBSERVATION), OBSERVATION))

    return made


def answer(day: str, *, score: int | None = 8, number: str = "1") -> dict:
    return {
        "survey_id": number, "customer_id": "a", "sent_at": f"{day}T08:00:00", "answered_at": f"{day}T09:00:00",
        "nps_score": score,
    }  # fmt: skip


def test_what_is_known_is_that_of_the_day_before_the_answer(told):
    got = told(answer("2026-06-01"))[0]
    assert (got["landmark"], got["nps_told"], got["monthly_fee"]) == ("2026-05-31", 8, 33)


def test_the_network_is_that_of_the_last_three_whole_months_and_of_the_three_before(told):
    got = told(answer("2026-08-15"))[0]
    assert (got["outage_hours"], got["outage_hours_earlier"], got["outage_hours_now"]) == (6, 3, 8)
    assert got["speed_share"] == pytest.approx(0.6)


def test_earlier_price_rises_are_counted_by_how_long_ago_they_were(told):
    got = told(answer("2026-09-15"))[0]
    assert got["price_rise_3m"] == 0
    assert (got["price_rises_4_6m"], got["price_rises_7_12m"]) == (1, 1)


def test_the_answer_before_is_a_feature_and_the_answer_itself_is_not(told):
    first, second = told(answer("2026-05-10", score=3), answer("2026-08-10", score=9, number="2"))
    assert (first["nps_told"], first["nps_score"]) == (3, None)
    assert (second["nps_told"], second["nps_score"]) == (9, 3)


def test_who_did_not_answer_or_was_not_there_yet_gives_no_row(told):
    silent = {**answer("2026-05-10"), "answered_at": None, "nps_score": None}
    assert told(silent, answer("2022-05-10", number="2")) == []
