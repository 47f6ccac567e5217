"""Words on the page of one customer."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.present.wording import card

HERE = {"state": "active", "signup_date": pd.Timestamp("2024-01-05"), "monthly_fee": 29.9, "churn_3m": 0.0812}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            HERE,
            (
                "Customer since 5 January 2024, pays €29.90 a month, "
                "leaves within three months with a probability of 8.1 %."
            ),
        ),
        ({**HERE, "monthly_fee": None, "churn_3m": None}, "Customer since 5 January 2024."),
        (
            {"state": "left", "signup_date": pd.Timestamp("2024-01-05"), "churn_date": pd.Timestamp("2025-02-01")},
            "Customer since 5 January 2024; left on 1 February 2025.",
        ),
        ({"status": "test"}, "A test line: in no figure of the report."),
        ({"status": "active"}, "In no figure of the report: left before observation began, or cannot be followed."),
    ],
)
def test_who_it_is_in_one_sentence(facts: dict[str, object], said: str) -> None:
    assert card.bottom_line(facts, currency="EUR").replace("\N{NO-BREAK SPACE}", " ") == said


def test_what_is_paid_is_the_fees_less_the_discounts_that_run() -> None:
    facts = {**HERE, "monthly_fee": 49.8, "discount": 5.0, "churn_3m": None}
    said = card.bottom_line(facts, currency="EUR").replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Customer since 5 January 2024, pays €44.80 a month."
    got = card.payments(facts, currency="EUR")
    assert got == {"Fees a month": "€49.80", "Discount on them": "€5.00", "Paid a month": "€44.80"}


def test_only_what_is_known_is_listed() -> None:
    got = card.profile({"state": "suspended", "age": 49.0, "region": None, "industry": float("nan")})
    assert got == {"State": "suspended", "Age": "49"}


def test_the_value_has_its_interval() -> None:
    got = card.prospects(
        {
            "current_value": 881.2, "current_value_low": 787.4, "current_value_high": 976.1,
            "churn_3m": 0.05, "months_left": 25.4, "months_left_horizon": 36,
        },
        currency="EUR",
    )  # fmt: skip
    plain = {name: text.replace("\N{NO-BREAK SPACE}", " ") for name, text in got.items()}
    assert plain == {
        "Leaves within three months": "5.0 %",
        "Stays, of the next 36 months": "25.4 months",
        "Current value": "€881 (80 % interval €787 to €976)",
    }


@pytest.mark.parametrize(
    ("event", "cells", "said"),
    [
        ("price", ("tv", 10.0, 11.0), "tv: €10.00 → €11.00"),
        ("plan", ("tv", "Basic", "Plus"), "tv: Basic → Plus"),
        ("begins", ("tv", None, 10.0), "tv, €10.00 a month"),
        ("renewed", ("tv", None, 24), "tv, 24 months"),
        ("renewed", ("tv", None, None), "tv"),
        ("answer", (None, 9, None), "Recommends 9"),
        ("contact", ("Stay", "mail", False), "Stay, mail, no response"),
        ("contact", (None, "mail", None), "mail"),
        ("left", ("moved", None, "abroad"), "moved, abroad"),
        ("ticket", (None, None, None), "–"),
    ],
)
def test_what_happened_is_told(event: str, cells: tuple[object, ...], said: str) -> None:
    events = pd.DataFrame(
        [(pd.Timestamp("2025-01-01"), event, *cells)], columns=["day", "event", "what", "before", "after"]
    )
    got = card.history(events, currency="EUR")["detail"].iloc[0]
    assert got.replace("\N{NO-BREAK SPACE}", " ") == said


def test_how_much_of_the_history_is_shown_is_said() -> None:
    assert card.shown_of(3, 3) == "Newest first"
    assert card.shown_of(40, 57) == "The newest 40 of 57, newest first"


def test_the_tenure_of_who_left_ends_with_leaving():
    there = {"state": "active", "spell_start": "2024-01-01", "tenure_months": 32.5, "churn_date": None}
    assert card.profile(there)["Tenure of this spell"] == "32.5 months"
    gone = there | {"state": "left", "churn_date": "2024-07-01"}
    assert card.profile(gone)["Tenure of this spell"] == "6.0 months"
