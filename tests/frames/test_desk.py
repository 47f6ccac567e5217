"""Contacts with the service desk by hand: what was resolved for good, what is open, and how complaints are graded."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.desk import ServiceRules, compared_quarters, desk

AS_OF = dt.date(2024, 6, 30)
RULES = ServiceRules(
    self_service=("app", "自助"),
    severities={"urgent": ("urgent", "紧急"), "high": ("high", "高"), "low": ("low", "低")},
    limit_hours={"urgent": 8.0, "high": 24.0},
    repeated_grade="high",
    open_statuses=("open", "处理中"),
    closed_statuses=("solved", "已关闭"),
)


@pytest.fixture
def read(engine, contract):
    def made(*rows, rules=RULES, covered=dt.date(2023, 1, 1)):
        tickets = contract("tickets", *({"ticket_id": f"t{i}", **row} for i, row in enumerate(rows)))
        got = desk(tickets, rules, as_of=AS_OF, covered=covered, per_contact=6.0)
        return to_pandas(engine.table(got)).sort_values("ticket_id").set_index("ticket_id")

    return made


def contact(opened, closed=None, customer="a", resolved=None, **more):
    named = {"opened_at": opened, "closed_at": closed, "customer_id": customer, "resolved_first_contact": resolved}
    return named | more


def test_a_contact_followed_by_another_within_seven_days_was_not_resolved_for_good(read):
    got = read(
        contact("2024-05-01 10:00", "2024-05-01 10:10", resolved=True),
        contact("2024-05-08 10:00", "2024-05-08 10:10", resolved=True),  # to the minute seven days later: within
        contact("2024-05-15 10:01", "2024-05-15 10:10", resolved=True),  # a minute beyond them
    )
    assert got["lasting"].tolist() == [0, 1, 1]
    assert got["at_once"].tolist() == [1, 1, 1]
    assert got["again"].tolist() == [1, 0, 0]


def test_what_was_not_resolved_at_once_is_not_made_good_by_silence(read):
    got = read(contact("2024-05-01 10:00", "2024-05-03 10:10", resolved=False))
    assert got["lasting"].tolist() == [0]


def test_contacts_of_the_last_seven_days_are_not_judged_and_counted(read):
    got = read(
        contact("2024-06-24 00:01", "2024-06-24 00:09", resolved=True),
        contact("2024-06-24 00:00", "2024-06-24 00:09", customer="b", resolved=True),  # seven days ago
    )
    assert got["lasting"].isna().tolist() == [True, False]
    assert got["at_once"].isna().tolist() == [True, False]  # of the same contacts
    assert got["too_new"].tolist() == [1, 0]


def test_a_contact_that_is_open_still_was_not_resolved_at_once(read):
    got = read(
        contact("2024-05-01 10:00"), contact("2024-05-01 10:00", "2024-05-01 11:00", customer="b", resolved=True)
    )
    assert got["lasting"].tolist() == [0, 1]
    assert got["state"].tolist() == ["open", "closed"]


def test_unknown_callers_are_nobodys_second_contact(read):
    got = read(
        contact("2024-05-01 10:00", "2024-05-01 10:10", customer=None, resolved=True),
        contact("2024-05-02 10:00", "2024-05-02 10:10", customer=None, resolved=True),
    )
    assert got["lasting"].isna().all()
    assert got["too_new"].tolist() == [0, 0]
    assert got["caller"].nunique() == 2


def test_without_days_of_closing_the_words_of_the_status_tell_what_is_open(read):
    got = read(
        contact("2024-05-01", status="Open "), contact("2024-05-01", status="SOLVED"), contact("2024-05-01", status="?")
    )
    assert got["state"].tolist() == ["open", "closed", "not told"]
    assert got["hours"].isna().all()
    chinese = read(contact("2024-05-01", status="处理中"), contact("2024-05-01", status="已关闭"))
    assert chinese["state"].tolist() == ["open", "closed"]


def test_hours_run_to_closing_or_to_the_end_of_the_as_of_date(read):
    got = read(contact("2024-06-29 12:00"), contact("2024-06-29 12:00", "2024-06-29 13:30"))
    assert got["hours_open"].iloc[0] == 36
    assert got["hours"].iloc[1] == 1.5


def test_a_contact_without_a_cost_counts_at_that_of_the_params(read):
    got = read(contact("2024-05-01", cost=2.5), contact("2024-05-01"))
    assert got["cost"].astype(float).tolist() == [2.5, 6.0]
    assert got["costed"].tolist() == [1, 0]


def test_severities_are_graded_by_known_words_in_two_languages_and_others_are_not_graded(read):
    words = ("High", "高", " 紧急 ", "sehr hoch", None)
    got = read(*(contact("2024-05-01", customer=f"c{i}", is_complaint=True, severity=w) for i, w in enumerate(words)))
    assert got["grade"].tolist() == ["high", "high", "urgent", "not graded", "not graded"]
    assert got["limit"].fillna(0).tolist() == [24, 24, 8, 0, 0]


def test_only_complaints_are_graded(read):
    got = read(contact("2024-05-01", severity="high"), contact("2024-05-01", severity="high", is_complaint=False))
    assert got["grade"].isna().all()


def test_a_repeated_complaint_is_high_at_least_and_never_lowered(read):
    got = read(
        contact("2024-05-01", is_complaint=True, severity="low"),
        contact("2024-05-02", is_complaint=False, severity="low"),
        contact("2024-05-20", is_complaint=True, severity="low"),
        contact("2024-05-25", is_complaint=True, severity="urgent"),
        contact("2024-06-30", is_complaint=True, severity="low"),  # more than thirty days after
    )
    assert got["grade"].tolist() == ["low", None, "high", "urgent", "low"]
    assert got["repeated"].tolist() == [0, 0, 1, 1, 0]


def test_channels_of_self_service_are_known_by_their_words(read):
    got = read(contact("2024-05-01", channel="App"), contact("2024-05-01", channel="phone"), contact("2024-05-01"))
    assert got["self_service"].fillna(-1).tolist() == [1, 0, -1]


def test_a_quarter_is_compared_only_where_tickets_cover_it_whole():
    whole = compared_quarters(AS_OF, dt.date(2023, 4, 1))
    assert whole == {"now": Quarter(2024, 2), "before": Quarter(2024, 1), "year ago": Quarter(2023, 2)}
    assert set(compared_quarters(AS_OF, dt.date(2023, 4, 2))) == {"now", "before"}
    assert set(compared_quarters(AS_OF, dt.date(2024, 6, 1))) == {"now"}


def test_tickets_of_no_row_make_a_table_of_no_row(read):
    assert read().empty
