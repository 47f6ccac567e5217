"""The ways to scale variables, side by side: whether groups depend on the choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pandas as pd
from sklearn.metrics import adjusted_rand_score

from analysis.models.clusters.quarter import Earlier, Groups, Naming, quarter_groups
from analysis.models.clusters.scaling import Method

METHODS: Sequence[Method] = get_args(Method)
COLUMNS = ("method", "groups", "silhouette", "stability", "passage", "in_groups", "kept", "agreement", "reason")


def compared_scalings(now: pd.DataFrame, then: pd.DataFrame, *, quarter: str, naming: Naming) -> pd.DataFrame:
    """The groups that each scaling leads to.

    Parameters
    ----------
    now, then : behaviour as `quarter_groups` takes it, of this quarter and of those before.

    Returns
    -------
    Table, one row per method: `method`, `groups` (0 where there are none, and `reason` then says why), `silhouette`,
    `stability` and `passage` of the number chosen, `in_groups` (share of the customers), `kept` (share of those in a
    group now and the quarter before who are under the same name), `agreement` (adjusted Rand index with the first
    method's groups, over customers in a group of both; missing where either has none).

    References
    ----------
    Milligan and Cooper (1988) for such comparisons; Hubert and Arabie (1985) for the index.
    """
    found = {one: quarter_groups(now, Earlier(then), quarter=quarter, method=one, naming=naming) for one in METHODS}
    first = found[METHODS[0]]
    return pd.DataFrame([_row(method, groups, first) for method, groups in found.items()], columns=list(COLUMNS))


def _row(method: Method, groups: Groups, first: Groups) -> tuple[object, ...]:
    tried = groups.found.tried
    chosen = tried[tried["chosen"].eq(True)].reindex(columns=["silhouette", "stability", "passage"]).mean()
    both = pd.concat([groups.members, groups.before.rename("before")], axis=1, join="inner").dropna()
    kept = float((both.iloc[:, 0] == both.iloc[:, 1]).mean()) if len(both) else float("nan")
    inside = float(groups.members.notna().mean())
    return (method, len(groups.names), *chosen, inside, kept, _agreement(groups, first), groups.found.reason)


def _agreement(groups: Groups, first: Groups) -> float:
    both = pd.concat([groups.members, first.members], axis=1, join="inner").dropna()
    return float(adjusted_rand_score(both.iloc[:, 0], both.iloc[:, 1])) if len(both) else float("nan")
