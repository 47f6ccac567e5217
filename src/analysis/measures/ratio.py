"""A ratio of two sums over customers, with its interval."""

from __future__ import annotations

from typing import Any, NamedTuple

import narwhals as nw
import numpy as np

from analysis.extracts.engine import to_pandas
from analysis.measures.interval import standard_normal_quantile

EXACT = nw.Decimal(38, 4)  # a sum of floats would differ in its last bit from run to run


class Ratio(NamedTuple):
    """Sum of the tops ÷ sum of the bottoms, and its 95 % interval; not-a-number without bottoms."""

    value: float
    low: float
    high: float
    customers: int

    @property
    def error(self) -> float:
        """Standard error."""
        return (self.high - self.low) / 2 / standard_normal_quantile(0.95)


def ratio_of_sums(rows: nw.LazyFrame[Any]) -> Ratio:
    """The ratio of `top` to `bottom` over all customers.

    Parameters
    ----------
    rows : table with `customer_id`, `top`, `bottom`; a customer's rows are added up. Missing counts as nothing.

    References
    ----------
    Cochran (1977) for the interval of a ratio of two sums over customers.
    """
    filled = rows.with_columns(nw.coalesce(nw.col(name).cast(EXACT), nw.lit(0)).alias(name) for name in _SIDES)
    each = filled.group_by("customer_id").agg(nw.col(name).sum().cast(nw.Float64) for name in _SIDES)
    top, bottom = nw.col("top"), nw.col("bottom")
    products = each.with_columns(tt=top * top, tb=top * bottom, bb=bottom * bottom)
    exact = products.select((nw.col(name).round(4).cast(EXACT).sum()).alias(name) for name in (*_SIDES, *_PRODUCTS))
    sums = to_pandas(exact).fillna(0.0).iloc[0]
    customers = int(to_pandas(each.select(n=nw.len()))["n"].iloc[0])
    if not sums["bottom"] > 0:
        return Ratio(*(float("nan"),) * 3, customers)
    value = float(sums["top"] / sums["bottom"])
    spread = max(float(sums["tt"] - 2 * value * sums["tb"] + value**2 * sums["bb"]), 0.0)
    if customers < 2:
        return Ratio(value, float("nan"), float("nan"), customers)
    error = float(np.sqrt(spread * customers / (customers - 1)) / sums["bottom"])
    reach = standard_normal_quantile(0.95) * error
    return Ratio(value, value - reach, value + reach, customers)


_SIDES = ("top", "bottom")
_PRODUCTS = ("tt", "tb", "bb")
