"""Counts for survival curves: cut and uncut episodes give the same curve, the naive reading another."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.frames.episodes import episodes
from analysis.frames.observation import Observation
from analysis.measures.risk_sets import counts_as_if_seen_since_signup, risk_counts
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
    import pandas as pd

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
