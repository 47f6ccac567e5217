"""How much was used in the months before a landmark."""

from __future__ import annotations

import datetime as dt
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


# Measures beside the customer's own usual, with what is too little of each to speak of.
LITTLE = {"download_gb": 0.5, "voice_minutes": 5.0, "active_days": 0.5, "app_logins": 0.5}
RECENT = {"1m": range(1), "3m": range(QUARTER)}
USUAL = range(QUARTER, 12)


def use_against_usual(keys: nw.LazyFrame[Any], usage: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """How far use of the last month, and of the last three, lies from the customer's own in the nine months before.

    log((recent mean + little) ÷ (usual mean + little)), each over the months on record: a fall that has gone on for
    half a year does not show between one quarter and the quarter before it.

    Returns
    -------
    Table, one row per customer and landmark with use on record: `<measure>_1m_to_usual` and `<measure>_3m_to_usual`;
    missing without a month on either side.
    """
    recent = {f"{name}_{window}": (name, months) for name in LITTLE for window, months in RECENT.items()}
    usual = {f"{name}_usual": (name, USUAL) for name in LITTLE}
    means = months_before(keys, usage, by=KEYS[0], windows=recent | usual, covered=dt.date.min)
    return means.select(
        *KEYS,
        **{
            f"{name}_{window}_to_usual": _log_ratio(f"{name}_{window}", f"{name}_usual", little)
            for name, little in LITTLE.items()
            for window in RECENT
        },
    )


def _log_ratio(recent: str, usual: str, little: float) -> nw.Expr:
    # The engine's own logarithms may differ in the last bit between machines: rounded, they do not.
    return ((nw.col(recent) + little) / (nw.col(usual) + little)).log().round(9)
