"""Who was won while it was observed."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.frames.observation import Observation
from analysis.frames.won import customers_won

SEEN = Observation(dt.date(2025, 12, 31), dt.date(2025, 1, 1))


@pytest.fixture
def of(contract, rows, engine):
    def made(accounts: list[dict], lives: list[tuple[str, int, str]]) -> list[dict]:
        spells = pd.DataFrame(lives, columns=["customer_id", "spell", "start"])
        table = engine.table(spells.assign(start=pd.to_datetime(spells["start"]))).with_columns(
            nw.col("start").cast(nw.Date)
        )
        return rows(customers_won({"customers": contract("customers", *accounts)}, table, SEEN))

    return made


def test_who_joined_while_it_was_observed_is_won_at_the_cost_on_record(of) -> None:
    account = {"customer_id": "a", "signup_date": "2025-02-03", "acquisition_channel": "web", "acquisition_cost": 60}
    assert of([account], [("a", 1, "2025-02-03")]) == [
        {"customer_id": "a", "start": "2025-02-03", "channel": "web", "cost": 60.0}
    ]


def test_who_joined_before_entered_late_and_is_not_counted(of) -> None:
    account = {"customer_id": "a", "signup_date": "2024-12-31", "acquisition_cost": 60}
    assert of([account], [("a", 1, "2024-12-31")]) == []
    # The same customer, of whom the extract has a first product inside the window only.
    assert of([account], [("a", 1, "2025-06-01")]) == []


def test_who_comes_back_is_not_won_again(of) -> None:
    account = {"customer_id": "a", "signup_date": "2025-02-03", "acquisition_cost": 60}
    assert len(of([account], [("a", 1, "2025-02-03"), ("a", 2, "2025-09-01")])) == 1


def test_an_account_that_replaces_another_wins_nobody(of) -> None:
    first = {"customer_id": "b", "account_id": "a", "signup_date": "2025-02-03", "acquisition_cost": 60}
    second = {"customer_id": "b", "account_id": "b", "signup_date": "2025-08-01", "acquisition_cost": 140}
    (got,) = of([second, first], [("b", 1, "2025-02-03")])
    assert got["cost"] == 60
    moved = first | {"signup_date": "2023-02-03"}
    assert of([second, moved], [("b", 1, "2023-02-03")]) == []


def test_a_cost_that_is_not_told_is_missing_and_no_signup_date_is_no_customer_won(of) -> None:
    (got,) = of([{"customer_id": "a", "signup_date": "2025-02-03"}], [("a", 1, "2025-02-03")])
    assert (got["channel"], got["cost"]) == (None, None)
    assert of([{"customer_id": "a"}], [("a", 1, "2025-02-03")]) == []
