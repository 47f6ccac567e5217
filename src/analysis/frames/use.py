"""How much was used in the months before a landmark."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analysis.frames.observation import Observation
from analysis.frames.window import KEYS, QUARTER, months_before

USAGE = ("download_gb", "voice_minutes", "app_logins")
LATEST = ("download_gb", "app_logins")  # also shown for the last month alone
WINDOWS = (
    {f"{name}_1m": (name, range(1)) for name in LATEST}
    | {f"{name}_3m": (name, range(QUARTER)) for name in USAGE}
    | {f"{name}_previous_3m": (name, range(QUARTER, 2 * QUARTER)) for name in USAGE}
)


def use(keys: nw.LazyFrame[Any], usage: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Monthly means of the last three whole months, of the three before (`*_previous_3m`), and of the last (`*_1m`)."""
    covered = observation.covered_from("usage")
    return months_before(keys, usage, by=KEYS[0], windows=WINDOWS, covered=covered)
