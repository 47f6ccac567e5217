"""Which actions are open for which customers, what each is expected to bring, and what stands against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.class_rules import SUFFIX
from analysis.policy.effects import Effect
from analysis.policy.table import Policy

HINDERED = ("do not contact", "no consent", "approached lately", "order open", "would be harmed")
REFUSES, NO_CONSENT, LATELY, ORDERED, HARMED = HINDERED
HARMS = "costs more than it brings"
COLUMNS = [
    "customer_id", "policy", "action", "team", "reason", "cost", "benefit", "low", "high", "net", "hindered",
]  # fmt: skip


def offered(
    customers: nw.LazyFrame[Any], policies: Sequence[Policy], effects: Mapping[str, Effect], *, as_of: dt.date
) -> pd.DataFrame:
    """Active customers by id, with what `open_options` reads of them and no more, and the as-of date as `landmark`.

    Parameters
    ----------
    customers : table, one row per active customer: everything known of them, their scores, and the columns of `reach`.
    """
    read = {"customer_id", "reason_1", "voluntary_3m", "clv", "refuses", "approached", "ordered", "tenure_months"}
    for policy in policies:
        read |= {*policy.columns, f"consents_{policy.channel}", *effects[policy.name].columns}
        read |= {f"{dimension}{SUFFIX}" for dimension, _ in effects[policy.name].harmed}
    there = [name for name in customers.collect_schema().names() if name in read]
    return to_pandas(customers.select(there).sort("customer_id")).assign(landmark=pd.Timestamp(as_of))


def open_options(customers: pd.DataFrame, policies: Sequence[Policy], effects: Mapping[str, Effect]) -> pd.DataFrame:
    """Every policy that applies to an active customer, with its expected net benefit.

    benefit = effect × probability of leaving by choice within three months × lifetime value
    net = benefit − cost of the contact and of the offer

    Parameters
    ----------
    customers : table, one row per active customer: `customer_id`, the classes, `reason_1`, `voluntary_3m`, `clv`, and
        the columns of `reach`. Who has no score or value has no option.
    effects : by policy, the share of the risk that it takes away; who would be harmed by a contact is hindered.

    Returns
    -------
    Table, one row per customer and policy: `customer_id`, `policy`, `action`, `team`, `reason` (the family, or the
    class that it is for), `cost`, `benefit`, `low`, `high` (the interval of the effect), `net` (currency),
    `hindered` (what stands against it; missing when nothing does).
    """
    scored = customers[customers["voluntary_3m"].notna() & customers["clv"].notna()]
    parts = [_options(scored, policy, effects[policy.name]) for policy in policies]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)


def _options(customers: pd.DataFrame, policy: Policy, effect: Effect) -> pd.DataFrame:
    applies = np.ones(len(customers), dtype=bool)
    for column, classes in policy.columns.items():
        applies &= customers[column].isin(list(classes)).to_numpy() if column in customers else False
    if policy.reason is not None:
        applies &= customers["reason_1"].eq(policy.reason).to_numpy()
    mine = customers[applies]
    at_risk = mine["voluntary_3m"].to_numpy("float64") * mine["clv"].to_numpy("float64").clip(0)
    found = pd.DataFrame({"customer_id": mine["customer_id"].to_numpy(), "policy": policy.name})
    found["action"], found["team"], found["reason"] = policy.action, policy.team, _reason(policy)
    found["cost"] = policy.costs
    # Rounded to cents: a sum of them is the same on every machine.
    for name, share in (("benefit", effect.share), ("low", effect.low), ("high", effect.high)):
        found[name] = np.round(share * at_risk, 2)
    found["net"] = (found["benefit"] - found["cost"]).round(2)
    return found.assign(hindered=_hindered(mine, policy, effect))[COLUMNS]


def _reason(policy: Policy) -> str:
    """Why the action is for somebody, in words: "price", or "growing or mature customer"."""
    if policy.reason is not None:
        return policy.reason
    told = {dimension.replace("_", " "): " or ".join(classes) for dimension, classes in policy.who.items()}
    stages = [f"{told.pop('lifecycle')} customer"] if "lifecycle" in told else []
    return "; ".join([*stages, *(f"{dimension}: {classes}" for dimension, classes in told.items())]) or "everyone"


def _hindered(customers: pd.DataFrame, policy: Policy, effect: Effect) -> pd.Series:
    consent = customers[f"consents_{policy.channel}"].eq(1).to_numpy()
    cases = [
        (customers["refuses"].eq(1).to_numpy(), REFUSES),
        (policy.marketing & ~consent, NO_CONSENT),
        (policy.marketing & customers["approached"].eq(1).to_numpy(), LATELY),
        (customers["ordered"].eq(1).to_numpy(), ORDERED),
        (_harmed(customers, effect), HARMED),
    ]
    found = pd.Series(None, index=range(len(customers)), dtype=object)
    for stands, name in reversed(cases):
        found[np.broadcast_to(stands, len(customers))] = name
    return found


def _harmed(customers: pd.DataFrame, effect: Effect) -> np.ndarray:
    """Whom a contact would make leave more, by what the campaign did to their classes or by its uplift model."""
    found = np.zeros(len(customers), dtype=bool)
    for dimension, klass in effect.harmed:
        column = f"{dimension}{SUFFIX}"
        found |= customers[column].eq(klass).to_numpy() if column in customers else False
    if effect.model is not None and len(customers):
        found |= effect.model.scores(customers) < 0
    return found
