"""The world on a block of paths: areas side by side, with what no table records drawn anew on each path."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from analysis.extracts.demo.areas import AreaMonth, Areas, spells
from analysis.extracts.demo.draws import Draws, Subject
from analysis.extracts.demo.future import continued
from analysis.extracts.demo.parameters import Places
from analysis.extracts.demo.state import Floats, Ints
from analysis.extracts.demo.world import World

PATHS = 2  # begins the address of every path of the truth
BLOCK = 8  # paths lived side by side: a constant, because their random numbers depend on it
SETTLED = 24  # months after which offers have forgotten how they began


@dataclass(frozen=True)
class Block:
    """The world of a block of paths, its areas path by path, and the shocks by month: an entry per path."""

    world: World
    shocks: dict[int, Floats]

    def place(self, area: Ints) -> Ints:
        """The areas of customers on each path, path by path."""
        count = len(self.world.areas.weight) // BLOCK
        return (area + count * np.arange(BLOCK)[:, None]).ravel()


def stratified(random: np.random.Generator, size: int) -> Floats:
    """Numbers between 0 and 1, a row per path: each of `size` columns spread evenly over the paths of a block."""
    order = random.permuted(np.tile(np.arange(BLOCK)[:, None], (1, size)), axis=0)
    return (order + random.random((BLOCK, size))) / BLOCK


def world_block(there: World, block: int, *, months: int) -> Block:
    """A block's world for some months after the last: other numbers than in the future that is realised."""
    draws = Draws(there.draws.seed, path=(PATHS, block))
    random = draws.stream(Subject.AREAS)
    areas = Areas(**{f.name: _repeated(getattr(there.areas, f.name)) for f in fields(Areas)})
    areas = replace(areas, weight=areas.weight / BLOCK)
    latest = AreaMonth(**{f.name: _repeated(getattr(there.months[there.last], f.name)) for f in fields(AreaMonth)})
    places = there.parameters.places
    latest = replace(
        latest,
        fault_left=_faults_left(_repeated(fault_ages(there)), places, random),
        offer_left=_offers_left(len(areas.weight), places, random),
    )
    begun = replace(there, areas=areas, months={there.last: latest})
    return Block(continued(begun, draws, months=months), _shocks(there, draws, months))


def _repeated(values: Any) -> Any:
    """An array with an entry per area, once for each path."""
    return np.tile(values, (BLOCK,) + (1,) * (values.ndim - 1))


def fault_ages(there: World) -> Ints:
    """Months that the fault of each area has lasted by the end of the window; 0 where there is none."""
    ages = np.zeros(len(there.areas.weight), dtype=np.int64)
    running = there.months[there.last].fault_left > 0
    number = there.last
    while running.any():
        ages += running
        number -= 1
        running = running & (there.months[number].fault_left > 1) if number in there.months else np.zeros_like(running)
    return ages


def _faults_left(ages: Ints, places: Places, random: np.random.Generator) -> Ints:
    """How long faults go on, given how long they have lasted: their end is not on record."""
    low, high = places.fault_months
    lasts = random.integers(np.maximum(ages, low), high + 1)
    return np.where(ages > 0, lasts - ages + 1, 0)


def _offers_left(count: int, places: Places, random: np.random.Generator) -> Ints:
    """Offers as they stand on any day: those of this day are not on record."""
    left = np.zeros(count, dtype=np.int64)
    for _ in range(SETTLED):
        left = spells(left, random, chance=places.offer_start, months=places.offer_months)
    return left


def _shocks(there: World, draws: Draws, months: int) -> dict[int, Floats]:
    """The quarters' shocks by month, spread evenly over the paths."""
    spread = there.parameters.hazard.shock
    numbers = range(there.last + 1, there.last + months + 1)
    by_quarter = {
        quarter: spread * ndtri(stratified(draws.stream(Subject.SHOCKS, quarter), 1))[:, 0]
        for quarter in {number // 3 for number in numbers}
    }
    return {number: by_quarter[number // 3] for number in numbers}
