"""What happened to one customer, by hand."""

from __future__ import annotations

import pandas as pd

from analysis.frames.timeline import timeline

LINES = ("subscription_id", "product", "plan", "monthly_fee", "contract_months", "start_date", "end_date")
DAYS = ("start_date", "end_date", "signup_date", "opened_at", "contacted_at", "answered_at", "churn_date")


def rows(columns: tuple[str, ...], *cells: tuple[object, ...]) -> pd.DataFrame:
    """A table with its dates as the engine gives them."""
    table = pd.DataFrame(list(cells), columns=list(columns))
    return table.assign(**{name: pd.to_datetime(table[name]) for name in columns if name in DAYS})


def happened(grace_days: int = 30, left: dict[str, object] | None = None, **tables: pd.DataFrame) -> list[tuple]:
    names = ("customers", "subscriptions", "tickets", "surveys", "contacts", "campaigns", "work_orders")
    joined = rows(("customer_id", "signup_date", "acquisition_channel"), ("a", "2024-01-01", "web"))
    given = dict.fromkeys(names, pd.DataFrame()) | {"customers": joined} | tables
    got = timeline(given, left=left or {}, grace_days=grace_days)
    days = got["day"].dt.strftime("%Y-%m-%d")
    return list(zip(days, got["event"], got["what"], got["before"], got["after"], strict=True))


def lines(*cells: tuple[object, ...]) -> pd.DataFrame:
    return rows(LINES, *cells)


def test_a_product_begins_becomes_dearer_changes_its_plan_and_ends() -> None:
    got = happened(
        subscriptions=lines(
            ("s1", "tv", "Basic", 10.0, 12, "2024-01-01", "2025-01-01"),
            ("s2", "tv", "Basic", 11.0, 12, "2025-01-01", "2026-01-01"),
            ("s3", "tv", "Plus", 15.0, 12, "2026-01-01", "2026-05-01"),
        )
    )
    assert got == [
        ("2026-05-01", "ends", "tv", "Plus", None),
        ("2026-01-01", "plan", "tv", "Basic", "Plus"),
        ("2025-01-01", "price", "tv", 10.0, 11.0),
        ("2024-01-01", "joined", "web", None, None),
        ("2024-01-01", "begins", "tv", "Basic", 10.0),
    ]


def test_the_same_plan_at_the_same_fee_is_a_renewal() -> None:
    terms = ("tv", "Basic", 10.0, 24)
    got = happened(subscriptions=lines(("s1", *terms, "2024-01-01", "2026-01-01"), ("s2", *terms, "2026-01-01", None)))
    assert got[0] == ("2026-01-01", "renewed", "tv", None, 24)


def test_after_a_gap_longer_than_the_days_of_grace_a_product_begins_anew() -> None:
    terms = ("tv", "Basic", 10.0, 24)
    cells = (("s1", *terms, "2024-01-01", "2024-03-01"), ("s2", *terms, "2024-03-31", None))
    assert happened(subscriptions=lines(*cells))[0][1] == "renewed"
    assert [event for _, event, *_ in happened(29, subscriptions=lines(*cells))][:2] == ["begins", "ends"]


def test_two_lines_of_one_product_are_two_stories() -> None:
    got = happened(
        subscriptions=lines(
            ("s1", "mobile", "L", 20.0, 1, "2024-01-01", "2025-01-01"),
            ("s2", "mobile", "M", 10.0, 1, "2024-01-01", "2025-01-01"),
            ("s3", "mobile", "M", 11.0, 1, "2025-01-01", None),
        )
    )
    assert [(event, after) for _, event, _, _, after in got[:2]] == [("price", 11.0), ("ends", None)]


def test_contacts_tickets_answers_and_work_orders_are_dated() -> None:
    got = happened(
        tickets=rows(
            ("ticket_id", "opened_at", "category", "is_complaint", "status"),
            ("t1", "2025-02-01", "billing", True, "closed"),
            ("t2", "2025-03-01", "device", None, "open"),
        ),
        contacts=rows(("campaign_id", "contacted_at", "arm", "responded"), ("k1", "2025-04-01", "mail", True)),
        campaigns=rows(("campaign_id", "name"), ("k1", "Stay")),
        surveys=rows(
            ("survey_id", "answered_at", "nps_score", "csat_score"),
            ("q1", "2025-05-01", 9, 5),
            ("q2", None, None, None),
        ),
        work_orders=rows(
            ("work_order_id", "opened_at", "action", "status", "outcome"),
            ("w1", "2025-06-01", "call", "done", "reached"),
        ),
        left={"churn_date": pd.Timestamp("2025-07-01"), "churn_kind": "moved", "churn_reason": "abroad"},
    )
    assert got[:-1] == [
        ("2025-07-01", "left", "moved", None, "abroad"),
        ("2025-06-01", "work_order", "call", "done", "reached"),
        ("2025-05-01", "answer", None, 9, 5),
        ("2025-04-01", "contact", "Stay", "mail", True),
        ("2025-03-01", "ticket", "device", None, "open"),
        ("2025-02-01", "complaint", "billing", None, "closed"),
    ]
