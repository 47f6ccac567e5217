"""The description of the demo as a source."""

from __future__ import annotations

from analysis.extracts.demo.days import date_of, first_day
from analysis.extracts.demo.world import World


def source_description(world: World, *, files: str) -> str:
    """Text of a `source.yml` that reads the demo's files where they lie."""
    usage = date_of(first_day(world.usage_from))
    network = date_of(first_day(world.network_from))
    return (
        "# A simulated provider: no customer, company or network in it exists.\n"
        "name: Demo Broadband\n"
        "format: csv\n"
        f"files: {files}\n"
        f"observed_from: {date_of(world.observed_from)}\n"
        "currency: EUR\n"
        "timezone: Europe/Berlin\n"
        f"covers_from: {{usage: {usage}, network: {network}}}\n"
    )
