"""What the action list holds, by policy, and what was left out of it and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.disclosure import masked, withheld
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
    hidden = masked(told.drop(columns="low"), by=["policy"], count="customers", values=values, minimum=smallest)
    away = _control_hidden(held, hidden.set_index("policy")["masked"], smallest=smallest)
    unseen = hidden["policy"].map(away).astype(bool)
    return hidden.assign(control=told["control"].mask(unseen), control_masked=unseen)


def _control_hidden(held: pd.Series, hidden: pd.Series, *, smallest: int) -> pd.Series:
    """Whether a policy's number held out is hidden: it is small, its row is hidden, or it would tell another's.

    How many are held out of all is told elsewhere, and a policy for which all were held out has no row.
    """
    names = hidden.index.union(held.index)
    many = held.reindex(names, fill_value=0)
    absent = many.gt(0) & ~names.isin(hidden.index)
    first = many.between(1, smallest - 1) | hidden.reindex(names, fill_value=False) | absent
    counts, sums = many.to_numpy("float64")[:, np.newaxis], np.ones((1, len(names)))
    found = withheld(sums, counts, hidden=first.to_numpy(dtype=bool), minimum=smallest)
    return pd.Series(found, names, dtype=bool)


def shown_money(told: pd.DataFrame) -> pd.Series:
    """`customers`, `cost`, `net` and `doubted` of those rows of the list by policy that are not masked, together.

    Only they are told. What a contact costs is public: from the cost of all, less that of the rows shown, the numbers
    in masked rows would follow (11 customers at 12 or 6 who cost 126 are ten and one); and from net and the low end
    of assumed effects, which is half of the benefit less cost, the cost.
    """
    return told.loc[~told["masked"].astype(bool), ["customers", "cost", "net", "doubted"]].astype("float64").sum()


def list_kpis(told: pd.DataFrame) -> list[Kpi]:
    """Cost and expected net benefit of all actions that are told: for customers, former customers and leads.

    Parameters
    ----------
    told : table of `everyone.by_kind`.
    """
    sums = shown_money(told)
    names = {"list_cost": "cost", "list_net": "net", "list_low": "doubted"}
    many = int(sums["customers"])
    return [Kpi(metric, sums[name], many) for metric, name in names.items()] if many else []


def list_point(whole: Actions, told: pd.DataFrame) -> tuple[float, float] | None:
    """What the list costs and is expected to bring after it; None where `told` hides any row, see `shown_money`."""
    rows = whole.rows[whole.rows["arm"] == ACT]
    return None if told["masked"].any() or rows.empty else (float(rows["cost"].sum()), float(rows["net"].sum()))


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


def action_kpis(actions: Actions, told: pd.DataFrame) -> list[Kpi]:
    """Customers on the list, its cost and expected net benefit; none where there is none.

    Parameters
    ----------
    told : table of `by_policy` for customers; money is that of its shown rows, see `shown_money`.
    """
    acted = actions.rows[actions.rows["arm"] == ACT]
    if acted.empty:
        return []
    money = shown_money(told)
    shown = int(money["customers"])
    kept = [Kpi("actions_cost", money["cost"], shown), Kpi("actions_net", money["net"], shown)]
    return [Kpi("actions", len(acted), len(acted)), *(kept if shown else [])]
