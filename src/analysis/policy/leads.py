"""Which leads to call: by what a call adds to the chance of winning them, times what they are worth, less its cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.policy.added_chance import LEADS, STAGES, policies_for, priced
from analysis.policy.effects import Effect
from analysis.policy.options import COLUMNS
from analysis.policy.table import Policy

LEAD = "lead "  # stands before a lead's id among customers: no customer may have the same


def lead_options(open_leads: pd.DataFrame, policies: Sequence[Policy], added: Mapping[str, Effect]) -> pd.DataFrame:
    """What calling each open lead is expected to bring.

    benefit = added chance × (chance left ÷ chance of a new lead of its kind) × worth of a customer won from such leads

    Who has waited long seldom becomes a customer, and a call adds as much less. A policy that asks for more than the
    life-cycle stage is for no lead: leads have no classes.

    Parameters
    ----------
    open_leads : table of `models.lead_study`.
    added : by policy, the chance of becoming a customer that it adds to a new lead's.

    Returns
    -------
    Table, one row per lead and policy, in the columns of `policy.options.open_options`; `customer_id` is the lead's id
    after the word "lead".
    """
    fresh = open_leads["fresh"].to_numpy("float64")
    left = np.divide(open_leads["chance"], fresh, out=np.zeros(len(open_leads)), where=fresh > 0)
    stakes = left * open_leads["worth"].to_numpy("float64")
    found = pd.DataFrame({"customer_id": LEAD + open_leads["lead_id"].astype(str), "hindered": None})
    found["reason"] = open_leads["channel"].astype(str).to_numpy()
    mine = [policy for policy in policies_for(policies, LEADS) if set(policy.who) == {STAGES}]
    parts = [priced(found, policy, added[policy.name], stakes) for policy in mine]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)


def lead_list(rows: pd.DataFrame, open_leads: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """Every open lead, those to call first, then those held out by lot, then all others by what a call would bring.

    Parameters
    ----------
    rows : rows of `policy.actions.action_list`.
    options : table of `lead_options`.

    Returns
    -------
    Table, one row per open lead: `lead_id`, `channel`, `segment`, `created_at`, `chance` (that it still becomes a
    customer), `expected_value` (chance × worth), `expected_benefit` (what the call adds), `cost`, `net`, `priority`
    (from 1), `due_date`, `owner`, `action` (missing of who is not on the list), `reason`, `arm` (`act`; `control` for
    those held out; missing of who is not on the list).
    """
    best = options.sort_values(["customer_id", "net", "action"], ascending=[True, False, True])
    best = best.drop_duplicates("customer_id").rename(columns={"benefit": "expected_benefit"})
    asked = open_leads.assign(customer_id=LEAD + open_leads["lead_id"].astype(str))
    asked = asked.merge(best[["customer_id", "expected_benefit", "cost", "net"]], on="customer_id", how="left")
    told = asked.merge(rows[["customer_id", "action", "due_date", "owner", "arm"]], on="customer_id", how="left")
    order = told["arm"].map({"act": 0, "control": 1}).fillna(2)
    told = told.assign(order=order).sort_values(["order", "net", "lead_id"], ascending=[True, False, True])
    days = told["days"].astype(int)
    since = ", open for " + days.astype(str) + np.where(days == 1, " day", " days")
    return told.assign(
        priority=np.arange(1, len(told) + 1),
        reason="by " + told["channel"].astype(str) + since,
    )[_LIST].reset_index(drop=True)


_LIST = [
    "lead_id", "channel", "segment", "created_at", "chance", "expected_value", "expected_benefit", "cost", "net",
    "priority", "due_date", "owner", "action", "reason", "arm",
]  # fmt: skip
