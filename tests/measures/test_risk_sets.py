"""Counts for survival curves: cut and uncut episodes give the same curve, the naive reading another."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.frames.episodes import episodes
from analysis.frames.observation import Observation
from analysis.measures.risk_sets import counts_around, counts_as_if_seen_since_signup, kind_counts, risk_counts
from analysis.models.survival import kaplan_meier, survival_at

LIVES = [("2020-01-01", None), ("2020-01-01", "2024-05-02"), ("2024-02-01", "2024-03-01"), ("2022-06-15", "2024-12-31"),
         ("2024-02-01", "2024-03-01"), ("2023-12-31", None), ("2021-03-03", "2024-08-08")]  # fmt: skip


def test_equal_episodes_are_counted_together(spells):
    got = risk_counts(
        episodes(
            spells(("2024-02-01", "2024-03-01"), ("2024-02-01", "2024-03-01")),
            Observation(dt.date(2024, 12, 31), dt.date(2024, 1, 1)),
        )
    )
    assert got.values.tolist() == [[0, pytest.approx(29 / DAYS_PER_MONTH), 1, 2]]


def test_cutting_at_quarter_ends_does_not_change_the_curve(spells):
    table = spells(*LIVES)
    inside_one_year = Observation(dt.date(2024, 12, 31), dt.date(2024, 1, 1))
    cut = risk_counts(episodes(table, inside_one_year))
    assert len(cut) > len(LIVES)
    uncut = _uncut(inside_one_year)
    times = [0.5, 1, 5, 20, 40, 52, 60]
    got, expected = survival_at(kaplan_meier(cut), times), survival_at(kaplan_meier(uncut), times)
    assert got["survival"].tolist() == pytest.approx(expected["survival"].tolist(), abs=1e-12)


def _uncut(observation: Observation):
    rows = []
    for first, last in LIVES:
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last) if last else observation.as_of
        entry = max((observation.entry - start).days, 0)
        rows.append((entry / DAYS_PER_MONTH, (end - start).days / DAYS_PER_MONTH, int(last is not None), 1))
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "n"])


def test_both_readings_have_the_same_leavers(spells):
    table = spells(("2024-02-01", "2024-02-01"), ("2020-01-01", "2024-03-01"), ("2024-12-31", None))
    seen = Observation(dt.date(2024, 12, 31), dt.date(2024, 1, 1))
    honest = risk_counts(episodes(table, seen))
    naive = counts_as_if_seen_since_signup(table, as_of=seen.as_of, seen_after=seen.entry)
    assert (honest["n"] * honest["event"]).sum() == (naive["n"] * naive["event"]).sum() == 2


def test_the_naive_reading_takes_everyone_as_seen_since_signup(spells):
    got = counts_as_if_seen_since_signup(
        spells(("2020-01-01", "2024-05-02"), ("2020-01-01", "2023-12-31")),
        as_of=dt.date(2024, 12, 31),
        seen_after=dt.date(2023, 12, 31),
    )
    assert got.values.tolist() == [
        [0, pytest.approx((dt.date(2024, 5, 2) - dt.date(2020, 1, 1)).days / DAYS_PER_MONTH), 1, 1]
    ]


@pytest.fixture
def told(engine):
    """`told((start, stop, event, months to the day), …)`: episodes, with the months to a day that was known."""

    def made(*rows):
        table = pd.DataFrame(rows, columns=["start", "stop", "event", "day"]).astype({"day": "float64"})
        return engine.table(table)

    return made


def days(number):
    return number / DAYS_PER_MONTH


def test_episodes_are_counted_by_the_time_to_a_day(told):
    """Sixty days before the end of the contract, then thirty on; the other leaves on its last day."""
    got = counts_around(
        told((days(100), days(130), 0, days(60)), (days(10), days(40), 1, days(30))), "day", before=days(60), after=2
    )
    assert got["entry"].tolist() == pytest.approx([0, days(30)])
    assert got["exit"].tolist() == pytest.approx([days(30), days(60)])
    assert got[["event", "n"]].to_numpy().tolist() == [[0, 1], [1, 1]]


def test_what_lies_outside_the_time_around_the_day_is_cut_off_and_leaving_there_does_not_count(told):
    rows = told((0, days(91), 1, days(20)), (0, days(91), 0, days(200)), (0, days(91), 1, days(90)))
    got = counts_around(rows, "day", before=days(30), after=days(30))
    assert got["entry"].tolist() == pytest.approx([0, days(10)])
    assert got["exit"].tolist() == pytest.approx([days(31), days(60)])
    assert got["event"].tolist() == [1, 0]


def test_equal_times_around_the_day_are_counted_together(told):
    rows = told((days(5), days(35), 1, days(30)), (days(70), days(100), 1, days(30)), (0, days(30), 0, None))
    got = counts_around(rows, "day", before=2, after=2)
    assert got[["event", "n"]].to_numpy().tolist() == [[1, 2]]


def test_a_day_that_the_source_does_not_tell_gives_no_counts(told):
    got = counts_around(told((0, 1, 0, 1)), "promotion_months_left", before=6, after=2)
    assert list(got.columns) == ["entry", "exit", "event", "n"] and got.empty
    assert counts_around(told((0, 1, 0, None)), "day", before=6, after=2).empty


def test_leavers_are_counted_by_kind_and_those_of_no_known_kind_as_such(engine):
    table = pd.DataFrame(
        [
            (0.0, 1.0, 1, "moved"),
            (0.0, 1.0, 1, None),
            (0.0, 1.0, 1, None),
            (0.0, 2.0, 0, None),
            (0.0, 2.0, 0, "moved"),
        ],
        columns=["start", "stop", "event", "left_kind"],
    )
    got = kind_counts(engine.table(table))
    counted = {(row.exit, row.event, row.kind if row.event else None): row.n for row in got.itertuples()}
    assert counted == {(1.0, 1, "moved"): 1, (1.0, 1, "not known"): 2, (2.0, 0, None): 2}
