"""The groups of one quarter beside those of the quarter before, under names that stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.models.clusters.matching import met_again, surviving_names
from analysis.models.clusters.model import Found, GroupModel, found_groups
from analysis.models.clusters.profiles import profiles
from analysis.models.clusters.scaling import Method

Naming = Callable[[pd.DataFrame, Sequence[str]], list[str]]


@dataclass(frozen=True)
class Earlier:
    """The quarter before: its customers' behaviour (a row per customer), and its groups where they were kept.

    With `keep` these groups are applied again instead of looking for new ones.
    """

    quarter: str
    rows: pd.DataFrame
    model: GroupModel | None = None
    keep: bool = False


@dataclass(frozen=True)
class Groups:
    """What came of looking for groups at the end of a quarter.

    `found` tells how; `model` bears the names. `members` and `before`: customer → the name of the group at the end of
    this quarter, and of the one before by the same model; missing for who is in none. `profile`: table of `profiles`;
    `pairs`: table of `met_again` with `name` and `former_name`, without rows where nothing can be compared.
    """

    found: Found
    model: GroupModel | None
    members: pd.Series
    before: pd.Series
    profile: pd.DataFrame
    pairs: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The groups, largest first; none where none were found."""
        return [] if self.model is None else list(self.model.names)

    def kept(self) -> pd.DataFrame:
        """What the next quarter needs: `quarter`, `model` (JSON); no row without groups."""
        rows = [] if self.model is None else [(self.model.quarter, self.model.text())]
        return pd.DataFrame(rows, columns=["quarter", "model"]).astype("string")


def quarter_groups(now: pd.DataFrame, earlier: Earlier, *, quarter: str, method: Method, naming: Naming) -> Groups:
    """Look for groups among the customers of now, and give them the names they had.

    Parameters
    ----------
    now : table of behaviour, one row per customer, at the end of the quarter.
    naming : names for the groups of a profile, other than those taken.
    """
    found = found_groups(now, quarter=quarter, method=method)
    if earlier.keep and earlier.model is not None:
        found = replace(found, model=earlier.model, reason=None)
    if found.model is None:
        return Groups(found, None, _members(now, None), pd.Series(dtype=object), pd.DataFrame(), pd.DataFrame())
    profile = profiles(now, found.model.group_of(now), found.model)
    before = earlier.model or _named(earlier, method=method, naming=naming)
    if before is None:
        model, pairs = found.model.named(naming(profile, ())), pd.DataFrame()
    else:
        pairs = met_again(found.model, before)
        names = surviving_names(pairs, before, fresh=lambda taken: naming(profile, taken))
        model = found.model.named(names)
        pairs = pairs.assign(name=_called(pairs["group"], names), former_name=_called(pairs["former"], before.names))
    named = profile.assign(name=_called(profile["group"], model.names))
    return Groups(found, model, _members(now, model), _members(earlier.rows, model), named, pairs)


def _named(earlier: Earlier, *, method: Method, naming: Naming) -> GroupModel | None:
    """The groups of an earlier quarter under the names they would have had first."""
    rows = earlier.rows
    model = found_groups(rows, quarter=earlier.quarter, method=method).model if len(rows) else None
    return None if model is None else model.named(naming(profiles(rows, model.group_of(rows), model), ()))


def _members(rows: pd.DataFrame, model: GroupModel | None) -> pd.Series:
    """Customer → the name of the group; missing for who is in none."""
    keys = pd.Index(rows["customer_id"], name="customer_id")
    if model is None or rows.empty:
        return pd.Series(None, index=keys, dtype=object, name="cluster")
    return pd.Series(_called(model.group_of(rows), model.names).to_numpy(), index=keys, name="cluster")


def _called(groups: pd.Series, names: Sequence[str]) -> pd.Series:
    return groups.map(lambda group: names[int(group)], na_action="ignore").astype(object)
