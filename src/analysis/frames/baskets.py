"""Baskets: the products held at each quarter end, what could be had there, and what was added in the quarter after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import months_later, quarter_ends
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.held import known_lines
from analysis.frames.observation import Observation
from analysis.frames.profile import profile
from analysis.frames.window import KEYS

MOST_PRODUCTS = 40  # different ones, the most held: a basket is a whole number with a bit for each
MOST_LANDMARKS = 9  # two years of quarters to learn from, and the as-of date
QUARTER = 3  # months
PROFILE = ("customer_type", "area_id")
AREA = ["landmark", "area_id"]
MISSED = 3.0  # expected holders from whom on none at all is no chance: e^-3 is 5 %


class Baskets(NamedTuple):
    """Products by name, and a lazy table, one row per customer and landmark on which anything was held.

    `rows`: `customer_id`, `landmark`, `basket` (the products held: the sum of 2^place in `products`), `technology`
    (of the broadband line; empty without), `customer_type` and `area_id` (empty where unknown), `offered` (all
    products but those that nobody in the area holds though three or more would, were its residents as all customers;
    customers of unknown area are taken as one area), and `added` (products taken
    in the three months after the landmark that were held neither on it nor within the days of grace before; missing
    where these months are not over). `lines` are those of `lines_at`, with the `bit` of their product; nothing where
    there is no product.
    """

    products: list[str]
    rows: nw.LazyFrame[Any]
    lines: nw.LazyFrame[Any]


def landmarks(observation: Observation) -> list[dt.date]:
    """Quarter ends at which it is known who held what: at most nine, the last one the as-of date."""
    known = [observation.entry, *quarter_ends(observation.entry, observation.as_of)]
    whole = [day for day in known if months_later(day, QUARTER) <= observation.as_of and _ends_a_month(day)]
    return [*whole, observation.as_of][-MOST_LANDMARKS:]


def _ends_a_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1


def lines_at(
    days: Sequence[dt.date], tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation
) -> nw.LazyFrame[Any]:
    """Lines of subscriptions near each landmark: held then or within the days of grace before, or begun soon after.

    Soon is within three months. Adds `landmark` and `until` (three months later) to the columns of subscriptions. A
    line without an end date ends with its account. What became known later than the landmark is missing.
    """
    closed = tables["customers"].select("account_id", "churn_date")
    joined = tables["subscriptions"].join(closed, on="account_id", how="left")
    lines = joined.with_columns(end_date=nw.coalesce("end_date", "churn_date")).drop("churn_date")
    grace = dt.timedelta(days=observation.grace_days)
    near = [
        lines.filter(
            (nw.col("start_date") <= months_later(day, QUARTER))
            & (nw.col("end_date").is_null() | (nw.col("end_date") > day - grace))
        ).with_columns(landmark=nw.lit(day), until=nw.lit(months_later(day, QUARTER)))
        for day in days
    ]
    return known_lines(nw.concat(near), observation)


def baskets(
    tables: Mapping[str, nw.LazyFrame[Any]], *, days: Sequence[dt.date], observation: Observation, engine: Engine
) -> Baskets:
    """The baskets of all customers on the given landmarks; no product and no row without subscriptions."""
    if "subscriptions" not in tables:
        return _no_baskets(tables["customers"])
    lines = engine.table(lines_at(days, tables, observation))
    products = _products(lines)
    if not products:
        return _no_baskets(tables["customers"])
    bits = engine.table(pd.DataFrame({"product": products, "bit": [2**place for place in range(len(products))]}))
    coded = engine.table(lines.join(bits, on="product", how="inner"))
    held = coded.filter(on_landmark())
    known = _known(held, tables["customers"], observation)
    return Baskets(products, engine.table(_with_added(_with_offered(known, held), coded, observation.as_of)), coded)


def _no_baskets(customers: nw.LazyFrame[Any]) -> Baskets:
    """What is known where no product is."""
    nobody = customers.filter(nw.col("customer_id").is_null())
    day, text, number = nw.col("signup_date"), nw.col("account_id"), nw.lit(0).cast(nw.Int64)
    rows = nobody.select(
        "customer_id", landmark=day, basket=number, technology=text, customer_type=text, area_id=text, offered=number,
        added=number,
    )  # fmt: skip
    return Baskets([], rows, rows)


def on_landmark() -> nw.Expr:
    """Whether a line runs on its landmark (start <= landmark < end)."""
    ended = nw.coalesce(nw.col("end_date") <= nw.col("landmark"), nw.lit(False))
    return (nw.col("start_date") <= nw.col("landmark")) & ~ended


def _products(lines: nw.LazyFrame[Any]) -> list[str]:
    """The products held by most customers, by name."""
    counted = to_pandas(lines.group_by("product").agg(customers=nw.col("customer_id").n_unique()))
    most = counted.sort_values(["customers", "product"], ascending=[False, True]).head(MOST_PRODUCTS)
    return sorted(most["product"])


def _known(held: nw.LazyFrame[Any], customers: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Basket, technology and profile of who holds anything on a landmark."""
    line = nw.when(nw.col("product") == "broadband").then(nw.col("technology"))
    technology = held.group_by(KEYS).agg(technology=line.max())  # of several lines, the last by name
    keys = _sets(held, KEYS, "basket").join(technology, on=KEYS, how="inner")
    told = profile(keys.select(KEYS), customers, observation).select(*KEYS, *PROFILE)
    return keys.join(told, on=KEYS, how="left").with_columns(
        nw.coalesce(nw.col(name), nw.lit("")).alias(name) for name in ("technology", *PROFILE)
    )


def _sets(lines: nw.LazyFrame[Any], keys: Sequence[str], name: str) -> nw.LazyFrame[Any]:
    """The different products of each group as one number."""
    return lines.select(*keys, "bit").unique().group_by(*keys).agg(nw.col("bit").sum().cast(nw.Int64).alias(name))


def _with_offered(known: nw.LazyFrame[Any], held: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Adds what is offered in the area: what anybody there holds, and what too few live there to miss."""
    placed = held.join(known.select(*KEYS, "area_id"), on=KEYS, how="inner").select(*KEYS, "area_id", "bit").unique()
    residents = known.group_by(AREA).agg(residents=nw.len())
    everyone = known.group_by("landmark").agg(everyone=nw.len())
    holders = placed.group_by("landmark", "bit").agg(holders=nw.len()).join(everyone, on="landmark", how="inner")
    there = placed.select(*AREA, "bit").unique().with_columns(there=nw.lit(1))
    pairs = residents.join(holders, on="landmark", how="inner").join(there, on=[*AREA, "bit"], how="left")
    expected = nw.col("residents") * nw.col("holders") / nw.col("everyone")
    offered = pairs.filter(~nw.col("there").is_null() | (expected < MISSED))
    return known.join(_sets(offered, AREA, "offered"), on=AREA, how="left").with_columns(
        offered=nw.coalesce(nw.col("offered"), nw.lit(0))
    )


def _with_added(rows: nw.LazyFrame[Any], coded: nw.LazyFrame[Any], as_of: dt.date) -> nw.LazyFrame[Any]:
    """Adds the products taken in the three months after the landmark."""
    lately = nw.col("start_date") <= nw.col("landmark")  # all other lines have ended before the days of grace
    one = [*KEYS, "bit"]
    taken = coded.filter((nw.col("start_date") > nw.col("landmark")) & (nw.col("start_date") <= nw.col("until")))
    fresh = taken.select(one).unique().join(coded.filter(lately).select(one).unique(), on=one, how="anti")
    over = nw.lit(as_of) >= nw.col("until")
    ends = coded.select("landmark", "until").unique()
    joined = rows.join(_sets(fresh, KEYS, "taken"), on=KEYS, how="left").join(ends, on="landmark", how="left")
    added = nw.when(over).then(nw.coalesce(nw.col("taken"), nw.lit(0)))
    return joined.with_columns(added=added).drop("taken", "until")
