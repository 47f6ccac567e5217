"""The tables that all chunks share: `network` and `campaigns`."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.campaigns import rounds
from analysis.extracts.demo.cells import Cells, dates, flags, money, numbers, words
from analysis.extracts.demo.days import NEVER, first_day
from analysis.extracts.demo.names import Language
from analysis.extracts.demo.tables import area_ids
from analysis.extracts.demo.world import World


def network(world: World) -> dict[str, Cells]:
    """A row per area and month of the window, from the month that the provider began to measure."""
    months = range(world.network_from, world.last + 1)
    names = area_ids(world)
    seen = [world.months[month] for month in months]

    def stacked(values: list[np.ndarray]) -> np.ndarray:
        return np.concatenate(values) if values else np.empty(0)

    return {
        "area_id": words(np.tile(np.arange(len(names)), len(seen)), names),
        "month": dates(np.repeat(np.array([first_day(month) for month in months], dtype=np.int64), len(names))),
        "download_mbps": numbers(stacked([one.speed for one in seen]), 1),
        "advertised_mbps": numbers(np.tile(world.areas.advertised, len(seen)), 0),
        "latency_ms": numbers(stacked([one.latency for one in seen]), 1),
        "outage_minutes": numbers(stacked([one.outage for one in seen]), 1),
        "latitude": numbers(np.tile(world.areas.latitude, len(seen)), 4),
        "longitude": numbers(np.tile(world.areas.longitude, len(seen)), 4),
    }


def campaigns(world: World, language: Language) -> dict[str, Cells]:
    """A row per round of a campaign; the end is empty while it runs."""
    known = rounds(world)
    ends = np.array([first_day(one.month + one.campaign.lasts) - 1 for one in known], dtype=np.int64)
    place = 0 if language == "en" else 1

    def texts(values: list[str]) -> Cells:
        return words(np.arange(len(known)), values)

    return {
        "campaign_id": texts([one.id for one in known]),
        "name": texts([f"{one.campaign.names[place]} {one.month // 12}-{one.month % 12 + 1:02d}" for one in known]),
        "objective": texts([one.campaign.objective for one in known]),
        "randomised": flags(np.array([one.campaign.randomised for one in known], dtype=np.int64)),
        "start_date": dates(np.array([first_day(one.month) for one in known], dtype=np.int64)),
        "end_date": dates(np.where(ends > world.until, NEVER, ends)),
        "fixed_cost": money(np.array([one.campaign.fixed_cost for one in known], dtype=np.int64)),
    }
