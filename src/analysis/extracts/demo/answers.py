"""What moves the answers to surveys beside satisfaction, and by how much each thing on record moved them: the truth.

An effect is the mean, over the answers given, of how much the expected score would change: rounding and the ends of
the scale included, all else as it was.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr

from analysis.extracts.demo.book import Columns
from analysis.extracts.demo.days import months_of
from analysis.extracts.demo.parameters import Service
from analysis.extracts.demo.state import Floats, Ints, State
from analysis.extracts.demo.world import Month

WHOLE_MONTHS = (1, 2, 3)  # before the month of an answer
HOUR, TENTH, TEN_EUROS = 1.0, 0.1, 10.0  # the steps whose effects are told
SCORES = {"nps_score": (0, 10), "csat_score": (1, 5)}

EFFECTS = {
    "outage_hours": "One more hour of outage in each of the last three whole months, without what the tickets do that "
    "come of it.",
    "speed_share": "Measured speed higher by 0.1 of the advertised one in each of the last three whole months.",
    "net_fee": "10 euros a month more paid for the same products.",
    "price_rise": "A price rise within the last three months beside none, among those who had one.",
}


def coloured(state: State, rows: Ints, now: Month) -> Floats:
    """What the speed of the area and the fee paid add to the satisfaction that an answer tells."""
    s = now.parameters.service
    seen = [now.world.months[month].share for month in _before(now)]
    speed = np.mean(seen, axis=0)[state.area[rows]] if seen else s.usual_speed
    paid = ((state.fee - state.discount) * state.held)[rows].sum(axis=1) / 100
    return s.speed_told * (speed - s.usual_speed) + s.fee_told * (paid - s.usual_fee)


def moves(state: State, rows: Ints, now: Month) -> Columns:
    """How far a step of each driver moves what is felt in an answer of this month; not-a-number where it is not told.

    An answer that comes in the month after was asked in this one: of its three whole months this month is the last.
    """
    s = now.parameters.service
    late = months_of(state.answered_on[rows]) > now.number
    kept = 1 - s.return_to_level
    here = months_of(state.spell_start[rows])
    every = np.ones(len(rows), dtype=bool)
    counted = {0: late, 1: every, 2: every, 3: ~late}
    hours = np.sum([kept**back * (counts & (now.number - back >= here)) for back, counts in counted.items()], axis=0)
    overlap = np.where(late, len(WHOLE_MONTHS) - 1, len(WHOLE_MONTHS)) / len(WHOLE_MONTHS)
    age = state.rise_age[rows]
    told = age <= np.where(late, 1, 2)
    return {
        "outage_hours": np.asarray(s.outage_hurts * HOUR * hours),
        "speed_share": s.speed_told * TENTH * overlap,
        "net_fee": np.full(len(rows), s.fee_told * TEN_EUROS),
        "price_rise": np.where(told, s.rise_hurts * kept ** np.where(told, age, 0), np.nan),
    }


def effects(answers: Columns, s: Service) -> dict[str, dict[str, Any]]:
    """The mean effect of a step of each driver on each score; None where no answer tells it."""
    return {score: {driver: _effect(answers, driver, score, s) for driver in EFFECTS} for score in SCORES}


def _effect(answers: Columns, driver: str, score: str, s: Service) -> float | None:
    """A price rise is taken back from those who had one; every other step is added."""
    rows = np.isfinite(answers[driver]) if answers else np.zeros(0, dtype=bool)
    if not rows.any():
        return None
    felt, step = answers["felt"][rows], answers[driver][rows]
    with_it, without = (felt, felt - step) if driver == "price_rise" else (felt + step, felt)
    return float(np.mean(expected(with_it, score, s) - expected(without, score, s)))


def expected(felt: Floats, score: str, s: Service) -> Floats:
    """The expected score of an answer: a normal number, rounded, and cut at the ends of the scale."""
    level, slope, noise = s.nps if score == "nps_score" else s.csat
    low, high = SCORES[score]
    edges = np.arange(low, high) + 0.5
    return low + ndtr((level + slope * felt[:, None] - edges) / noise).sum(axis=1)


def _before(now: Month) -> list[int]:
    """The whole months before this one that the simulation knows."""
    return [now.number - back for back in WHOLE_MONTHS if now.number - back in now.world.months]
