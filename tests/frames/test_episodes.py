"""Episodes by hand: late entry, landmarks, the as-of date, and leaving on the very edges."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.basis.quarter import DAYS_PER_MONTH, Quarter
from analysis.extracts.engine import Engine
from analysis.frames.episodes import episodes, exposures
from analysis.frames.observation import Observation
from analysis.frames.spells import spells

OBSERVATION = Observation(dt.date(2024, 9, 30), dt.date(2024, 1, 1))
EVE = "2023-12-31"


@pytest.fixture
def spell_table(contract):
    def made(*customers: dict):
        return spells({"customers": contract("customers", *customers)}, OBSERVATION)

    return made


@pytest.fixture
def of(spell_table, rows):
    """(landmark, start day, stop day, event, kind) of each episode."""

    def made(*customers: dict, observation: Observation = OBSERVATION) -> list[tuple]:
        found = rows(episodes(spell_table(*customers), observation))
        return [
            (r["landmark"], r["start"] * DAYS_PER_MONTH, r["stop"] * DAYS_PER_MONTH, r["event"], r["kind"])
            for r in found
        ]

    return made


def days(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days


def approximately(*found: tuple) -> list[tuple]:
    return [(row[0], pytest.approx(row[1]), pytest.approx(row[2]), *row[3:]) for row in found]


def test_who_joined_earlier_enters_at_the_end_of_the_day_before_observation_began(of):
    signup = "2020-02-29"
    got = of({"customer_id": "a", "signup_date": signup})
    assert got == approximately(
        (EVE, days(signup, EVE), days(signup, "2024-03-31"), 0, None),
        ("2024-03-31", days(signup, "2024-03-31"), days(signup, "2024-06-30"), 0, None),
        ("2024-06-30", days(signup, "2024-06-30"), days(signup, "2024-09-30"), 0, None),
    )


def test_a_joiner_starts_at_tenure_zero_and_the_first_landmark_is_the_day_of_joining(of):
    got = of({"customer_id": "a", "signup_date": "2024-08-10"})
    assert got == approximately(("2024-08-10", 0, days("2024-08-10", "2024-09-30"), 0, None))


def test_joining_on_the_first_observed_day_enters_at_that_day_and_on_the_eve_at_the_eve(of):
    assert of({"customer_id": "a", "signup_date": "2024-01-01"})[0][:2] == ("2024-01-01", 0)
    assert of({"customer_id": "a", "signup_date": EVE})[0][:2] == (EVE, 0)


def test_an_episode_ends_on_the_day_of_leaving_and_nothing_follows(of):
    got = of({"customer_id": "a", "signup_date": "2024-02-01", "churn_date": "2024-05-20", "churn_kind": "voluntary"})
    assert got == approximately(
        ("2024-02-01", 0, days("2024-02-01", "2024-03-31"), 0, None),
        ("2024-03-31", days("2024-02-01", "2024-03-31"), days("2024-02-01", "2024-05-20"), 1, "voluntary"),
    )


def test_leaving_on_a_quarter_end_belongs_to_the_quarter_that_ends(of):
    got = of({"customer_id": "a", "signup_date": "2024-02-01", "churn_date": "2024-03-31", "churn_kind": "moved"})
    assert got == approximately(("2024-02-01", 0, days("2024-02-01", "2024-03-31"), 1, "moved"))


def test_leaving_on_the_as_of_date_is_an_event_and_later_leaving_is_not_known(of):
    on = of({"customer_id": "a", "signup_date": "2024-08-10", "churn_date": "2024-09-30", "churn_kind": "other"})
    assert on == approximately(("2024-08-10", 0, days("2024-08-10", "2024-09-30"), 1, "other"))
    later = of({"customer_id": "a", "signup_date": "2024-08-10", "churn_date": "2024-10-01", "churn_kind": "other"})
    assert later == approximately(("2024-08-10", 0, days("2024-08-10", "2024-09-30"), 0, None))


def test_leaving_on_the_first_observed_day_counts_and_on_the_eve_it_was_never_seen(of):
    seen = of({"customer_id": "a", "signup_date": "2020-01-01", "churn_date": "2024-01-01"})
    assert seen == approximately((EVE, days("2020-01-01", EVE), days("2020-01-01", "2024-01-01"), 1, None))
    assert of({"customer_id": "a", "signup_date": "2020-01-01", "churn_date": EVE}) == []


def test_who_joins_and_leaves_on_one_day_is_at_risk_for_half_a_day(of):
    inside = {"customer_id": "a", "signup_date": "2024-05-05", "churn_date": "2024-05-05"}
    assert of(inside) == approximately(("2024-05-05", 0, 0.5, 1, None))
    on_a_quarter_end = {"customer_id": "a", "signup_date": "2024-06-30", "churn_date": "2024-06-30"}
    assert of(on_a_quarter_end) == approximately(("2024-06-30", 0, 0.5, 1, None))


def test_who_joins_on_the_as_of_date_has_not_been_at_risk_yet(of):
    assert of({"customer_id": "a", "signup_date": "2024-09-30"}) == []


def test_observation_may_begin_and_end_inside_a_quarter(of):
    observation = Observation(dt.date(2024, 8, 15), dt.date(2024, 2, 10))
    signup = "2023-01-01"
    got = of({"customer_id": "a", "signup_date": signup}, observation=observation)
    assert [row[0] for row in got] == ["2024-02-09", "2024-03-31", "2024-06-30"]
    assert got[-1][2] == pytest.approx(days(signup, "2024-08-15"))


def test_everyone_on_the_books_is_in_the_denominator_once(spell_table, rows):
    table = spell_table(
        {"customer_id": "stays", "signup_date": "2020-01-01"},
        {"customer_id": "leaves", "signup_date": "2020-01-01", "churn_date": "2024-08-01", "churn_kind": "voluntary"},
        {"customer_id": "joins", "signup_date": "2024-08-01"},
        {"customer_id": "joins last day", "signup_date": "2024-09-30"},
        {"customer_id": "comes and goes", "signup_date": "2024-08-01", "churn_date": "2024-08-20"},
        {"customer_id": "left on the eve", "signup_date": "2020-01-01", "churn_date": "2024-06-30"},
        {"customer_id": "leaves on the last day", "signup_date": "2020-01-01", "churn_date": "2024-09-30"},
    )
    got = [
        (r["customer_id"], r["landmark"], r["event"], r["joined"])
        for r in rows(exposures(table, Quarter(2024, 3), seen_after=OBSERVATION.entry))
    ]
    assert got == [
        ("comes and goes", "2024-08-01", 1, 1),
        ("joins", "2024-08-01", 0, 1),
        ("joins last day", "2024-09-30", 0, 1),
        ("leaves", "2024-06-30", 1, 0),
        ("leaves on the last day", "2024-06-30", 1, 0),
        ("stays", "2024-06-30", 0, 0),
    ]


DAY = st.integers(0, 900).map(lambda n: dt.date(2022, 6, 1) + dt.timedelta(days=n))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(DAY, st.integers(0, 900) | st.none()), min_size=1, max_size=25))
def test_episodes_cover_the_observed_part_of_every_spell_without_gap_or_overlap(drawn):
    import narwhals as nw
    import pandas as pd

    from analysis.extracts.engine import to_pandas

    lives = [(start, start + dt.timedelta(days=length) if length is not None else None) for start, length in drawn]
    data = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(len(lives))], "spell": 1,
            "start": pd.to_datetime([s for s, _ in lives]),
            "end": pd.to_datetime(pd.Series([e if e and e <= OBSERVATION.as_of else None for _, e in lives])),
            "kind": "voluntary",
        }
    )  # fmt: skip
    data = data[data["start"].dt.date <= OBSERVATION.as_of]
    with Engine() as engine:
        table = engine.table(data).with_columns(nw.col("start").cast(nw.Date), nw.col("end").cast(nw.Date))
        got = to_pandas(episodes(table, OBSERVATION)).sort_values(["customer_id", "start"])
    entry = pd.Timestamp(OBSERVATION.entry)
    for row in data.itertuples():
        pieces = got[got["customer_id"] == row.customer_id]
        until = min(row.end if row.end is not pd.NaT else pd.Timestamp.max, pd.Timestamp(OBSERVATION.as_of))
        begin = max(row.start, entry)
        left = row.end is not pd.NaT and row.end > entry
        expected = (until - begin).days if until > begin else (0.5 if left and row.end == row.start else 0)
        assert ((pieces["stop"] - pieces["start"]).sum() * DAYS_PER_MONTH) == pytest.approx(expected)
        assert pieces["start"].iloc[1:].tolist() == pieces["stop"].iloc[:-1].tolist()
        assert pieces["event"].sum() == int(left)
