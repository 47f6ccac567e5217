"""The state holds all that the future depends on: it can be continued, with the same numbers or with others."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from analysis.extracts.demo.book import Book
from analysis.extracts.demo.chunk import seen
from analysis.extracts.demo.draws import Draws, Subject
from analysis.extracts.demo.history import catch_up
from analysis.extracts.demo.life import advance
from analysis.extracts.demo.people import first_state
from analysis.extracts.demo.state import State
from analysis.extracts.demo.world import Month, World


@pytest.fixture
def begun(small_world) -> State:
    state, _ = first_state(small_world, chunk=0, size=400)
    catch_up(state, small_world, chunk=0, book=Book())
    return state


def lived(state: State, world: World, months: int, *, begin: int) -> State:
    """A copy of the state, some months on."""
    got = state.take(np.arange(state.size))
    for number in range(begin, begin + months):
        advance(got, Month(world, number, 0, Book()))
    return got


def alike(one: State, two: State) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(State))


def test_a_state_continued_is_the_state_lived_through(begun, small_world):
    begin = small_world.begin
    half = lived(begun, small_world, 2, begin=begin)
    assert alike(lived(half, small_world, 2, begin=begin + 2), lived(begun, small_world, 4, begin=begin))


def test_a_state_continued_with_other_numbers_has_another_future_and_the_same_past(begun, small_world):
    begin = small_world.begin
    half = lived(begun, small_world, 2, begin=begin)
    other = replace(small_world, draws=Draws(1, path=(1,)))
    got = lived(half, other, 3, begin=begin + 2)
    known = lived(half, small_world, 3, begin=begin + 2)
    before = half.left < np.iinfo(np.int32).max
    assert (got.left != known.left).any()
    assert (got.left == known.left)[before & (half.returns_on == np.iinfo(np.int32).max)].all()


def test_chunks_months_and_subjects_have_random_numbers_of_their_own(small_world):
    first = small_world.first
    got = {
        Month(small_world, month, chunk, Book()).random(subject).random()
        for month in (first, first + 1)
        for chunk in (0, 1)
        for subject in (Subject.LEAVING, Subject.USAGE)
    }
    assert len(got) == 8


def test_half_a_year_without_hazards_leaves_everyone_there(begun, small_world):
    p = small_world.parameters
    calm = replace(p.hazard, base=-99.0, unpaid=(0.0,), house_move=0.0, death=(0.0, 0.0), other=0.0)
    world = replace(small_world, parameters=replace(p, hazard=calm))
    got = lived(begun, world, 6, begin=world.begin)
    assert got.active[begun.active].all()


def test_a_base_whose_hazard_is_known_leaves_at_that_rate(households, small_world):
    p = small_world.parameters
    plain = replace(p.hazard, base=-99.0, unpaid=(0.0,), house_move=0.0, death=(0.0, 0.0), other=0.05)
    world = replace(small_world, parameters=replace(p, hazard=plain))
    state = households(20_000, signup=Month(world, world.first, 0, Book()).first - 900)
    got = lived(state, world, 3, begin=world.first)
    assert (~got.active).mean() == pytest.approx(1 - np.exp(-0.15), abs=0.01)


def test_the_window_sees_as_many_as_are_wanted_and_none_who_left(begun, small_world):
    state = lived(begun, small_world, 12, begin=small_world.begin)
    got = seen(state, 200)
    assert got.active.sum() == 200
    assert (got.left[got.active] == np.iinfo(np.int32).max).all()
    assert not (~got.active & (got.signup < small_world.observed_from)).any()
