"""Recency, frequency and monetary value at a landmark: of payments and use month by month, or of orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT
from analysis.frames.months import USE
from analysis.frames.observation import Observation
from analysis.frames.window import KEYS, reaches_month

RFM = ("recency", "recency_months", "frequency", "monetary", "monetary_month")
YEAR = 12

Rows = nw.LazyFrame[Any]


def sold_once(tables: Mapping[str, Rows]) -> bool:
    """Whether what the source bills is orders: one-off amounts, and nothing that recurs."""
    if "invoices" not in tables or "subscriptions" in tables:
        return False
    kind = nw.coalesce(nw.col("kind"), nw.lit("recurring"))
    kinds = to_pandas(tables["invoices"].select(kind=kind).unique().sort("kind"))["kind"].tolist()
    return "one_off" in kinds and not {"recurring", "usage"} & set(kinds)


def rfm(keys: Rows, months: Rows, tables: Mapping[str, Rows], observation: Observation) -> Rows:
    """How lately, how often and for how much each customer bought, as known at each landmark (Hughes, 1994).

    Of a subscription business a month counts when something was billed for it or the service was used in it: recency
    is the whole months since the last that counts (0: the last one over at the landmark), frequency how many of the
    last twelve count, monetary the mean revenue of the months billed among the last twelve, else of all earlier ones.
    Of orders, recency is days since the last, frequency their number, monetary their amount, credits subtracted.

    Parameters
    ----------
    keys : table, one row per customer and landmark: `customer_id`, `landmark`.
    months : table of `frames.months.months`.

    Returns
    -------
    Table, one row per customer and landmark: the keys, `recency` (months, or days), `recency_months`, `frequency`,
    `monetary` (money a month, or in all) and `monetary_month`, for orders the amount ÷ months since the first, at
    least one. Recency and money are missing where nothing was bought yet; frequency, of months, where the source does
    not reach a year back.
    """
    if sold_once(tables):
        return _of_orders(keys, tables["invoices"])
    given = ("invoices" if "invoices" in tables else "subscriptions", "usage")
    starts = [observation.covered_from(name) for name in given if name in tables]
    return _of_months(keys, months, covered=max(observation.begins, min(starts, default=observation.as_of)))


def _of_orders(keys: Rows, invoices: Rows) -> Rows:
    day = nw.coalesce(nw.col("issued_on"), nw.col("month"))
    lines = invoices.select("customer_id", "invoice_id", "kind", "amount", day=day)
    before = keys.join(lines, on="customer_id", how="inner").filter(nw.col("day") <= nw.col("landmark"))
    orders = before.filter(nw.col("kind") == "one_off")
    dated = orders.group_by(KEYS).agg(
        first=nw.col("day").min(), last=nw.col("day").max(), orders=nw.col("invoice_id").n_unique()
    )
    amounts = before.group_by(KEYS).agg(amount=nw.col("amount").cast(EXACT).sum())
    known = keys.join(dated.join(amounts, on=KEYS, how="inner"), on=KEYS, how="left")
    days = (nw.col("landmark") - nw.col("last")).cast(nw.Int64)
    since = (nw.col("landmark") - nw.col("first")).cast(nw.Int64) / DAYS_PER_MONTH
    amount = nw.col("amount").cast(nw.Float64)
    return known.select(
        *KEYS,
        recency=days,
        recency_months=days / DAYS_PER_MONTH,
        frequency=nw.coalesce(nw.col("orders").cast(nw.Int64), nw.lit(0)),
        monetary=amount,
        monetary_month=(amount / nw.max_horizontal(since, nw.lit(1.0))).round(6),
    )


def _of_months(keys: Rows, months: Rows, *, covered: dt.date) -> Rows:
    used = [nw.coalesce(nw.col(name), nw.lit(0)) > 0 for name in USE if name in months.collect_schema().names()]
    billed = nw.col("revenue").cast(EXACT)
    counts = nw.any_horizontal(nw.coalesce(billed > 0, nw.lit(False)), *used, ignore_nulls=False).cast(nw.Int64)
    rows = months.select("customer_id", "month", counts=counts, billed=billed)
    paired = keys.join(rows, on="customer_id", how="inner").with_columns(back=_months_back())
    past = paired.filter(nw.col("back") >= 0)
    lately = nw.col("back") < YEAR
    sums = past.group_by(KEYS).agg(
        recency=nw.when(nw.col("counts") == 1).then(nw.col("back")).min(),
        frequency=nw.when(lately).then(nw.col("counts")).otherwise(0).sum(),
        spent=nw.when(lately).then(nw.col("billed")).sum(), bills=nw.when(lately).then(nw.col("billed")).count(),
        all_spent=nw.col("billed").sum(), all_bills=nw.col("billed").count(),
    )  # fmt: skip
    known = keys.join(sums, on=KEYS, how="left")
    mean = nw.when(nw.col("bills") > 0).then(_mean("spent", "bills")).otherwise(_mean("all_spent", "all_bills"))
    return known.select(
        *KEYS,
        recency=nw.col("recency").cast(nw.Int64),
        recency_months=nw.col("recency").cast(nw.Float64),
        frequency=nw.when(reaches_month(YEAR, covered)).then(
            nw.coalesce(nw.col("frequency").cast(nw.Int64), nw.lit(0))
        ),
        monetary=mean,
        monetary_month=mean,
    )


def _months_back() -> nw.Expr:
    """Whole months between a month and the last one over at the landmark; below 0 for one that was not over."""
    after = nw.col("landmark").dt.offset_by("1d")
    index = (after.dt.year() - nw.col("month").dt.year()) * YEAR + after.dt.month() - nw.col("month").dt.month()
    return (index - 1).cast(nw.Int64)


def _mean(total: str, number: str) -> nw.Expr:
    count = nw.col(number)
    return nw.when(count > 0).then(nw.col(total).cast(nw.Float64) / count).round(6)
