"""How often customers contact the service desk, and what that costs: by quarter and by class."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.measures.class_rules import NOT_AVAILABLE, SUFFIX, ClassRules
from analysis.measures.disclosure import masked
from analysis.measures.ratios_by import FIGURES, ratios_by

Rows = nw.LazyFrame[Any]

RATES = {"rate": ("contacts", "months"), "complaint_rate": ("complaints", "months"), "cost_month": ("cost", "months")}
HUNDRED = 300  # customer-months: a hundred customers for a quarter


def customer_quarters(contacts: Rows, months: Rows, *, covered: dt.date) -> Rows:
    """Contacts of every customer in every quarter it was on the books, in part or whole; none is zero.

    A customer counts for the share of the quarter's days on the books, as in ARPU. Contacts of unknown callers, and of
    who was not on the books in that quarter, are in no row. Quarters that tickets do not cover whole are left out.

    Returns
    -------
    Table, one row per customer and quarter: `customer_id`, `quarter` (its first day), `months` (on the books),
    `contacts`, `complaints`, `cost`.
    """
    here = months.with_columns(quarter=nw.col("month").dt.truncate("1q").cast(nw.Date)).filter(
        (nw.col("quarter") >= covered) & (nw.col("share") > 0)
    )
    held = here.group_by("customer_id", "quarter").agg(months=nw.col("share").round(6).cast(nw.Decimal(18, 6)).sum())
    dated = contacts.filter(~nw.col("customer_id").is_null()).with_columns(
        quarter=nw.col("opened_on").dt.truncate("1q").cast(nw.Date)
    )
    made = dated.group_by("customer_id", "quarter").agg(
        contacts=nw.len(), complaints=nw.coalesce(nw.col("complaint"), nw.lit(0)).sum(), cost=nw.col("cost").sum()
    )
    joined = held.join(made, on=["customer_id", "quarter"], how="left")
    zero = [nw.coalesce(nw.col(name), nw.lit(0)).alias(name) for name in ("contacts", "complaints", "cost")]
    return joined.with_columns(*zero)


def _rates(rows: Rows, *, by: str) -> pd.DataFrame:
    """The rates of `ratios_by`; those of contacts per hundred customers and quarter, not per customer and month."""
    found = ratios_by(rows, RATES, by=by, key="customer_id", amounts=["cost_month"])
    times = found["ratio"].map({"cost_month": 1}).fillna(HUNDRED)
    return found.assign(**{name: found[name] * times for name in ("value", "low", "high")})


def quarterly_rates(rows: Rows, *, smallest: int) -> pd.DataFrame:
    """Rates of all customers by quarter, oldest first, see `ratios_by`; `group` is written like 2026-Q3.

    `rate` and `complaint_rate` are per hundred customers and quarter, `cost_month` is currency per customer and month.
    They are missing in a quarter without any contact, which is one without tickets; and where too few customers had
    one, or had none: a boolean column `masked`.
    """
    found = _rates(rows, by="quarter")
    named = found.assign(group=[str(Quarter.of(pd.Timestamp(day).date())) for day in found["group"]])
    counts = pd.DataFrame({"some": named["with_top"], "none": named["people"] - named["with_top"]})
    few = ((counts > 0) & (counts < smallest)).any(axis=1)
    asked = named["group"].map(named[named["ratio"] == "rate"].set_index("group")["top"])
    hidden = {name: named[name].mask(few | ~(asked > 0)) for name in ("value", "low", "high")}
    return named.assign(**hidden, masked=few)


def rates_by_class(rows: Rows, exposures: Rows, *, dimensions: ClassRules, smallest: int) -> pd.DataFrame:
    """Rates of the classes that customers were in at the quarter's start, or on joining.

    Parameters
    ----------
    rows : those of `customer_quarters` of the quarter that `exposures` are of.

    Returns
    -------
    Table, one row per class, the largest of a dimension first: `dimension`, `label`, `class`, `customers`, `rate`,
    `low`, `high`, `cost_month`, `masked`: a class is hidden where too few of it called, did not call, or are in it.
    """
    classed = rows.join(first_classes(exposures, dimensions), on="customer_id", how="inner")
    named = [name for name in dimensions if f"{name}{SUFFIX}" in classed.collect_schema().names()]
    parts = [_of_dimension(classed, name, dimensions[name].label, smallest) for name in named]
    columns = ["dimension", "label", "class", "customers", "rate", "low", "high", "cost_month", "masked"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def first_classes(exposures: Rows, dimensions: ClassRules) -> Rows:
    """The classes of each customer of the quarter, by its first row of exposures."""
    names = exposures.collect_schema().names()
    classes = [f"{name}{SUFFIX}" for name in dimensions if f"{name}{SUFFIX}" in names]
    order = nw.col("spell").rank("ordinal").over("customer_id")
    return exposures.with_columns(turn=order).filter(nw.col("turn") == 1).select("customer_id", *classes)


def _of_dimension(classed: Rows, name: str, label: str, smallest: int) -> pd.DataFrame:
    found = _rates(classed, by=f"{name}{SUFFIX}")
    rate = found[found["ratio"] == "rate"].reset_index(drop=True)
    cost = found[found["ratio"] == "cost_month"].set_index("group")["value"]
    rows = rate.assign(
        customers=rate["people"], silent=rate["people"] - rate["with_top"], rate=rate["value"],
        cost_month=rate["group"].map(cost), dimension=name, label=label,
    ).rename(columns={"group": "class"})  # fmt: skip
    hidden = masked(
        rows, by=["class"], count=["customers", "with_top", "silent"],
        values=[*FIGURES, "rate", "cost_month"], minimum=smallest,
    )  # fmt: skip
    last = hidden["class"] == NOT_AVAILABLE
    size = rows["people"]
    order = pd.DataFrame({"last": last, "size": -size, "class": hidden["class"]}).sort_values(["last", "size", "class"])
    return hidden.loc[order.index].reset_index(drop=True)


def elsewhere(contacts: Rows, rows: Rows, *, quarter: Quarter) -> dict[str, int]:
    """Contacts of the quarter by whose they are: all, of unknown callers, and of customers not on the books in it."""
    within = (nw.col("opened_on") >= quarter.first_day) & (nw.col("opened_on") <= quarter.last_day)
    made = contacts.filter(within)
    here = rows.filter(nw.col("quarter") == quarter.first_day)
    known = made.filter(~nw.col("customer_id").is_null())
    away = known.join(here.select("customer_id"), on="customer_id", how="anti")
    return {"all": _rows(made), "unknown": _rows(made) - _rows(known), "away": _rows(away)}


def _rows(table: Rows) -> int:
    return int(to_pandas(table.select(n=nw.len()))["n"].iloc[0])
