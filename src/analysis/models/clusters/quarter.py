"""The groups of one quarter beside those of the quarter before, under names that stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.models.clusters.matching import met_again, surviving_names
from analysis.models.clusters.model import Former, Found, GroupModel, found_groups
from analysis.models.clusters.profiles import profiles
from analysis.models.clusters.scaling import Method
from analysis.models.counts import Floats

Naming = Callable[[pd.DataFrame, Sequence[str]], list[str]]


@dataclass(frozen=True)
class Earlier:
    """The quarters before: behaviour at their ends, and the groups of the last of them where they were kept.

    `rows`: table, one row per customer and `landmark` (a quarter's last day); four quarters are enough. With `keep` the
    groups that were kept are applied again instead of looking for new ones.
    """

    rows: pd.DataFrame
    model: GroupModel | None = None
    keep: bool = False


@dataclass(frozen=True)
class Groups:
    """What came of looking for groups at the end of a quarter.

    `found` tells how; `model` bears the names. `members` and `before`: customer → the name of the group at the end of
    this quarter, and of the one before by the same model; missing for who is in none. `profile`: table of `profiles`;
    `pairs`: table of `met_again` with `name` and `former_name`, without rows where nothing can be compared. `former`:
    whether the groups of the quarter before are those of a report (reported), were looked for in its data now (looked
    back), or were applied again as they are (kept).
    """

    found: Found
    model: GroupModel | None
    members: pd.Series
    before: pd.Series
    profile: pd.DataFrame
    pairs: pd.DataFrame
    former: Literal["reported", "looked back", "kept"] = "looked back"

    @property
    def names(self) -> list[str]:
        """The groups, largest first; none where none were found."""
        return [] if self.model is None else list(self.model.names)

    def kept(self) -> pd.DataFrame:
        """What the next quarter needs: `quarter`, `model` (JSON); no row without groups."""
        rows = [] if self.model is None else [(self.model.quarter, self.model.text())]
        return pd.DataFrame(rows, columns=["quarter", "model"]).astype("string")


def quarter_groups(now: pd.DataFrame, earlier: Earlier, *, quarter: str, method: Method, naming: Naming) -> Groups:
    """Look for groups among the customers of now, from where those of the quarter before were; they keep their names.

    Where no report of the quarter before kept its groups, they are looked for in the quarters before, each from where
    those of the one before it were: so the first report has a history too.

    Parameters
    ----------
    now : table of behaviour, one row per customer, at the end of the quarter.
    naming : names for the groups of a profile, other than those taken.
    """
    before = earlier.model or _history(earlier.rows, method=method, naming=naming)
    former = None if before is None else Former(before, _last(earlier.rows))
    found = found_groups(now, quarter=quarter, method=method, before=former)
    origin: Literal["reported", "looked back", "kept"] = "looked back" if earlier.model is None else "reported"
    if earlier.keep and earlier.model is not None:
        origin = "kept"
        found = replace(found, model=earlier.model, reason=None)
    if found.model is None:
        return Groups(found, None, _members(now, None), pd.Series(dtype=object), pd.DataFrame(), pd.DataFrame())
    profile = profiles(now, found.model.group_of(now), found.model)
    shared = None if earlier.keep else found.shared
    model, pairs = _named(found.model, profile, before, shared=shared, naming=naming)
    named = profile.assign(name=_called(profile["group"], model.names))
    return Groups(found, model, _members(now, model), _members(_last(earlier.rows), model), named, pairs, origin)


def _history(rows: pd.DataFrame, *, method: Method, naming: Naming) -> GroupModel | None:
    """The groups of the last of some quarters under their names; the last that were found, where there are none then.

    As no report has shown them yet they may be divided from one quarter to the next.
    """
    before: GroupModel | None = None
    for day, part in rows.groupby("landmark", sort=True) if len(rows) else ():
        former = None if before is None else Former(before)
        found = found_groups(part, quarter=str(Quarter.of(day)), method=method, before=former)
        if found.model is not None:
            profile = profiles(part, found.model.group_of(part), found.model)
            before, _ = _named(found.model, profile, before, shared=found.shared, naming=naming)
    return before


def _named(
    model: GroupModel, profile: pd.DataFrame, before: GroupModel | None, *, shared: Floats | None, naming: Naming
) -> tuple[GroupModel, pd.DataFrame]:
    """The groups under the names they had or fresh ones, and how they were met again."""
    if before is None:
        return model.named(naming(profile, ())), pd.DataFrame()
    pairs = met_again(model, before, shared)
    names = surviving_names(pairs, before, fresh=lambda taken: naming(profile, taken))
    called = {"name": _called(pairs["group"], names), "former_name": _called(pairs["former"], before.names)}
    return model.named(names), pairs.assign(**called)


def _last(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["landmark"] == rows["landmark"].max()] if len(rows) else rows


def _members(rows: pd.DataFrame, model: GroupModel | None) -> pd.Series:
    """Customer → the name of the group; missing for who is in none."""
    keys = pd.Index(rows["customer_id"], name="customer_id")
    if model is None or rows.empty:
        return pd.Series(None, index=keys, dtype=object, name="cluster")
    return pd.Series(_called(model.group_of(rows), model.names).to_numpy(), index=keys, name="cluster")


def _called(groups: pd.Series, names: Sequence[str]) -> pd.Series:
    return groups.map(lambda group: names[int(group)], na_action="ignore").astype(object)
