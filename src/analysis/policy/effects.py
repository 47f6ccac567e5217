"""What a policy is taken to do: measured by a campaign drawn by lot where one is named, else as the table states."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.measures.interval import standard_normal_quantile
from analysis.models.differences import adjusted
from analysis.models.uplift import UpliftModel
from analysis.policy.campaign_effects import LEFT
from analysis.policy.campaign_uplift import Uplift
from analysis.policy.table import Policy

DOUBT = 0.5  # of a stated effect, by which it may be wrong either way: it is an assumption
CLEAR = 0.05
NEAREST = 3
UNKNOWN, FEW, SILENT = "unknown", "few", "silent"


@dataclass(frozen=True)
class Effect:
    """The share of the risk of leaving by choice that a policy takes away, with its interval.

    `measured`: whether a campaign did; else it is stated, and `low` and `high` are half of it and half as much again.
    `lack`: why the campaign that the policy names did not measure it (`unknown`: none of that name was drawn by lot;
    `few`: too few left, or stayed; `silent`: leaving is not told of it). `harmed`: dimension and class of customers
    whom the campaign made leave more. `model`: foretells what a contact adds to the chance of staying, where going by
    it was clearly better than going by lot.
    """

    share: float
    low: float
    high: float
    measured: bool = False
    lack: str | None = None
    harmed: tuple[tuple[str, str], ...] = ()
    model: UpliftModel | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """What must be known of customers to tell whom it would harm, their classes apart."""
        return () if self.model is None else self.model.columns


def stated(policy: Policy, *, lack: str | None = None) -> Effect:
    """What the policy table says: an assumption."""
    return Effect(policy.effect, (1 - DOUBT) * policy.effect, (1 + DOUBT) * policy.effect, lack=lack)


def taken_effects(
    policies: Sequence[Policy], effects: pd.DataFrame, *, classes: pd.DataFrame, models: Sequence[Uplift] = ()
) -> dict[str, Effect]:
    """The effect of each policy by name.

    Parameters
    ----------
    effects : table of `campaign_shown.masked_effects`, one row per campaign drawn by lot, variant and outcome; what may
        not be published is not taken either, for it would be told by the table of policies.
    classes : table of `campaign_classes.class_effects`; empty where none is told.
    models : the uplift models of the campaigns.
    """
    return {policy.name: _taken(policy, effects, classes, models) for policy in policies}


def _taken(policy: Policy, effects: pd.DataFrame, classes: pd.DataFrame, models: Sequence[Uplift]) -> Effect:
    if policy.campaign is None:
        return stated(policy)
    named = effects[_is_named(effects, policy.campaign)]
    if named["variant"].nunique() != 1:
        return stated(policy, lack=UNKNOWN)
    left = named[named["outcome"] == LEFT]
    if left.empty:
        return stated(policy, lack=SILENT)
    if bool(left["masked"].iloc[0]):
        return stated(policy, lack=FEW)
    one = left.to_dict("records")[0]
    found = relative(one)
    if found is None:
        return stated(policy, lack=FEW)
    mine = classes[(classes["campaign"] == one["campaign"]) & (classes["variant"] == one["variant"])]
    return replace(found, harmed=harmed_classes(mine), model=_trusted(models, one))


def stray_campaigns(policies: Sequence[Policy], effects: pd.DataFrame) -> dict[str, list[str]]:
    """By policy whose campaign is none drawn by lot, or several variants of one, the nearest names there are.

    Its variants where it is several, else at most three, the likest first; case does not count. Empty where no campaign
    was drawn by lot.
    """
    pairs = zip(effects["campaign"].astype(str), effects["variant"].astype(str), strict=True)
    known = {f"{campaign}: {variant}".casefold(): f"{campaign}: {variant}" for campaign, variant in sorted(set(pairs))}
    stray = {}
    for policy in policies:
        if policy.campaign is None or (named := effects[_is_named(effects, policy.campaign)])["variant"].nunique() == 1:
            continue
        own = sorted({f"{policy.campaign}: {variant}" for variant in named["variant"].astype(str)})
        near = get_close_matches(policy.campaign.casefold(), known, n=NEAREST, cutoff=0)
        stray[policy.name] = own or [known[one] for one in near]
    return stray


def _is_named(effects: pd.DataFrame, name: str) -> pd.Series:
    """Rows of a variant by `campaign: variant`, as the report writes it, or of a whole campaign by its name."""
    whole = effects["campaign"].astype(str)
    return (whole == name) | ((whole + ": " + effects["variant"].astype(str)) == name)


def relative(row: Mapping[Hashable, Any]) -> Effect | None:
    """An effect on leaving as a share of the risk that was taken away; None where nobody left in an arm.

    1 - p / q,  edges 1 - p / q · exp(± 1.96 · sqrt(1/a - 1/n + 1/b - 1/m))

    with a of n leaving in the arm that was contacted and b of m in the one held out. Negative: more left.

    References
    ----------
    Katz, Baptista, Azen and Pike (1978).
    """
    a, n, b, m = (float(row[name]) for name in ("events", "treated", "control_events", "control"))
    if not (a > 0 and b > 0 and row["control_share"] > 0):
        return None
    ratio = float(row["share"] / row["control_share"])
    reach = math.exp(standard_normal_quantile(0.95) * math.sqrt(max(1 / a - 1 / n + 1 / b - 1 / m, 0.0)))
    return Effect(1 - ratio, 1 - ratio * reach, 1 - ratio / reach, measured=True)


def harmed_classes(classes: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Dimension and class of customers whom a contact clearly made leave more, all that were looked at reckoned with.

    Parameters
    ----------
    classes : one campaign's variant, one row per class: `dimension`, `class`, `effect` (on staying), `error`.

    References
    ----------
    Holm (1979).
    """
    if classes.empty:
        return ()
    told = classes.sort_values(["dimension", "class"], ignore_index=True)
    z = told["effect"].to_numpy("float64") / np.maximum(told["error"].to_numpy("float64"), 1e-12)
    clear = told[adjusted(norm.cdf(z)) < CLEAR]
    return tuple((str(name), str(klass)) for name, klass in zip(clear["dimension"], clear["class"], strict=True))


def _trusted(models: Sequence[Uplift], row: Mapping[Hashable, Any]) -> UpliftModel | None:
    """The uplift model of the variant, where its Qini coefficient is clearly above that of the lot."""
    mine = [one for one in models if (one.campaign, one.variant) == (row["campaign"], row["variant"])]
    return mine[0].model if mine and mine[0].qini.low > 0 else None
