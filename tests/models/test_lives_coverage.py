"""Intervals of restricted means and of shares by kind hold the truth as often as they say, with late entry and ties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.competing import aalen_johansen
from analysis.models.restricted import differences, restricted_means

CHOSEN, MOVED, REPEATS = 0.02, 0.01, 150  # monthly hazards of two ways of leaving


def observed(random, customers=800, faster=1.0):
    """Customers who joined up to four years before a window of a year, or in it; days are whole."""
    joined = random.integers(-1461, 365, customers)
    life = np.ceil(random.exponential(30.4375 / ((CHOSEN + MOVED) * faster), customers))
    entry, end = np.maximum(-joined, 0), 365 - joined
    rows = pd.DataFrame({"entry": entry, "exit": np.minimum(life, end), "event": (life <= end) * 1, "n": 1})
    rows["kind"] = np.where(random.random(customers) < CHOSEN / (CHOSEN + MOVED), "voluntary", "moved")
    seen = rows[rows["exit"] > rows["entry"]]
    return seen.assign(entry=seen["entry"] / 30.4375, exit=seen["exit"] / 30.4375)


def stayed(months, faster=1.0):
    pace = (CHOSEN + MOVED) * faster
    return (1 - np.exp(-pace * months)) / pace


def held(low, high, truth):
    return ((np.array(low) <= truth) & (truth <= np.array(high))).mean()


@pytest.mark.parametrize("months", [12, 36])
def test_the_interval_of_a_mean_holds_the_truth(months):
    random = np.random.default_rng(months)
    found = pd.concat([restricted_means(observed(random), [months]) for _ in range(REPEATS)])
    assert 0.90 <= held(found["low"], found["high"], stayed(months)) <= 0.99
    assert found["mean"].mean() == pytest.approx(stayed(months), rel=0.01)


def test_the_interval_of_a_difference_between_classes_holds_the_truth():
    random = np.random.default_rng(7)
    pairs = [{"one": observed(random), "two": observed(random, faster=1.5)} for _ in range(REPEATS)]
    means = [{name: restricted_means(rows, [24]) for name, rows in pair.items()} for pair in pairs]
    found = pd.concat([differences(one, to="one").iloc[1:] for one in means])
    truth = stayed(24, 1.5) - stayed(24)
    assert 0.90 <= held(found["difference_low"], found["difference_high"], truth) <= 0.99


@pytest.mark.parametrize("months", [12, 36])
def test_the_interval_of_a_share_by_kind_holds_the_truth(months):
    random = np.random.default_rng(months + 1)
    tables = [aalen_johansen(observed(random)) for _ in range(REPEATS)]
    last = [one[(one["kind"] == "moved") & (one["time"] <= months)].iloc[-1] for one in tables]
    truth = MOVED / (CHOSEN + MOVED) * (1 - np.exp(-(CHOSEN + MOVED) * months))
    assert 0.90 <= held([one["low"] for one in last], [one["high"] for one in last], truth) <= 0.99
