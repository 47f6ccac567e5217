from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.engine import Engine
from analysis.models import forecast

JUNE, SEPTEMBER, DECEMBER = dt.date(2026, 6, 30), dt.date(2026, 9, 30), dt.date(2026, 12, 31)


def row(landmark: dt.date = JUNE, **values: object) -> dict[str, object]:
    """A landmark row of a customer in view for 10 months already, who is still there a year later."""
    plain = {
        "customer_id": "A", "spell": 1, "landmark": pd.Timestamp(landmark), "start": 10 * 30 / DAYS_PER_MONTH,
        "stop": (10 * 30 + 92) / DAYS_PER_MONTH, "event": 0, "ahead_days": 365, "left": 0, "left_kind": None,
        "contact_days": np.nan, "at_quarter_end": 1, "products": 1.0,
    }  # fmt: skip
    return plain | values


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def days(landmark: dt.date, *later: dt.date) -> list[int]:
    return [(one - landmark).days for one in later]


def test_time_ahead_is_counted_in_calendar_months_and_in_proportion_between_their_ends():
    ends = [dt.date(2026, 7, 31), dt.date(2026, 8, 31), SEPTEMBER, DECEMBER, dt.date(2026, 7, 1), dt.date(2026, 8, 15)]
    landmarks = pd.Series([pd.Timestamp(JUNE)] * len(ends))
    got = forecast.months_ahead(landmarks, np.array(days(JUNE, *ends), dtype=float))
    assert got.tolist() == pytest.approx([1, 2, 3, 6, 1 / 31, 1 + 15 / 31], abs=1e-12)


def test_who_leaves_on_the_last_day_of_a_month_left_within_it_and_a_day_later_in_the_next():
    last, next_day = days(JUNE, SEPTEMBER, dt.date(2026, 10, 1))
    rows = table(row(ahead_days=last, left=1), row(ahead_days=next_day, left=1))
    got = [step.left.tolist() for step in forecast.steps(forecast.followed(rows, until=DECEMBER))]
    assert got[:3] == [[0, 0], [1, 0], [1]]


def test_nothing_is_seen_after_the_day_that_ends_the_follow_up():
    rows = table(row(ahead_days=92, left=1, left_kind="voluntary"), row(ahead_days=93, left=1, left_kind="voluntary"))
    got = forecast.followed(rows, until=SEPTEMBER)
    assert got["ahead"].tolist() == [3, 3]
    assert got["leaves"].tolist() == [1, 0]
    assert got["chose"].tolist() == [1, 0]


def test_a_customer_is_followed_for_twelve_months_at_most():
    got = forecast.followed(table(row(ahead_days=400, left=1)), until=dt.date(2028, 1, 1))
    assert got[["ahead", "leaves"]].to_numpy().tolist() == [[12, 0]]


def test_a_new_contact_ends_what_is_seen_of_the_forecast_and_of_the_episode():
    rows = table(row(ahead_days=40, left=1, left_kind="voluntary", event=1, contact_days=31))
    got = forecast.followed(rows, until=DECEMBER).iloc[0]
    assert [got["ahead"], got["leaves"], got["event"], got["voluntary"]] == [1, 0, 0, 0]
    assert got["stop"] == (300 + 31) / DAYS_PER_MONTH


def test_a_new_contact_ends_nothing_where_the_whole_truth_is_asked_for():
    rows = table(row(ahead_days=40, left=1, left_kind="voluntary", event=1, contact_days=31))
    got = forecast.followed(rows, until=DECEMBER, contacts=True).iloc[0]
    assert [got["leaves"], got["event"], got["voluntary"]] == [1, 1, 1]


def test_leaving_otherwise_than_by_choice_is_leaving_but_not_by_choice():
    got = forecast.followed(table(row(ahead_days=40, left=1, left_kind="moved", event=1)), until=DECEMBER).iloc[0]
    assert [got["leaves"], got["chose"], got["event"], got["voluntary"]] == [1, 0, 1, 0]


def test_who_leaves_on_the_day_of_the_landmark_was_at_risk_for_half_a_day():
    got = forecast.followed(table(row(ahead_days=0, left=1)), until=DECEMBER)
    assert got["ahead"].tolist() == pytest.approx([0.5 / 31])


def test_a_step_seen_in_part_counts_in_part():
    rows = table(row(contact_days=31 + 31), row())
    got = list(forecast.steps(forecast.followed(rows, until=DECEMBER)))
    assert [step.share.tolist() for step in got[:3]] == [[1, 1], [0.5, 1], [1]]
    assert [step.rows.tolist() for step in got] == [[0, 1], [0, 1], [1], [], []]


def test_what_was_known_on_a_day_is_unmoved_by_all_that_came_later(provider):
    rows = provider(300).rows
    later = rows["landmark"] + pd.to_timedelta(rows["ahead_days"], unit="D") > pd.Timestamp(JUNE)
    other = rows.assign(
        ahead_days=rows["ahead_days"].where(~later, 1000), left=rows["left"].where(~later, 0),
        left_kind=rows["left_kind"].where(~later), contact_days=rows["contact_days"].where(~later, 900),
    )  # fmt: skip
    other = other[other["landmark"] < pd.Timestamp(SEPTEMBER)]
    seen = ["customer_id", "landmark", "ahead", "leaves", "chose", "stop", "event", "voluntary"]
    got, expected = (forecast.known_at(each, JUNE)[seen].reset_index(drop=True) for each in (other, rows))
    assert (got["leaves"].sum() > 0) and not later.all()
    pd.testing.assert_frame_equal(got, expected)


def seeking(contacted_leave: int) -> pd.DataFrame:
    """100 customers, 50 of whom are contacted after a month; 10 of the others leave in the second month."""
    contacted = [row(customer_id=f"C{i}", contact_days=31, ahead_days=50 if i < contacted_leave else 365,
                     left=int(i < contacted_leave)) for i in range(50)]  # fmt: skip
    others = [row(customer_id=f"D{i}", ahead_days=50 if i < 10 else 365, left=int(i < 10)) for i in range(50)]
    return table(*contacted, *others)


def test_a_quarter_in_which_the_contacted_leave_more_often_is_one_of_seeking():
    quarter = 2026 * 4 + 2
    assert forecast.quarters_of_seeking(seeking(20), until=SEPTEMBER).tolist() == [quarter]
    assert forecast.quarters_of_seeking(seeking(5), until=SEPTEMBER).tolist() == []


def test_contacts_cut_what_can_be_learned_only_where_nobody_was_sought_out():
    assert forecast.known_at(seeking(20), SEPTEMBER)["leaves"].sum() == 30
    assert forecast.known_at(seeking(5), SEPTEMBER)["leaves"].sum() == 10


def test_the_judgement_is_made_at_the_last_quarter_end_whose_outcome_is_known():
    ends = [dt.date(2025, 6, 30), dt.date(2025, 9, 30), dt.date(2025, 12, 31), JUNE]
    rows = table(*(row(landmark=end) for end in ends), row(landmark=dt.date(2026, 7, 5), at_quarter_end=0))
    assert forecast.validation_landmark(rows, as_of=SEPTEMBER, months=12) == dt.date(2025, 9, 30)
    assert forecast.validation_landmark(rows, as_of=SEPTEMBER, months=3) == JUNE


def test_there_is_no_judgement_where_nothing_could_be_learned_before_it():
    rows = table(row(landmark=JUNE), row(landmark=JUNE))
    assert forecast.validation_landmark(rows, as_of=SEPTEMBER, months=3) is None
    assert forecast.validation_landmark(rows, as_of=SEPTEMBER, months=12) is None


def test_a_landmark_without_a_product_is_left_out_where_products_are_given():
    rows = table(row(products=1.0), row(products=np.nan), row(products=0.0))
    assert len(forecast.holding_a_product(rows)) == 1
    assert len(forecast.holding_a_product(rows.drop(columns="products"))) == 3


def test_a_large_table_is_thinned_by_whole_customers_and_comes_sorted():
    rows = pd.DataFrame({"customer_id": [f"C{i // 4:03d}" for i in range(400)], "spell": 1})
    rows["landmark"] = [dt.date(2026, 1, 1 + i % 4) for i in range(400)]
    shuffled = rows.sample(frac=1, random_state=1)
    engine = Engine()
    got = forecast.learning_rows(engine.table(shuffled), most=150)
    assert got.groupby("customer_id").size().unique().tolist() == [4]
    assert 100 <= len(got) <= 150
    assert got["customer_id"].is_monotonic_increasing
    assert len(forecast.learning_rows(engine.table(shuffled), most=400)) == 400


def test_the_months_of_the_grid_are_given_as_months_of_tenure():
    got = forecast.tenure_ahead(table(row()))
    assert got[0].tolist() == pytest.approx([n / DAYS_PER_MONTH for n in (31, 92, 184, 274, 365)])
