"""How the expected value divides over classes and over the customers in order of value."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.disclosure import masked
from analysis.measures.interval import standard_normal_quantile

Floats = npt.NDArray[np.float64]
TENTHS = 10
HIDDEN = ("customers", "customer_share", "share", "mean", "low", "high")


def class_values(
    rows: pd.DataFrame, classes: pd.DataFrame, *, dimensions: Iterable[str], worth: Floats, smallest: int
) -> pd.DataFrame:
    """What the active customers of each class are worth on average, ready to be published.

    Parameters
    ----------
    rows : table, one row per active customer, with one `<dimension>_class` column each.
    classes : table of `class_table`: a class whose size is masked there is masked here.
    worth : the value (or months left) of the same customers: the estimate in the first row, a draw of the model's
        coefficients in each further one. Who has none is left out.

    Returns
    -------
    Table, one row per dimension and class with customers, largest class first: `place`, `dimension`, `label`, `class`,
    `customers`, `customer_share` (of all; the number itself would tell how many lines are suspended), `share` (of the
    sum over all), `mean` (per customer), `low`, `high` (95 % interval from the draws; missing without draws), `masked`.
    """
    valued = ~np.isnan(worth[0])
    kept = rows[valued], worth[:, valued]
    parts = [_of(*kept, classes, dimension=name, smallest=smallest) for name in dimensions]
    return pd.concat(parts, ignore_index=True).rename_axis("place").reset_index()


def value_tenths(customer_id: pd.Series, *, worth: Floats, smallest: int = 1) -> pd.DataFrame:
    """The active customers in ten groups of equal size, the most valuable first, and what each holds of the value.

    Parameters
    ----------
    customer_id : one per active customer; equal values are ordered by it.
    worth : the value of the same customers: the estimate in the first row, a draw in each further one. Who has none
        is left out.
    smallest : customers that a published tenth needs.

    Returns
    -------
    Table, one row per tenth: `tenth` (1 is the most valuable), `customers`, `share` (of the whole value), `low`,
    `high` (95 % interval), `mean` (money per customer). Empty where a tenth has too few customers, or none, and where
    all of them together are worth nothing.
    """
    valued = ~np.isnan(worth[0])
    customer_id, worth = customer_id[valued], worth[:, valued]
    if len(customer_id) // TENTHS < smallest or not worth[0].sum() > 0:
        return pd.DataFrame(columns=["tenth", "customers", "share", "low", "high", "mean"])
    order = np.lexsort((customer_id.astype(str), -worth[0]))
    tenth = np.empty(len(order), dtype="int64")
    tenth[order] = np.arange(len(order)) * TENTHS // len(order)
    size, sums = np.bincount(tenth), group_sums(worth, tenth, TENTHS)
    share, low, high = estimated(sums / worth.sum(axis=1, keepdims=True))
    numbers = {"customers": size, "share": share, "low": low, "high": high, "mean": sums[0] / size}
    return pd.DataFrame({"tenth": np.arange(1, TENTHS + 1), **numbers})


def mean_worth(worth: Floats) -> tuple[float, float, float]:
    """The mean over all customers who have a value, with its 95 % interval from the draws."""
    known = worth[:, ~np.isnan(worth[0])]
    if not known.shape[1]:
        return float("nan"), float("nan"), float("nan")
    mean, low, high = estimated(known.mean(axis=1, keepdims=True))
    return float(mean[0]), float(low[0]), float(high[0])


def _of(rows: pd.DataFrame, worth: Floats, classes: pd.DataFrame, *, dimension: str, smallest: int) -> pd.DataFrame:
    code, names = pd.factorize(rows[f"{dimension}_class"], sort=True)
    size, sums = np.bincount(code, minlength=len(names)), group_sums(worth, code, len(names))
    mean, low, high = estimated(sums / size)
    table = pd.DataFrame(
        {
            "class": names, "customers": size, "customer_share": size / max(len(rows), 1),
            "share": sums[0] / worth[0].sum(), "mean": mean, "low": low, "high": high,
        }
    )  # fmt: skip
    small = masked(table, by=["class"], count="customers", values=[], minimum=smallest)["masked"]
    of = classes[classes["dimension"] == dimension]
    hidden = small | table["class"].isin(of.loc[of["masked"], "class"])
    named = {"dimension": dimension, "label": next(iter(of["label"]), dimension)}
    shown = table.assign(**{name: table[name].mask(hidden) for name in HIDDEN}, masked=hidden, **named)
    return shown.iloc[np.lexsort((table["class"], -size))]


def group_sums(worth: Floats, group: npt.NDArray[np.int64], groups: int) -> Floats:
    """The sum of each group, in the estimate and in each draw."""
    return np.array([np.bincount(group, weights=one, minlength=groups) for one in worth])


def estimated(figures: Floats) -> tuple[Floats, Floats, Floats]:
    """The estimate, and its 95 % interval as wide as the draws spread; missing with fewer than two draws."""
    estimate, draws = figures[0], figures[1:]
    if len(draws) < 2:
        return estimate, np.full(len(estimate), np.nan), np.full(len(estimate), np.nan)
    reach = standard_normal_quantile(0.95) * draws.std(axis=0, ddof=1)
    return estimate, estimate - reach, estimate + reach
