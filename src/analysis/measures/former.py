"""Customers who left: why, when, what they paid, and what those who came back are worth beside what they pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH, months_later
from analysis.frames.open_bills import owing
from analysis.measures.ratio import Ratio, ratio_of_sums

Rows = nw.LazyFrame[Any]

LATELY = 24  # months in which a customer came back, to tell what one who comes back is worth
LEFT, ACTIVE = "left", "active"


def former_customers(customers: Rows, tables: Mapping[str, Rows], *, as_of: dt.date) -> Rows:
    """Who has left under observation and not come back, with how long ago, and who still owes.

    Parameters
    ----------
    customers : stage table `customers`.
    tables : contract tables about customers, `invoices` where they are given.

    Returns
    -------
    The rows of those with `state` left, `months_since` (whole months since the day of leaving), and `owes` (1 where a
    bill is past its due date and not paid; 0 too where nobody knows).
    """
    days = (nw.lit(as_of) - nw.col("churn_date")).cast(nw.Int64)
    gone = customers.filter((nw.col("state") == LEFT) & ~nw.col("churn_date").is_null())
    found = gone.with_columns(months_since=(days / DAYS_PER_MONTH).floor().cast(nw.Int64))
    unpaid = owing(tables["invoices"], as_of) if "invoices" in tables else None
    if unpaid is None:
        return found.with_columns(owes=nw.lit(0))
    marked = found.join(unpaid.with_columns(__owes=nw.lit(1)), on="customer_id", how="left")
    return marked.with_columns(owes=nw.coalesce(nw.col("__owes"), nw.lit(0))).drop("__owes")


def worth_of_returners(customers: Rows, customer_value: Rows, *, as_of: dt.date) -> Ratio:
    """What customers who came back in the last 24 months are worth, as a multiple of what they pay a month.

    Σ lifetime value of those still there ÷ Σ mean monthly bill of all of them

    Who has left again counts with nothing: the multiple is that of who comes back, not of who then stays.

    Parameters
    ----------
    customers : stage table `customers`; `monetary_month` is the mean of the months billed.
    customer_value : table with `customer_id` and `clv`.

    References
    ----------
    Cochran (1977) for the interval of a ratio of two sums.
    """
    since = months_later(as_of, -LATELY)
    back = customers.filter((nw.col("spells") > 1) & (nw.col("spell_start") > since))
    return _multiple(back, customer_value)


def worth_of_customers(customers: Rows, customer_value: Rows) -> Ratio:
    """The same of everybody on the books: for want of customers who came back."""
    return _multiple(customers.filter(nw.col("state") == ACTIVE), customer_value)


def _multiple(customers: Rows, customer_value: Rows) -> Ratio:
    paid = customers.filter(nw.col("monetary_month") > 0).select("customer_id", bottom="monetary_month")
    worth = customer_value.select("customer_id", top="clv")
    return ratio_of_sums(paid.join(worth, on="customer_id", how="left"))
