"""Simulated quarters of a provider whose classes leave at known rates: level, season, luck and trend are set.

Customers lie in cells of four dimensions, so that a class of one is spread over those of the others: plans, uses,
regions, and areas that regions are nested in. Between quarters they leave, join and move from plan to plan.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

PLANS, USES, REGIONS = np.array([0.45, 0.30, 0.18, 0.07]), np.array([0.6, 0.4]), 8
APART = 0.3  # standard deviation of the log rates of the classes of a dimension
RISE = 1.5


class Setting(NamedTuple):
    """What quarters are like; rates and shares are 0 to 1, deviations those of the log rate.

    common, own : luck of a quarter that all share, and that of each plan, use and region: a class has the mean of
        those of other dimensions beside its own.
    season, own_season : height of the wave of a year, that all share, and that of each plan.
    trend, own_trend : change of the log rate from quarter to quarter, of all, and of each plan, up or down.
    moving : share of customers who change their plan in a quarter.
    """

    name: str
    customers: int = 20_000
    rate: float = 0.04
    past: int = 12
    common: float = 0.04
    own: float = 0.03
    season: float = 0.08
    own_season: float = 0.0
    trend: float = 0.0
    own_trend: float = 0.0
    moving: float = 0.03


class Quarters(NamedTuple):
    """`counts` as `class_quarters` gives them, and of each class what is true of the last quarter.

    truth : one row per class: `dimension`, `class`, `customers`, and `usual` and `rate`: its rate without and with luck
        of single classes.
    """

    counts: pd.DataFrame
    truth: pd.DataFrame


def quarters(setting: Setting, rng: np.random.Generator) -> Quarters:
    """One history of a provider, the last quarter as ordinary as all others."""
    shares = rng.dirichlet(np.full(REGIONS, 8.0))
    cells = PLANS[:, None, None] * USES[None, :, None] * shares * setting.customers
    usual, rate = _rates(setting, cells, rng)
    here = np.round(cells)
    customers, leavers = np.zeros_like(rate), np.zeros_like(rate)
    for quarter in range(setting.past + 1):
        customers[quarter], leavers[quarter] = here, rng.binomial(here.astype(int), rate[quarter])
        joined = rng.poisson(cells * leavers[quarter].sum() / setting.customers)
        here = _moved(here - leavers[quarter] + joined, setting.moving, rng)
    return Quarters(_counts(customers, leavers), _truth(customers[-1], usual, rate[-1]))


def planted(truth: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Leavers of each class in the last quarter, were it the one whose rate rose by half."""
    rate = np.minimum(RISE * truth["rate"], 0.99)
    return rng.binomial(truth["customers"].astype(int), rate).astype(float)


def _rates(setting: Setting, cells: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Rates by cell: of the last quarter without luck of single classes, and of all quarters with it."""
    time = np.arange(setting.past + 1) - setting.past
    wave = np.cos(np.pi / 2 * time + rng.uniform(0, 2 * np.pi))
    shared = setting.season * wave + setting.trend * time + rng.normal(0, setting.common, len(time))
    waves = np.cos(np.pi / 2 * time[:, None] + rng.uniform(0, 2 * np.pi, len(PLANS)))
    plans = setting.own_season * waves + setting.own_trend * time[:, None] * rng.choice([-1, 1], len(PLANS))
    level = sum(_spread(rng.normal(0, APART, cells.shape[axis]), axis) for axis in range(3))
    level = level + np.log(setting.rate / np.average(np.exp(level), weights=cells))
    usual = level + shared[:, None, None, None] + plans[:, :, None, None]
    luck = sum(_spread(rng.normal(0, setting.own, (len(time), cells.shape[axis])), axis) for axis in range(3))
    return np.minimum(np.exp(usual[-1]), 0.9), np.minimum(np.exp(usual + luck), 0.9)


def _spread(values: Floats, axis: int) -> Floats:
    """Values of one of the three dimensions of cells, shaped to be added to cells."""
    shape = [1, 1, 1]
    shape[axis] = values.shape[-1]
    return values.reshape(*values.shape[:-1], *shape)


def _moved(here: Floats, moving: float, rng: np.random.Generator) -> Floats:
    went = rng.binomial(here.astype(int), moving)
    came = rng.multinomial(went.sum(axis=0), PLANS / PLANS.sum())
    return here - went + np.moveaxis(came, -1, 0)


def _by_class(cells: Floats) -> dict[tuple[str, str], Floats]:
    """Sums by class; the last three axes of `cells` are plans, uses and regions."""
    found = {("", ""): cells.sum(axis=(-3, -2, -1))}
    for name, axis in (("plan", -3), ("use", -2), ("region", -1)):
        part = np.moveaxis(cells, axis, 0).sum(axis=(-2, -1))
        found |= {(name, f"{name} {place}"): part[place] for place in range(len(part))}
    for place in range(2):
        found["area", f"area {place}"] = cells[..., place::2].sum(axis=(-3, -2, -1))
    return found


def _counts(customers: Floats, leavers: Floats) -> pd.DataFrame:
    gone = _by_class(leavers)
    names = [f"{2000 + place // 4}-Q{place % 4 + 1}" for place in range(len(customers))]
    parts = [
        pd.DataFrame({"dimension": dimension, "class": name, "quarter": names, "customers": here, "leavers": gone[key]})
        for key, here in _by_class(customers).items()
        for dimension, name in [key]
    ]
    return pd.concat(parts, ignore_index=True)


def _truth(customers: Floats, usual: Floats, rate: Floats) -> pd.DataFrame:
    here, *expected = (_by_class(part) for part in (customers, customers * usual, customers * rate))
    rows = [(*key, n, *(part[key] / n for part in expected)) for key, n in here.items() if key[0]]
    return pd.DataFrame(rows, columns=["dimension", "class", "customers", "usual", "rate"])


def common_covariance(setting: Setting) -> Floats:
    """Covariance over quarters of what all share."""
    return _covariance(setting.past + 1, season=setting.season, luck=setting.common, trend=setting.trend)


def own_covariance(setting: Setting) -> Floats:
    """Covariance over quarters of what a class has beside it: luck of its dimension and, on average, of the others."""
    shares = (float((PLANS**2).sum()), float((USES**2).sum()), 1 / REGIONS)
    luck = setting.own * np.sqrt(1 + sum(shares) * 2 / 3)
    return _covariance(setting.past + 1, season=setting.own_season, luck=luck, trend=setting.own_trend)


def _covariance(quarters: int, *, season: float, luck: float, trend: float) -> Floats:
    time = np.arange(quarters)
    apart = np.subtract.outer(time, time)
    wave = season**2 / 2 * np.cos(np.pi / 2 * apart)
    return wave + luck**2 * (apart == 0) + trend**2 * np.outer(time, time)
