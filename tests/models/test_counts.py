from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import checked_counts, event_totals, numbers_at_risk


def counted(*rows):
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "n"])


def test_who_enters_when_somebody_leaves_was_not_at_risk():
    rows = checked_counts(counted((0, 2, 1, 5), (2, 3, 0, 7)))
    got = numbers_at_risk(rows, times=np.array([1.0, 2.0, 3.0]))
    assert got.tolist() == [[5, 5, 7]]


def test_numbers_at_risk_are_counted_by_group():
    rows = checked_counts(counted((0, 3, 1, 5), (1, 2, 0, 7), (0, 2, 1, 1)))
    got = numbers_at_risk(rows, times=np.array([1.0, 2.0, 3.0]), group=np.array([0, 1, 1]))
    assert got.tolist() == [[5, 5, 5], [1, 8, 0]]


def test_events_are_added_up_by_group_and_time():
    rows = checked_counts(counted((0, 3, 1, 5), (1, 2, 0, 7), (0, 2, 1, 1), (1, 2, 1, 2)))
    leaving = (rows["n"] * rows["event"]).to_numpy()
    got = event_totals(rows, times=np.array([2.0, 3.0]), of=leaving, group=np.array([0, 1, 1, 1]))
    assert got.tolist() == [[0, 5], [3, 0]]


def test_booleans_decimals_and_nullable_columns_become_numbers():
    given = pd.DataFrame({"entry": pd.array([0, 1], "Int64"), "exit": [2, 3], "event": [True, False], "n": [4.0, 5.0]})
    got = checked_counts(given)
    assert got.to_dict("list") == {"entry": [0, 1], "exit": [2, 3], "event": [1, 0], "n": [4, 5]}
    assert (got.dtypes == "float64").all()


def test_equal_days_give_equal_tenures():
    days = np.arange(1, 20_000)
    rows = checked_counts(pd.DataFrame({"entry": 0.0, "exit": days / 30.4375, "event": 1, "n": 1}))
    assert rows["exit"].nunique() == len(days)


@pytest.mark.parametrize(
    ("row", "expected", "found", "do"),
    [
        (
            (5, 5, 1, 1),
            "an exit later than the entry",
            "entry 5, exit 5, event 1, n 1",
            "An episode covers (entry, exit]; leave out customers who left on or before the day they came in view.",
        ),
        (
            (-2, 5, 1, 1),
            "tenures of 0 or more",
            "entry -2, exit 5, event 1, n 1",
            "Check signup and churn dates.",
        ),
        (
            (0, None, 1, 1),
            "a number in each of entry, exit, event and n",
            "entry 0, exit nan, event 1, n 1",
            "Set rows without dates aside before counting.",
        ),
        (
            (0, 5, 2, 1),
            "event 0 or 1",
            "entry 0, exit 5, event 2, n 1",
            "Code leaving as 1 and anything else as 0.",
        ),
        (
            (0, 5, 1, 0.5),
            "n as a whole number of customers",
            "entry 0, exit 5, event 1, n 0.5",
            "Weights are counts here; the intervals would be wrong for any other kind.",
        ),
    ],
)
def test_an_impossible_row_is_named_by_its_place(row, expected, found, do):
    with pytest.raises(AnalysisFailed) as refusal:
        checked_counts(counted((0, 1, 1, 1), row, row))
    assert str(refusal.value) == (
        f"survival counts, row 2 of 3: expected {expected}, found {found}; rows like it: 2. {do}"
    )


@pytest.mark.parametrize("nobody", [counted(), counted((0, 1, 1, 0))])
def test_a_curve_of_nobody_is_refused(nobody):
    with pytest.raises(AnalysisFailed) as refusal:
        checked_counts(nobody)
    assert str(refusal.value) == (
        "survival counts: expected at least one customer under observation, found none. "
        "Leave this curve out and say so."
    )


def test_an_absent_column_is_named():
    with pytest.raises(AnalysisFailed) as refusal:
        checked_counts(pd.DataFrame({"exit": [1], "event": [1]}))
    assert str(refusal.value) == (
        "survival counts: expected columns entry, exit, event, n, found no entry, n. "
        "Count episodes by entry, exit and event first."
    )


def test_times_that_differ_by_a_rounding_error_are_refused():
    with pytest.raises(AnalysisFailed) as refusal:
        checked_counts(counted((0, 0.3, 1, 1), (0, 0.1 + 0.2, 1, 1)))
    assert str(refusal.value) == (
        "survival counts: expected times that are equal or at least 1e-06 months apart, "
        "found pairs closer than that: 1, the first near 0.3000. "
        "Compute every tenure as whole days / 30.4375, not from sums or differences of months."
    )
