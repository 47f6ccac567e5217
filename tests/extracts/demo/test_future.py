"""The realised future: who leaves first, when, and that a move to a new account is no leaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from analysis.extracts.demo.campaigns import rounds
from analysis.extracts.demo.days import NEVER, first_day
from analysis.extracts.demo.draws import Draws
from analysis.extracts.demo.future import continued, lived, realised_world
from analysis.extracts.demo.hazard import MOVED, OTHER, VOLUNTARY
from analysis.extracts.demo.parameters import Hazard, Terms
from analysis.extracts.demo.state import NOBODY, State
from analysis.extracts.demo.terms import NEW, UPGRADE
from analysis.extracts.demo.world import World

CALM = {"base": -99.0, "unpaid": (0.0,), "house_move": 0.0, "death": (0.0, 0.0), "other": 0.0, "interruption": 0.0}


@pytest.fixture
def there(households, small_world) -> State:
    return households(1_500, signup=small_world.until - 900)


@pytest.fixture
def later(small_world) -> Callable[..., World]:
    """The year after the window, with hazards of leaving that a test chooses."""

    def made(**hazards: object) -> World:
        parameters = replace(small_world.parameters, hazard=Hazard(**{**CALM, **hazards}))
        return realised_world(replace(small_world, parameters=parameters), months=12)

    return made


def test_nobody_leaves_without_hazards(there, later):
    got = lived(there, later(), months=12, chunk=0).leaving
    assert (got.day == NEVER).all()
    assert (got.kind == NOBODY).all()


def test_a_known_hazard_makes_so_many_leave_within_the_months_asked_for(there, later, small_world):
    got = lived(there, later(other=0.05), months=4, chunk=0).leaving
    left = got.day < NEVER
    assert left.mean() == pytest.approx(1 - np.exp(-0.2), abs=0.03)
    assert set(got.kind[left]) == {OTHER}
    assert got.day[left].min() > small_world.until
    assert got.day[left].max() < first_day(small_world.last + 5)


def test_who_moves_house_with_us_has_not_left(there, later):
    got = lived(there, later(house_move=0.05, moves_with_us=1.0), months=2, chunk=0).leaving
    assert (got.day == NEVER).all()


def test_who_moves_house_away_has_left(there, later):
    got = lived(there, later(house_move=0.05, moves_with_us=0.0), months=2, chunk=0).leaving
    assert (got.day < NEVER).mean() == pytest.approx(1 - np.exp(-0.1), abs=0.03)
    assert set(got.kind[got.day < NEVER]) == {MOVED}


def test_who_moved_house_with_us_is_followed_to_the_new_account(there, later):
    stay = lived(there, later(other=0.05), months=6, chunk=0).leaving
    move = lived(there, later(other=0.05, house_move=0.015, moves_with_us=1.0), months=6, chunk=0).leaving
    assert (move.day < NEVER).mean() == pytest.approx((stay.day < NEVER).mean(), abs=0.03)


def test_who_comes_back_has_left_the_first_time(there, later):
    often = {"base": -1.0, "return_gap": (40, 50)}
    got = lived(there, later(**often, returns=1.0), months=6, chunk=0).leaving
    once = lived(there, later(**often, returns=0.0), months=1, chunk=0).leaving
    early = once.day < NEVER
    assert early.sum() > 200
    assert (got.day[early] == once.day[early]).all()
    assert set(got.kind[early]) == {VOLUNTARY}


@pytest.fixture
def everyone_takes(small_world) -> Callable[..., World]:
    """The months after the window, in which everyone takes television at once."""

    def made(**hazards: object) -> World:
        quiet = dict.fromkeys(("upgrade", "downgrade", "fibre_rollout", "dropped_main"), 0.0)
        terms = Terms(**quiet, added=(0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0), dropped=(0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0))
        parameters = replace(small_world.parameters, hazard=Hazard(**{**CALM, **hazards}), terms=terms)
        return realised_world(replace(small_world, parameters=parameters), months=5)

    return made


def test_what_is_taken_and_given_up_and_taken_again_is_told_once(there, everyone_takes):
    got = lived(there, everyone_takes(), months=5, chunk=0)
    assert list(got.owner) == list(range(there.size))
    assert set(got.product) == {3}
    assert set(got.kind) == {NEW}


def test_what_is_taken_after_three_months_is_not_told(there, everyone_takes):
    there.held[:, 3] = True
    world_after = everyone_takes()
    kept = replace(world_after.parameters.terms, added=(0.0,) * 7, upgrade=0.0)
    later = replace(world_after, parameters=replace(world_after.parameters, terms=kept))
    assert len(lived(there, later, months=5, chunk=0).owner) == 0


def test_a_faster_plan_is_told_as_an_upgrade(there, everyone_takes):
    after = everyone_takes()
    faster = replace(after.parameters.terms, added=(0.0,) * 7, upgrade=1.0)
    got = lived(there, replace(after, parameters=replace(after.parameters, terms=faster)), months=1, chunk=0)
    assert list(got.owner) == list(range(there.size))
    assert set(got.product) == {0}
    assert set(got.kind) == {UPGRADE}


def test_nothing_is_told_of_what_is_taken_after_leaving(there, everyone_takes):
    there.held[:, 3] = True
    after = everyone_takes(base=2.0, returns=1.0, return_gap=(32, 35))
    kept = replace(after.parameters.terms, dropped=(0.0,) * 7)
    got = lived(there, replace(after, parameters=replace(after.parameters, terms=kept)), months=3, chunk=0)
    assert (got.leaving.day < first_day(after.last + 2)).mean() > 0.95
    assert len(got.owner) == 0


def test_what_is_taken_under_a_new_account_after_a_house_move_is_told_of_the_customer(there, everyone_takes):
    after = everyone_takes(house_move=0.05, moves_with_us=1.0)
    got = lived(there, after, months=3, chunk=0)
    assert list(got.owner) == list(range(there.size))


def test_the_customers_asked_about_are_left_as_they_are(there, later):
    before = there.take(np.arange(there.size))
    lived(there, later(other=0.3), months=2, chunk=0)
    assert (there.active == before.active).all()
    assert (there.left == before.left).all()


def test_the_world_goes_on_without_campaigns(small_world):
    got = realised_world(small_world, months=12)
    assert set(got.months) == set(range(small_world.last, small_world.last + 13))
    assert rounds(small_world) != []
    assert rounds(got) == []
    assert got.until == small_world.until


def test_a_quarter_that_has_begun_keeps_its_shock_and_the_next_have_their_own(small_world):
    august = replace(small_world, last=small_world.last - 1)
    got = continued(august, Draws(1, path=(1,)), months=7).shocks
    first = august.last + 1
    assert got[first] == small_world.shocks[august.last]
    assert got[first + 1] == got[first + 2] == got[first + 3]
    assert len(set(got.values())) == 3


def test_another_path_is_another_future(small_world):
    one, two = (continued(small_world, Draws(1, path=(path,)), months=3) for path in (1, 2))
    after = small_world.last + 1
    assert (one.months[after].outage != two.months[after].outage).all()
    assert (one.months[after].felt == two.months[after].felt).all()
