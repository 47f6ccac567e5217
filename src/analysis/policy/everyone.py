"""All options in one choice: of customers, of who left, and of leads; and the list taken apart again."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.basis.metric import Kpi
from analysis.policy.action_figures import by_policy, shown_money
from analysis.policy.actions import ACT, Actions
from analysis.policy.added_chance import LEFT, policies_for
from analysis.policy.leads import LEAD
from analysis.policy.options import COLUMNS
from analysis.policy.table import Policy

CUSTOMER, FORMER, POTENTIAL = "customer", "former", "lead"
METRICS = {FORMER: ("win_back_asked", "win_back_net"), POTENTIAL: ("leads_called", "leads_net")}


def all_options(*options: pd.DataFrame) -> pd.DataFrame:
    """The options of all, so that one budget and the time of each team are shared out to where they bring most.

    What is expected to bring less than it costs is left out: of a million old leads nobody would draw a lot.
    """
    kept = [one.loc[one["net"] > 0, COLUMNS] for one in options if len(one)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)


def whom(rows: pd.DataFrame, policies: Sequence[Policy], customers: pd.Series) -> pd.Series:
    """Whether a row of the list is of a `customer`, a `former` one, or a `lead`.

    Parameters
    ----------
    customers : ids of the customers who had options; a policy may be for customers and for who left.
    """
    ids = rows["customer_id"].astype(str)
    names = [policy.name for policy in policies_for(policies, LEFT)]
    found = pd.Series(CUSTOMER, rows.index, dtype=object)
    found[rows["policy"].isin(names) & ~ids.isin(set(customers))] = FORMER
    found[ids.str.startswith(LEAD) & ~ids.isin(set(customers))] = POTENTIAL
    return found


def of_customers(whole: Actions, kinds: pd.Series) -> Actions:
    """The list of customers alone, by their own priority; the choice and its limits stay those of all.

    Parameters
    ----------
    kinds : of each row of the list, see `whom`.
    """
    rows = whole.rows[kinds == CUSTOMER].reset_index(drop=True)
    return Actions(rows.assign(priority=range(1, len(rows) + 1)), whole.choice)


def by_kind(rows: pd.DataFrame, kinds: pd.Series, policies: Sequence[Policy], *, smallest: int) -> pd.DataFrame:
    """The table of `by_policy` for customers, who left and leads in turn: of each the whole is told elsewhere.

    With the column `kind`: customer, former or lead.
    """
    kept = (CUSTOMER, FORMER, POTENTIAL)
    parts = [by_policy(rows[kinds == kind], policies, smallest=smallest).assign(kind=kind) for kind in kept]
    some = [part for part in parts if len(part)]
    return pd.concat(some, ignore_index=True) if some else parts[0]


def won_kpis(rows: pd.DataFrame, kinds: pd.Series, told: pd.DataFrame) -> list[Kpi]:
    """Former customers to ask back and leads to call, and what that is expected to bring after its cost.

    Parameters
    ----------
    told : table of `by_kind`; money is that of its shown rows, see `action_figures.shown_money`.
    """
    found = []
    for kind, (many, net) in METRICS.items():
        acted = rows[(kinds == kind) & (rows["arm"] == ACT)]
        money = shown_money(told[told["kind"] == kind])
        found += [Kpi(many, len(acted), len(acted))] if len(acted) else []
        found += [Kpi(net, money["net"], int(money["customers"]))] if money["customers"] else []
    return found
