"""Which actions are open for which customers, what each is expected to bring, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.policy.table import Policy

HINDERED = ("do not contact", "no consent", "approached lately", "order open")
REFUSES, NO_CONSENT, LATELY, ORDERED = HINDERED
HARMS = "costs more than it brings"
COLUMNS = [
    "customer_id", "policy", "action", "team", "reason", "cost", "benefit", "net", "hindered",
]  # fmt: skip


def stated_effects(policies: Sequence[Policy]) -> dict[str, float]:
    """What the policy table says of each: an assumption."""
    return {policy.name: policy.effect for policy in policies}


def open_options(customers: pd.DataFrame, policies: Sequence[Policy], effects: Mapping[str, float]) -> pd.DataFrame:
    """Every policy that applies to an active customer, with its expected net benefit.

    benefit = effect × probability of leaving by choice within three months × lifetime value
    net = benefit − cost of the contact and of the offer

    Parameters
    ----------
    customers : table, one row per active customer: `customer_id`, the classes, `reason_1`, `voluntary_3m`, `clv`, and
        the columns of `reach`. Who has no score or value has no option.
    effects : by policy, the share of the risk that it takes away.

    Returns
    -------
    Table, one row per customer and policy: `customer_id`, `policy`, `action`, `team`, `reason` (the family, or the
    class that it is for), `cost`, `benefit`, `net` (currency), `hindered` (what stands against it; missing when
    nothing does).
    """
    scored = customers[customers["voluntary_3m"].notna() & customers["clv"].notna()]
    parts = [_options(scored, policy, effects[policy.name]) for policy in policies]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)


def _options(customers: pd.DataFrame, policy: Policy, effect: float) -> pd.DataFrame:
    applies = np.ones(len(customers), dtype=bool)
    for column, classes in policy.columns.items():
        applies &= customers[column].isin(list(classes)).to_numpy() if column in customers else False
    if policy.reason is not None:
        applies &= customers["reason_1"].eq(policy.reason).to_numpy()
    mine = customers[applies]
    benefit = effect * mine["voluntary_3m"].to_numpy("float64") * mine["clv"].to_numpy("float64").clip(0)
    found = pd.DataFrame({"customer_id": mine["customer_id"].to_numpy(), "policy": policy.name})
    found["action"], found["team"], found["reason"] = policy.action, policy.team, _reason(policy)
    found["cost"] = policy.costs
    # Rounded to cents: a sum of them is the same on every machine.
    found["benefit"] = np.round(benefit, 2)
    found["net"] = (found["benefit"] - found["cost"]).round(2)
    return found.assign(hindered=_hindered(mine, policy))[COLUMNS]


def _reason(policy: Policy) -> str:
    if policy.reason is not None:
        return policy.reason
    return ", ".join(klass for classes in policy.who.values() for klass in classes) or "everyone"


def _hindered(customers: pd.DataFrame, policy: Policy) -> pd.Series:
    consent = customers[f"consents_{policy.channel}"].eq(1).to_numpy()
    cases = [
        (customers["refuses"].eq(1).to_numpy(), REFUSES),
        (policy.marketing & ~consent, NO_CONSENT),
        (policy.marketing & customers["approached"].eq(1).to_numpy(), LATELY),
        (customers["ordered"].eq(1).to_numpy(), ORDERED),
    ]
    found = pd.Series(None, index=range(len(customers)), dtype=object)
    for stands, name in reversed(cases):
        found[np.broadcast_to(stands, len(customers))] = name
    return found
