"""How leaving goes on beyond the tenures observed: an exponential or Weibull law, fitted to the last stretch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.stats import chi2

from analysis.models.counts import Floats

FEWEST_LEAVERS = 100  # a stretch with fewer says too little about its slope
SHAPES = (0.2, 3.0)
CLEARLY = 0.05  # the chance of being wrong at which a slope is believed
HALF_A_LEAVER = 0.5  # where nobody left: the upper half of what nobody rules out, instead of living for ever


class Tail(NamedTuple):
    """A cumulative hazard of `rate` * t ** `shape`, t in months of tenure; a shape of 1 is a constant hazard."""

    rate: float
    shape: float

    def cumulative_hazard(self, tenure: Floats) -> Floats:
        """The cumulative hazard at each tenure, as if the law held from the first day on."""
        return np.asarray(self.rate * tenure**self.shape)


def fitted_tail(rows: pd.DataFrame, *, until: float) -> Tail:
    """The law of the last observed stretch: tenures from a quarter of `until` on, and the few beyond it.

    A shorter stretch cannot tell a hazard that falls from a level one, a longer one is ruled by the first months,
    when more leave for reasons of their own.

    The likelihood is that of customers who come under observation late: sum of log h(exit) over the leavers, less
    sum of H(exit) - H(entry), with entries before the stretch moved to its beginning. A stretch with too few leavers
    is made longer. The slope is kept where there are enough leavers in all and the likelihood ratio test finds one,
    else the hazard is constant.

    Parameters
    ----------
    rows : Table of checked counts (`entry`, `exit`, `event`, `n`).
    until : months of tenure up to which the curve is well observed.

    References
    ----------
    Weibull (1951); Wilks (1938) for the test.
    """
    kept = rows[rows["n"] > 0]
    seen = _since(kept, _begin(kept, until))
    entry, stop, weight = (seen[name].to_numpy() for name in ("entry", "exit", "n"))
    left = weight * seen["event"].to_numpy()
    leavers = float(left.sum())
    lived = float((weight * (stop - entry)).sum())
    constant = Tail(max(leavers, HALF_A_LEAVER) / lived, 1.0)
    if leavers < FEWEST_LEAVERS:
        return constant
    logs = float((left * np.log(stop)).sum())

    def fit(log_shape: float) -> tuple[float, float]:
        shape = float(np.exp(log_shape))
        rate = leavers / float((weight * (stop**shape - entry**shape)).sum())
        return leavers * (np.log(rate) + log_shape) + (shape - 1) * logs - leavers, rate

    found = minimize_scalar(lambda x: -fit(x)[0], bounds=np.log(SHAPES), method="bounded", options={"xatol": 1e-7})
    sloped, rate = fit(float(found.x))
    if 2 * (sloped - fit(0.0)[0]) <= chi2.isf(CLEARLY, 1):
        return constant
    return Tail(rate, float(np.exp(found.x)))


def _begin(rows: pd.DataFrame, until: float) -> float:
    """Where the stretch begins: at a quarter, or so early that enough leave in it."""
    leavers = rows[rows["event"] == 1].sort_values("exit", ascending=False)
    enough = leavers.loc[leavers["n"].cumsum() >= FEWEST_LEAVERS, "exit"]
    if enough.empty:
        return 0.0
    # Just before that leaver's tenure, who would lie outside (begin, ...] otherwise.
    return min(until / 4, float(np.nextafter(enough.iloc[0], 0)))


def _since(rows: pd.DataFrame, begin: float) -> pd.DataFrame:
    return rows[rows["exit"] > begin].assign(entry=lambda kept: kept["entry"].clip(lower=begin))
