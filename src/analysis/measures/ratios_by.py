"""Several ratios of sums over customers at once, for every group of rows, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.disclosure import masked
from analysis.measures.interval import share_interval, standard_normal_quantile
from analysis.measures.ratio import EXACT

Rows = nw.LazyFrame[Any]
Ratios = Mapping[str, tuple[str, str]]

FIGURES = ("value", "low", "high", "top", "bottom")
ALIKE = 1e-9  # of the tops' squares: a spread below it is what rounding leaves of none


def ratios_by(rows: Rows, ratios: Ratios, *, by: str, key: str, amounts: Sequence[str] = ()) -> pd.DataFrame:
    """The sum of each top over the sum of its bottom, group by group.

    Rows of one customer are added up first, so that the interval allows for several rows of one.

    Parameters
    ----------
    ratios : name → columns of top and bottom. A row whose top is missing counts for neither; a bottom that is the
        name of no column counts each row as one.
    by : the groups; a row without one is left out.
    key : the column that tells customers apart.
    amounts : ratios whose top is no count, but money or minutes.

    Returns
    -------
    Table, one row per group and ratio, by name of the group: `group`, `ratio`, `value`, `low`, `high` (95 %; missing
    of fewer than two customers, and where all are alike and nothing tells by how much others may differ), `top`,
    `bottom` (the sums), `people`, and of these `with_top` and `without` (customers whose top is above nothing, and
    below their bottom).

    References
    ----------
    Cochran (1977) for the interval of a ratio of two sums over customers; Wilson (1927) where nobody has what is
    counted, or all have it.
    """
    known = rows.filter(~nw.col(by).is_null()).with_columns(_sides(rows, ratios))
    each = known.group_by(by, key).agg(nw.col(side).sum() for name in ratios for side in _names(name))
    squared = each.with_columns(_products(ratios))
    sums = to_pandas(squared.group_by(by).agg(_sums(ratios)).sort(by)).astype({by: object})
    parts = [_ratio(sums, name, counted=name not in amounts).assign(group=sums[by], ratio=name) for name in ratios]
    whole = pd.concat(parts) if parts else pd.DataFrame()
    return whole.sort_values(["group", "ratio"], kind="stable", ignore_index=True)


def published_ratios(found: pd.DataFrame, *, smallest: int, shares: Sequence[str]) -> pd.DataFrame:
    """The same with groups of too few customers hidden, ratio by ratio: a boolean column `masked`.

    Of a share, the customers who have it and those who have it not must be enough as well, or none.
    """
    parts = []
    for name, rows in found.groupby("ratio", sort=False):
        counts = ["people", "with_top", "without"] if name in shares else ["people"]
        safe = masked(rows, by=["group"], count=counts, values=FIGURES, minimum=smallest)
        parts.append(safe)
    return pd.concat(parts, ignore_index=True) if parts else found.assign(masked=False)


def _names(name: str) -> tuple[str, str]:
    return f"{name}__top", f"{name}__bottom"


def _sides(rows: Rows, ratios: Ratios) -> list[nw.Expr]:
    """Tops and bottoms without gaps: what is missing of either counts for neither."""
    columns, sides = rows.collect_schema().names(), []
    for name, (top, bottom) in ratios.items():
        below = nw.col(bottom) if bottom in columns else nw.lit(1)
        known = ~nw.col(top).is_null() & ~below.is_null()
        for side, value in zip(_names(name), (nw.col(top), below), strict=True):
            sides.append(nw.when(known).then(value.cast(EXACT)).otherwise(nw.lit(0).cast(EXACT)).alias(side))
    return sides


def _products(ratios: Ratios) -> list[nw.Expr]:
    products = []
    for name in ratios:
        top, bottom = (nw.col(side).cast(nw.Float64) for side in _names(name))
        pairs = {"tt": top * top, "tb": top * bottom, "bb": bottom * bottom}
        products += [value.round(4).cast(EXACT).alias(f"{name}__{pair}") for pair, value in pairs.items()]
    return products


def _sums(ratios: Ratios) -> list[nw.Expr]:
    sums = []
    for name in ratios:
        top, bottom = _names(name)
        sums += [nw.col(f"{name}__{part}").sum() for part in ("top", "bottom", "tt", "tb", "bb")]
        counted = {"people": nw.col(bottom) > 0, "with_top": nw.col(top) > 0, "without": nw.col(top) < nw.col(bottom)}
        sums += [_one(which).sum().alias(f"{name}__{what}") for what, which in counted.items()]
    return sums


def _one(which: nw.Expr) -> nw.Expr:
    return nw.when(which).then(nw.lit(1)).otherwise(nw.lit(0))


def _ratio(sums: pd.DataFrame, name: str, *, counted: bool) -> pd.DataFrame:
    columns = ("top", "bottom", "tt", "tb", "bb", "people", "with_top", "without")
    of = {column: sums[f"{name}__{column}"].astype("float64").to_numpy() for column in columns}
    n = of["people"]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(of["bottom"] > 0, of["top"] / of["bottom"], np.nan)
        spread = np.clip(of["tt"] - 2 * value * of["tb"] + value**2 * of["bb"], 0, None)
        error = np.sqrt(spread * np.where(n > 1, n / (n - 1), np.nan)) / of["bottom"]
        most_of_none = np.where(n > 1, share_interval(np.zeros(len(n)), n)[1] * n / of["bottom"], np.nan)
    reach = standard_normal_quantile(0.95) * error
    # Customers who are all alike have no spread, which makes nothing certain: Wilson's edges of none and of all.
    alike, none = spread <= ALIKE * of["tt"], of["top"] == 0
    every = ~none & (of["without"] == 0) & (value == 1)
    low = np.where(alike, np.where(none & counted, 0.0, np.where(every, 1 - most_of_none, np.nan)), value - reach)
    high = np.where(alike, np.where(none & counted, most_of_none, np.where(every, 1.0, np.nan)), value + reach)
    shown = {name: of[name] for name in ("top", "bottom", "people", "with_top", "without")}
    return pd.DataFrame({"value": value, "low": low, "high": high, **shown})
