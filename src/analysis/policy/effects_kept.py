"""The effects that a quarter's actions were chosen by, kept as figures for the orders between quarters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.policy.effects import Effect
from analysis.policy.table import Policy


def effects_kept(effects: Mapping[str, Effect]) -> pd.DataFrame:
    """The stage table `policy_effects`, one row per policy.

    `policy`, `share`, `low`, `high`, `measured`, `harmed` (JSON: dimension and class of whom a contact would harm) and
    `by_model` (whether a model tells whom; it is not kept).
    """
    rows = [
        {
            "policy": name, "share": one.share, "low": one.low, "high": one.high, "measured": one.measured,
            "harmed": json.dumps([list(pair) for pair in one.harmed]), "by_model": one.model is not None,
        }
        for name, one in effects.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["policy", "share", "low", "high", "measured", "harmed", "by_model"])


def effects_again(kept: pd.DataFrame, policies: Sequence[Policy]) -> tuple[list[Policy], dict[str, Effect]]:
    """The policies whose effects were kept, and the effects.

    A policy of which only a model told whom it would harm is left out: without the model it might harm somebody.
    """
    told = {str(row["policy"]): row for row in kept.to_dict("records") if not row["by_model"]}
    mine = [policy for policy in policies if policy.name in told]
    return mine, {policy.name: _again(told[policy.name]) for policy in mine}


def _again(row: Mapping[object, object]) -> Effect:
    harmed = tuple((str(one), str(other)) for one, other in json.loads(str(row["harmed"])))
    low, share, high = (float(str(row[name])) for name in ("low", "share", "high"))
    return Effect(share, low, high, measured=bool(row["measured"]), harmed=harmed)
