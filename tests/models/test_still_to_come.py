"""What may still happen, by hand: ten that wait, of whom some are served on days two and four."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.interval import share_interval
from analysis.models.still_to_come import chance_left, chances, half_time, last_seen

# Ten: two on day 2, four on day 4, the others are followed to day 6.
TEN = pd.DataFrame(
    {"entry": 0.0, "exit": [2.0, 4.0, 6.0], "event": [1, 1, 0], "n": [2, 4, 4]},
)


def test_the_chance_left_is_that_of_those_who_still_wait() -> None:
    got = chance_left(TEN, np.array([0.0, 2.0, 3.0, 4.0, 6.0]), horizon=6.0)
    assert got.tolist() == pytest.approx([0.6, 0.5, 0.5, 0.0, 0.0])


def test_chances_count_who_waits_and_to_whom_it_happens() -> None:
    got = chances(TEN, [(0.0, 6.0), (2.0, 6.0), (4.0, 6.0)], smallest=2)
    assert got["at_risk"].tolist() == [10, 8, 4]
    assert got["events"].tolist() == [6, 4, 0]
    assert got["chance"].tolist() == pytest.approx([0.6, 0.5, 0.0])
    assert (got["low"] <= got["chance"]).all()
    assert (got["high"] >= got["chance"]).all()
    assert got.loc[2, "high"] == pytest.approx(share_interval(0, 4)[1])


def test_what_happened_to_few_is_masked_and_what_few_were_followed_to_is_missing() -> None:
    few = chances(TEN, [(0.0, 3.0)], smallest=3).iloc[0]
    assert few["masked"]
    assert np.isnan(few["chance"])
    late = chances(TEN, [(0.0, 6.0)], smallest=5).iloc[0]
    assert not late["masked"]
    assert np.isnan(late["chance"])


def test_half_of_the_six_have_got_there_when_the_third_has() -> None:
    assert half_time(TEN, horizon=6.0, smallest=2).time == 4.0
    assert half_time(TEN.assign(n=[4, 2, 4]), horizon=6.0, smallest=2).time == 2.0
    assert np.isnan(half_time(TEN, horizon=6.0, smallest=7).time)


def test_the_last_seen_day_is_one_to_which_enough_were_followed() -> None:
    assert last_seen(TEN, longest=100, smallest=4) == 6.0
    assert last_seen(TEN, longest=100, smallest=5) == 4.0
    assert last_seen(TEN, longest=3, smallest=5) == 3.0
    assert last_seen(TEN, longest=100, smallest=11) == 0.0


episodes = st.lists(st.tuples(st.integers(1, 30), st.booleans(), st.integers(1, 20)), min_size=1, max_size=20)


@given(episodes, st.lists(st.integers(0, 40), min_size=1, max_size=10))
def test_a_chance_lies_between_0_and_1_and_is_never_more_for_who_must_have_passed_the_end(rows, ages) -> None:
    counts = pd.DataFrame(rows, columns=["exit", "event", "n"]).assign(entry=0.0)
    counts = counts.astype({"exit": "float64", "event": "int64"})
    got = chance_left(counts, np.array(ages, dtype=float), horizon=20.0)
    assert ((got >= 0) & (got <= 1)).all()
    assert (got[np.array(ages) >= 20] == 0).all()


@given(episodes, st.integers(0, 19))
def test_what_has_not_happened_by_later_has_the_chance_that_is_left(rows, age) -> None:
    """The law of total probability: F(h) = F(a) + (1 - F(a)) · chance(a)."""
    counts = pd.DataFrame(rows, columns=["exit", "event", "n"]).assign(entry=0.0)
    counts = counts.astype({"exit": "float64", "event": "int64"})
    before = chance_left(counts, np.zeros(1), horizon=float(age))[0] if age else 0.0
    left = chance_left(counts, np.array([float(age)]), horizon=20.0)[0]
    whole = chance_left(counts, np.zeros(1), horizon=20.0)[0]
    assert before + (1 - before) * left == pytest.approx(whole)


def simulated(chance: float, *, leads: int, seed: int) -> pd.DataFrame:
    """Leads by the demo provider's law: a lucky one waits up to 45 days, most of them few; made evenly over a year."""
    random = np.random.default_rng(seed)
    age = random.integers(0, 365, leads)
    won = np.where(random.random(leads) < chance, (random.random(leads) ** 2 * 45).astype(int), 1000)
    rows = pd.DataFrame({"exit": np.minimum(age, won) + 1.0, "event": (won <= age).astype(int), "entry": 0.0, "n": 1})
    return rows.groupby(["entry", "exit", "event"], as_index=False)["n"].sum()


def test_over_simulated_leads_the_interval_holds_the_true_chance_about_as_often_as_it_says() -> None:
    """C37: the chance of a new lead, and of one that has been open for two weeks, over 200 years of 600 leads."""
    chance, spans = 0.25, [(0.0, 300.0), (15.0, 300.0)]
    passed = np.sqrt(15 / 45)  # share of the lucky ones who have become customers on day 14
    true = np.array([chance, chance * (1 - passed) / (1 - chance * passed)])
    told = [chances(simulated(chance, leads=600, seed=seed), spans, smallest=11) for seed in range(200)]
    held = np.mean([(one["low"] <= true) & (true <= one["high"]) for one in told], axis=0)
    assert ((held > 0.91) & (held < 0.99)).all(), held
    off = np.mean([one["chance"] - true for one in told], axis=0)
    assert (np.abs(off) < 0.005).all(), off
