from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.models.price_months import felt_share, price_months

COVERED = dt.date(2023, 1, 1)


def episode(landmark: str, until: str, *, event: int = 0, kind: str | None = None, customer: str = "a") -> dict:
    start = pd.Timestamp("2020-01-01")
    days = [(pd.Timestamp(day) - start).days for day in (landmark, until)]
    return {
        "customer_id": customer, "spell_start": start, "landmark": pd.Timestamp(landmark),
        "start": days[0] / DAYS_PER_MONTH, "stop": days[1] / DAYS_PER_MONTH, "event": event, "kind": kind,
    }  # fmt: skip


def rise(day: str, share: float, customer: str = "a") -> dict:
    return {
        "customer_id": customer,
        "month": pd.Timestamp(day).replace(day=1),
        "day": pd.Timestamp(day),
        "share": share,
    }


def cut(*episodes: dict, rises: tuple[dict, ...] = ()) -> pd.DataFrame:
    told = pd.DataFrame(rises, columns=["customer_id", "month", "day", "share"])
    return price_months(pd.DataFrame(episodes), told, covered=COVERED)


def test_a_quarter_is_three_whole_months():
    got = cut(episode("2024-03-31", "2024-06-30"))
    assert got["ahead"].tolist() == [0, 1, 2]
    assert got["part"].tolist() == [1.0, 1.0, 1.0]
    assert got["left"].sum() == 0


def test_a_rise_in_the_middle_of_a_month_counts_from_the_day_after_and_for_the_months_that_follow():
    got = cut(episode("2024-03-31", "2024-06-30"), rises=(rise("2024-04-10", 0.05),))
    assert got["part"].tolist() == pytest.approx([10 / 30, 20 / 30, 1, 1])
    assert got["rise_0"].tolist() == [0, 0.05, 0, 0]
    assert got["rise_1"].tolist() == [0, 0, 0.05, 0]
    assert felt_share(got, 3).tolist() == [0, 0.05, 0.05, 0.05]


def test_who_leaves_by_choice_was_at_risk_for_the_whole_month_and_who_moves_until_then():
    chose = cut(episode("2024-03-31", "2024-05-11", event=1, kind="voluntary"))
    assert (chose["left"].tolist(), chose["part"].tolist()) == ([0, 1], [1.0, 1.0])
    moved = cut(episode("2024-03-31", "2024-05-11", event=1, kind="moved"))
    assert (moved["left"].tolist(), moved["part"].tolist()) == ([0, 0], pytest.approx([1.0, 11 / 31]))


def test_leaving_of_no_known_kind_counts_as_by_choice():
    assert cut(episode("2024-03-31", "2024-05-11", event=1))["left"].sum() == 1


def test_who_left_on_the_day_of_a_rise_left_without_it_and_who_left_later_with_it():
    rises = (rise("2024-05-11", 0.05),)
    on_it = cut(episode("2024-03-31", "2024-05-11", event=1, kind="voluntary"), rises=rises)
    assert felt_share(on_it, 3)[on_it["left"] == 1].tolist() == [0]
    after = cut(episode("2024-03-31", "2024-05-12", event=1, kind="voluntary"), rises=rises)
    assert felt_share(after, 3)[after["left"] == 1].tolist() == [0.05]


def test_another_customers_rise_is_not_ones_own():
    got = cut(episode("2024-03-31", "2024-06-30"), rises=(rise("2024-04-10", 0.05, customer="b"),))
    assert felt_share(got, 3).sum() == 0


def test_months_before_which_rises_are_not_known_for_half_a_year_are_left_out():
    got = cut(episode("2023-03-31", "2023-06-30"))
    assert got["month"].tolist() == [(2023 - 1970) * 12 + 5]


def test_without_episodes_there_is_no_month():
    assert cut(episode("2023-01-01", "2023-02-01")).empty
