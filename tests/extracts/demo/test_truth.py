"""The truth held against what comes of it: against futures in which everyone leaves or stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from analysis.extracts.demo import hazard, paths
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.chunk import live
from analysis.extracts.demo.days import NEVER, first_day
from analysis.extracts.demo.draws import Draws
from analysis.extracts.demo.future import continued, lived
from analysis.extracts.demo.parameters import Hazard, Parameters
from analysis.extracts.demo.paths import contributions, walked
from analysis.extracts.demo.paths_latent import Start, start
from analysis.extracts.demo.paths_world import BLOCK, world_block
from analysis.extracts.demo.state import State, active_rows
from analysis.extracts.demo.truth import Effort, customer_truth, world_blocks
from analysis.extracts.demo.truth_value import Economics
from analysis.extracts.demo.world import Month, world

SEEDS, CHUNKS, SIZE, FUTURES = (1, 2), 5, 2_000, 6
HORIZONS = (1, 3, 12)
YEAR = Effort(blocks=2, long_blocks=0, economics=Economics(horizon_months=12))


class Judged(NamedTuple):
    """Customers of some seeds: true chances of leaving, and the share of futures in which each left, by horizon."""

    chance: dict[int, np.ndarray]
    left: dict[int, np.ndarray]
    chosen: dict[int, np.ndarray]
    left_by_choice: dict[int, np.ndarray]


def active(there, chunk: int, size: int = SIZE) -> State:
    state, _ = live(there, chunk=chunk, size=size)
    return state.take(active_rows(state, there.parameters.bills.suspended_after))


@pytest.fixture(scope="module")
def judged() -> Judged:
    rows = [rows_of_a_seed(seed) for seed in SEEDS]
    return Judged(*({h: np.concatenate([one[place][h] for one in rows]) for h in HORIZONS} for place in range(4)))


def rows_of_a_seed(seed: int) -> tuple[dict[int, np.ndarray], ...]:
    there = world(seed=seed, months=24, until=date(2026, 9, 30), parameters=Parameters())
    blocks = world_blocks(there, YEAR)
    futures = [continued(there, Draws(seed, path=(1, number)), months=12) for number in range(FUTURES)]
    got: list[dict[int, list[np.ndarray]]] = [{h: [] for h in HORIZONS} for _ in range(4)]
    for chunk in range(CHUNKS):
        state = active(there, chunk)
        truth = customer_truth(state, blocks, effort=YEAR, chunk=chunk)
        leavings = [lived(state, future, months=12, chunk=chunk).leaving for future in futures]
        for h in HORIZONS:
            left = np.stack([one.day < first_day(there.last + 1 + h) for one in leavings])
            by_choice = left & np.stack([one.kind == hazard.VOLUNTARY for one in leavings])
            values = (truth[f"leaves_{h}m"], left.mean(axis=0), truth[f"voluntary_{h}m"], by_choice.mean(axis=0))
            for place, value in enumerate(values):
                got[place][h].append(value)
    return tuple({h: np.concatenate(parts[h]) for h in HORIZONS} for parts in got)


@pytest.mark.parametrize(("horizon", "tolerance"), [(1, 0.08), (3, 0.05), (12, 0.025)])
def test_the_mean_chance_is_the_share_that_leaves(judged, horizon, tolerance):
    assert len(judged.chance[horizon]) > 12_000
    assert judged.chance[horizon].mean() == pytest.approx(judged.left[horizon].mean(), rel=tolerance)
    assert judged.chosen[horizon].mean() == pytest.approx(judged.left_by_choice[horizon].mean(), rel=1.5 * tolerance)


@pytest.mark.parametrize("horizon", [3, 12])
def test_each_tenth_leaves_as_often_as_its_chances_say(judged, horizon):
    chance, left = judged.chance[horizon], judged.left[horizon]
    tenth = np.argsort(np.argsort(chance)) * 10 // len(chance)
    for number in range(10):
        there = tenth == number
        error = left[there].std() / np.sqrt(there.sum()) + 0.02 * chance[there].mean()
        assert abs(chance[there].mean() - left[there].mean()) < 3.5 * error
    assert chance[tenth == 9].mean() > 3.5 * chance[tenth == 0].mean()


@pytest.mark.parametrize(("horizon", "tolerance"), [(3, 0.06), (12, 0.1)])
def test_the_calibration_slope_is_one(judged, horizon, tolerance):
    chance, left = judged.chance[horizon], judged.left[horizon]
    log_odds = np.tile(np.log(chance / (1 - chance)), 2)[:, None]
    outcome = np.repeat([1, 0], len(chance))
    fit = LogisticRegression(C=1e9).fit(log_odds, outcome, sample_weight=np.concatenate([left, 1 - left]))
    assert fit.coef_[0, 0] == pytest.approx(1, abs=tolerance)


def test_paths_on_which_nobody_leaves_agree_with_lives_in_which_everyone_leaves_or_stays():
    there = world(seed=4, months=12, until=date(2026, 9, 30), parameters=Parameters(hazard=Hazard(shock=0.0)))
    block, state = world_block(there, 0, months=12), active(there, 0, 500)
    lives = 200
    many = some_lives(start(state, block, chunk=0), state.size, lives)
    got = lived(many, block.world, months=12, chunk=0).leaving
    walk = walked(start(state, block, chunk=0), block, Economics(), months=12, chunk=0)
    weight, free = walk.weight.sum(axis=0), state.of_main("term_end") == NEVER
    for months, tolerance in ((3, 0.05), (12, 0.03)):
        left = (got.day < first_day(there.last + 1 + months)).reshape(lives, -1).mean(axis=0)
        chance = 1 - walk.staying[months - 1] / weight
        assert chance.mean() == pytest.approx(left.mean(), rel=tolerance)
        for part in (free, ~free):
            assert chance[part].mean() == pytest.approx(left[part].mean(), rel=2 * tolerance)
    by_choice = ((got.day < NEVER) & (got.kind == hazard.VOLUNTARY)).mean()
    assert (walk.chosen.sum(axis=0) / weight).mean() == pytest.approx(by_choice, rel=0.04)


def some_lives(begin: Start, size: int, lives: int) -> State:
    """Customers many times over, each time with a path and a frailty drawn by how likely they are."""
    by_customer = begin.chance.reshape(-1, size)
    edges = np.cumsum(by_customer / by_customer.sum(axis=0), axis=0)
    luck = np.random.default_rng(1).random((lives, size))
    place = (luck[:, None, :] > edges[None]).sum(axis=1).clip(0, len(edges) - 1)
    frailty, path = np.divmod(place, BLOCK)
    many = begin.state.take((path * size + np.arange(size)).ravel())
    many.frailty[:] = begin.frailty[frailty.ravel()]
    return many


def test_contributions_with_the_hidden_ones_and_the_base_sum_to_the_log_hazard(small_world):
    block, state = world_block(small_world, 0, months=3), active(small_world, 0, 300)
    begin, number = start(state, block, chunk=0), small_world.last + 1
    parts = contributions(begin.state, Month(block.world, number, 0, Book()), shock=block.shocks[number])
    assert set(parts) == set(hazard.REASON_FAMILIES | hazard.OTHER_FAMILIES | hazard.HIDDEN)
    quiet = replace(block.world, shocks={number: np.repeat(block.shocks[number], state.size)})
    expected = np.log(hazard.voluntary(begin.state, Month(quiet, number, 0, Book())))
    assert Hazard().base + sum(parts.values()) == pytest.approx(expected)
    assert parts["frailty"] == pytest.approx(0)
    assert parts["shock"].reshape(BLOCK, -1)[:, 0] == pytest.approx(block.shocks[number])


def test_what_is_told_of_a_family_is_its_mean_over_the_paths(small_world, monkeypatch):
    monkeypatch.setattr(paths, "FELT_MONTHS", 1)
    block, state = world_block(small_world, 0, months=1), active(small_world, 0, 300)
    begin, number = start(state, block, chunk=0), small_world.last + 1
    before = start(state, block, chunk=0)
    got = walked(begin, block, Economics(), months=1, chunk=0)
    now = Month(block.world, number, 0, Book())
    paths.rise_prices(before.state, now)
    weight = before.chance.sum(axis=0)
    for name, part in contributions(before.state, now, shock=block.shocks[number]).items():
        expected = (weight * part).reshape(BLOCK, -1).sum(axis=0) / weight.reshape(BLOCK, -1).sum(axis=0)
        assert got.families[name] / got.weight.sum(axis=0) == pytest.approx(expected)


@pytest.fixture
def contacted(households, small_world) -> np.ndarray:
    """Monthly chances of leaving by choice in the year to come: not contacted, and contacted in the last month."""
    state = households(3_000, signup=small_world.until - 900)
    state.contact_age[1_500:], state.contact_effect[1_500:] = 1, -1.0
    block = world_block(small_world, 0, months=12)
    walk = walked(start(state, block, chunk=0), block, Economics(), months=12, chunk=0)
    before = np.vstack([walk.weight.sum(axis=0), walk.staying[:-1]])
    return (walk.chosen / before).reshape(12, 2, -1).mean(axis=2).T


def test_a_contact_before_the_last_day_goes_on_and_fades(contacted):
    ratio = contacted[1] / contacted[0]
    assert ratio[:2] == pytest.approx([np.exp(-1)] * 2, rel=0.08)
    assert ratio[2:5] == pytest.approx([np.exp(-0.5)] * 3, rel=0.10)


def test_nobody_is_contacted_anew_after_the_last_day(contacted):
    ratio = contacted[1] / contacted[0]
    assert ratio[5:] == pytest.approx([1.0] * 7, rel=0.12)


def test_a_known_hazard_gives_the_chance_and_the_months_left_of_its_formula(households, small_world):
    calm = Hazard(base=-99.0, unpaid=(0.0,), house_move=0.004, moves_with_us=0.5, death=(0.0, 0.0), other=0.03)
    there = replace(small_world, parameters=Parameters(hazard=calm))
    effort = Effort(blocks=1)
    state = households(3, signup=small_world.until - 900)
    got = customer_truth(state, world_blocks(there, effort), effort=effort, chunk=0)
    staying = np.exp(-0.032 * np.arange(37))
    for months in HORIZONS:
        assert got[f"leaves_{months}m"] == pytest.approx([1 - staying[months]] * 3)
        assert got[f"voluntary_{months}m"] == pytest.approx([0] * 3)
    assert got["months_left_36"] == pytest.approx([(staying[1:] + staying[:-1]).sum() / 2] * 3)
    assert got["noise"] == pytest.approx([0] * 3, abs=1e-9)


def test_frailty_makes_the_mean_hazard_fall_as_its_formula_says(households, small_world):
    level = Hazard(base=np.log(0.05), unpaid=(0.0,), house_move=0.0, death=(0.0, 0.0), other=0.0, shock=0.0)
    zero = {name: 0.0 for name in vars(level) if isinstance(getattr(level, name), float)} | {"base": level.base}
    p = Parameters()
    there = replace(
        small_world, parameters=replace(p, hazard=replace(level, **zero, technology=(0.0,) * 3, types=(0.0,) * 4))
    )
    state = households(3, signup=small_world.until - 900)
    effort = Effort(blocks=1)
    got = customer_truth(state, world_blocks(there, effort), effort=effort, chunk=0)["leaves_12m"]
    draws = np.exp(np.random.default_rng(1).normal(0, p.population.frailty, 400_000))
    assert got == pytest.approx([1 - np.exp(-0.6 * draws).mean()] * 3, abs=0.001)


def test_only_the_active_are_told_of(households):
    state = households(5, signup=100)
    state.active[0] = False
    state.line[1], state.unpaid[2], state.unpaid[3] = 1, 2, 1
    assert list(active_rows(state, 2)) == [3, 4]
