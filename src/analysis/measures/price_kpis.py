"""The published figures of whether plans and prices fit."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.price_fit import NEAR, OVER, UNDER

SHARES = {OVER: "over_buyers", UNDER: "under_buyers", NEAR: "near_cap"}


def fit_kpis(groups: pd.DataFrame) -> list[Kpi]:
    """Shares of who buys too much or too little, and what moving all of them would change.

    Parameters
    ----------
    groups : table of `analysis.measures.price_fit.fit_groups`.
    """
    found: list[Kpi] = []
    rows = groups[~groups["masked"].astype(bool)].set_index("fit")
    whole = int(groups["customers"].sum()) if len(rows) == len(groups) else None
    for name, metric in SHARES.items():
        if name in rows.index:
            row = rows.loc[name]
            found.append(Kpi(metric, float(row["share"]), whole, float(row["low"]), float(row["high"])))
    return found + _sums(groups)


def _sums(groups: pd.DataFrame) -> list[Kpi]:
    sums = []
    for metric, names in (("down_sizing", [OVER]), ("up_sizing", [UNDER, NEAR])):
        own = groups[groups["fit"].isin(names)]
        if own["change"].notna().all() and own["customers"].sum() > 0:
            able = None if own["movable"].isna().any() else int(own["movable"].sum())
            sums.append(Kpi(metric, float(own["change"].sum()), able))
    return sums
