"""Whether the value of a year ago came true: the model and simple rules against the margin that was then received."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from analysis.measures.class_rules import SUFFIX
from analysis.measures.disclosure import masked
from analysis.measures.interval import standard_normal_quantile
from analysis.models.counts import Floats
from analysis.models.value_then import MODEL, RULES

TENTHS = 10
PUBLISHED = 0.95
NONE = (np.nan, np.nan, np.nan)


def compared(rows: pd.DataFrame, *, smallest: int = 1) -> pd.DataFrame:
    """The model beside each rule.

    Parameters
    ----------
    rows : table of `value_then.year_after`; with fewer than `smallest` customers nothing is told.

    Returns
    -------
    Table, one row per way of telling that could be told, the model first: `rule`, `customers`, `mean` (received per
    customer, money), `error` (mean absolute difference to what was received, money), `rank` (correlation of ranks,
    Spearman; missing where all are equal), `ratio` (received ÷ expected, in total) with `ratio_low`, `ratio_high`, and
    `difference` (error less the model's, of the same customers; above 0 the model is nearer) with `difference_low`,
    `difference_high`; 95 %. An average over customers has the interval of a mean.
    """
    columns = ["rule", "customers", "mean", "error", "rank", *_named("ratio", NONE), *_named("difference", NONE)]
    if len(rows) < max(smallest, 2):
        return pd.DataFrame(columns=columns)
    came = rows["received"].to_numpy("float64")
    nearest = np.abs(rows[MODEL].to_numpy("float64") - came)
    found = [_judged(name, rows[name].to_numpy("float64"), came, nearest) for name in (MODEL, *RULES)]
    return pd.DataFrame([row for row in found if row["customers"]], columns=columns)


def _judged(name: str, said: Floats, came: Floats, nearest: Floats) -> dict[str, object]:
    known = np.isfinite(said)
    error = np.abs(said - came)
    received = {"mean": float(came[known].mean()) if known.any() else np.nan}
    row = {
        "rule": name,
        "customers": int(known.sum()),
        **received,
        "error": float(error[known].mean()) if known.any() else np.nan,
    }
    differs = known.any() and np.ptp(said[known]) > 0 and np.ptp(came[known]) > 0
    row |= {"rank": float(spearmanr(said[known], came[known]).statistic) if differs else np.nan}
    row |= _named("ratio", _ratio(came[known], said[known]))
    own = NONE if name == MODEL else _mean((error - nearest)[known])
    return row | _named("difference", own)


def by_tenth(rows: pd.DataFrame, *, smallest: int = 1) -> pd.DataFrame:
    """Customers in ten groups by what the model expected of them, the most valuable first, and what each group brought.

    With fewer than `smallest` customers in a tenth nothing is told.

    Returns
    -------
    Table, one row per tenth: `tenth`, `customers`, `expected`, `received`, `low`, `high` (95 %; money per customer).
    """
    if len(rows) // TENTHS < max(smallest, 2):
        return pd.DataFrame(columns=["tenth", "customers", "expected", "received", "low", "high"])
    order = np.lexsort((rows["customer_id"].astype(str), -rows[MODEL]))
    tenth = np.empty(len(rows), dtype=np.int64)
    tenth[order] = np.arange(len(rows)) * TENTHS // max(len(rows), 1) + 1
    groups = rows.assign(tenth=tenth).groupby("tenth", sort=True)
    return pd.DataFrame([{"tenth": name} | _group(group) for name, group in groups])


def by_class(rows: pd.DataFrame, classes: pd.DataFrame, dimensions: Iterable[str], *, smallest: int) -> pd.DataFrame:
    """The same by class held on the day; small classes are `masked`.

    Parameters
    ----------
    classes : table, one row per customer: `customer_id` and `<dimension>_class`.

    Returns
    -------
    Table, one row per dimension and class, by both: `dimension`, `class`, and the columns of `by_tenth` with `ratio`
    (received ÷ expected), `ratio_low`, `ratio_high`.
    """
    known = rows.merge(classes, on="customer_id", how="inner", validate="one_to_one")
    found = [
        {"dimension": name, "class": label} | _group(group) | _named("ratio", _ratio(group["received"], group[MODEL]))
        for name in dimensions
        if f"{name}{SUFFIX}" in known.columns
        for label, group in known.groupby(f"{name}{SUFFIX}", sort=True)
    ]
    values = ["expected", "received", "low", "high", "ratio", "ratio_low", "ratio_high"]
    table = pd.DataFrame(found, columns=["dimension", "class", "customers", *values])
    parts = [
        masked(part, by=["class"], count="customers", values=values, minimum=smallest)
        for _, part in table.groupby("dimension", sort=False)
    ]
    return pd.concat(parts, ignore_index=True) if parts else table.assign(masked=False)


def _group(group: pd.DataFrame) -> dict[str, object]:
    mean, low, high = _mean(group["received"].to_numpy("float64"))
    return {"customers": len(group), "expected": float(group[MODEL].mean()), "received": mean, "low": low, "high": high}


def _mean(values: Floats) -> tuple[float, float, float]:
    if len(values) < 2:
        return (float(values.mean()) if len(values) else np.nan, np.nan, np.nan)
    mean = float(values.mean())
    reach = standard_normal_quantile(PUBLISHED) * float(values.std(ddof=1)) / np.sqrt(len(values))
    return mean, mean - reach, mean + reach


def _ratio(came: Floats | pd.Series, said: Floats | pd.Series) -> tuple[float, float, float]:
    """Received ÷ expected over the same customers, with the interval of a ratio of two sums (Cochran, 1977)."""
    top, bottom = np.asarray(came, dtype=float), np.asarray(said, dtype=float)
    if not bottom.sum() > 0 or len(top) < 2:
        return NONE
    ratio = float(top.sum() / bottom.sum())
    spread = float((top - ratio * bottom).std(ddof=1)) * np.sqrt(len(top)) / float(bottom.sum())
    reach = standard_normal_quantile(PUBLISHED) * spread
    return ratio, ratio - reach, ratio + reach


def _named(name: str, figure: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), figure, strict=True))
