"""The base: who was there, who came, who left, and what share of the base that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.held import products_on
from analysis.frames.open_bills import on_the_books
from analysis.measures.interval import share_interval

MOVED = (
    "joiners",
    "leavers",
    "churn_rate",
    "low",
    "high",
    "churn_of_opening",
)  # what tells of a quarter who came and left


def movement(spells: nw.LazyFrame[Any], quarters: Sequence[Quarter], *, seen_after: dt.date) -> pd.DataFrame:
    """Opening base, joiners, leavers and closing base of each quarter.

    closing = opening + joiners - leavers

    `seen_after` is the eve of observation; a quarter that began earlier is counted from then on. Who comes
    back after a gap joins again. The churn rate is leavers ÷ (opening + joiners), with Wilson's
    95 % interval (Wilson, 1927).

    Returns
    -------
    Table, one row per quarter, oldest first: `quarter` (text), `opening`, `joiners`, `leavers`, `closing`
    (customers), `churn_rate`, `low`, `high`, `churn_of_opening` (shares, 0 to 1).
    """
    sums = {
        f"{name}_{i}": rule.cast(nw.Int64).sum()
        for i, quarter in enumerate(quarters)
        for name, rule in _rules(max(quarter.previous.last_day, seen_after), quarter.last_day).items()
    }
    totals = to_pandas(spells.select(**sums)).fillna(0).iloc[0] if quarters else {}
    rows = [
        {
            "quarter": str(quarter),
            **{name: int(totals[f"{name}_{i}"]) for name in ("opening", "joiners", "leavers", "closing")},
        }
        for i, quarter in enumerate(quarters)
    ]
    return _with_rates(pd.DataFrame(rows, columns=["quarter", "opening", "joiners", "leavers", "closing"]))


def published(base: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The movement as it may be shown: of a quarter in which few joined, left or stayed, only the base is told.

    Joiners less leavers is the growth of the base, and a rate times its customers is the leavers: where one of
    joiners, leavers and stayers is 1 to `smallest` - 1, joiners, leavers and rates are all missing. A base of so few
    customers is missing itself. Where nobody left, joiners are that growth: few of them are no secret then, and
    that nobody left is none either.

    Returns
    -------
    Table of `movement`, with `<column>_masked` for every count and rate: where it is missing for being a secret.
    """
    stayers = base["opening"] + base["joiners"] - base["leavers"]
    counts = {"opening": base["opening"], "closing": base["closing"], "leavers": base["leavers"], "stayers": stayers}
    few = pd.DataFrame({name: (rows > 0) & (rows < smallest) for name, rows in counts.items()})
    secret = (base["joiners"] > 0) & (base["joiners"] < smallest) & (base["leavers"] > 0)
    hidden = {name: secret | few.any(axis=1) for name in MOVED} | {name: few[name] for name in ("opening", "closing")}
    shown = {name: base[name].mask(flag) for name, flag in hidden.items()}
    return base.assign(**shown, **{f"{name}_masked": flag for name, flag in hidden.items()})


def anybody_followed(base: pd.DataFrame) -> bool:
    """Whether anybody was there or joined in any quarter; so it is taken to be where no quarter was observed whole.

    `base` is a table of `movement`, or of `published`: a base too small to be told is one.
    """
    return base.empty or bool(base[["opening", "joiners"]].fillna(1).to_numpy().any())


def told_apart(customers: nw.LazyFrame[Any], *, smallest: int) -> nw.LazyFrame[Any]:
    """`customers`, suspended lines among the active where they are 1 to `smallest` - 1.

    Customers at quarter end less active ones are the suspended: of so few nothing may be told, in no chapter.
    """
    suspended = int(to_pandas(customers.filter(nw.col("state") == "suspended").select(n=nw.len()))["n"].iloc[0])
    if not 0 < suspended < smallest:
        return customers
    state = nw.when(nw.col("state") == "suspended").then(nw.lit("active")).otherwise(nw.col("state"))
    return customers.with_columns(state=state)


def _rules(eve: dt.date, last: dt.date) -> dict[str, nw.Expr]:
    start, end = nw.col("start"), nw.col("end")
    ended = nw.coalesce((end > eve) & (end <= last), nw.lit(False))
    return {
        "opening": (start <= eve) & (end.is_null() | (end > eve)),
        "joiners": (start > eve) & (start <= last),
        "leavers": ended,
        "closing": (start <= last) & (end.is_null() | (end > last)),
    }


def _with_rates(rows: pd.DataFrame) -> pd.DataFrame:
    exposed = rows["opening"] + rows["joiners"]
    return rows.assign(
        churn_rate=rows["leavers"] / exposed.where(exposed > 0),
        **share_intervals(rows["leavers"], exposed),
        churn_of_opening=rows["leavers"] / rows["opening"].where(rows["opening"] > 0),
    )


def share_intervals(counts: pd.Series, totals: pd.Series) -> dict[str, Any]:
    """Wilson's 95 % interval of each share, as the columns `low` and `high`; missing where the total is 0."""
    return dict(zip(("low", "high"), share_interval(counts, totals), strict=True))


def states(customers: nw.LazyFrame[Any]) -> pd.Series:
    """Customers by state (active, suspended, left) at the as-of date."""
    rows = to_pandas(customers.group_by("state").agg(customers=nw.len()))
    counts = rows.set_index("state")["customers"]
    return counts.reindex(["active", "suspended", "left"], fill_value=0).astype(int)


def products_held(customers: nw.LazyFrame[Any], held: nw.LazyFrame[Any], *, smallest: int) -> pd.DataFrame:
    """Penetration: active customers who hold each product, most held first.

    Products overlap, so each is masked by itself: when fewer than `smallest` hold it, or do not.

    Parameters
    ----------
    held : table, one row per customer and different product held at the as-of date.

    Returns
    -------
    Table, one row per product: `product`, `customers`, `share` (of active customers, 0 to 1), `masked`.
    """
    active = customers.filter(nw.col("state") == "active").select("customer_id")
    everyone = int(to_pandas(active.select(n=nw.len()))["n"].iloc[0])
    counted = to_pandas(active.join(held, on="customer_id", how="inner").group_by("product").agg(customers=nw.len()))
    rows = counted.sort_values(["customers", "product"], ascending=[False, True], ignore_index=True)
    shares = rows.assign(share=rows["customers"] / everyone)
    small = [0 < min(holders, everyone - holders or smallest) < smallest for holders in rows["customers"]]
    hidden = pd.Series(small, index=rows.index, dtype=bool)
    return shares.assign(**{name: shares[name].mask(hidden) for name in ("customers", "share")}, masked=hidden)


def products_per_customer(customers: nw.LazyFrame[Any], products: pd.DataFrame) -> float:
    """Different products held by active customers ÷ active customers.

    Not-a-number without customers or products, and where a single masked product could be told from the average.
    """
    if "products" not in customers.collect_schema().names() or products["masked"].sum() == 1:
        return float("nan")
    active = customers.filter(nw.col("state") == "active")
    sums = to_pandas(active.select(nw.col("products").sum(), n=nw.len())).iloc[0]
    return float(sums["products"] / sums["n"]) if sums["n"] else float("nan")


def products_earlier(
    spells: nw.LazyFrame[Any],
    tables: Mapping[str, nw.LazyFrame[Any]],
    quarter: Quarter,
    *,
    seen_after: dt.date,
    smallest: int,
) -> tuple[float | None, float | None]:
    """As `products_per_customer` a quarter and a year ago.

    Of customers on the books then, suspended lines among them: who was suspended is on record of today only. None where
    that day is before `seen_after`, the eve of observation, and where `products_per_customer` is not-a-number.
    """

    def then(day: dt.date) -> float | None:
        told = _products_on(spells, tables, day, smallest) if day >= seen_after else float("nan")
        return None if pd.isna(told) else told

    return then(quarter.previous.last_day), then(quarter.year_before.last_day)


def _products_on(
    spells: nw.LazyFrame[Any], tables: Mapping[str, nw.LazyFrame[Any]], day: dt.date, smallest: int
) -> float:
    if "subscriptions" not in tables:
        return float("nan")
    held = products_on(day, tables).filter(~nw.col("product").is_null())
    counts = held.group_by("customer_id").agg(products=nw.len())
    there = on_the_books(spells, day).select("customer_id", state=nw.lit("active"))
    people = there.join(counts, on="customer_id", how="left")
    return products_per_customer(people, products_held(people, held, smallest=smallest))
