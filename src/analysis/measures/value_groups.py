"""What customers are worth by divisions that are no rule classes: behaviour, plan, channel, area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.class_rules import NOT_AVAILABLE, SUFFIX
from analysis.measures.value_matrix import OUTSIDE
from analysis.measures.value_shares import HIDDEN, class_values

Floats = npt.NDArray[np.float64]

OTHER = "all others"
TOO_MANY = 0.75  # share of the customers who are of no class that is told: such a division tells nothing
COLUMNS = ("place", "dimension", "label", "class", *HIDDEN, "masked")
MOST = 12  # rows of a division, the other ones together being the last of them
DIVISIONS: Mapping[str, tuple[str, str]] = {  # label, and the column of customers that divides them
    "behaviour": ("Behaviour", "cluster"),
    "plan": ("Plan", "plan"),
    "channel": ("Channel", "acquisition_channel"),
    "area_of_network": ("Area", "area_id"),
}


def value_groups(
    customers: pd.DataFrame, members: pd.DataFrame | None, *, worth: Floats, smallest: int
) -> pd.DataFrame:
    """What customers of each group, plan, channel and area are worth on average, ready to be published.

    Of each division the largest classes are told; those with fewer than `smallest` customers and those beyond the
    largest are one, "all others". A division is left out that the source does not give, that has one class, or that
    has so many small ones (postal codes) that more than three quarters of the customers would be others.

    Parameters
    ----------
    customers : table, one row per active customer, with the columns of `DIVISIONS` that the source gives.
    members : stage table `clusters`: `customer_id`, `cluster`; None without.
    worth : value of the same customers: the estimate in the first row, a draw in each further one.

    Returns
    -------
    Table as of `class_values`, "all others" last in each division.
    """
    rows = customers.drop(columns="cluster", errors="ignore")
    if members is not None:
        named = members[["customer_id", "cluster"]]
        rows = rows.merge(named, on="customer_id", how="left", validate="one_to_one")
        rows["cluster"] = rows["cluster"].fillna(OUTSIDE) if rows["cluster"].notna().any() else None
    valued = ~np.isnan(worth[0])
    rows, worth = rows[valued], worth[:, valued]
    given = {name: column for name, (_, column) in DIVISIONS.items() if column in rows.columns}
    classes = {name + SUFFIX: lumped(rows[column], smallest=smallest) for name, column in given.items()}
    told = [name for name in given if _tells(classes[name + SUFFIX])]
    labels = pd.DataFrame([(name, DIVISIONS[name][0]) for name in told], columns=["dimension", "label"])
    if not told:
        return pd.DataFrame(columns=list(COLUMNS))
    known = labels.assign(masked=False, **{"class": ""})
    values = class_values(rows.assign(**classes), known, dimensions=told, worth=worth, smallest=smallest)
    order = values.assign(division=values["dimension"].map(told.index), last=values["class"] == OTHER)
    ordered = order.sort_values(["division", "last", "place"], ignore_index=True).drop(columns=["division", "last"])
    return ordered.assign(place=range(len(ordered)))


def _tells(classes: pd.Series) -> bool:
    return classes.nunique() > 1 and float((classes == OTHER).mean()) <= TOO_MANY


def lumped(values: pd.Series, *, smallest: int, most: int = MOST) -> pd.Series:
    """The classes of a division, the small ones and those beyond the largest as one; missing as "not available"."""
    named = values.astype(object).where(values.notna(), NOT_AVAILABLE).astype(str)
    sizes = named.value_counts().rename_axis("class").reset_index(name="customers")
    sizes = sizes.sort_values(["customers", "class"], ascending=[False, True], ignore_index=True)
    kept = int((sizes["customers"] >= smallest).sum())
    kept = kept if kept == len(sizes) <= most else min(kept, most - 1)
    # The others together may be few as well: then one more goes with them, rather than that it is masked.
    while kept and 0 < sizes["customers"].iloc[kept:].sum() < smallest:
        kept -= 1
    return named.where(named.isin(sizes["class"].iloc[:kept]), OTHER)
