"""Comparing those who were contacted with others who might have been, where nothing was drawn by lot."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.brier import outcome_auc
from analysis.models.counts import Floats
from analysis.models.resampling import percentile_interval, resamples

Integers = npt.NDArray[np.int64]

PENALTY, STEPS, CLOSE, JITTER = 1e-2, 60, 1e-7, 1e-9
DRAWS, SEED = 200, 158


class Weighed(NamedTuple):
    """Customers weighed by their overlap: `weight` of each, chance to be contacted, and how well that is told (AUC)."""

    weight: Floats
    chance: Floats
    auc: float


class Weighted(NamedTuple):
    """A weighted difference (treated less others) with its 95 % interval, and the level of each side."""

    value: float
    low: float
    high: float
    treated: float
    others: float


def overlap_weights(design: Floats, treated: Integers) -> Weighed:
    """Weights that make the two groups alike in every column: 1 - e for the treated, e for the others.

    e is the chance to be contacted by a logistic regression on the columns. At its maximum the weighted means of all
    columns agree exactly; who was sure to be contacted, or sure not to be, counts for nothing.

    References
    ----------
    Li, Morgan and Zaslavsky (2018).
    """
    whole = np.hstack([np.ones((len(design), 1)), design])
    b = np.zeros(whole.shape[1])
    b[0] = np.log(treated.mean() / (1 - treated.mean()))
    pull = np.append(0.0, np.full(design.shape[1], PENALTY))
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(whole @ b, -30, 30)))
        slope = whole.T @ (treated - chance) - pull * b
        information = (whole * (chance * (1 - chance))[:, None]).T @ whole + np.diag(pull)
        step = np.linalg.solve(information + np.eye(len(b)) * JITTER, slope)
        b = b + step * _length(whole, treated, (b, step), pull)
        if np.abs(step).max() < CLOSE:
            break
    chance = 1 / (1 + np.exp(-np.clip(whole @ b, -30, 30)))
    return Weighed(np.where(treated == 1, 1 - chance, chance), chance, outcome_auc(treated, chance))


def _length(whole: Floats, treated: Integers, line: tuple[Floats, Floats], pull: Floats) -> float:
    """1, or the half, quarter, … of a step that does not lose what it should gain."""

    def gained(length: float) -> float:
        b = line[0] + length * line[1]
        odds = whole @ b
        return float((treated * odds - np.logaddexp(0, odds)).sum() - (pull * b**2).sum() / 2)

    length, before = 1.0, gained(0.0)
    while gained(length) < before - 1e-9 * abs(before) and length > 1e-6:
        length /= 2
    return length


def effective_size(weight: Floats) -> float:
    """How many customers of equal weight would tell as much (Kish 1965)."""
    return float(weight.sum() ** 2 / (weight**2).sum()) if weight.sum() > 0 else 0.0


def imbalance(design: pd.DataFrame, treated: Integers, weight: Floats) -> pd.DataFrame:
    """Standardised mean differences of each column, before and after weighting: `column`, `before`, `after`.

    Both by the spread before weighting, so that they compare; missing where a column does not vary.
    """
    values, side = design.to_numpy("float64"), treated == 1
    spread = np.sqrt((values[side].var(axis=0) + values[~side].var(axis=0)) / 2)
    safe = np.where(spread > 0, spread, np.nan)
    found = {"column": list(design.columns)}
    for name, w in (("before", np.ones(len(values))), ("after", weight)):
        means = [(w[one] @ values[one]) / w[one].sum() for one in (side, ~side)]
        found[name] = list((means[0] - means[1]) / safe)
    return pd.DataFrame(found)


def weighted_means(value: Floats, treated: Integers, weight: Floats, customers: Integers) -> Weighted:
    """The difference of weighted means, its interval from draws of customers."""
    side = treated == 1

    def figures(times: Floats) -> tuple[float, float]:
        w = weight * times
        first, second = ((w[one] @ value[one]) / max(w[one].sum(), 1e-12) for one in (side, ~side))
        return float(first), float(second)

    return _with_interval(figures, customers)


def weighted_leaving(lives: pd.DataFrame, treated: Integers, weight: Floats, customers: Integers) -> Weighted:
    """The difference of the shares who left by choice by the last day, by weighted cumulative incidence.

    Parameters
    ----------
    lives : `exit` (whole days from 1), `way` (0 not left by then, 1 by choice, 2 otherwise), a row per customer.

    References
    ----------
    Aalen and Johansen (1978), with weights.
    """
    day, way, side = lives["exit"].to_numpy("int64"), lives["way"].to_numpy("int64"), treated == 1

    def figures(times: Floats) -> tuple[float, float]:
        w = weight * times
        first, second = (_incidence(day[one], way[one], w[one]) for one in (side, ~side))
        return first, second

    return _with_interval(figures, customers)


def _incidence(day: Integers, way: Integers, weight: Floats) -> float:
    size = int(day.max()) + 1
    at_risk = np.bincount(day, weight, size)[::-1].cumsum()[::-1]
    safe = np.where(at_risk > 0, at_risk, 1.0)
    chosen, other = (np.bincount(day[way == one], weight[way == one], size) / safe for one in (1, 2))
    there = np.concatenate([[1.0], np.cumprod(1 - chosen - other)[:-1]])
    return float(there @ chosen)


def _with_interval(figures: Callable[[Floats], tuple[float, float]], customers: Integers) -> Weighted:
    """The levels of both sides, and their difference over draws of customers; `figures` takes how often each counts."""
    first, second = figures(np.ones(len(customers)))
    drawn = [figures(times) for times in resamples(customers, draws=DRAWS, seed=SEED)]
    low, high = percentile_interval(np.array([[one - two] for one, two in drawn]))
    return Weighted(first - second, float(low[0]), float(high[0]), first, second)


def e_value(one: Weighted) -> tuple[float, float]:
    """How strongly a hidden cause must go with both contact and leaving to explain the difference, and its interval.

    E = RR + sqrt(RR (RR - 1)), with RR the ratio of the two shares turned so that it is above 1; of the interval the
    end next to no difference counts, and E is 1 where it holds none.

    References
    ----------
    VanderWeele and Ding (2017).
    """
    if not (one.treated > 0 and one.others > 0):
        return float("nan"), float("nan")
    ends = (one.value, one.high if one.value < 0 else one.low)
    told = []
    for place, difference in enumerate(ends):
        ratio = max(one.others + difference, 1e-12) / one.others
        crossed = place == 1 and (difference >= 0) == (one.value < 0)
        ratio = 1.0 if crossed else max(ratio, 1 / ratio)
        told.append(float(ratio + np.sqrt(ratio * (ratio - 1))))
    return told[0], told[1]
