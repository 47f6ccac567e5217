"""What customers brought in the year after a past quarter end, and what would have been expected of them then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.quarter import months_later
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT
from analysis.frames.observation import Observation
from analysis.frames.rfm import rfm
from analysis.measures.margin import Costs, Margin, margin
from analysis.measures.received import received_months
from analysis.models.counts import Floats
from analysis.models.growth import Growth, Sold, growth, offered_on
from analysis.models.value import customer_value

YEAR, QUARTER = 12, 3  # months
FIFTHS, FEWEST = 5, 20  # customers of a cell of the rule by recency, frequency and monetary value
MODEL = "model"
RULES = ("average_life", "last_year", "rfm")
SCORES = ["recency", "frequency", "monetary"]


class Source(NamedTuple):
    """What a report knows: stage tables `months` and `spells`, contract tables, and how they are read.

    `sold` are baskets and steps up; `discount_rate` is effective, a year.
    """

    months: nw.LazyFrame[Any]
    spells: nw.LazyFrame[Any]
    tables: Mapping[str, nw.LazyFrame[Any]]
    observation: Observation
    costs: Costs
    sold: Sold
    discount_rate: float

    def until(self, day: dt.date) -> Source:
        """The same, as it was known on a day: later months and tickets are not there yet."""
        tables = dict(self.tables)
        if "tickets" in tables:
            tables["tickets"] = tables["tickets"].filter(nw.col("opened_at").dt.date() <= day)
        seen = replace(self.observation, as_of=day)
        return self._replace(months=self.months.filter(nw.col("month") <= day), tables=tables, observation=seen)


def margin_then(source: Source) -> Margin:
    """The monthly margin on the source's as-of date."""
    return margin(
        source.months, tables=source.tables, spells=source.spells, observation=source.observation, costs=source.costs
    )


def growth_then(source: Source, bases: Margin, *, horizon: int) -> Growth | None:
    """What further sales are expected to bring after the source's as-of date."""
    day = source.observation.as_of
    known = offered_on(day, source.sold, tables=source.tables, observation=source.observation)
    drift = float(bases.figures.set_index("item")["value"]["drift"])
    return growth(known, costs=source.costs, drift=drift, horizon=horizon)


def expected_year(known: Source, then: pd.DataFrame, *, bases: Margin) -> pd.DataFrame:
    """What was to be expected of customers in the year after the source's as-of date.

    The model's value is `current_value` and `potential_value` of the first twelve months, from survival, fees, prices
    and sales as they were known then. The rules it has to beat:

    - average life: what a customer brought a month, on average, for as long as customers stay on average;
    - last year: what each brought in the year before, for another year;
    - RFM: what customers of the same fifths of recency, frequency and monetary value brought in the year before, on
      average, after they were seen so (Hughes, 1994).

    Parameters
    ----------
    then : table, one row per customer: `customer_id`, `survival_01` … `survival_12` as foretold on the day.
    bases : see `margin_then`, of the same source.

    Returns
    -------
    Table, one row per customer who held a product with a fee: `customer_id`, `model`, and one column per rule; money,
    discounted to the day.
    """
    ahead = then[["customer_id", *(f"survival_{month:02d}" for month in range(1, YEAR + 1))]].assign(seen_months=np.inf)
    sales = growth_then(known, bases, horizon=YEAR)
    valued = customer_value(bases, ahead, discount_rate=known.discount_rate, growth=sales).customers
    rows = valued[["customer_id"]].assign(model=valued["clv"])[valued["clv"].notna()].reset_index(drop=True)
    return rows.assign(**_rules(known, bases, rows, day=known.observation.as_of))


def year_after(source: Source, then: pd.DataFrame, *, day: dt.date) -> pd.DataFrame:
    """What the customers of a quarter end brought in the year after it, beside what was to be expected of them then.

    Returns
    -------
    Table of `expected_year` on `day` with `received`: money, discounted to that day, 0 after leaving; one-off charges
    left out.
    """
    known = source.until(day)
    bases = margin_then(known)
    rows = expected_year(known, then, bases=bases)
    brought = _brought(source, bases, _Window(day, YEAR, source.discount_rate))["margin"]
    return rows.assign(received=brought.reindex(rows["customer_id"]).fillna(0.0).to_numpy("float64"))


def year_ago(as_of: dt.date) -> dt.date:
    """The quarter end whose value is held against what came."""
    return months_later(as_of, -YEAR)


def last_year(source: Source, then: pd.DataFrame) -> pd.DataFrame:
    """`year_after` of the quarter end a year before the source's as-of date; no row where nothing was foretold there.

    Parameters
    ----------
    then : table, one row per customer and landmark, columns of `prediction_told.THEN`.
    """
    day = year_ago(source.observation.as_of)
    rows = then[then["landmark"] == pd.Timestamp(day)]
    billed = to_pandas(source.months.filter(nw.col("month") <= day).select(n=nw.col("revenue").count()))["n"].iloc[0]
    if rows.empty or not billed:
        return pd.DataFrame(columns=["customer_id", MODEL, *RULES, "received"])
    return year_after(source, rows, day=day)


class _Window(NamedTuple):
    """Whole months after a day, and the effective rate a year by which their money is discounted to that day."""

    after: dt.date
    months: int
    discount_rate: float = 0.0

    def inside(self, months: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """The rows of its months, with their `worth`: (1 + d)^(-k / 12) in the k-th."""
        month = nw.col("month")
        number = (month.dt.year() - self.after.year) * YEAR + month.dt.month() - self.after.month
        worth = nw.lit(0.0)
        for k in range(1, self.months + 1):
            worth = nw.when(number == k).then(nw.lit((1 + self.discount_rate) ** (-k / YEAR))).otherwise(worth)
        last = months_later(self.after, self.months)
        return months.filter((month > self.after) & (month <= last)).with_columns(worth=worth)


def _brought(source: Source, bases: Margin, window: _Window) -> pd.DataFrame:
    """By customer: `margin` received in a window, at the share of fees that products' own costs leave; `share`.

    One-off charges are left out where bills tell them: they do not come back.
    """
    monthly = source.months
    if "one_off" in monthly.collect_schema().names():
        monthly = monthly.with_columns(revenue=nw.col("revenue") - nw.coalesce(nw.col("one_off"), nw.lit(0)))
    rows = received_months(monthly, source.tables, source.observation, per_contact=source.costs.per_contact)
    names = ["revenue", "share", "contacts"]
    # A sum of floats would differ in its last bit from run to run.
    worth = [(nw.col(name).cast(nw.Float64) * nw.col("worth")).round(6).cast(EXACT).alias(name) for name in names]
    sums = window.inside(rows).select("customer_id", *worth).group_by("customer_id").agg(nw.col(*names).sum())
    found = to_pandas(sums.sort("customer_id")).set_index("customer_id")
    held = bases.customers.set_index("customer_id")
    kept = (held["fee_margin"] / held["fee"].where(held["fee"] > 0)).reindex(found.index)
    kept = kept.fillna(source.costs.gross_margin["default"])
    spent = source.costs.per_month * found["share"] + found["contacts"]
    return found.assign(margin=found["revenue"] * kept - spent)[["margin", "share"]]


def _rules(known: Source, bases: Margin, rows: pd.DataFrame, *, day: dt.date) -> dict[str, Floats]:
    """What each simple rule expects of the year ahead; all of it from before the day."""
    worth = (1 + known.discount_rate) ** (-np.arange(1, YEAR + 1) / YEAR)
    quarter = _brought(known, bases, _Window(months_later(day, -QUARTER), QUARTER))
    year = _brought(known, bases, _Window(months_later(day, -YEAR), YEAR))
    monthly = quarter["margin"].sum() / max(quarter["share"].sum(), 1.0)
    lost = _leavers(known, day=day) / max(year["share"].sum(), 1.0)
    each = (year["margin"] / year["share"].where(year["share"] > 0)).reindex(rows["customer_id"])
    return {
        "average_life": np.full(len(rows), monthly * float(worth @ (1 - lost) ** np.arange(1, YEAR + 1))),
        "last_year": each.fillna(monthly).to_numpy("float64") * worth.sum(),
        "rfm": _by_rfm(known, bases, rows, day=day),
    }


def _leavers(known: Source, *, day: dt.date) -> int:
    """Spells that ended in the year before."""
    ended = (nw.col("end") > months_later(day, -YEAR)) & (nw.col("end") <= day)
    return int(to_pandas(known.spells.filter(ended).select(n=nw.len()))["n"].iloc[0])


def _by_rfm(known: Source, bases: Margin, rows: pd.DataFrame, *, day: dt.date) -> Floats:
    """What customers of the same fifths brought in the year that has just ended; missing without a year of history."""
    earlier = months_later(day, -YEAR)
    if earlier <= known.observation.entry:
        return np.full(len(rows), np.nan)
    taught = _fifths(known, earlier, None)
    window = _brought(known, bases, _Window(earlier, YEAR, known.discount_rate))
    taught = taught.assign(brought=window["margin"].reindex(taught.index).fillna(0.0))
    asked = _fifths(known, day, rows["customer_id"])
    found = pd.Series(taught["brought"].mean(), index=asked.index)
    for columns in (["monetary"], SCORES):  # the finer where enough customers tell it
        cells = taught.groupby(columns)["brought"].agg(["mean", "size"])
        finer = asked[columns].merge(cells, left_on=columns, right_index=True, how="left").reindex(asked.index)
        found = finer["mean"].where(finer["size"] >= FEWEST, found)
    return found.reindex(rows["customer_id"]).to_numpy("float64")


def _fifths(known: Source, day: dt.date, customer_id: pd.Series | None) -> pd.DataFrame:
    """The fifth of each customer on the books on a day, by recency, frequency and monetary value; 0 where missing."""
    there = (nw.col("start") <= day) & (nw.col("end").is_null() | (nw.col("end") > day))
    keys = known.spells.filter(there).select("customer_id").unique().with_columns(landmark=nw.lit(day))
    table = to_pandas(rfm(keys, known.months.filter(nw.col("month") <= day), known.tables, known.observation))
    values = table.set_index("customer_id").sort_index()[SCORES].assign(recency=lambda one: -one["recency"])
    ranks = values.rank(method="max")
    scores = np.ceil(ranks * FIFTHS / values.notna().sum()).fillna(0).astype(np.int64)
    return scores if customer_id is None else scores.reindex(customer_id, fill_value=0)
