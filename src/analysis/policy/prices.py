"""The price of each limit: what one more unit of budget, or of a team's time, would bring."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from analysis.policy.limits import Limits, Options

Floats = npt.NDArray[np.float64]

STEPS = 200
CLOSE = 1e-6  # of the bound: nearer than this, prices are taken as found
MANY, SAMPLE = 100_000, 20_000  # customers from whom on a sample tells first where to look, and of how many
NARROW = 0.05  # how far from the sample's prices those of all are looked for


def limit_prices(options: Options, limits: Limits) -> tuple[Floats, float]:
    """Prices at which the bound on what any choice can bring is lowest, and that bound.

    bound(prices) = Σ price · limit + Σ over customers of max(0, best of net - price · use)

    The bound is convex and made of straight pieces; each evaluation gives one of them (a cutting plane), and the
    lowest point of the pieces known so far, within a box around the best prices, is evaluated next. Of very many
    customers a sample tells first where to look.
    """
    reach = _dearest(options)
    customers = len(options.first)
    if customers <= MANY or not len(limits.names):
        return _descended(options, limits, np.zeros(len(limits.names)), reach, reach)
    step = -(-customers // SAMPLE)
    some, _ = options.part(np.arange(0, customers, step))
    share = len(some.first) / customers
    dearest = _dearest(some)
    near, _ = _descended(some, Limits(limits.names, limits.amounts * share), np.zeros(len(reach)), reach, dearest)
    return _descended(options, limits, near, np.minimum(np.maximum(near, reach * NARROW) * NARROW, reach), reach)


def _descended(options: Options, limits: Limits, start: Floats, box: Floats, reach: Floats) -> tuple[Floats, float]:
    """The lowest bound that is found from some prices on, in the box at first, never beyond `reach`."""
    best = start
    low, slope = _bound(options, limits, best)
    cuts, heights = [slope], [low - float(slope @ best)]  # height at price zero
    for _ in range(STEPS if len(best) else 0):
        lower, upper = np.maximum(best - box, 0), np.minimum(best + box, reach)
        tried, hoped = _lowest(np.array(cuts), np.array(heights), lower, upper)
        if low - hoped <= CLOSE * abs(low):
            if ((tried > lower) | (lower == 0)).all() and ((tried < upper) | (upper == reach)).all():
                break
            box = np.minimum(box * 4, reach)
            continue
        found, slope = _bound(options, limits, tried)
        cuts.append(slope)
        heights.append(found - float(slope @ tried))
        if found < low - (low - hoped) / 1000:
            best, low, box = tried, found, np.minimum(box * 2, reach)
        else:
            box = box / 2
    return best, low


def _dearest(options: Options) -> Floats:
    """Prices above which nothing is chosen that uses the limit."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(options.uses > 0, options.net[:, None] / options.uses, 0.0)
    return np.asarray(each.max(axis=0) + 1e-9)


def _bound(options: Options, limits: Limits, prices: Floats) -> tuple[float, Floats]:
    """The bound at some prices, and how it changes with them."""
    worth = options.net - options.uses @ prices
    best = np.maximum.reduceat(worth, options.first)
    at = np.flatnonzero((worth > 0) & (worth == best[options.customer]))
    # The first of equals, so that a customer counts once.
    own = options.customer[at]
    used = options.uses[at[np.diff(own, prepend=-1) != 0]].sum(axis=0)
    return float(prices @ limits.amounts + best[best > 0].sum()), limits.amounts - used


def _lowest(cuts: Floats, heights: Floats, low: Floats, high: Floats) -> tuple[Floats, float]:
    """The lowest point of the known pieces inside a box."""
    size = cuts.shape[1]
    scale = np.maximum(np.abs(cuts).max(), 1.0)
    found = linprog(
        np.array([*np.zeros(size), 1.0]),
        A_ub=np.column_stack([cuts / scale, -np.ones(len(cuts))]),
        b_ub=-heights / scale,
        bounds=[*zip(low, high, strict=True), (None, None)],
        method="highs",
    )
    return np.clip(found.x[:size], low, high), float(found.fun) * scale
