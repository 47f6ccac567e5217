"""From prices of the limits to a choice within them: what is clear is taken, what is nearly equal is solved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from analysis.policy.limits import Limits, Options
from analysis.policy.quiet import nothing_printed

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CORE = 400  # customers whose best option is least clear
NODES = 5_000  # of the exact solver, so that the same case takes the same way on every machine


def best_near(options: Options, limits: Limits, prices: Floats) -> Integers:
    """Places of the options taken: every customer's best at these prices, but for the least clear ones.

    How clear a customer is: by how much the best option, none at all among them, is worth more than the second best.
    The options of the least clear customers are chosen by an exact solver, within what the clear ones leave over.
    """
    worth = options.net - options.uses @ prices
    clear = _clearness(options, worth)
    order = np.lexsort((np.arange(len(clear)), clear))
    size = CORE
    while True:
        core = np.sort(order[:size])
        settled = _settled(options, worth, np.sort(order[size:]))
        left = limits.amounts - options.uses[settled].sum(axis=0)
        if (left >= 0).all() or size >= len(clear):
            break
        size *= 2
    part, places = options.part(core)
    return np.sort(np.concatenate([settled, places[_solved(part, left)]])).astype(np.int64)


def _clearness(options: Options, worth: Floats) -> Floats:
    """By how much each customer's best option, or none, is worth more than the second best."""
    best = np.maximum(np.maximum.reduceat(worth, options.first), 0)
    none = np.where(best > 0, 0.0, -np.inf)
    below = np.where(worth == best[options.customer], -np.inf, worth)
    return np.asarray(best - np.maximum(np.maximum.reduceat(below, options.first), none))


def _settled(options: Options, worth: Floats, customers: Integers) -> Integers:
    """Places of the best option of each of these customers, where one is worth more than none."""
    inside = np.zeros(len(options.first), dtype=bool)
    inside[customers] = True
    best = np.maximum.reduceat(worth, options.first)
    at = np.flatnonzero(inside[options.customer] & (worth == best[options.customer]) & (worth > 0))
    return at[np.diff(options.customer[at], prepend=-1) != 0].astype(np.int64)


def _solved(options: Options, left: Floats) -> Integers:
    """Places of the options that bring most within what is left, one per customer at most, exactly."""
    if not len(options.net):
        return np.empty(0, dtype=np.int64)
    many = len(options.net)
    one_each = csr_matrix((np.ones(many), (options.customer, np.arange(many))), shape=(len(options.first), many))
    rows = vstack([one_each, csr_matrix(options.uses.T)]) if options.uses.shape[1] else one_each
    with nothing_printed():
        found = milp(
            -options.net,
            constraints=LinearConstraint(rows, ub=np.concatenate([np.ones(len(options.first)), np.maximum(left, 0)])),
            integrality=np.ones(many),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0, "node_limit": NODES},
        )
    if found.x is None:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(found.x > 0.5).astype(np.int64)
