"""What teams can still do in a month, and what money is left in it, after what was handed out before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.basis.rounding import half_up
from analysis.policy.open_orders import WARNINGS
from analysis.policy.table import Team

MONTHS = 3  # of a quarter


def time_left(teams: Mapping[str, Team], handed: pd.DataFrame, *, as_of: dt.date) -> dict[str, int]:
    """How many warning orders each team can take in the month after a day; teams without a limit are not named.

    A month gets a third of the quarter's capacity, one order at least, less the warnings of that month handed out
    before; and all of a quarter together no more than its capacity, its action list counted.

    Parameters
    ----------
    handed : table of the orders handed out up to then: the columns of `open_orders.HANDED`.
    """
    months, quarters = _periods(handed, as_of)
    mine, warned = handed["team"], handed["origin"] == WARNINGS
    left = {}
    for name, team in teams.items():
        if team.capacity is not None:
            month = _month(team.capacity) - int((months & warned & (mine == name)).sum())
            left[name] = max(0, min(month, team.capacity - int((quarters & (mine == name)).sum())))
    return left


def _month(capacity: int) -> int:
    """A third of a quarter's capacity in whole orders; one at least, where the team can do any at all."""
    return max(int(half_up(capacity / MONTHS, 0)), min(capacity, 1))


def money_left(budget: float | None, handed: pd.DataFrame, *, as_of: dt.date) -> float | None:
    """What the warning orders of the month after a day may still cost; None without a limit."""
    if budget is None:
        return None
    months, _ = _periods(handed, as_of)
    spent = float(handed.loc[months & (handed["origin"] == WARNINGS), "cost"].astype(float).sum())
    return round(max(0.0, budget - spent), 2)


def _periods(handed: pd.DataFrame, as_of: dt.date) -> tuple[pd.Series, pd.Series]:
    """Whether each order falls to the month, and to the quarter, that begins or goes on the day after."""
    # An order handed out on the last day of a month is work of the next.
    days = pd.to_datetime(handed["handed_on"]) + pd.Timedelta(days=1)
    first = as_of + dt.timedelta(days=1)
    quarter = Quarter.of(first)
    month = (days.dt.year == first.year) & (days.dt.month == first.month)
    return month, days.between(pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day))
