"""Remaining life: by hand, against the Kaplan–Meier curve, and against simulated customers whose law is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from analysis.basis.errors import AnalysisFailed
from analysis.models.remaining import Life, conditional_life, expected_months
from analysis.models.survival import kaplan_meier, survival_at
from analysis.models.tail import Tail

LAWS = {
    "constant": (lambda random, size: random.exponential(60, size), lambda t: t / 60),
    "falling": (lambda random, size: 60 * random.weibull(0.7, size), lambda t: (t / 60) ** 0.7),
    "rising": (lambda random, size: 80 * random.weibull(1.5, size), lambda t: (t / 80) ** 1.5),
}


def counted(*rows):
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "n"])


def constant(hazard: float, until: float = 24.0) -> Life:
    return Life(np.array([0.0, until]), np.array([0.0, until * hazard]), Tail(hazard, 1.0))


def provider(law, *, seed, years=12, window=36, a_month=600):
    """Customers of a provider founded `years` ago that were observed for the last `window` months, in whole days."""
    random = np.random.default_rng(seed)
    size = a_month * years * 12
    joined = -np.floor(random.uniform(0, years * 12, size) * 30.4375)
    left = joined + np.maximum(np.ceil(law(random, size) * 30.4375), 1)
    entry, stop = np.maximum(-window * 30.4375 // 1 - joined, 0), np.minimum(left, 0) - joined
    kept = stop > entry
    days = {"entry": entry[kept], "exit": stop[kept]}
    return pd.DataFrame({name: day / 30.4375 for name, day in days.items()} | {"event": left[kept] <= 0, "n": 1})


def true_months(cumulative, tenure, horizon):
    return quad(lambda u: np.exp(cumulative(tenure) - cumulative(tenure + u)), 0, horizon, limit=500)[0]


# ------------------------------------------------------------------------------------------------------------ by hand


def test_a_shrunk_life_is_drawn_to_the_pace_of_all_by_as_many_customers_as_lose_one_a_month():
    # 100 customers at risk for 2 months: nobody left in the first, 2 in the second, 1 % of the customer-months.
    got = conditional_life(counted((0, 1, 0, 0), (0, 2, 1, 2), (0, 2, 0, 98), (0, 1, 1, 0)), shrunk=True)
    pace = 2 / (100 * 2)
    weight = 100 / (100 + 1 / pace)
    whole = weight * -np.log1p(-2 / 100) + (1 - weight) * pace * 2
    assert got.cumulative_hazard([0, 2]).tolist() == pytest.approx([0, whole])


def test_a_shrunk_life_says_never_of_no_tenure_and_a_large_base_does_not_see_it():
    few = [(0, 1, 0, 20), (0, 2, 1, 4), (0, 3, 0, 96)]
    plain, shrunk = (conditional_life(counted(*few), shrunk=one) for one in (False, True))
    assert plain.cumulative_hazard(3) - plain.cumulative_hazard(2.5) == 0
    assert shrunk.cumulative_hazard(3) - shrunk.cumulative_hazard(2.5) > 0.002
    many = counted(*[(entry, exit, event, n * 10_000) for entry, exit, event, n in few])
    ratio = conditional_life(many, shrunk=True).cumulative_hazard(2) / conditional_life(many).cumulative_hazard(2)
    assert ratio == pytest.approx(1, abs=1e-4)


def test_without_a_leaver_there_is_no_pace_to_shrink_to():
    got = conditional_life(counted((0, 3, 0, 80)), shrunk=True)
    assert got.cumulative_hazard(3) == 0


def test_survival_is_conditional_on_the_tenure_reached():
    got = constant(0.02).survival([0, 6, 30, 400], [0, 1, 12])
    assert got == pytest.approx(np.tile(np.exp([0, -0.02, -0.24]), (4, 1)), abs=1e-12)


def test_a_constant_hazard_gives_the_closed_geometric_sum():
    stays = np.exp(-0.02)
    closed = (1 - stays**36) / (1 - stays) * (1 - stays) / 0.02
    assert constant(0.02).expected_months([0, 7.3, 100], 36) == pytest.approx([closed] * 3, abs=1e-9)
    months = constant(0.02).survival([5.0], np.arange(1, 37))
    assert months.sum() == pytest.approx(stays * (1 - stays**36) / (1 - stays), abs=1e-9)
    assert expected_months(months) == pytest.approx([closed], abs=1e-9)


def test_who_certainly_stays_stays_for_every_month_and_who_certainly_leaves_for_none():
    got = expected_months(np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    assert got == pytest.approx([3, 1, 0], abs=2e-3)


def test_the_step_is_spread_over_the_time_since_the_step_before():
    life = conditional_life(counted((0, 2, 1, 20), (0, 6, 1, 40), (0, 6, 0, 40)))
    at = np.array([0, 1, 2, 4, 6.0])
    expected = [1, 0.8**0.5, 0.8, 0.8 * 0.5**0.5, 0.4]
    assert np.exp(-life.cumulative_hazard(at)) == pytest.approx(expected)


def test_when_all_of_the_last_have_left_their_followers_do_not():
    life = conditional_life(counted((0, 6, 1, 40), (0, 12, 1, 60)))
    assert life.observed_until == 12
    got = life.survival([11.0, 12.0, 20.0], [1, 12])
    assert ((got > 0) & (got < 1)).all()


def test_before_the_first_that_were_observed_the_pace_is_theirs():
    life = conditional_life(counted((12, 18, 1, 30), (12, 18, 0, 70), (12, 13, 1, 5)))
    pace = (30 + 5) / (6 * 100 + 5)
    assert life.cumulative_hazard(12) == pytest.approx(12 * pace)
    assert life.survival([0.0], [12])[0, 0] == pytest.approx(np.exp(-12 * pace))


def test_a_gap_is_filled_with_the_pace_around_it():
    around = [(0, 10, 1, 20), (0, 10, 0, 80), (20, 30, 1, 20), (20, 30, 0, 80)]
    life = conditional_life(counted(*around))
    # Six months on either side: the tenth and thirtieth month's steps, and what was lived through meanwhile.
    got = np.diff(life.cumulative_hazard([10.0, 20.0]))
    assert got == pytest.approx(10 * 20 / (100 * 10 + 0), rel=0.01)


def test_a_single_leaver_in_a_gap_does_not_end_every_life():
    rows = counted((0, 10, 1, 20), (0, 10, 0, 80), (12, 15, 1, 1), (20, 30, 1, 20), (20, 30, 0, 80))
    curve, life = kaplan_meier(rows), conditional_life(rows)
    assert survival_at(curve, [15])["survival"].item() == 0
    assert life.survival([10.0], [10])[0, 0] > 0.6


def test_with_few_customers_the_whole_life_is_a_law():
    life = conditional_life(counted((0, 10, 1, 4), (5, 10, 0, 12)))
    assert life.observed_until == 0
    assert life.survival([3.0], [10])[0, 0] == pytest.approx(np.exp(-10 * 4 / 100))


def test_impossible_counts_are_refused():
    with pytest.raises(AnalysisFailed, match="expected an exit later than the entry, found entry 3, exit 2"):
        conditional_life(counted((3, 2, 1, 1)))


# ------------------------------------------------------------------------------------------------------ outside truth


@pytest.mark.parametrize("name", LAWS)
def test_remaining_life_at_the_last_observed_tenure_is_the_true_one(name):
    law, cumulative = LAWS[name]
    got = conditional_life(provider(law, seed=1))
    last = got.observed_until
    assert last > 140
    for horizon in (36, 600):
        truth = true_months(cumulative, last, horizon)
        assert got.expected_months([last], horizon)[0] == pytest.approx(truth, rel=0.1)


@pytest.mark.parametrize("name", LAWS)
def test_remaining_life_at_any_tenure_is_the_true_one(name):
    law, cumulative = LAWS[name]
    tenures = [0.0, 3.0, 12.0, 40.0, 100.0]
    got = conditional_life(provider(law, seed=2)).expected_months(tenures, 36)
    assert got == pytest.approx([true_months(cumulative, tenure, 36) for tenure in tenures], rel=0.03)


def test_a_provider_without_joiners_is_no_riddle():
    law, cumulative = LAWS["constant"]
    rows = provider(law, seed=3)
    life = conditional_life(rows[rows["entry"] > 24])
    assert life.expected_months([0.0], 36)[0] == pytest.approx(true_months(cumulative, 0, 36), rel=0.05)


def test_where_many_are_observed_survival_is_the_kaplan_meier_curve():
    rows = provider(LAWS["falling"][0], seed=4)
    life, curve = conditional_life(rows), kaplan_meier(rows)
    steps = curve[(curve["events"] > 0) & (curve["at_risk"] >= 50)]
    near = steps[steps["time"] < 60]["time"].to_numpy()
    expected = survival_at(curve, near)["survival"].to_numpy()
    assert np.exp(-life.cumulative_hazard(near)) == pytest.approx(expected, abs=1e-12)


# --------------------------------------------------------------------------------------------------------- identities

DAYS = st.integers(0, 60)
EPISODES = st.lists(
    st.tuples(DAYS, st.integers(1, 60), st.integers(0, 1), st.integers(1, 60)), min_size=1, max_size=30
).map(lambda rows: counted(*[(entry, entry + length, event, n) for entry, length, event, n in rows]))


@settings(max_examples=80, deadline=None)
@given(EPISODES)
def test_whatever_was_observed_survival_falls_from_one_and_not_at_once_to_nothing(rows):
    life = conditional_life(rows)
    got = life.survival([0.0, 5.5, 40.0, 150.0], np.arange(0, 37))
    assert (got[:, 0] == 1).all()
    assert (np.diff(got, axis=1) <= 0).all()
    assert (life.survival([0.0, 40.0], [600.0]) < 1).all()
    assert (life.survival([0.0, 40.0], [1.0]) > 0).all()


@settings(max_examples=40, deadline=None)
@given(EPISODES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    other = rows.iloc[random.sample(range(len(rows)), len(rows))]
    got = conditional_life(rows).survival([0.0, 30.0], [12, 100])
    assert got == pytest.approx(conditional_life(other).survival([0.0, 30.0], [12, 100]), rel=1e-6)


def test_of_nobody_no_hazard_is_known():
    life = conditional_life(counted())
    assert np.isnan(life.cumulative_hazard([12.0])).all()
    assert life.observed_until == 0
