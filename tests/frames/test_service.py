"""Tickets, outages and answers before a landmark, by hand: which day is in, and of whose area."""

from __future__ import annotations

import pytest


def test_contacts_count_on_the_landmark_and_not_the_day_after_nor_three_months_before(at, contract):
    opened = ["2024-03-31 23:59", "2024-04-01 00:00", "2024-06-30 23:59", "2024-07-01 00:00"]
    table = contract(
        "tickets",
        *(
            {"ticket_id": str(i), "customer_id": "a", "opened_at": day, "is_complaint": i == 1}
            for i, day in enumerate(opened)
        ),
    )
    got = at("2024-06-30", tickets=table)
    assert (got["tickets_3m"], got["complaints_3m"]) == (2, 1)


def test_the_last_month_and_mentions_of_a_competitor_are_counted_apart(at, contract):
    opened = [("2024-05-31", True, True), ("2024-06-01", True, None), ("2024-06-30", False, True)]
    table = contract(
        "tickets",
        *(
            {"ticket_id": day, "customer_id": "a", "opened_at": day, "is_complaint": one, "mentions_competitor": other}
            for day, one, other in opened
        ),
    )
    got = at("2024-06-30", tickets=table)
    assert (got["tickets_1m"], got["complaints_1m"], got["mentions_3m"]) == (2, 1, 2)


def test_who_had_no_contact_in_a_covered_window_had_zero(at, contract):
    assert at("2024-06-30", tickets=contract("tickets"))["tickets_3m"] == 0


def test_the_latest_answer_given_by_the_landmark_counts(at, contract):
    table = contract(
        "surveys",
        {"survey_id": "1", "customer_id": "a", "sent_at": "2024-03-01", "answered_at": "2024-03-05", "nps_score": 9},
        {"survey_id": "2", "customer_id": "a", "sent_at": "2024-06-01", "answered_at": "2024-07-02", "nps_score": 2},
        {"survey_id": "3", "customer_id": "a", "sent_at": "2024-06-20"},
    )
    got = at("2024-06-30", surveys=table)
    assert (got["nps_score"], got["answer_age_months"]) == (9, pytest.approx(117 / 30.4375))
    assert at("2024-09-30", surveys=table)["nps_score"] == 2


def test_outages_are_those_of_the_area_lived_in(at, contract):
    rows = [
        {"area_id": area, "month": f"2024-0{m}-01", "outage_minutes": float(v)}
        for area, minutes in (("x", (20, 30, 40)), ("y", (900, 900, 900)))
        for m, v in zip((4, 5, 6), minutes, strict=True)
    ]
    got = at("2024-06-30", customer={"area_id": "x"}, network=contract("network", *rows))
    assert (got["outage_minutes_3m"], got["outage_minutes_1m"]) == (30, 40)
