"""The action list: the best within budget and capacity, and beside it those held out by lot to measure it by."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.policy.choice import Choice, best_actions
from analysis.policy.limits import BUDGET
from analysis.policy.order_types import typed
from analysis.policy.table import Policy, Team

ACT, HOLD_OUT = "act", "control"


@dataclass(frozen=True)
class Actions:
    """`rows`: table of the list; `choice`: what was chosen of those who may be acted on, and its limits."""

    rows: pd.DataFrame
    choice: Choice


@dataclass(frozen=True)
class Frame:
    """Within what actions are chosen: the money, the teams, the share held out, and the day from which dues count."""

    budget: float | None
    teams: Mapping[str, Team]
    holdout: float
    as_of: dt.date

    @property
    def capacity(self) -> dict[str, int]:
        """What each team can do; teams without a limit are not named."""
        return {name: team.capacity for name, team in self.teams.items() if team.capacity is not None}


def action_list(options: pd.DataFrame, policies: Sequence[Policy], frame: Frame) -> Actions:
    """One action per customer at most: what brings most together, and who is left alone by lot.

    The lot is drawn before the choice, by customer: those held out take no money and no time, and stand for what would
    have been chosen at the same prices of both. Without them next quarter could not tell what the actions did.

    Parameters
    ----------
    options : table of `open_options`; what is hindered is left out.

    Returns
    -------
    Actions, whose `rows` is a table, one row per customer, by priority: `customer_id`, `action`, `reason`, `priority`
    (from 1, the highest net benefit first), `cost`, `expected_benefit`, `due_date`, `owner`, `policy`, `channel`,
    `marketing`, `team`, `net`, `arm` (`act`; `control` for those held out, who come last and are not to be approached),
    `benefit_low`, `benefit_high` (the interval of the effect).
    """
    free = options[options["hindered"].isna()]
    drawn = held_out(free["customer_id"], frame.holdout, frame.as_of)
    choice = best_actions(free[~drawn], budget=frame.budget, capacity=frame.capacity)
    control = _as_worth(free[drawn], choice.prices)
    told = pd.concat([choice.rows.assign(arm=ACT), control.assign(arm=HOLD_OUT)], ignore_index=True)
    ordered = told.sort_values(["arm", "net", "customer_id"], ascending=[True, False, True], ignore_index=True)
    lines = {policy.name: policy for policy in policies}
    mine = [lines[name] for name in ordered["policy"]]
    days = pd.to_timedelta([line.days for line in mine], unit="D")
    listed = ordered.assign(
        priority=np.arange(1, len(ordered) + 1),
        expected_benefit=ordered["benefit"],
        benefit_low=ordered["low"],
        benefit_high=ordered["high"],
        due_date=pd.Timestamp(frame.as_of) + days,
        owner=[frame.teams[line.team].owner for line in mine],
        channel=[line.channel for line in mine],
        marketing=[line.marketing for line in mine],
    )
    return Actions(typed(listed[_ROWS]), choice)


_ROWS = [
    "customer_id", "action", "reason", "priority", "cost", "expected_benefit", "due_date", "owner", "policy", "channel",
    "marketing", "team", "net", "arm", "benefit_low", "benefit_high",
]  # fmt: skip


def held_out(customers: pd.Series, share: float, as_of: dt.date) -> pd.Series:
    """Whether the lot of this as-of date leaves a customer alone; the same lot for a customer, whatever the list."""
    lots = customers.map({name: _lot(str(name), as_of) for name in customers.unique()})
    return lots.lt(share) if len(lots) else pd.Series(dtype=bool)


def _lot(customer: str, as_of: dt.date) -> float:
    """A number from 0 to 1 that a customer draws on a day."""
    # A checksum would not do: the lots of two days would hang together.
    drawn = hashlib.blake2b(f"{as_of:%Y-%m-%d} {customer}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") / 2**64


def _as_worth(options: pd.DataFrame, prices: Mapping[str, float]) -> pd.DataFrame:
    """Of each customer the option that is worth most at these prices, where it is worth anything."""
    spent = options["cost"] * prices.get(BUDGET, 0.0) + options["team"].map(prices).fillna(0.0)
    worth = options.assign(worth=options["net"] - spent)
    best = worth.sort_values(["customer_id", "worth", "action"], ascending=[True, False, True])
    return best.drop_duplicates("customer_id")[lambda rows: (rows["worth"] > 0) & (rows["net"] > 0)]


def profit_curve(
    options: pd.DataFrame, frame: Frame, point: tuple[float, float] | None, *, steps: int = 8
) -> pd.DataFrame:
    """What the list would bring with less money and with more, of the customers whom the lot does not hold out.

    Table, one row per amount: `budget`, `net`, `low`, `high` (every effect at that end of its interval).

    From nothing up to what would be spent without a limit of money, or twice the budget; what the list spends is one
    of the amounts.

    Parameters
    ----------
    point : what the list costs and brings. None where that may not be told: the amounts then end at a round one, and
        `low` and `high` are `net`, since from what is spent in all, and from net and its low end, the numbers of the
        few could be computed.
    """
    free = options[options["hindered"].isna() & (options["net"] > 0)]
    free = free[~held_out(free["customer_id"], frame.holdout, frame.as_of).astype(bool)]
    amounts = _amounts(free, frame, point, steps)
    rows = [best_actions(free, budget=one, capacity=frame.capacity).rows for one in amounts]
    ends = (
        {"net": "benefit", "low": "low", "high": "high"} if point else dict.fromkeys(("net", "low", "high"), "benefit")
    )
    told = [{name: one[end].sum() - one["cost"].sum() for name, end in ends.items()} for one in rows]
    return pd.DataFrame(told, columns=list(ends), dtype="float64").assign(budget=amounts)


def _amounts(options: pd.DataFrame, frame: Frame, point: tuple[float, float] | None, steps: int) -> list[float]:
    """The amounts of the profit curve, from nothing up."""
    most = float(best_actions(options, budget=None, capacity=frame.capacity).rows["cost"].sum())
    if point is None and most > 0:
        unit = 10.0 ** math.floor(math.log10(most))
        most = math.ceil(most / unit) * unit
    most = most if frame.budget is None else min(most, 2 * frame.budget)
    spent = [] if point is None else [math.ceil(100 * point[0] - 1e-6) / 100]
    return [float(one) for one in np.unique(np.round([*np.linspace(0, most, steps + 1), *spent], 2))]
