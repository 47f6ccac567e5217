"""Who the accounts are when the simulation begins: a base of survivors, and those who will join."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.areas import connection
from analysis.extracts.demo.days import first_day, first_days
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.hazard import lasting
from analysis.extracts.demo.names import INDUSTRIES, PAYMENT_METHODS
from analysis.extracts.demo.parameters import Parameters, Population
from analysis.extracts.demo.state import NORMAL, OWN, STAFF, TEST, Ints, State, empty_state
from analysis.extracts.demo.world import World

POOL = 3  # candidates drawn for each past signup that is kept
PLACES = 0.12  # places kept for house moves, per account


def opening_share(world: World) -> float:
    """Share of the accounts that are there when the window opens; the rest join in it."""
    months = world.last - world.first + 1
    return 1 / (1 + world.parameters.population.joins_per_month * months)


def first_state(world: World, *, chunk: int, size: int) -> tuple[State, int]:
    """A chunk's accounts at the start of the warm-up, and how many of them are to be left at the window's start."""
    random = world.draws.stream(Subject.PEOPLE, chunk)
    opening = round(opening_share(world) * size)
    joiners = size - opening
    wanted = int(world.parameters.population.spare * opening) + 20
    places = int(PLACES * size) + 10
    state = strangers(POOL * wanted + joiners + places, world, random)
    there = _survivors(state, POOL * wanted, world, random)[:wanted]
    later = POOL * wanted + np.arange(joiners + places)
    state.signup[later[:joiners]] = _joining_days(joiners, world, random)
    state = state.take(np.concatenate([there, later]))
    state.account, state.person = np.arange(state.size), np.arange(state.size)
    return share_households(state, world.parameters.population, random), opening


def strangers(size: int, world: World, random: np.random.Generator) -> State:
    """Accounts drawn from the population, without a past."""
    p, state = world.parameters, empty_state(size)
    state.type = random.choice(4, size, p=p.population.type_shares)
    household = state.type == 0
    state.industry = np.where(state.type == 1, random.integers(0, len(INDUSTRIES), size), -1)
    state.employees = np.where(household, -1, np.exp(random.normal(2.0, 1.2, size)).astype(np.int64) + 1)
    low, high = p.population.birth_years
    state.birth_year = np.where(household, random.integers(low, high + 1, size), -1)
    state.area = random.choice(len(world.areas.weight), size, p=world.areas.weight)
    state.offered = connection(state.area, world.areas, random.random(size))
    state.channel = random.choice(len(p.population.channels), size, p=p.population.channels)
    costs = np.array(p.population.channel_costs)[state.channel]
    state.cost = (costs * random.uniform(0.8, 1.2, size)).astype(np.int64)
    state.role = (random.random(size) >= p.population.administrators).astype(np.int64)
    state.payment_method = random.choice(len(PAYMENT_METHODS), size, p=(0.72, 0.12, 0.14, 0.02))
    line, tests = random.random(size), p.population.test_share
    state.line = np.where(line < tests, TEST, np.where(line < tests + p.population.staff_share, STAFF, NORMAL))
    _draw_latent(state, p, random)
    return state


def _draw_latent(state: State, p: Parameters, random: np.random.Generator) -> None:
    """What no column shows of an account."""
    size = state.size
    state.frailty = random.normal(0, p.population.frailty, size)
    state.sensitivity = np.exp(random.normal(0, p.population.price_sensitivity, size))
    state.level = random.normal(0, p.population.satisfaction, size)
    state.satisfaction = state.level + random.normal(0, 0.25, size)
    state.payer = random.choice(3, size, p=p.bills.payers)
    for name, spread in zip(OWN, p.use.spreads, strict=True):
        setattr(state, name, random.normal(0, spread, size))


def _survivors(state: State, pool: int, world: World, random: np.random.Generator) -> Ints:
    """Past signups that are still there when the warm-up begins, in the order drawn.

    Signups are spread evenly over the years before; each is kept with the chance exp(-H) of its own cumulative
    hazard H, a mean hazard times its lasting part and its frailty, falling with tenure as in `hazard.profile`.
    Those who sign up during the warm-up are all kept: they live through it.
    """
    p, begin = world.parameters, first_day(world.begin)
    days = int(365.25 * p.population.years_before)
    state.signup[:pool] = random.integers(begin - days, world.observed_from, pool)
    years = np.maximum(begin - state.signup[:pool], 0) / 365.25
    power = 1 + p.hazard.tenure
    exposure = 12 * ((1 + years) ** power - 1) / power
    log = lasting(state, p.hazard, world.areas.rural[state.area], year=world.begin // 12) + state.frailty
    total = p.population.past_hazard * np.exp(log[:pool]) * exposure
    alive = (random.random(pool) < np.exp(-total)) | (state.line[:pool] != NORMAL)
    state.endured_before[:pool] = total * np.exp(-state.frailty[:pool])
    return np.flatnonzero(alive)


def _joining_days(count: int, world: World, random: np.random.Generator) -> Ints:
    """Days of joining within the window, more of them in autumn."""
    months = np.arange(world.first, world.last + 1)
    swing = world.parameters.population.join_season
    weights = 1 + swing * np.cos(2 * np.pi * (months % 12 - 9) / 12)
    month = random.choice(months, count, p=weights / weights.sum())
    low, high = first_days(month), first_days(month + 1)
    return low + (random.random(count) * (high - low)).astype(np.int64)


def share_households(state: State, population: Population, random: np.random.Generator) -> State:
    """Households, a few with a second account at the same address; businesses that belong to another."""
    home = state.type == 0
    state.household = np.where(home, state.account, -1)
    shared = np.flatnonzero(home[1:] & home[:-1] & (random.random(state.size - 1) < population.shared_household)) + 1
    shared = shared[~np.isin(shared - 1, shared)]
    for name in ("household", "area", "offered"):
        getattr(state, name)[shared] = getattr(state, name)[shared - 1]
    firms = np.flatnonzero(state.type == 1)
    owned = firms[1:][random.random(max(len(firms) - 1, 0)) < population.subsidiaries]
    state.parent[owned] = firms[np.searchsorted(firms, owned) - 1]
    return state
