"""Simulated customers of a provider whose extract begins when most of them had long joined: the truth is a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

DAYS_PER_MONTH = 30.4375
WINDOW, BEFORE = 1096, 1096  # days under observation, and days of joining before it: three years each
EFFECTS = {"fibre": 0.6, "score": -0.3}  # of the log hazard; two in five have fibre, the score is normal
FIBRE = 0.4
MEAN = {"fibre": FIBRE, "score": 0.0}  # of those who join


@dataclass(frozen=True)
class World:
    """How customers leave: the cumulative hazard of one without fibre and of score 0, and its inverse.

    With `frailty`, the variance of a gamma factor of mean 1, customers also differ in what nobody sees.
    """

    name: str
    hazard: Callable[[Floats], Floats]
    month: Callable[[Floats], Floats]
    frailty: float = 0.0

    def survival(self, months: float, log_hazard: npt.ArrayLike = 0.0) -> Floats:
        """Chance to be there after so many months, for customers of a log hazard ratio."""
        total = self.hazard(np.asarray(float(months))) * np.exp(np.asarray(log_hazard))
        return (1 + self.frailty * total) ** (-1 / self.frailty) if self.frailty else np.exp(-total)

    def survival_of_everyone(self, months: float) -> float:
        """Mean chance of those who join: over fibre or not, and the normal score by Gauss and Hermite's nodes."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(40)
        score = EFFECTS["score"] * nodes
        without, having = (self.survival(months, score + shift) @ weights for shift in (0, EFFECTS["fibre"]))
        return float(((1 - FIBRE) * without + FIBRE * having) / weights.sum())


def _weibull(name: str, *, shape: float, scale: float) -> World:
    return World(name, lambda months: (months / scale) ** shape, lambda hazard: scale * hazard ** (1 / shape))


def _spikes() -> World:
    """Twenty times the usual pace in the month after a contract of 12 or 24 months ends."""
    months = np.arange(0.0, 601)
    pace = np.where(np.isin(months[:-1], (12, 24)), 0.2, 0.01)
    total = np.concatenate([[0.0], pace.cumsum()])
    return World(
        "contract-end spikes", lambda at: np.interp(at, months, total), lambda at: np.interp(at, total, months)
    )


WORLDS = (
    _weibull("constant", shape=1.0, scale=40.0),
    _weibull("falling", shape=0.6, scale=60.0),
    _weibull("rising", shape=1.6, scale=34.0),
    _spikes(),
    World("gamma frailty", lambda months: months / 30, lambda hazard: 30 * hazard, frailty=0.5),
)


def observed(world: World, customers: int, rng: np.random.Generator) -> pd.DataFrame:
    """Customers seen under observation: `entry`, `exit` (months of tenure), `event`, `n` (1), `fibre`, `score`.

    Whole days, as in an extract. Who left before observation began is not in it.
    """
    parts: list[pd.DataFrame] = []
    while sum(map(len, parts)) < customers:
        parts.append(_seen(world, customers, rng))
    return pd.concat(parts, ignore_index=True).head(customers)


def _seen(world: World, joiners: int, rng: np.random.Generator) -> pd.DataFrame:
    fibre, score = (rng.random(joiners) < FIBRE) * 1.0, rng.normal(size=joiners)
    pace = np.exp(EFFECTS["fibre"] * fibre + EFFECTS["score"] * score)
    if world.frailty:
        pace *= rng.gamma(1 / world.frailty, world.frailty, joiners)
    lifetime = np.ceil(world.month(rng.exponential(1 / pace)) * DAYS_PER_MONTH)
    joined = rng.integers(-BEFORE, WINDOW, joiners)
    entry, end = np.maximum(0, -joined), WINDOW - joined
    made = pd.DataFrame(
        {
            "entry": entry / DAYS_PER_MONTH,
            "exit": np.minimum(lifetime, end) / DAYS_PER_MONTH,
            "event": (lifetime <= end) * 1,
            "n": 1,
            "fibre": fibre,
            "score": score,
        }
    )
    return made[lifetime > entry]


def cut(rows: pd.DataFrame, *, every: float = 3.0) -> pd.DataFrame:
    """The same customers in episodes of at most so many months, each with its `customer`."""
    pieces = np.ceil((rows["exit"] - rows["entry"]) / every).astype(int)
    whole = rows.assign(customer=np.arange(len(rows))).loc[rows.index.repeat(pieces)].reset_index(drop=True)
    place = whole.groupby("customer").cumcount()
    last = place == np.repeat(pieces.to_numpy(), pieces) - 1
    begin = whole["entry"] + every * place
    end = whole["exit"].where(last, whole["entry"] + every * (place + 1))
    return whole.assign(entry=begin, exit=end, event=whole["event"].where(last, 0))
