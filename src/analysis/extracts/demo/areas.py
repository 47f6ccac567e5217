"""Areas, their network month by month, and the offers of competitors that no table records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.extracts.demo.draws import Draws, Subject
from analysis.extracts.demo.parameters import Places
from analysis.extracts.demo.state import Bools, Floats, Ints


@dataclass(frozen=True)
class Areas:
    """What does not change about the areas: an entry each."""

    region: Ints
    rural: Bools
    technology: Floats  # a row of shares each: dsl, cable, fibre
    advertised: Floats
    quality: Floats  # usual measured speed as a share of the advertised one
    weight: Floats  # share of the customers
    latitude: Floats  # degrees, of a country that does not exist
    longitude: Floats


@dataclass(frozen=True)
class AreaMonth:
    """What an area's month was like: an entry per area."""

    fault_left: Ints  # months of degraded network still to come, this one included
    offer_left: Ints
    outage: Floats  # minutes
    load: Floats  # what busy lines take from the log of the speed, or quiet ones add
    share: Floats  # measured speed as a share of the advertised one
    speed: Floats  # Mbit/s, measured
    latency: Floats  # ms
    trouble: Floats  # log(1 + minutes / 60) of this month
    felt: Floats  # the trouble of the months before, fading: what the hazard of this month knows

    @property
    def offer(self) -> Bools:
        return self.offer_left > 0


def areas(draws: Draws, places: Places, regions: int) -> Areas:
    """The areas of a seed."""
    random = draws.stream(Subject.AREAS)
    count = places.areas
    rural = random.permutation(count) < round(places.rural_share * count)
    weight = random.gamma(6.0, size=count) * np.where(rural, 0.7, 1.0)
    region = np.arange(count) % regions
    latitude, longitude = _places(draws, region, regions)
    return Areas(
        region=region,
        rural=rural,
        technology=np.where(rural[:, None], places.rural_technology, places.urban_technology),
        advertised=np.where(rural, places.advertised[1], places.advertised[0]) * random.uniform(0.9, 1.1, count),
        quality=random.uniform(0.86, 0.96, count),
        weight=weight / weight.sum(),
        latitude=latitude,
        longitude=longitude,
    )


def _places(draws: Draws, region: Ints, regions: int) -> tuple[Floats, Floats]:
    """Where the middles of the areas lie: those of a region near each other."""
    random = draws.stream(Subject.AREAS, 0)  # an address no month has
    middle = np.column_stack([51 + 1.5 * random.random(regions), 10 + 2.5 * random.random(regions)])
    spread = random.normal(0, 0.22, (len(region), 2))
    found = middle[region] + spread
    return found[:, 0], found[:, 1]


def first_area_month(count: int) -> AreaMonth:
    """The month before the simulation begins: nothing wrong anywhere."""
    none, zero = np.zeros(count, dtype=np.int64), np.zeros(count)
    return AreaMonth(none, none, zero, zero, zero, zero, zero, zero, zero)


def spells(left: Ints, random: np.random.Generator, *, chance: float, months: tuple[int, int]) -> Ints:
    """Months left of faults or offers: those running go on, others begin by chance."""
    begins = random.random(len(left)) < chance
    lasts = random.integers(months[0], months[1] + 1, len(left))
    return np.where(left > 1, left - 1, np.where(begins, lasts, 0))


def next_area_month(before: AreaMonth, month: int, places: Places, known: Areas, draws: Draws) -> AreaMonth:
    """The month that follows `before`."""
    random = draws.stream(Subject.AREAS, month)
    count = len(known.region)
    fault = spells(before.fault_left, random, chance=places.fault_start, months=places.fault_months)
    offer = spells(before.offer_left, random, chance=places.offer_start, months=places.offer_months)
    outage = random.gamma(0.7, places.usual_outage / 0.7, count)
    outage = outage + (fault > 0) * random.gamma(6.0, places.fault_outage / 6.0, count)
    slow = np.where(fault > 0, places.fault_speed, 1.0)
    load = places.load_memory * before.load + random.normal(0, places.load, count)
    share = known.quality * slow * np.exp(load)
    latency = (14 + 8 * known.rural) * np.exp(random.normal(0, 0.06, count)) / np.sqrt(slow)
    felt = places.outage_memory * before.felt + (1 - places.outage_memory) * before.trouble
    speed = known.advertised * share
    return AreaMonth(fault, offer, outage, load, share, speed, latency, np.log1p(outage / 60), felt)


def another_area(old: Ints, known: Areas, luck: Floats) -> Ints:
    """Another area for each, by the areas' weight."""
    drawn = np.searchsorted(np.cumsum(known.weight), luck).clip(0, len(known.weight) - 1)
    return np.where(drawn == old, (drawn + 1) % len(known.weight), drawn)


def connection(area: Ints, known: Areas, luck: Floats) -> Ints:
    """Technology of a house in an area."""
    return (luck[:, None] > np.cumsum(known.technology[area], axis=1)).sum(axis=1).clip(0, 2)
