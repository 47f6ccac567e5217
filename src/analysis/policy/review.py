"""What last quarter's actions did: those approached against those held out by lot, policy by policy and together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.basis.kpi import Kpi
from analysis.measures.disclosure import masked
from analysis.models.differences import Difference, detectable, share_difference, shares_of
from analysis.policy.actions import ACT, HOLD_OUT

STRATUM = 30  # customers held out of a policy, below which it is no stratum of its own
EARNED, LOST, UNKNOWN = "earned", "lost", "unknown"
GROUPS = ("customers", "control", "left", "control_left", "stayed", "control_stayed")
VALUES = (
    "share", "control_share", "effect", "low", "high", "cost", "expected", "worth", "brought", "brought_low",
    "brought_high", "net", "net_low", "net_high",
)  # fmt: skip
COLUMNS = ("policy", *GROUPS, *VALUES, "verdict")


class Review(NamedTuple):
    """`rows`: table, one row per policy and a last one for all (see `review`); `alone`: policies without a held-out
    customer, or with nobody but these; `lost`: customers of the list of whom nobody knows what became.
    """

    rows: pd.DataFrame
    alone: tuple[str, ...]
    lost: int


def followed(listed: pd.DataFrame, came: pd.DataFrame, values: pd.DataFrame, *, usual: float) -> pd.DataFrame:
    """The customers of a list with what became of them and what they were worth.

    Parameters
    ----------
    listed : stage table `actions` of the quarter before.
    came : table, one row per customer on the books at its as-of date: `customer_id`, `left` (1 or 0, by choice within
        the quarter after).
    values : table, one row per customer: `customer_id`, `clv`, as valued then.
    usual : what a customer is worth on average, for those without a value of their own.

    Returns
    -------
    Table, one row per customer: `customer_id`, `policy`, `arm`, `cost`, `expected_benefit`, `left` (missing
    where nobody knows), `clv`.
    """
    kept = listed[["customer_id", "policy", "arm", "cost", "expected_benefit"]]
    told = kept.merge(came, on="customer_id", how="left", validate="one_to_one")
    told = told.merge(values[["customer_id", "clv"]], on="customer_id", how="left", validate="one_to_one")
    return told.assign(clv=told["clv"].astype("float64").fillna(usual))


def review(rows: pd.DataFrame, policies: Sequence[str]) -> Review:
    """What each policy did and brought, and all of them together.

    effect = share of those held out who left − share of those approached who left
    brought = customers approached × effect × what one is worth;  net = brought − cost

    Everybody of the list counts in the arm the lot gave, whether or not the action was carried out (intention to
    treat): who could be reached differs from who could not. Policies are strata of the last row, in which each counts
    by its customers, and in money by what these are worth; those of which few are held out are one stratum. What they
    are worth is the mean lifetime value of those approached, taken as known.

    Parameters
    ----------
    rows : table of `followed`.
    policies : names in the order of the policy table; others follow by name.

    Returns
    -------
    Review; `verdict` is `earned` where the whole interval of `net` is above nothing, `lost` where it is below, else
    `unknown`.

    References
    ----------
    Newcombe (1998), method 10; Zou and Donner (2008) for the sum over policies.
    """
    known = rows[rows["left"].notna()].astype({"left": "float64"})
    arms = [known[known["arm"] == arm].groupby("policy") for arm in (ACT, HOLD_OUT)]
    acted = arms[0].agg(
        customers=("left", "size"), left=("left", "sum"), cost=("cost", "sum"), expected=("expected_benefit", "sum"),
        worth=("clv", "mean"),
    )  # fmt: skip
    held = arms[1].agg(control=("left", "size"), control_left=("left", "sum"))
    both = acted.join(held, how="inner").reset_index()
    names = [*policies, *sorted(set(known["policy"]) - set(policies))]
    both = both.assign(place=both["policy"].map(names.index)).sort_values("place", ignore_index=True)
    parts = [both[both["policy"] == name] for name in both["policy"]]
    told = [_row(part, str(part["policy"].iloc[0])) for part in parts] + ([_row(both, None)] if len(both) else [])
    alone = [name for name in names if name in set(known["policy"]) - set(both["policy"])]
    return Review(pd.DataFrame(told, columns=list(COLUMNS)), tuple(alone), int(rows["left"].isna().sum()))


def _strata(part: pd.DataFrame) -> pd.DataFrame:
    """The policies as strata; those with few held out are one.

    The interval of a sum over strata of a few customers each is too narrow, and the lot is the same for every policy,
    so that they may be thrown together.
    """
    small = part["control"] < STRATUM
    keys = part["policy"].where(~small, "")
    money = part.assign(whole=part["customers"] * part["worth"].clip(lower=0))
    return money.groupby(keys.to_numpy())[["customers", "control", "left", "control_left", "whole"]].sum()


def _row(part: pd.DataFrame, name: str | None) -> dict[str, object]:
    strata = _strata(part)
    sides = shares_of(strata["control_left"], strata["control"]), shares_of(strata["left"], strata["customers"])
    kept, money = share_difference(*sides, strata["customers"]), share_difference(*sides, strata["whole"])
    sums = {one: float(part[one].sum()) for one in ("customers", "control", "left", "control_left", "cost", "expected")}
    whole = float(strata["whole"].sum())
    brought = [whole * end for end in (money.value, money.low, money.high)]
    net = [end - sums["cost"] for end in brought]
    return {
        "policy": name, **sums, "stayed": sums["customers"] - sums["left"],
        "control_stayed": sums["control"] - sums["control_left"], "share": sums["left"] / sums["customers"],
        "control_share": sums["left"] / sums["customers"] + kept.value, **_ends(kept),
        "worth": whole / sums["customers"],
        **dict(zip(("brought", "brought_low", "brought_high"), brought, strict=True)),
        **dict(zip(("net", "net_low", "net_high"), net, strict=True)), "verdict": _verdict(net[1], net[2]),
    }  # fmt: skip


def _ends(one: Difference) -> dict[str, float]:
    return {"effect": one.value, "low": one.low, "high": one.high}


def _verdict(low: float, high: float) -> str:
    return EARNED if low > 0 else LOST if high < 0 else UNKNOWN


def published(found: Review, *, smallest: int) -> pd.DataFrame:
    """The rows with `masked`: those of arms in which few are, left or stayed, and those that would give such away."""
    rows = found.rows.astype(dict.fromkeys(GROUPS, "float64"))
    if rows.empty:
        return rows.assign(masked=pd.Series(dtype=bool))
    return masked(rows, by=["policy"], count=list(GROUPS), values=list(VALUES), minimum=smallest)


def smallest_seen(share: float, approached: int, held: int) -> float:
    """The smallest effect that arms of this size would have shown with a chance of 80 %, where `share` leave anyway."""
    if not (approached and held):
        return float("nan")
    return detectable(float(np.sqrt(share * (1 - share) * (1 / approached + 1 / held))))


def share_of_both(found: Review, *, smallest: int) -> float | None:
    """The share of both arms together who left, where nothing of either is told; None where that would tell the few.

    Beside rows that are published it could be taken apart, and is not told.
    """
    rows = published(found, smallest=smallest)
    whole = rows[rows["policy"].isna()]
    if whole.empty or not rows["masked"].astype(bool).all():
        return None
    sums = found.rows[found.rows["policy"].isna()].iloc[0]
    left, stayed = sums["left"] + sums["control_left"], sums["stayed"] + sums["control_stayed"]
    return None if min(left, stayed) < smallest else float(left / (left + stayed))


def review_kpis(rows: pd.DataFrame) -> list[Kpi]:
    """What was kept and earned, by policy and together; none that may not be told.

    Parameters
    ----------
    rows : table of `published`.
    """
    found = []
    for row in rows[~rows["masked"].astype(bool)].to_dict("records"):
        n = int(row["customers"] + row["control"])
        key = (None, None, None) if row["policy"] is None or pd.isna(row["policy"]) else (None, "policy", row["policy"])
        found.append(Kpi("review_effect", row["effect"], n, row["low"], row["high"], *key))
        found.append(Kpi("review_net", row["net"], n, row["net_low"], row["net_high"], *key))
    return found
