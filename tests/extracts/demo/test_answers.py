"""What moves the answers to surveys: the truth beside answers that are given again with the cause taken away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.extracts.demo.answers import EFFECTS, coloured, effects, expected, moves
from analysis.extracts.demo.areas import AreaMonth
from analysis.extracts.demo.days import first_day
from analysis.extracts.demo.parameters import Service
from analysis.extracts.demo.service import serve
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.world import Month

S = Service()
ROWS = np.arange(4)


@pytest.fixture
def later(january):
    """April 2026, after three months of measurements."""
    known = {january.number + month: january.area for month in range(4)}
    there = replace(january.world, months=known, shocks=dict.fromkeys(known, 0.0))
    return Month(there, january.number + 3, 0, january.book)


def answered(state, month, *, late):
    state.answered_on[:] = first_day(month.number + late) + 3
    return state


def test_the_expected_score_is_the_mean_of_scores_rounded_and_cut_at_the_ends():
    luck = np.random.default_rng(1).standard_normal(400_000)
    drawn = np.rint(S.nps[0] + S.nps[1] * 0.7 + S.nps[2] * luck).clip(0, 10)
    assert expected(np.array([0.7]), "nps_score", S)[0] == pytest.approx(drawn.mean(), abs=0.01)
    assert expected(np.array([-50.0, 50.0]), "csat_score", S) == pytest.approx([1, 5])


def test_ten_euros_more_and_a_slower_line_colour_an_answer(households, later):
    state = households(4, signup=later.first - 900)
    before = coloured(state, ROWS, later)
    state.fee[0, 0] += 1_000
    slower = AreaMonth(**{**vars(later.area), "share": np.full_like(later.area.share, -0.3)})
    later.world.months[later.number - 1] = slower
    got = coloured(state, ROWS, later) - before
    assert got == pytest.approx(np.array([10, 0, 0, 0]) * S.fee_told - S.speed_told * 0.1)


@pytest.mark.parametrize("late", [0, 1])
def test_an_hour_of_outage_in_each_whole_month_moves_satisfaction_as_told(households, later, late):
    """Lived again with an hour more in the last three whole months before the month of the answer."""
    felt = []
    for hours in (0.0, 1.0):
        state = households(4, signup=later.first - 900)
        for back in (3, 2, 1, 0):
            now = replace(later, number=later.number - back)
            inside = back <= 2 if late else back >= 1
            minutes = np.full_like(later.area.outage, 60 * hours * inside)
            now.world.months[now.number] = AreaMonth(**{**vars(later.area), "outage": minutes})
            quiet = replace(now.parameters, service=replace(S, tickets=0.0, mood=0.0))
            whole = Span(np.full(4, now.first), np.full(4, now.end))
            serve(state, whole, replace(now, world=replace(now.world, parameters=quiet)))
        felt.append(state.satisfaction.copy())
    got = moves(answered(state, later, late=late), ROWS, later)
    assert got["outage_hours"] == pytest.approx(felt[1] - felt[0])


def test_what_came_before_the_customer_joined_moves_nothing(households, later):
    state = answered(households(4, signup=later.first - 40), later, late=0)
    assert moves(state, ROWS, later)["outage_hours"] == pytest.approx(S.outage_hurts * (0.85 + 0.85**2) * np.ones(4))


def test_only_who_had_a_price_rise_within_three_months_tells_of_one(households, later):
    state = answered(households(4, signup=later.first - 900), later, late=0)
    state.rise_age[:] = [0, 2, 3, 99]
    got = moves(state, ROWS, later)["price_rise"]
    assert got[:2] == pytest.approx([S.rise_hurts, S.rise_hurts * 0.85**2])
    assert np.isnan(got[2:]).all()


def test_effects_are_means_over_the_answers_and_none_where_no_answer_tells():
    nothing = {name: np.array([np.nan, np.nan]) for name in EFFECTS}
    given = {**nothing, "felt": np.array([0.0, 0.4]), "net_fee": np.array([-0.1, -0.1]), "price_rise": [-0.2, np.nan]}
    given["price_rise"] = np.array(given["price_rise"])
    got = effects(given, S)["nps_score"]
    change = expected(given["felt"] - 0.1, "nps_score", S) - expected(given["felt"], "nps_score", S)
    assert got["net_fee"] == pytest.approx(change.mean())
    taken_back = expected(np.array([0.0, 0.2]), "nps_score", S)
    assert got["price_rise"] == pytest.approx(taken_back[0] - taken_back[1])
    assert got["outage_hours"] is None
    assert effects({}, S)["csat_score"] == dict.fromkeys(EFFECTS)
