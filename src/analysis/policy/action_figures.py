"""What the action list holds, by policy, and what was left out of it and why."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.disclosure import masked
from analysis.policy.actions import ACT, HOLD_OUT, Actions
from analysis.policy.options import HARMS, HINDERED
from analysis.policy.table import Policy


def by_policy(rows: pd.DataFrame, policies: Sequence[Policy], *, smallest: int) -> pd.DataFrame:
    """The list by policy: `policy`, `customers`, `control`, `cost`, `benefit`, `net`, `doubted` (net with every
    effect at the low end of its interval), `masked`, `control_masked`; those without a customer are left out.
    """
    acted = rows[rows["arm"] == ACT].groupby("policy")
    held = rows[rows["arm"] == HOLD_OUT].groupby("policy").size()
    sums = acted.agg(
        customers=("customer_id", "size"),
        cost=("cost", "sum"),
        benefit=("expected_benefit", "sum"),
        low=("benefit_low", "sum"),
    )
    told = sums.reindex([one.name for one in policies if one.name in sums.index]).reset_index()
    told["control"] = told["policy"].map(held).fillna(0).astype(int)
    told["net"] = told["benefit"] - told["cost"]
    told["doubted"] = told["low"] - told["cost"]
    values = ["cost", "benefit", "net", "doubted"]
    few = told["control"].between(1, smallest - 1)
    hidden = masked(told.drop(columns="low"), by=["policy"], count="customers", values=values, minimum=smallest)
    return hidden.assign(control=told["control"].mask(few | hidden["masked"]), control_masked=few | hidden["masked"])


def left_out(options: pd.DataFrame, rows: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Customers for whom a policy is, and who are not on the list: `why`, `customers`, `masked`.

    Each counts once: for what stands against all of their options (the first in the order of `HINDERED`), because
    nothing would bring more than it costs, or because there was not enough money or time.
    """
    listed = set(rows["customer_id"])
    others = options[~options["customer_id"].isin(listed)]
    free = others[others["hindered"].isna()]
    place = {name: at for at, name in enumerate(HINDERED)}
    stands = others["hindered"].map(place).groupby(others["customer_id"]).min()
    why = stands.map(dict(enumerate(HINDERED)))
    useful = free["net"].gt(0).groupby(free["customer_id"]).any()
    why.update(useful.map({True: NOT_ENOUGH, False: HARMS}).astype(object))
    names = [HARMS, NOT_ENOUGH, *HINDERED]
    counts = why.value_counts().reindex(names, fill_value=0)
    found = pd.DataFrame({"why": names, "customers": counts.to_numpy()})
    return masked(found, by=["why"], count="customers", values=[], minimum=smallest)


NOT_ENOUGH = "no money or time left"


def action_kpis(actions: Actions) -> list[Kpi]:
    """Customers on the list, its cost and expected net benefit; none where there is none."""
    acted = actions.rows[actions.rows["arm"] == ACT]
    if acted.empty:
        return []
    many = len(acted)
    return [
        Kpi("actions", many, many),
        Kpi("actions_cost", float(acted["cost"].sum()), many),
        Kpi("actions_net", float(acted["net"].sum()), many),
    ]
