"""Answers after a contact, by hand: within the days, of the same customer, and of the last contact before."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.after_contact import answers_told
from analysis.frames.desk import ServiceRules, desk

AS_OF, COVERED = dt.date(2024, 6, 30), dt.date(2024, 1, 1)
SENT = "2024-01-01"


@pytest.fixture
def told(engine, contract):
    """`told(tickets, answers)`: the answers with what preceded them, by survey."""

    def made(tickets, answers, days=30):
        rows = contract("tickets", *({"ticket_id": f"t{i}", **one} for i, one in enumerate(tickets)))
        surveys = contract(
            "surveys", *({"survey_id": f"s{i}", "sent_at": SENT, **one} for i, one in enumerate(answers))
        )
        read = desk(rows, ServiceRules(), as_of=AS_OF, covered=COVERED, per_contact=6.0)
        got = answers_told(surveys, engine.table(read), days=days, as_of=AS_OF, covered=COVERED)
        return to_pandas(engine.table(got)).sort_values("survey_id").set_index("survey_id")

    return made


def answer(day, customer="a", csat=4):
    return {"customer_id": customer, "answered_at": day, "csat_score": csat}


def test_an_answer_within_the_days_after_a_contact_tells_of_it(told):
    contact = {"customer_id": "a", "opened_at": "2024-05-01 10:00", "channel": "phone"}
    days = [answer("2024-05-31 10:00"), answer("2024-05-31 10:01"), answer("2024-04-30"), answer("2024-05-05", "b")]
    got = told([contact], days)
    assert got["after"].tolist() == ["after a contact", "without one", "without one", "without one"]
    assert got.at["s0", "channel"] == "phone"


def test_the_last_contact_before_the_answer_counts(told):
    days = ("2024-05-01", "2024-05-03", "2024-05-09")
    contacts = [{"customer_id": "a", "opened_at": day, "channel": day} for day in days]
    assert told(contacts, [answer("2024-05-05")])["channel"].tolist() == ["2024-05-03"]


def test_answers_without_a_score_and_of_other_quarters_are_left_out(told):
    days = [answer("2024-05-05", csat=None), answer("2023-11-05"), answer("2024-02-05"), answer("2024-06-30 23:59")]
    got = told([], days)
    assert got["period"].to_dict() == {"s2": "before", "s3": "now"}


def test_answers_given_before_tickets_cover_the_days_looked_back_are_left_out(told):
    got = told([], [answer("2024-01-30"), answer("2024-01-31")])
    assert got.index.tolist() == ["s1"]
