"""The margin that customers brought in some months: what was billed, less the costs of products and of serving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw

from analysis.basis.quarter import months_later
from analysis.frames.fees import EXACT

Tables = Mapping[str, nw.LazyFrame[Any]]
YEAR = 12


class Window(NamedTuple):
    """Whole months after a day, and what money of each of them is worth on that day."""

    after: dt.date
    months: int
    discount_rate: float = 0.0  # effective, a year

    @property
    def until(self) -> dt.date:
        """The last day."""
        return months_later(self.after, self.months)

    def weight(self, day: nw.Expr) -> nw.Expr:
        """(1 + d)^(-k / 12) for a day in the k-th month."""
        number = (day.dt.year() - self.after.year) * YEAR + day.dt.month() - self.after.month
        worth = nw.lit(0.0)
        for month in range(1, self.months + 1):
            worth = nw.when(number == month).then(nw.lit((1 + self.discount_rate) ** (-month / YEAR))).otherwise(worth)
        return worth

    def inside(self, day: nw.Expr) -> nw.Expr:
        """Whether a day lies in it."""
        return (day > self.after) & (day <= self.until)


def received(months: nw.LazyFrame[Any], tickets: nw.LazyFrame[Any] | None, window: Window) -> nw.LazyFrame[Any]:
    """What each customer was billed in a window of whole months, how long they were there, and what contacts cost.

    One-off charges are left out where bills tell them: they do not come back.

    Parameters
    ----------
    months : table of `frames.months.months`.
    tickets : table, one row per ticket: `customer_id`, `day`, `cost`; none where the source gives none.

    Returns
    -------
    Table, one row per customer with a month or a ticket in the window: `customer_id`, `revenue`, `share` (months on
    the books), `contacts` (cost); money as it is worth at the window's beginning, months likewise.
    """
    worth = window.weight(nw.col("month"))
    once = nw.coalesce(nw.col("one_off"), nw.lit(0)) if "one_off" in months.collect_schema().names() else nw.lit(0)
    billed = (nw.coalesce(nw.col("revenue"), nw.lit(0)) - once).cast(nw.Float64)
    rows = months.filter(window.inside(nw.col("month"))).select(
        "customer_id",
        revenue=_exact(billed * worth),
        share=_exact(nw.col("share") * worth),
        contacts=_exact(nw.lit(0.0)),
    )
    if tickets is not None:
        nothing = _exact(nw.lit(0.0))
        paid = tickets.filter(window.inside(nw.col("day"))).select(
            "customer_id",
            revenue=nothing,
            share=nothing,
            contacts=_exact(nw.col("cost").cast(nw.Float64) * window.weight(nw.col("day"))),
        )
        rows = nw.concat([rows, paid])
    sums = rows.group_by("customer_id").agg(nw.col("revenue", "share", "contacts").sum())
    return sums.select("customer_id", nw.col("revenue", "share", "contacts").cast(nw.Float64))


def _exact(amount: nw.Expr) -> nw.Expr:
    """A sum of floats would differ in its last bit from run to run."""
    return amount.round(6).cast(EXACT)
