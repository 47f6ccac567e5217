"""Whether a campaign worked better for some classes of customers than for others, with care not to fish."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.frames.retention import CONTROL
from analysis.measures.class_rules import NOT_AVAILABLE, SUFFIX
from analysis.models.differences import adjusted, interaction_chance, share_difference, shares_of

FEWEST = 11  # customers with either outcome in each arm without which a class tells no effect
CLEAR = 0.05
COLUMNS = ["campaign", "variant", "dimension", "class", "treated", "control", "effect", "low", "high", "error"]


def class_effects(rows: pd.DataFrame, dimensions: Sequence[str]) -> pd.DataFrame:
    """The effect on the wanted outcome by rule class at contact, a row per campaign, variant, dimension and class.

    Parameters
    ----------
    rows : table, one row per contact: `campaign`, `arm`, `good`, and the classes of that day.

    Returns
    -------
    Table: see `COLUMNS`; `effect` is the share with the wanted outcome, treated less control. Classes with fewer than
    eleven customers of either outcome in either arm are left out.
    """
    found = []
    for campaign, own in rows.groupby("campaign", sort=True):
        for variant in sorted(set(own["arm"]) - {CONTROL}):
            pair = own[own["arm"].isin([variant, CONTROL])]
            found += [_by(pair, name).assign(campaign=campaign, variant=variant) for name in dimensions]
    told = [one for one in found if len(one)]
    return pd.concat(told, ignore_index=True)[COLUMNS] if told else pd.DataFrame(columns=COLUMNS)


def _by(pair: pd.DataFrame, dimension: str) -> pd.DataFrame:
    column = dimension + SUFFIX
    if column not in pair.columns:
        return pd.DataFrame(columns=COLUMNS)
    treated = (pair["arm"] != CONTROL).astype("int64")
    sums = pair.assign(treated=treated, n=1).pivot_table(
        index=column, columns="treated", values=["n", "good"], aggfunc="sum", fill_value=0
    )
    sizes = sums["n"].reindex(columns=[1, 0], fill_value=0).to_numpy("float64")
    good = sums["good"].reindex(columns=[1, 0], fill_value=0).to_numpy("float64")
    enough = _safe(np.hstack([good, sizes - good])) & (sums.index != NOT_AVAILABLE)
    rows = [
        {"dimension": dimension, "class": name, "treated": n[0], "control": n[1]}
        | dict(zip(("effect", "low", "high", "error"), _difference(n, g), strict=True))
        for name, n, g in zip(sums.index[enough], sizes[enough], good[enough], strict=True)
    ]
    return pd.DataFrame(rows)


def _safe(counts: np.ndarray) -> np.ndarray:
    """Classes that may be told: none too small, and those left out too many together to be told by subtraction."""
    shown = np.array([bool((one >= FEWEST).all()) for one in counts], dtype=bool)
    while shown.any() and not shown.all():
        hidden = counts[~shown]
        if len(hidden) > 1 and (hidden.sum(axis=0) >= FEWEST).all():
            break
        left = np.flatnonzero(shown)
        shown[left[np.argmin(counts[left].sum(axis=1))]] = False
    return shown


def _difference(sizes: np.ndarray, good: np.ndarray) -> tuple[float, ...]:
    return tuple(share_difference(shares_of(good[0], sizes[0]), shares_of(good[1], sizes[1]), [1.0]))


def interactions(effects: pd.DataFrame) -> pd.DataFrame:
    """Whether the effect differs between the classes of each dimension: a row per campaign, variant and dimension.

    Returns
    -------
    Table: `campaign`, `variant`, `dimension`, `classes`, `chance`, `adjusted` (for all that were tried, Holm), the
    clearest first; dimensions with one class are left out.
    """
    rows = []
    for keys, own in effects.groupby(["campaign", "variant", "dimension"], sort=True):
        if len(own) > 1:
            chance = interaction_chance(own["effect"], own["error"])
            rows.append((*keys, len(own), chance))
    table = pd.DataFrame(rows, columns=["campaign", "variant", "dimension", "classes", "chance"])
    told = table.assign(adjusted=adjusted(table["chance"].astype("float64")))
    return told.sort_values(["chance", "campaign", "variant", "dimension"], ignore_index=True)
