"""Comparing those who were contacted with others made like them, where nothing was drawn by lot."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.models.counts import Floats, Integers, Truths
from analysis.models.resampling import percentile_interval, resamples

DRAWS, SEED = 200, 158
SUREST = 0.9  # chance to be contacted beyond which nobody is compared (Crump et al. 2009)


class Weighted(NamedTuple):
    """A weighted difference (treated less others) with its 95 % interval, and the level of each side.

    That of the others is what is expected of the treated without a contact.
    """

    value: float
    low: float
    high: float
    treated: float
    others: float


def likening_weights(chance: Floats, treated: Integers) -> Floats:
    """Weights that make the others like the contacted: 1 for these, e / (1 - e) for the others.

    e is the chance to be contacted; who was nearly sure to be has nobody to be compared with, and counts for nothing.

    References
    ----------
    Hirano, Imbens and Ridder (2003); Crump, Hotz, Imbens and Mitnik (2009).
    """
    met = np.minimum(chance, SUREST)
    return np.where(chance > SUREST, 0.0, np.where(treated == 1, 1.0, met / (1 - met)))


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


def chance_limit(sizes: tuple[float, float], *, looks: int = 1) -> float:
    """The standardised difference that groups of these effective sizes show by chance in one comparison of twenty.

    Of several columns the largest counts (Bonferroni).
    """
    if min(sizes) <= 0:
        return float("inf")
    return float(norm.isf(0.025 / max(looks, 1)) * np.sqrt(1 / sizes[0] + 1 / sizes[1]))


def weighted_difference(
    value: Floats, treated: Integers, weight: Floats, customers: Integers, *, expected: Floats | None = None
) -> Weighted:
    """The difference of weighted means of what was not expected, its interval from draws of customers.

    mean of (value - expected) of the treated - the same of the others, with `expected` what a model of the others
    foretells: right where either the weights or that model are (doubly robust).

    References
    ----------
    Robins, Rotnitzky and Zhao (1994); Mao, Li and Greene (2019).
    """
    side = treated == 1
    foretold = np.zeros(len(value)) if expected is None else expected
    beyond = value - foretold

    def mean(of: Floats, w: Floats, one: Truths) -> float:
        return float((w[one] @ of[one]) / max(w[one].sum(), 1e-12))

    def figures(times: Floats) -> tuple[float, float]:
        w = weight * times
        return mean(value, w, side), mean(foretold, w, side) + mean(beyond, w, ~side)

    first, second = figures(np.ones(len(value)))
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
