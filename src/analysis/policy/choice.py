"""The best action for each customer within a budget and what teams can do, and how far from the best it can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.policy.limits import Limits, Options
from analysis.policy.prices import limit_prices
from analysis.policy.rounding_off import best_near

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    `rows`: the chosen options, one per customer at most, with the columns given and `worth` (net benefit less what the
    budget and the team's time could have brought elsewhere, currency).
    `benefit`: their net benefit; `bound`: no choice can bring more; `gap`: (bound - benefit) ÷ bound.
    `prices`: what one more unit of each limit would bring (`budget`: currency per currency spent; a team: currency per
    action), by name; 0 where a limit does not bind.
    """

    rows: pd.DataFrame
    benefit: float
    bound: float
    gap: float
    prices: dict[str, float]


def best_actions(options: pd.DataFrame, *, budget: float | None, capacity: Mapping[str, int]) -> Choice:
    """Which option to take for which customer, so that together they bring most.

    maximise Σ net benefit of the options taken, subject to
    at most one option per customer, Σ cost ≤ budget, options of a team ≤ what it can do

    Every limit gets a price at which what is worth doing just fits (Lagrange multipliers of the multiple-choice
    knapsack); at these prices each customer's best option is known, but for few that are about equal, which an exact
    solver decides. The prices also give a bound that no choice can pass, so that the gap is proven. What would bring
    less than it costs is never chosen.

    Parameters
    ----------
    options : table, one row per customer and option: `customer_id`, `action`, `team`, `cost` (currency, 0 or more),
        `net` (expected benefit less cost, currency).
    budget : currency, or None without a limit.
    capacity : actions that each team can do; a team that is not named has no limit.

    References
    ----------
    Kellerer, Pferschy and Pisinger (2004), chapter 11; Kelley (1960) for the cutting planes.
    """
    useful = options[options["net"] > 0].sort_values(["customer_id", "action"], ignore_index=True)
    limits = Limits.of(useful, budget=budget, capacity=capacity)
    if useful.empty:
        return Choice(useful.assign(worth=0.0), 0.0, 0.0, 0.0, dict.fromkeys(limits.names, 0.0))
    problem = Options.of(useful, limits)
    prices, bound = limit_prices(problem, limits)
    taken = best_near(problem, limits, prices)
    benefit = float(problem.net[taken].sum())
    bound = max(bound, benefit)
    worth = problem.net - problem.uses @ prices
    rows = useful.loc[taken].assign(worth=worth[taken]).reset_index(drop=True)
    gap = (bound - benefit) / bound if bound > 0 else 0.0
    return Choice(rows, benefit, bound, gap, dict(zip(limits.names, prices.tolist(), strict=True)))
