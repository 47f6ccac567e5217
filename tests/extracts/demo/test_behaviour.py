"""Types of behaviour: who is likely to have which, how they change, and what they do to use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analysis.extracts.demo import hazard
from analysis.extracts.demo.behaviour import (
    MEASURES,
    Who,
    chances,
    change_behaviour,
    drawn,
    everyone,
    levels,
    settle_behaviour,
    who,
)
from analysis.extracts.demo.chunk import live
from analysis.extracts.demo.days import day_of
from analysis.extracts.demo.parameters import BROADBAND, MOBILE, VOICE, Parameters
from analysis.extracts.demo.parameters_behaviour import BEHAVIOURS, Behaviours
from analysis.extracts.demo.state import NOBODY, OWN
from analysis.extracts.demo.usage import measured
from analysis.extracts.demo.world import Month

NAMES = [one.name for one in BEHAVIOURS]
JANUARY = date(2026, 1, 1)


def one_of(*, business: bool = False, age: int = 45, main: int = BROADBAND) -> Who:
    return Who(np.array([business]), np.array([age]), np.array([main]), np.array([day_of(JANUARY)]))


@pytest.fixture
def with_behaviours(january: Month) -> Callable[[Behaviours], Month]:
    """January 2026 with other behaviours."""

    def made(behaviours: Behaviours) -> Month:
        parameters = replace(january.parameters, behaviours=behaviours)
        return replace(january, world=replace(january.world, parameters=parameters))

    return made


def test_a_household_of_middle_age_behaves_as_the_shares_say():
    got = chances(one_of(), Behaviours())[0]
    shares = np.array([0.42, 0.25, 0.17, 0.08, 0.09, 0.0])
    assert got == pytest.approx(shares / 1.01)


def test_most_businesses_behave_as_offices_and_no_household_does():
    office = NAMES.index("office")
    assert chances(one_of(business=True), Behaviours())[0, office] == pytest.approx(0.62)
    assert chances(one_of(), Behaviours())[0, office] == 0


def test_age_and_main_product_move_the_odds_as_written():
    streaming, talker = NAMES.index("streaming"), NAMES.index("talker")
    middle, young = (chances(one_of(age=age), Behaviours())[0] for age in (30, 29))
    ratio = (young[streaming] / young[talker]) / (middle[streaming] / middle[talker])
    assert ratio == pytest.approx(np.exp(0.4 + 1.5))
    assert chances(one_of(main=MOBILE), Behaviours())[0, NAMES.index("mobile_family")] > 0.75
    assert chances(one_of(main=VOICE), Behaviours())[0, talker] > 0.99


def test_luck_between_0_and_1_gives_each_behaviour_its_share():
    luck = np.linspace(0, 1, 10_001)[:-1]
    many = Who(*(np.repeat(values, len(luck)) for values in one_of()))
    got = np.bincount(drawn(many, Behaviours(), luck), minlength=6) / len(luck)
    assert got == pytest.approx(chances(one_of(), Behaviours())[0], abs=0.0002)


def test_who_returns_keeps_a_behaviour_and_who_is_new_draws_one(households):
    state = households(2, signup=100)
    state.behaviour[0] = 5
    rows = np.arange(2)
    customers = who(state, rows, state.main, np.full(2, day_of(JANUARY)))
    settle_behaviour(state, rows, customers, behaviours=Behaviours(), luck=np.array([0.01, 0.01]))
    assert list(state.behaviour) == [5, 0]


def test_three_in_a_thousand_change_in_a_month(households, january):
    state = households(200_000, signup=100)
    state.behaviour[:] = NAMES.index("light")
    change_behaviour(state, january)
    expected = Behaviours().drawn_anew * (1 - 0.25 / 1.01)
    assert (state.behaviour != NAMES.index("light")).mean() == pytest.approx(expected, rel=0.1)
    assert 0.002 < expected < 0.004


def test_who_is_not_there_does_not_change(households, with_behaviours):
    state = households(50, signup=100)
    state.active[:25] = False
    state.behaviour[:25], state.behaviour[25:] = 5, NOBODY
    change_behaviour(state, with_behaviours(Behaviours(drawn_anew=1.0)))
    assert (state.behaviour[:25] == 5).all()
    assert (state.behaviour[25:] == NOBODY).all()


def test_a_change_is_no_falling_use_and_moves_no_hazard(households, with_behaviours):
    now = with_behaviours(Behaviours(drawn_anew=1.0))
    state = households(500, signup=100)
    state.behaviour[:] = NAMES.index("streaming")
    before = hazard.voluntary(state, now)
    change_behaviour(state, now)
    assert (state.behaviour != NAMES.index("streaming")).mean() > 0.4
    assert (hazard.voluntary(state, now) == before).all()
    assert (state.fall == 0).all()


def test_a_new_behaviour_is_taken_up_by_a_tenth_in_its_first_month_and_by_nobody_before(households, with_behaviours):
    for begins, share in ((date(2026, 4, 1), 0.0), (JANUARY, 0.10), (date(2025, 10, 1), 0.0)):
        state = households(20_000, signup=100)
        state.behaviour[:] = 0
        change_behaviour(state, with_behaviours(replace(Behaviours(), drawn_anew=0.0).with_newcomer(begins)))
        assert (state.behaviour == len(NAMES)).mean() == pytest.approx(share, abs=0.01)


def test_joiners_from_its_quarter_on_draw_the_new_behaviour_and_those_before_do_not():
    behaviours = Behaviours().with_newcomer(JANUARY)
    luck = np.linspace(0, 1, 10_001)[:-1]
    for day, share in ((day_of(JANUARY) - 1, 0.0), (day_of(JANUARY), 0.15)):
        many = Who(*(np.repeat(values, len(luck)) for values in one_of()[:3]), np.full(len(luck), day))
        got = drawn(many, behaviours, luck)
        assert (got == len(NAMES)).mean() == pytest.approx(share, abs=0.0002)
        assert (got == 0).mean() == pytest.approx((1 - share) * 0.42 / 1.01, abs=0.0003)


def test_what_is_measured_is_the_behaviours_level_the_customers_own_the_noise_and_the_fall(households, january):
    state = households(2, signup=100)
    state.behaviour[:] = [NAMES.index("talker"), NOBODY]
    for place, name in enumerate(OWN):
        getattr(state, name)[:] = 0.01 * place
    state.fall[1], state.unpaid[1] = 0.5, 2
    got = measured(state, np.arange(2), january, np.ones((6, 2)))
    noise, own = np.array([0.18, 0.15, 0.3, 0.4, 0.4, 0.2]), 0.01 * np.arange(6)
    talker = np.array([-0.7, -0.1, 1.5, 0.1, -0.4, -0.3])
    assert got[:, 0] == pytest.approx(talker + own + noise)
    fallen = own + noise - [0.5, 0.0, 0.0, 0.9, 1.0, 0.0] + [np.log(0.3), 0, 0, 0, 0, 0]
    assert got[:, 1] == pytest.approx(fallen)


def test_levels_have_a_column_per_behaviour_and_one_for_none():
    got = levels(Behaviours().with_newcomer(JANUARY))
    assert got.shape == (len(MEASURES), len(NAMES) + 2)
    assert (got[:, -1] == 0).all()
    assert everyone(Behaviours().with_newcomer(JANUARY))[-1].name == "night_gamer"


@pytest.fixture(scope="module")
def lives(small_world):
    return live(small_world, chunk=0, size=1_500)


def test_a_house_move_does_not_change_the_behaviour(lives):
    state, _ = lives
    place = np.full(state.account.max() + 1, -1)
    place[state.account] = np.arange(state.size)
    moved = np.flatnonzero(state.replaces >= 0)
    old = place[state.replaces[moved]]
    assert len(moved) > 20
    assert (state.behaviour[moved] == state.behaviour[old]).mean() > 0.9


def test_shares_are_unequal_and_none_is_tiny(lives):
    state, _ = lives
    got = np.bincount(state.behaviour[state.active], minlength=6) / state.active.sum()
    assert 0.25 < got.max() < 0.36
    assert 0.05 < got.min() < 0.12


def test_the_use_on_record_has_the_levels_of_the_behaviours(lives):
    state, book = lives
    rows = book.rows("usage")
    steady = np.full(state.account.max() + 1, NOBODY)
    kept = state.active & (state.fall < 0.05) & state.held[:, 0]
    steady[state.account[kept]] = state.behaviour[kept]
    last = rows["month"] == rows["month"].max()
    by = steady[rows["customer"][last]]
    log_gb, evening = np.log(rows["download_gb"][last] + 1e-9), rows["evening_share"][last]
    streaming, light, office = (by == NAMES.index(name) for name in ("streaming", "light", "office"))
    assert np.median(log_gb[streaming]) - np.median(log_gb[light]) == pytest.approx(0.75 + 1.05, abs=0.2)
    assert evening[streaming].mean() > evening[light].mean() + 0.1 > evening[office].mean() + 0.2


def test_a_demo_with_a_new_behaviour_is_the_same_before_its_quarter(small_world):
    parameters = Parameters().with_newcomer(date(2026, 7, 1))
    _, one = live(small_world, chunk=0, size=200)
    _, two = live(replace(small_world, parameters=parameters), chunk=0, size=200)
    before = [rows["month"] < day_of(date(2026, 7, 1)) for rows in (one.rows("usage"), two.rows("usage"))]
    for name, values in one.rows("usage").items():
        assert (values[before[0]] == two.rows("usage")[name][before[1]]).all()
    assert (one.rows("usage")["download_gb"].sum()) != two.rows("usage")["download_gb"].sum()
