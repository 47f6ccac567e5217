"""What an action adds to the chance of winning somebody: leavers back, leads as customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.policy.campaign_effects import CONVERTED
from analysis.policy.table import Policy

Floats = npt.NDArray[np.float64]
STAGES = "lifecycle"
DOUBT = 0.5  # of a stated chance, by which it may be wrong either way: it is an assumption
OPTION = ["customer_id", "policy", "action", "team", "reason", "cost", "benefit", "low", "high", "net", "hindered"]


class Added(NamedTuple):
    """The chance that an action adds, with its interval; `measured` by a campaign drawn by lot, or stated."""

    share: float
    low: float
    high: float
    measured: bool = False


def policies_for(policies: Sequence[Policy], stage: str) -> list[Policy]:
    """The policies for a life-cycle stage that is named in them: one for everyone is for customers."""
    return [policy for policy in policies if stage in policy.who.get(STAGES, ())]


def added_chance(policy: Policy, effects: pd.DataFrame) -> Added:
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
            return Added(float(row["effect"]), float(row["low"]), float(row["high"]), measured=True)
    return Added(policy.effect, (1 - DOUBT) * policy.effect, (1 + DOUBT) * policy.effect)


def priced(found: pd.DataFrame, policy: Policy, added: Added, stakes: Floats) -> pd.DataFrame:
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
    return table.loc[~np.isnan(stakes), OPTION].reset_index(drop=True)


def added_chances(policies: Sequence[Policy], effects: pd.DataFrame) -> dict[str, Added]:
    """By the name of the policy what `added_chance` tells of it."""
    return {policy.name: added_chance(policy, effects) for policy in policies}
