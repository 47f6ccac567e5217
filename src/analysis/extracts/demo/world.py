"""The world of a simulation: its window, its areas, and the months that every chunk shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.extracts.demo.areas import AreaMonth, Areas, areas, first_area_month, next_area_month
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.days import first_day, month_number
from analysis.extracts.demo.draws import Draws, Subject
from analysis.extracts.demo.names import REGIONS
from analysis.extracts.demo.parameters import Parameters


@dataclass(frozen=True)
class World:
    """What all chunks have in common. `months` holds the area months from the warm-up on, by month number."""

    parameters: Parameters
    draws: Draws
    begin: int  # first month of the warm-up
    first: int  # first month of the window
    last: int  # last month of the window
    areas: Areas
    months: dict[int, AreaMonth]
    shocks: dict[int, float]

    @property
    def observed_from(self) -> int:
        """First day of the window."""
        return first_day(self.first)

    @property
    def until(self) -> int:
        """Last day of the window."""
        return first_day(self.last + 1) - 1

    @property
    def usage_from(self) -> int:
        """First month of recorded usage; never after the window."""
        return min(self.first + self.parameters.use.covers_after, self.last)

    @property
    def network_from(self) -> int:
        """First month of network measurements; never after the window."""
        return min(self.first + self.parameters.places.covers_after, self.last)


@dataclass(frozen=True)
class Month:
    """A month of a chunk's life: where its numbers come from and where its rows go."""

    world: World
    number: int
    chunk: int
    book: Book

    @property
    def parameters(self) -> Parameters:
        return self.world.parameters

    @property
    def first(self) -> int:
        """First day."""
        return first_day(self.number)

    @property
    def end(self) -> int:
        """First day of the next month."""
        return first_day(self.number + 1)

    @property
    def season(self) -> float:
        """1 in January, -1 in July."""
        return float(np.cos(2 * np.pi * (self.number % 12) / 12))

    @property
    def area(self) -> AreaMonth:
        return self.world.months[self.number]

    @property
    def shock(self) -> float:
        return self.world.shocks[self.number]

    def random(self, subject: Subject) -> np.random.Generator:
        """The month's random numbers for a subject."""
        return self.world.draws.stream(subject, self.chunk, self.number)


def world(*, seed: int, months: int, until: date, parameters: Parameters) -> World:
    """The world of a seed, for a window of `months` that ends with the month of `until`."""
    draws = Draws(seed)
    last = month_number(until)
    first = last - months + 1
    begin = first - parameters.population.warm_up_months
    known = areas(draws, parameters.places, len(REGIONS["en"]))
    by_month: dict[int, AreaMonth] = {}
    latest = first_area_month(parameters.places.areas)
    for number in range(begin, last + 1):
        latest = by_month[number] = next_area_month(latest, number, parameters.places, known, draws)
    shocks = {number: quarter_shock(number, draws, parameters.hazard.shock) for number in range(begin, last + 1)}
    return World(parameters, draws, begin, first, last, known, by_month, shocks)


def quarter_shock(month: int, draws: Draws, spread: float) -> float:
    """The quarter's shock of the log-hazard; the same in its three months."""
    return float(draws.stream(Subject.SHOCKS, month // 3).normal(0, spread))
