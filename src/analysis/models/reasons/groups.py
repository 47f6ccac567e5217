"""The reasons of the customers at the highest risk, in groups large enough to be published."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.disclosure import masked
from analysis.measures.interval import standard_normal_quantile
from analysis.models.reasons.ranked import ACTIONABLE, Reasons

CLOSE = 0.2  # of the log hazard: a first reason that leads by less is hardly told from the second
Z = standard_normal_quantile(0.95)
NONE = "none"  # customers whose risk no reason to act on raises
GROUPS = ["reason", "customers", "share", "low", "high", "times", "times_low", "times_high", "again", "masked"]
PARTS = ["reason", "carrier", "state", "customers", "share"]


class Stability(NamedTuple):
    """How sure the first reasons of the customers at the highest risk are; not-a-number where there are none.

    Of `customers` at the highest risk: `again` is the mean share of equally likely estimates under which a first
    reason is the same; `close` the share of customers whose first reason leads by less than 0.2 of the log hazard;
    `again_close` and `again_clear` are `again` of these and of the others. All three are missing where one of the two
    groups is small.
    """

    customers: int
    again: float
    close: float
    again_close: float
    again_clear: float


def first_reasons(why: Reasons | None, *, smallest: int) -> pd.DataFrame:
    """How many of the customers at the highest risk have each family as first reason, most frequent first.

    Returns
    -------
    Table, one row per family that the model knows anything of: `reason` ("none" for customers whose risk no family
    raises), `customers`, `share` (of those at the highest risk) with `low` and `high` (95 %, by what it is under
    equally likely estimates), `times` (by how much the reason multiplies their hazard, in the mean of its log) with
    `times_low` and `times_high`, `again` (mean share of estimates under which the first reason is the same; missing
    for "none"), `masked`.
    """
    if why is None:
        return pd.DataFrame(columns=GROUPS).astype({"masked": bool})
    known = [name for name in ACTIONABLE if why.rows[f"adds_{name}"].any()]
    there = _at_highest_risk(why)
    drawn = pd.DataFrame(why.drawn, columns=list(ACTIONABLE)).assign(none=len(there) - why.drawn.sum(axis=1))
    rows = pd.DataFrame([_group(there, name, drawn[name]) | _times(why, there, name) for name in [*known, NONE]])
    kept = rows[(rows["reason"] != NONE) | (rows["customers"] > 0)]
    ordered = kept.sort_values("customers", ascending=False, kind="stable", ignore_index=True)
    values = GROUPS[2:-1]
    return masked(ordered, by=["reason"], count="customers", values=values, minimum=smallest)


def carriers(why: Reasons | None, *, smallest: int) -> pd.DataFrame:
    """What carries the first reason of the customers at the highest risk: the covariate that adds most within it.

    Returns
    -------
    Table, one row per reason, covariate and named value of it: `reason`, `carrier` (missing for all that too few
    customers have), `state` (what its value is called; missing where it has no name), `customers`, `share` (of those
    with the reason). Reasons that are masked are left out.
    """
    groups = first_reasons(why, smallest=smallest)
    if why is None:
        return pd.DataFrame(columns=PARTS)
    there = _at_highest_risk(why)
    shown = groups.loc[~groups["masked"] & (groups["customers"] > 0) & (groups["reason"] != NONE), "reason"]
    parts = [_carried(there.loc[there["reason_1"] == name], smallest) for name in shown]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=PARTS)


def stability(why: Reasons | None, *, smallest: int) -> Stability:
    """How often the first reasons of the customers at the highest risk stay the same."""
    if why is None:
        return Stability(0, *[float("nan")] * 4)
    everyone = _at_highest_risk(why)
    there = everyone.dropna(subset=["reason_1"])
    adds = np.sort(there[[f"adds_{name}" for name in ACTIONABLE]].to_numpy("float64"), axis=1)
    close, again = adds[:, -1] - adds[:, -2] < CLOSE, there["again"].to_numpy("float64")
    whole = float(again.mean()) if len(there) >= smallest else float("nan")
    few = min(close.sum(), (~close).sum()) < smallest
    parts = (close.mean(), again[close].mean(), again[~close].mean()) if not few else [float("nan")] * 3
    return Stability(len(everyone), whole, *(float(part) for part in parts))


def _at_highest_risk(why: Reasons) -> pd.DataFrame:
    return why.rows[why.rows["highest"] == 1]


def _group(there: pd.DataFrame, name: str, drawn: pd.Series) -> dict[str, object]:
    """Who has a first reason, and the interval of their share."""
    mine = there[_has(there, name)]
    share, reach = len(mine) / len(there), Z * float((drawn / len(there)).std(ddof=1))
    ends = {"low": max(share - reach, 0.0), "high": min(share + reach, 1.0)}
    return {"reason": name, "customers": len(mine), "share": share, **ends, "again": mine["again"].mean()}


def _times(why: Reasons, there: pd.DataFrame, name: str) -> dict[str, float]:
    """By how much a first reason multiplies the hazard of who has it, with its interval."""
    mine = there[_has(there, name)]
    if name == NONE or mine.empty:
        return dict.fromkeys(("times", "times_low", "times_high"), float("nan"))
    adds = float(mine[f"adds_{name}"].mean())
    reach = Z * float((why.drawn_adds[:, ACTIONABLE.index(name)] / len(mine)).std(ddof=1))
    return {"times": np.exp(adds), "times_low": np.exp(adds - reach), "times_high": np.exp(adds + reach)}


def _has(there: pd.DataFrame, name: str) -> pd.Series:
    return there["reason_1"].isna() if name == NONE else there["reason_1"] == name


def _carried(mine: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """The carriers of one reason with the names of their values; what too few customers have is taken together."""
    rows = []
    for carrier, customers in _pooled(mine["carrier_1"], smallest).items():
        theirs = mine.loc[mine["carrier_1"] == carrier, "state_1"] if carrier else mine.head(0)["state_1"]
        states = _pooled(theirs, smallest) if carrier else {None: customers}
        rows += [(carrier, state, many) for state, many in states.items()]
    table = pd.DataFrame(rows, columns=["carrier", "state", "customers"]).astype({"carrier": object, "state": object})
    return table.assign(reason=mine["reason_1"].iloc[0], share=table["customers"] / len(mine))[PARTS]


def _pooled(values: pd.Series, smallest: int) -> dict[str | None, int]:
    """How many have each value, the most frequent first; under None those without one and with one that few have."""
    counts = values.dropna().value_counts().rename_axis("value").reset_index(name="customers")
    counts = counts.sort_values(["customers", "value"], ascending=[False, True], ignore_index=True)
    kept = int((counts["customers"] >= smallest).sum())
    while kept and 0 < len(values) - counts["customers"].head(kept).sum() < smallest:
        kept -= 1
    found: dict[str | None, int] = {
        str(row["value"]): int(row["customers"]) for row in counts.head(kept).to_dict("records")
    }
    rest = len(values) - sum(found.values())
    return found | ({None: rest} if rest else {})
