"""Early warnings as work orders: one per customer at most, the most at risk first, within the limits of the month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.policy.actions import ACT, HOLD_OUT, held_out
from analysis.policy.effects import Effect, stated
from analysis.policy.options import HARMS, ORDERED, REFUSES, open_options
from analysis.policy.order_types import typed
from analysis.policy.table import Policy, Team

LISTED, HELD, UNVALUED, FULL = "on the action list", "held out by lot", "no forecast or value", "no time or money left"
LEFT_OUT = (LISTED, HELD, ORDERED, REFUSES, UNVALUED, HARMS, FULL)
ROWS = (
    "customer_id", "priority", "action", "reason", "reasons", "signs", "warned_by", "chance", "at_risk", "cost",
    "expected_benefit", "net", "due_date", "owner", "team", "channel", "marketing", "policy", "arm",
)  # fmt: skip


@dataclass(frozen=True)
class Month:
    """Within what the warnings of a month are chosen.

    `time` is how many orders each team can take (not named: any number) and `money` what they may cost (None: any sum);
    `lot_of` is the day whose lot holds customers out, of which a share `holdout` is. `check` is what is done where no
    policy's action brings more than it costs: an account looked at, and nobody contacted.
    """

    as_of: dt.date
    lot_of: dt.date
    holdout: float
    teams: Mapping[str, Team]
    time: Mapping[str, int]
    money: float | None
    check: Policy


@dataclass(frozen=True)
class Warnings:
    """`rows`: the orders, columns of `ROWS`; `why`: customer warned of who got none → why (of `LEFT_OUT`)."""

    rows: pd.DataFrame
    why: pd.Series

    @property
    def acted(self) -> pd.DataFrame:
        """The orders to hand out, without who was held out by lot."""
        return self.rows[self.rows["arm"] == ACT]


def warnings(
    warned: pd.DataFrame,
    customers: pd.DataFrame,
    policies: Sequence[Policy],
    effects: Mapping[str, Effect],
    month: Month,
) -> Warnings:
    """Work orders for customers of whom is warned.

    at risk = chance of leaving within a month × lifetime value

    From the most at risk down each gets the action that is expected to bring most after its cost and whose team has
    time left; then what is left of the month's time and money is less. Who is held out by lot takes neither, and is
    kept beside them to tell what the orders did.

    Parameters
    ----------
    warned : table of `warned.warned`.
    customers : table of `options.offered`, and `listed`: whether the customer is on the quarter's action list (`act`,
        `control`; missing: not on it).
    policies, effects : as for the action list; the month's `check` apart.
    """
    told = warned.merge(customers.drop(columns=["reason"], errors="ignore"), on="customer_id", how="left")
    told["at_risk"] = (told["chance"].astype(float) * told["clv"].astype(float).clip(0)).round(2)
    told = told.sort_values(["at_risk", "customer_id"], ascending=[False, True], ignore_index=True)
    why = _standing(told)
    free = told[why.isna()]
    able = free.assign(**{f"consents_{month.check.channel}": 0})
    does = dict(effects) | {month.check.name: stated(month.check)}
    options = open_options(able, [*policies, month.check], does)
    useful = options[options["hindered"].isna() & (options["net"] > 0)]
    held = held_out(free["customer_id"], month.holdout, month.lot_of)
    taken = _taken(_in_turn(useful, free), month, held=set(free.loc[held, "customer_id"]))
    rows = _rows(taken, told, [*policies, month.check], month)
    left = free[~free["customer_id"].isin(rows["customer_id"])]
    why[left.index] = np.where(left["customer_id"].isin(useful["customer_id"]), FULL, HARMS)
    why[told["customer_id"].isin(rows.loc[rows["arm"] == HOLD_OUT, "customer_id"])] = HELD
    return Warnings(rows, why.set_axis(told["customer_id"].to_numpy(dtype=object)).dropna())


def _standing(told: pd.DataFrame) -> pd.Series:
    """Why no order is open for a customer, whatever it would bring; missing where one is."""
    unvalued = told["voluntary_3m"].isna() | told["clv"].isna()
    cases = [
        (told["listed"] == HOLD_OUT, HELD), (told["listed"] == ACT, LISTED), (told["ordered"] == 1, ORDERED),
        (told["refuses"] == 1, REFUSES), (unvalued, UNVALUED),
    ]  # fmt: skip
    found = pd.Series(None, told.index, dtype=object)
    for stands, name in reversed(cases):
        found = found.mask(stands, name)
    return found


def _in_turn(options: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Options by customer, in the customers' order, each customer's best first."""
    place = pd.Series(np.arange(len(customers)), customers["customer_id"])
    ranked = options.assign(place=options["customer_id"].map(place))
    return ranked.sort_values(["place", "net", "action"], ascending=[True, False, True], ignore_index=True)


def _taken(options: pd.DataFrame, month: Month, *, held: set[str]) -> pd.DataFrame:
    """Of each customer the first option that the month's time and money allow, with its `arm`."""
    time, money = dict(month.time), np.inf if month.money is None else month.money
    served: set[str] = set()
    places, arms = [], []
    for place, row in enumerate(options[["customer_id", "team", "cost"]].itertuples(index=False)):
        if row.customer_id in served or time.get(row.team, 1) < 1 or row.cost > money:
            continue
        served.add(row.customer_id)
        places.append(place)
        arms.append(HOLD_OUT if row.customer_id in held else ACT)
        if arms[-1] == ACT:
            money = round(money - row.cost, 2)
            time |= {row.team: time[row.team] - 1} if row.team in time else {}
    return options.iloc[places].assign(arm=arms)


def _rows(taken: pd.DataFrame, told: pd.DataFrame, policies: Sequence[Policy], month: Month) -> pd.DataFrame:
    """The orders as they are handed out; who is held out comes last."""
    lines = {policy.name: policy for policy in policies}
    mine = [lines[name] for name in taken["policy"]]
    found = taken.drop(columns=["reason"]).merge(told[["customer_id", *_OF_THE_WARNED]], on="customer_id", how="left")
    found = found.assign(
        expected_benefit=found["benefit"],
        due_date=pd.Timestamp(month.as_of) + pd.to_timedelta([line.days for line in mine], unit="D"),
        owner=[month.teams[line.team].owner for line in mine],
        channel=[line.channel for line in mine],
        marketing=np.array([line.marketing for line in mine], dtype=bool),
    )
    ordered = found.sort_values(["arm", "place"], ignore_index=True)
    return typed(ordered.assign(priority=np.arange(1, len(ordered) + 1))[list(ROWS)])


_OF_THE_WARNED = ["reason", "reasons", "signs", "warned_by", "chance", "at_risk"]
