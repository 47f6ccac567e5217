"""What is special about each group: how far it differs from everybody else, variable by variable."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.measures.interval import standard_normal_quantile
from analysis.models.clusters.model import GroupModel
from analysis.models.clusters.variables import KINDS, Kind, change
from analysis.models.counts import Floats, Integers

FEWEST = 11  # customers with a value, of the group and of the rest, from whom a difference is told


def profiles(
    rows: pd.DataFrame, groups: pd.Series, model: GroupModel, *, kinds: Mapping[str, Kind] = KINDS
) -> pd.DataFrame:
    """The standardised difference of each group against all other customers with a group.

    difference = (mean of the group − mean of the rest) ÷ standard deviation of all

    What groups were looked for in is compared as scaled (so with customers of the same access), facts as they are,
    changes on the scale of `change`; each level of a category counts as a yes or no.

    Parameters
    ----------
    rows : table, one row per customer, with variables of `kinds`; groups : the group of each row, missing for some.

    Returns
    -------
    Table, one row per group and variable: `group`, `variable`, `level` (of a category), `searched`, `difference`,
    `low`, `high` (95 %), `typical`, `typical_rest` (median of what is searched, mean of what describes; in the
    variable's own unit). Missing where fewer than eleven customers have a value on either side.

    References
    ----------
    Cohen (1988); Hedges and Olkin (1985) for the interval.
    """
    known = groups.notna()
    rows, told = rows[known], groups[known].to_numpy(dtype=np.int64)
    scaled = pd.DataFrame(model.scaling.scaled(rows), columns=list(model.scaling.variables), index=rows.index)
    parts = [
        _compared(told, values, shown, groups=len(model.means), searched=name in scaled.columns).assign(
            variable=name, level=level
        )
        for name, level, values, shown in _columns(rows, scaled, kinds)
    ]
    columns = ["group", "variable", "level", "searched", "difference", "low", "high", "typical", "typical_rest"]
    return pd.concat(parts, ignore_index=True)[columns].sort_values("group", kind="stable", ignore_index=True)


def _columns(
    rows: pd.DataFrame, scaled: pd.DataFrame, kinds: Mapping[str, Kind]
) -> list[tuple[str, str | None, Floats, Floats]]:
    """Every variable: its name, its level, the values compared and the values shown."""
    found: list[tuple[str, str | None, Floats, Floats]] = []
    for name, kind in kinds.items():
        if name in scaled.columns:
            shown = rows[name].to_numpy("float64", na_value=np.nan)
            found.append((name, None, scaled[name].to_numpy("float64"), shown))
        elif name in rows.columns and kind in ("fact", "ratio"):
            values = pd.to_numeric(rows[name]).to_numpy("float64", na_value=np.nan)
            found.append((name, None, change(values) if kind == "ratio" else values, values))
        elif name in rows.columns and kind == "category":
            for level in sorted(rows[name].dropna().astype(str).unique()):
                is_it = (rows[name].astype(str) == level).to_numpy("float64")
                found.append((name, level, is_it, is_it))
    return found


def _compared(told: Integers, values: Floats, shown: Floats, *, groups: int, searched: bool) -> pd.DataFrame:
    middle = np.nanmedian if searched else np.nanmean
    deviation = np.nanstd(values) if np.isfinite(values).any() else 0.0
    lines = []
    for group in range(groups):
        mine, rest = values[told == group], values[told != group]
        n, m = np.isfinite(mine).sum(), np.isfinite(rest).sum()
        if min(n, m) < FEWEST or not deviation > 0:
            lines.append((group, *(np.nan,) * 5))
            continue
        difference = float(np.nanmean(mine) - np.nanmean(rest)) / float(deviation)
        reach = standard_normal_quantile(0.95) * float(np.sqrt(1 / n + 1 / m + difference**2 / 2 / (n + m)))
        typical, other = float(middle(shown[told == group])), float(middle(shown[told != group]))
        lines.append((group, difference, difference - reach, difference + reach, typical, other))
    columns = ["group", "difference", "low", "high", "typical", "typical_rest"]
    return pd.DataFrame(lines, columns=columns).assign(searched=searched)
