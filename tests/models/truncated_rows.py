"""Rows of customers who come under observation late, as yardsticks/shared/truncated.R makes them."""

from __future__ import annotations

import numpy as np
import pandas as pd

DAYS_PER_MONTH = 30.4375


def draws(seed, rows, columns):
    """Numbers between 0 and 1, exact in any language (Park and Miller, 1988)."""
    made = np.empty(rows * columns)
    for place in range(len(made)):
        seed = 16807 * seed % 2147483647
        made[place] = seed / 2147483647
    return made.reshape(columns, rows)


def truncated(seed, customers, *, window, before, unit, life=20):
    """Customers who joined up to `before` months before a window of observation, or in it."""
    u = draws(seed, customers, 7)
    score, bound, calls = np.floor(2000 * u[2]) / 1000 - 1, (u[3] < 0.3) * 1, np.floor(5 * u[4])
    joined = np.floor(u[0] * (before + window) * unit) - before * unit
    lifetime = np.ceil(-life * unit * np.log(u[1]) * np.exp(-(0.8 * score + 0.5 * bound - 0.2 * calls)))
    entry, end = np.maximum(0, -joined), window * unit - joined
    made = pd.DataFrame(
        {"entry": entry / unit, "exit": np.minimum(lifetime, end) / unit, "event": (lifetime <= end) * 1}
    ).assign(score=score, bound=bound, calls=calls, stratum=np.floor(3 * u[5]), kind=1 + (u[6] < 0.4))
    made["cluster"] = np.arange(customers) // 3
    return made[made["exit"] > made["entry"]]


def in_months():
    return truncated(11, 1500, window=12, before=36, unit=1)


def in_days():
    return truncated(12, 2500, window=9, before=48, unit=DAYS_PER_MONTH)
