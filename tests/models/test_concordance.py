from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sksurv.metrics import concordance_index_censored

from analysis.basis.errors import AnalysisFailed
from analysis.models.concordance import concordance

TOLD_APART = ["monthly", "daily", "weighted", "from_the_start", "lung_cox"]


@pytest.fixture(scope="module")
def r_says():
    return json.loads((Path(__file__).parent / "yardsticks" / "validation.json").read_text())


def times(*rows):
    return pd.DataFrame(rows, columns=["entry", "exit", "event"])


def counted_pair_by_pair(rows, risk, weights):
    """The definition, one pair after another."""
    concordant = comparable = 0.0
    for i, one in enumerate(rows):
        for j, other in enumerate(rows):
            at_risk = other[0] < one[1] and (other[1] > one[1] or (other[1] == one[1] and not other[2]))
            if one[2] and at_risk:
                comparable += weights[i] * weights[j]
                concordant += weights[i] * weights[j] * ((risk[i] > risk[j]) + (risk[i] == risk[j]) / 2)
    return concordant / comparable if comparable else float("nan")


# ------------------------------------------------------------------------------------------------------------ by hand


def test_the_riskier_of_two_left_first_in_two_of_three_pairs():
    got = concordance(times((0, 1, 1), (0, 2, 1), (0, 3, 0)), [5, 1, 2])
    assert got == pytest.approx(2 / 3)


def test_equal_risks_count_half():
    assert concordance(times((0, 1, 1), (0, 2, 0), (0, 2, 0)), [1, 1, 0]) == 0.75


def test_who_entered_later_was_not_at_risk_and_is_not_compared():
    rows = times((0, 2, 1), (0, 4, 0), (2, 5, 0), (1, 5, 0))
    assert concordance(rows, [2, 1, 9, 3]) == 0.5
    assert concordance(rows.drop(columns="entry"), [2, 1, 9, 3]) == pytest.approx(1 / 3)


def test_two_who_leave_at_once_are_not_compared_but_who_is_still_there_then_is():
    assert concordance(times((0, 2, 1), (0, 2, 1), (0, 2, 0)), [3, 1, 2]) == 0.5


def test_only_the_order_of_the_risks_matters():
    rows = times((0, 1, 1), (0, 2, 1), (1, 3, 0), (0, 4, 1))
    assert concordance(rows, [5, 1, 2, 3]) == concordance(rows, [5e6, -1e9, 0, 1e-3])


def test_equal_risks_throughout_tell_nothing_apart():
    assert concordance(times((0, 1, 1), (0, 2, 1), (0, 3, 0)), [7, 7, 7]) == 0.5


@pytest.mark.parametrize(
    "rows", [times((0, 1, 0), (0, 2, 0)), times((0, 2, 1), (0, 2, 1)), times((0, 1, 1), (1, 2, 1))]
)
def test_without_a_pair_to_compare_there_is_no_concordance(rows):
    assert np.isnan(concordance(rows, [1, 2]))


def test_an_entry_at_or_after_the_exit_is_refused():
    with pytest.raises(AnalysisFailed) as refusal:
        concordance(times((0, 1, 1), (2, 2, 0)), [1, 2])
    assert "expected an entry before the exit, found entry 2, exit 2; rows like it: 1." in str(refusal.value)


def test_an_absent_column_is_refused():
    with pytest.raises(AnalysisFailed) as refusal:
        concordance(pd.DataFrame({"exit": [1.0]}), [1])
    assert "expected columns exit and event, and entry for late entry, found no event." in str(refusal.value)


# ------------------------------------------------------------------------------------------------------ outside truth


@pytest.mark.parametrize("name", TOLD_APART)
def test_the_concordance_equals_that_of_r(r_says, name):
    rows = pd.DataFrame(r_says[name]["rows"])
    assert concordance(rows, rows["risk"], weights=rows["n"]) == pytest.approx(r_says[name]["concordance"], abs=1e-9)


def test_the_concordance_of_the_lung_model_is_the_published_one(r_says):
    rows = pd.DataFrame(r_says["lung_cox"]["rows"])
    assert round(concordance(rows, rows["risk"]), 7) == 0.6371355


@pytest.mark.parametrize("name", ["monthly", "daily", "weighted"])
def test_to_ignore_late_entry_gives_another_number(r_says, name):
    rows = pd.DataFrame(r_says[name]["rows"])
    ignored = concordance(rows.drop(columns="entry"), rows["risk"], weights=rows["n"])
    assert abs(ignored - r_says[name]["concordance"]) > 0.01


def test_without_late_entry_it_is_harrells():
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"exit": rng.integers(1, 30, 400), "event": rng.integers(0, 2, 400)})
    risk = rng.integers(0, 20, 400)
    expected = concordance_index_censored(rows["event"] == 1, rows["exit"], risk)[0]
    assert concordance(rows, risk) == pytest.approx(expected, abs=1e-12)


# --------------------------------------------------------------------------------------------------------- identities

EPISODE = st.tuples(st.integers(0, 8), st.integers(1, 8), st.integers(0, 1), st.integers(0, 5), st.integers(0, 3))


@settings(max_examples=80, deadline=None)
@given(episodes=st.lists(EPISODE, min_size=1, max_size=25).filter(lambda rows: any(row[4] for row in rows)))
def test_it_is_what_counting_pair_by_pair_gives(episodes):
    rows = [(entry, entry + length, event) for entry, length, event, _, _ in episodes]
    risk, weights = [row[3] for row in episodes], [row[4] for row in episodes]
    got = concordance(times(*rows), risk, weights=weights)
    assert got == pytest.approx(counted_pair_by_pair(rows, risk, weights), abs=1e-12, nan_ok=True)


def test_a_hundred_thousand_episodes_take_seconds_and_not_hours():
    rng = np.random.default_rng(2)
    entry = rng.integers(0, 60, 100_000).astype(float)
    rows = pd.DataFrame(
        {"entry": entry, "exit": entry + rng.integers(1, 40, 100_000), "event": rng.random(100_000) < 0.3}
    )
    started = time.process_time()
    got = concordance(rows, rng.normal(size=100_000))
    assert got == pytest.approx(0.5, abs=0.01)
    assert time.process_time() - started < 10
