"""What an action adds to the chance of winning somebody, who left or is a lead; and all options in one choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.policy.campaign_effects import CONVERTED
from analysis.policy.effects import Effect, stated
from analysis.policy.options import COLUMNS
from analysis.policy.table import Policy

Floats = npt.NDArray[np.float64]
STAGES = "lifecycle"
LEFT, LEADS = "churned", "potential"  # stages of who is no customer
OUTSIDE = (LEFT, LEADS)


def stages_of(policy: Policy) -> tuple[str, ...]:
    """The life-cycle stages that a policy names: one that names none is for customers."""
    return policy.who.get(STAGES, ())


def policies_for(policies: Sequence[Policy], stage: str) -> list[Policy]:
    """The policies that name a life-cycle stage."""
    return [policy for policy in policies if stage in stages_of(policy)]


def policies_inside(policies: Sequence[Policy]) -> list[Policy]:
    """The policies that are for customers: not for who left, or leads, alone."""
    return [policy for policy in policies if not stages_of(policy) or set(stages_of(policy)) - set(OUTSIDE)]


def added_chance(policy: Policy, effects: pd.DataFrame) -> Effect:
    """What the policy's campaign added to the chance of being won, where one drawn by lot measured it; else as stated.

    Parameters
    ----------
    effects : table of `campaign_shown.masked_effects`.
    """
    if policy.campaign is not None and len(effects):
        whole = effects["campaign"].astype(str)
        named = (whole == policy.campaign) | ((whole + ": " + effects["variant"].astype(str)) == policy.campaign)
        found = effects[named & (effects["outcome"] == CONVERTED) & ~effects["masked"].astype(bool)]
        if len(found) == 1 and found["effect"].notna().all():
            row = found.iloc[0]
            return Effect(float(row["effect"]), float(row["low"]), float(row["high"]), measured=True)
    return stated(policy)


def priced(found: pd.DataFrame, policy: Policy, added: Effect, stakes: Floats) -> pd.DataFrame:
    """The options of one policy with what each is expected to bring, in the columns of `open_options`.

    benefit = added chance × stakes, net = benefit − cost of the contact and of the offer

    Parameters
    ----------
    found : table with `customer_id`, `reason`, `hindered`.
    stakes : of each what is won, times the share of the added chance that is left; missing: nothing is told, no option.
    """
    table = found.assign(policy=policy.name, action=policy.action, team=policy.team, cost=policy.costs)
    # Rounded to cents: a sum of them is the same on every machine.
    for name, share in (("benefit", added.share), ("low", added.low), ("high", added.high)):
        table[name] = np.round(share * stakes, 2)
    table["net"] = (table["benefit"] - table["cost"]).round(2)
    return table.loc[~np.isnan(stakes), COLUMNS].reset_index(drop=True)


def added_chances(policies: Sequence[Policy], effects: pd.DataFrame) -> dict[str, Effect]:
    """By the name of each policy for who left or for leads, what `added_chance` tells of it."""
    return {policy.name: added_chance(policy, effects) for policy in policies if set(stages_of(policy)) & set(OUTSIDE)}
