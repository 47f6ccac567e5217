"""What is drawn for the hidden parts follows from what the records tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from analysis.extracts.demo import hazard
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.chunk import live
from analysis.extracts.demo.days import NEVER
from analysis.extracts.demo.life import advance, leave
from analysis.extracts.demo.parameters import Bills, Parameters
from analysis.extracts.demo.paths_latent import payer_chances, start
from analysis.extracts.demo.paths_world import BLOCK, fault_ages, stratified, world_block
from analysis.extracts.demo.state import State
from analysis.extracts.demo.world import Month

P = Parameters()


@pytest.fixture
def block(small_world):
    return world_block(small_world, 0, months=3)


def shares(begin, size: int) -> np.ndarray:
    """How likely each frailty is for each customer: a row per frailty."""
    by_path = begin.chance.reshape(len(begin.frailty), BLOCK, size).sum(axis=1)
    return by_path / by_path.sum(axis=0)


def mean_level(begin, size: int) -> np.ndarray:
    weight = begin.chance.sum(axis=0).reshape(BLOCK, size)
    return (weight * begin.state.level.reshape(BLOCK, size)).sum(axis=0) / weight.sum(axis=0)


def billed(state: State, small_world, *, bills: int, late: int, stops: int) -> State:
    """Bills of so many months, the last one paid."""
    state.bills[:], state.late_bills[:], state.stops[:] = bills, late, stops
    state.billed_on[:] = small_world.until - 28
    state.pays_last[:] = small_world.until - 20
    return state


def test_numbers_are_spread_evenly_over_the_paths():
    got = stratified(np.random.default_rng(1), 50)
    assert (np.sort(np.floor(got * BLOCK), axis=0) == np.arange(BLOCK)[:, None]).all()


def test_a_newcomers_frailty_is_as_in_the_population(households, small_world, block):
    state = households(4, signup=small_world.until - 5)
    begin = start(state, block, chunk=0)
    got = shares(begin, 4)
    assert begin.frailty @ got == pytest.approx([0] * 4, abs=1e-9)
    assert begin.frailty**2 @ got == pytest.approx([P.population.frailty**2] * 4)


def test_who_stayed_at_a_high_hazard_is_likely_to_be_less_frail(households, small_world, block):
    state = households(3, signup=small_world.until - 900)
    state.endured_before[:] = [0.2, 1.0, 3.0]
    begin = start(state, block, chunk=0)
    got = begin.frailty @ shares(begin, 3)
    grid = np.linspace(-3, 3, 2001)
    dense = norm.pdf(grid / P.population.frailty) * np.exp(-np.exp(grid) * state.endured_before[:, None])
    assert got == pytest.approx((grid * dense).sum(axis=1) / dense.sum(axis=1), abs=0.003)
    assert (np.diff(got) < -0.05).all()


def test_who_left_and_came_back_is_likely_to_be_more_frail(households, small_world, block):
    state = households(2, signup=small_world.until - 900)
    state.choices[:] = [0, 1]
    begin = start(state, block, chunk=0)
    got = begin.frailty @ shares(begin, 2)
    assert got == pytest.approx([0, P.population.frailty**2], abs=1e-6)


def test_a_good_answer_raises_the_level_and_one_after_the_last_day_does_not(households, small_world, block):
    state = households(3_000, signup=small_world.until - 900)
    state.nps[:], state.csat[:] = np.repeat([10, 2, 2], 1_000), np.repeat([5, 2, 2], 1_000)
    state.answered_on[:] = small_world.until - 10
    state.answered_on[2_000:] = small_world.until + 3
    state.asked_in[:] = small_world.last
    got = mean_level(start(state, block, chunk=0), 3_000).reshape(3, -1).mean(axis=1)
    assert got[0] > 0.3
    assert got[1] < -0.5
    assert got[2] == pytest.approx(0, abs=0.02)


def test_a_bad_answer_with_a_complaint_in_sight_says_less_about_the_level(households, small_world, block):
    state = households(2_000, signup=small_world.until - 900)
    state.nps[:], state.csat[:] = 3, 2
    state.answered_on[:], state.asked_in[:] = small_world.until - 10, small_world.last
    state.shown_then[1_000:] = -1.5
    got = mean_level(start(state, block, chunk=0), 2_000).reshape(2, -1).mean(axis=1)
    assert got[0] < got[1] - 0.3


def test_satisfaction_is_what_events_made_of_it_and_what_is_hidden(households, small_world, block):
    state = households(4_000, signup=small_world.until - 900)
    state.shown[:] = -0.7
    got = start(state, block, chunk=0).state
    s = P.service
    mood = s.mood / np.sqrt(1 - (1 - s.return_to_level) ** 2)
    assert got.satisfaction.mean() == pytest.approx(-0.7, abs=0.01)
    assert got.satisfaction.std() == pytest.approx(np.hypot(P.population.satisfaction, mood), rel=0.02)


def test_payers_are_as_in_the_population_before_the_first_bill(households, small_world):
    state = households(1, signup=small_world.until)
    state.pays_last[:] = 0
    got = payer_chances(state, Bills(), until=small_world.until)[0]
    assert got == pytest.approx(Bills().payers)


def test_bills_tell_who_pays_late(households, small_world):
    state = billed(households(1, signup=small_world.until - 900), small_world, bills=4, late=2, stops=0)
    b = Bills()
    expected = [
        share * ((1 - stop) * late) ** 2 * ((1 - stop) * (1 - late)) ** 2
        for share, stop, late in zip(b.payers, b.stops_paying, b.late, strict=True)
    ]
    assert payer_chances(state, b, until=small_world.until)[0] == pytest.approx(expected)


def test_a_bill_still_open_may_be_late_or_the_first_unpaid_and_which_is_not_on_record(households, small_world):
    late, stopped = (
        billed(households(1, signup=small_world.until - 900), small_world, bills=10, late=1, stops=0) for _ in "ab"
    )
    late.pays_last[:] = small_world.until + 5
    stopped.late_bills[:], stopped.stops[:], stopped.unpaid[:] = 0, 1, 1
    stopped.pays_last[:] = small_world.until + 40
    one, two = (payer_chances(state, Bills(), until=small_world.until) for state in (late, stopped))
    assert one == pytest.approx(two)
    settled = billed(households(1, signup=small_world.until - 900), small_world, bills=10, late=0, stops=0)
    known = payer_chances(settled, Bills(), until=small_world.until)
    prompt, before = (one / one.sum())[0, 0], (known / known.sum())[0, 0]
    assert 1 - prompt > 10 * (1 - before)


def test_an_open_bill_is_the_first_unpaid_on_some_paths_and_a_paid_one_on_none(households, small_world, block):
    state = billed(households(2_000, signup=small_world.until - 900), small_world, bills=10, late=0, stops=0)
    state.bills[1_000:], state.late_bills[1_000:] = 11, 1
    state.pays_last[1_000:] = small_world.until + 5
    got = start(state, block, chunk=0).state
    unpaid = got.unpaid.reshape(BLOCK, 2, 1_000).mean(axis=(0, 2))
    assert unpaid[0] == 0
    assert 0.02 < unpaid[1] < 0.3
    assert (got.pays_on[got.unpaid > 0] > small_world.until + 30).all()
    assert (got.pays_on[got.unpaid == 0] == NEVER).all()


def test_what_is_hidden_is_drawn_whatever_it_truly_is(households, small_world, block):
    one, two = (households(300, signup=small_world.until - 900) for _ in "ab")
    two.frailty[:], two.level[:], two.satisfaction[:] = 2.0, -2.0, -2.0
    two.sensitivity[:], two.payer[:] = 5.0, 2
    got, same = (start(state, block, chunk=0) for state in (one, two))
    assert (got.chance == same.chance).all()
    for name in ("frailty", "level", "satisfaction", "sensitivity", "payer", "unpaid", "pays_on"):
        assert (getattr(got.state, name) == getattr(same.state, name)).all()


def test_how_long_a_fault_has_lasted_is_counted_and_when_it_ends_is_drawn(small_world):
    last, count = small_world.last, len(small_world.areas.weight)
    left = {last: 2, last - 1: 3, last - 2: 4, last - 3: 1, last - 4: 2}
    months = dict(small_world.months)
    for number in small_world.months:
        months[number] = replace(months[number], fault_left=np.full(count, left.get(number, 0)))
    there = replace(small_world, months=months)
    assert (fault_ages(there) == 3).all()
    drawn = world_block(there, 0, months=1).world.months[last].fault_left
    assert set(drawn) == {1, 2, 3, 4}


def test_offers_and_shocks_are_drawn_whatever_they_truly_are(small_world):
    last = small_world.last
    months = {**small_world.months}
    months[last] = replace(months[last], offer_left=np.full(len(small_world.areas.weight), 4))
    got = world_block(replace(small_world, months=months), 0, months=12)
    same = world_block(small_world, 0, months=12)
    assert (got.world.months[last].offer_left == same.world.months[last].offer_left).all()
    assert (got.world.months[last].offer_left > 0).mean() == pytest.approx(0.057, abs=0.04)
    assert got.shocks[last + 1] == pytest.approx(same.shocks[last + 1])
    assert (got.shocks[last + 1] != got.shocks[last + 4]).all()


def test_what_was_endured_is_the_hazard_with_everything_hidden_at_zero(households, small_world):
    state = households(2, signup=small_world.until - 900)
    now = Month(small_world, small_world.last, 0, Book())
    state.shown[:] = -0.5
    state.satisfaction[:], state.frailty[1] = [-0.5, 0.8], 1.3
    plain = households(1, signup=small_world.until - 900)
    plain.satisfaction[:] = -0.5
    quiet_area = replace(now.area, offer_left=np.zeros_like(now.area.offer_left))
    quiet = replace(small_world, shocks={now.number: 0.0}, months={now.number: quiet_area})
    expected = hazard.voluntary(plain, replace(now, world=quiet))[0]
    assert hazard.endured(state, now, hazard.voluntary(state, now)) == pytest.approx([expected] * 2)


def test_what_is_endured_adds_up_month_by_month_while_a_customer_is_there(households, small_world):
    state = households(50, signup=small_world.until - 900)
    state.active[25:] = False
    now = Month(small_world, small_world.last, 0, Book())
    expected = hazard.endured(state, now, hazard.voluntary(state, now))
    state.endured[:] = 2.0
    leave(state, now)
    assert state.endured[:25] == pytest.approx(2.0 + expected[:25])
    assert (state.endured[25:] == 2.0).all()


def test_what_events_make_of_satisfaction_is_kept_apart_from_its_level_and_mood(households, small_world):
    state = households(5_000, signup=small_world.until - 900)
    state.satisfaction[:] = state.level[:] = np.repeat([-1.0, 1.0], 2_500)
    for number in range(small_world.last - 11, small_world.last + 1):
        advance(state, Month(small_world, number, 0, Book()))
    there = state.active
    s, hidden = P.service, (state.satisfaction - state.shown - state.level)[there]
    memory = (1 - s.return_to_level) ** 2
    assert hidden.mean() == pytest.approx(0, abs=0.01)
    assert hidden.std() == pytest.approx(s.mood * np.sqrt((1 - memory**12) / (1 - memory)), rel=0.03)
    assert state.shown[there].mean() < -0.05


def test_bills_and_choices_are_counted_as_they_come(small_world):
    state, book = live(small_world, chunk=0, size=600)
    rows = {name: values[book.rows("invoices")["kind"] == 0] for name, values in book.rows("invoices").items()}
    due_late = (rows["paid_date"] > rows["due_date"]) & (rows["paid_date"] <= rows["due_date"] + 35)
    late = np.bincount(rows["customer"][due_late], minlength=state.account.max() + 1)[state.account]
    whole = state.active & (state.stops == 0) & (state.replaces == -1)
    assert whole.sum() > 200
    assert (state.late_bills[whole] == late[whole]).all()
    assert state.stops.sum() > 5
    back = state.active & (state.spell_start > state.signup)
    assert (state.choices[back] >= 1).all()
    assert (state.choices[state.active & ~back & (state.replaces == -1)] == 0).all()
