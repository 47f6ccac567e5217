"""Whom to win back: who left, may be approached, and is worth more than the offer costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.models.win_back_study import WinBackStudy, fading
from analysis.policy.added_chance import LEFT, policies_for, priced
from analysis.policy.effects import Effect
from analysis.policy.options import COLUMNS, LATELY, NO_CONSENT, ORDERED, REFUSES
from analysis.policy.table import Policy

Rows = nw.LazyFrame[Any]

NEVER = ("non_payment", "deceased", "moved")  # ways of leaving after which nobody is asked back
UNTOLD = "not told"


def candidates(former: Rows, reached: Rows, study: WinBackStudy, policies: Sequence[Policy]) -> pd.DataFrame:
    """Who left and may be asked back: not who did not pay or still owes, died, or moved away.

    Parameters
    ----------
    former : table of `measures.former.former_customers`.
    reached : table of `policy.reach.reach`.

    Returns
    -------
    Table, one row per former customer, by id: the classes that the policies read, the columns of `reach`, `churn_kind`,
    `reason` (as stated, else the way of leaving), `months_since`, `worth` (of coming back: what a returner is worth as
    a multiple of the monthly bill, times the former customer's own), `left_chance` (share of an added chance that is
    left after so long).
    """
    classes = {column for policy in policies_for(policies, LEFT) for column in policy.columns}
    there = former.collect_schema().names()
    named = ["customer_id", "churn_kind", "churn_reason", "months_since", "monetary_month", "owes"]
    read = [name for name in (*named, *sorted(classes)) if name in there]
    rows = to_pandas(former.select(read).join(reached, on="customer_id", how="inner").sort("customer_id"))
    owes = rows["owes"].eq(1) if "owes" in rows else pd.Series(data=False, index=rows.index)
    rows = rows[~rows["churn_kind"].isin(NEVER) & ~owes].reset_index(drop=True)
    bills = rows["monetary_month"].astype("float64") if "monetary_month" in rows else pd.Series(np.nan, rows.index)
    said = rows["churn_reason"].astype(object)
    reason = said.where(said.notna(), rows["churn_kind"].astype(object))
    return rows.assign(
        reason=reason.where(reason.notna(), UNTOLD),
        worth=np.round(study.multiple.value * bills.fillna(bills.mean()).clip(lower=0.0), 2),
        left_chance=fading(study, rows["months_since"]),
    )


def win_back_options(who: pd.DataFrame, policies: Sequence[Policy], added: Mapping[str, Effect]) -> pd.DataFrame:
    """Every policy for who left, with what it is expected to bring for each candidate.

    benefit = added chance × share of it left after so long × worth of coming back

    Parameters
    ----------
    who : table of `candidates`.
    added : by policy, the chance of coming back that it adds.

    Returns
    -------
    Table, one row per candidate and policy, in the columns of `policy.options.open_options`.
    """
    parts = [_options(who, policy, added[policy.name]) for policy in policies_for(policies, LEFT)]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)


def _options(who: pd.DataFrame, policy: Policy, added: Effect) -> pd.DataFrame:
    applies = np.ones(len(who), dtype=bool)
    for column, classes in policy.columns.items():
        applies &= who[column].isin(list(classes)).to_numpy() if column in who else False
    mine = who[applies].reset_index(drop=True)
    found = mine[["customer_id", "reason"]].assign(hindered=_hindered(mine, policy))
    return priced(found, policy, added, mine["left_chance"].to_numpy("float64") * mine["worth"].to_numpy("float64"))


def _hindered(who: pd.DataFrame, policy: Policy) -> pd.Series:
    """What stands against asking each: to ask back who left is marketing, whatever the policy says of itself."""
    consent = who[f"consents_{policy.channel}"].eq(1)
    cases = [
        (who["refuses"].eq(1), REFUSES),
        (~consent, NO_CONSENT),
        (who["approached"].eq(1), LATELY),
        (who["ordered"].eq(1), ORDERED),
    ]
    found = pd.Series(None, index=who.index, dtype=object)
    for stands, name in reversed(cases):
        found[stands] = name
    return found


def win_back_list(rows: pd.DataFrame, who: pd.DataFrame) -> pd.DataFrame:
    """Former customers on the list, and those held out by lot, in the order of the list of all actions.

    Parameters
    ----------
    rows : the rows of `policy.actions.action_list` that are of former customers.
    who : table of `candidates`.

    Returns
    -------
    Table, one row per former customer: `customer_id`, `reason`, `months_since`, `expected_benefit`, `cost`, `net`,
    `priority` (from 1), `due_date`, `owner`, `action`, `team`, `channel`, `marketing`, `arm`, `policy`.
    """
    listed = rows.merge(who[["customer_id", "months_since"]], on="customer_id", how="left")
    return listed.assign(priority=np.arange(1, len(listed) + 1), marketing=True)[_LIST]


_LIST = [
    "customer_id", "reason", "months_since", "expected_benefit", "cost", "net", "priority", "due_date", "owner",
    "action", "team", "channel", "marketing", "arm", "policy",
]  # fmt: skip
