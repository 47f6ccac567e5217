"""Steps up: the dearer plan of a held product that can be had in the area, and who took one in the quarter after."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.baskets import Baskets, on_landmark
from analysis.frames.window import KEYS

SIZES = ("bandwidth_mbps", "data_cap_gb")
THERE = ["landmark", "area_id", "customer_type", "product"]
LINE = [*KEYS, "product"]
STEP = {"product": str, "plan": str, "target": str, "fee": float}


def steps_between(lines: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Pairs of plans of one product of which the second is dearer, and faster or with more data, and in neither less.

    A plan costs what most lines on it cost; a speed or volume that one of the two does not tell is not compared.

    Returns
    -------
    Table, one row per pair: `product`, `plan`, `target`, `fee` (of the target, currency per month).
    """
    names = ["product", "plan", "monthly_fee", *SIZES]
    known = lines.filter(~nw.col("plan").is_null() & ~nw.col("monthly_fee").is_null())
    usual = to_pandas(known.group_by(names).agg(rows=nw.len()).sort("rows", *names, descending=True))
    plans = usual.drop_duplicates(["product", "plan"]).sort_values(["product", "plan"])
    pairs = plans.merge(plans, on="product", suffixes=("", "_of_target"))
    more = [pairs[f"{name}_of_target"] > pairs[name] for name in SIZES]
    less = [pairs[f"{name}_of_target"] < pairs[name] for name in SIZES]
    better = (more[0] | more[1]) & ~(less[0] | less[1]) & (pairs["monthly_fee_of_target"] > pairs["monthly_fee"])
    kept = pairs[better].rename(columns={"plan_of_target": "target", "monthly_fee_of_target": "fee"})
    return kept[list(STEP)].astype(STEP).reset_index(drop=True)


def plan_steps(baskets: Baskets, *, as_of: dt.date, engine: Engine) -> nw.LazyFrame[Any]:
    """Who could take a step up on each landmark, and who did in the three months after it.

    A plan can be had where somebody of the same type of customer in the same area holds it. The `target` is, of those
    that can be had, the one that most took from the plan held; of equals the cheapest. Any dearer and better plan
    counts as a step taken, but under a new account: who moves house takes what is there. Of several lines of a product
    the dearest counts.

    Returns
    -------
    Table, one row per customer, landmark and product: `customer_id`, `landmark`, `product`, `plan`, `target`,
    `customer_type`, `upgraded` (1 or 0; missing where the three months are not over), `gain` (what the target costs
    more than the line held, before discounts, money a month).
    """
    if not baskets.products:
        text = nw.col("technology")
        return baskets.rows.select(
            *KEYS, "customer_type", product=text, plan=text, target=text, upgraded=nw.col("added"),
            gain=nw.col("added").cast(nw.Float64),
        )  # fmt: skip
    pairs = steps_between(baskets.lines)
    profile = baskets.rows.select(*KEYS, "customer_type", "area_id")
    held = baskets.lines.filter(on_landmark()).join(profile, on=KEYS, how="inner")
    able = engine.table(_dearest(held).join(engine.table(pairs), on=["product", "plan"], how="inner"))
    began = (nw.col("start_date") > nw.col("landmark")) & (nw.col("start_date") <= nw.col("until"))
    after = baskets.lines.filter(began & (nw.lit(as_of) >= nw.col("until")))
    same = [*LINE, "account_id", "target"]
    took = engine.table(able.join(after.with_columns(target=nw.col("plan")).select(same), on=same, how="semi"))
    upgraded = nw.when(nw.lit(as_of) >= nw.col("until")).then(nw.coalesce(nw.col("took"), nw.lit(0)))
    marked = _next_up(able, took=took, there=held.select(*THERE, target=nw.col("plan")).unique()).join(
        took.select(LINE).unique().with_columns(took=nw.lit(1)), on=LINE, how="left"
    )
    gain = nw.col("fee") - nw.col("monthly_fee").cast(nw.Float64)
    return engine.table(marked.select(*LINE, "plan", "target", "customer_type", upgraded=upgraded, gain=gain.round(6)))


def _next_up(able: nw.LazyFrame[Any], *, took: nw.LazyFrame[Any], there: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Of the steps that can be had where the customer is, the one that most took."""
    pair = ["product", "plan", "target"]
    times = took.group_by(pair).agg(times=nw.len())
    open_steps = able.join(there, on=[*THERE, "target"], how="semi").join(times, on=pair, how="left")
    rarest = open_steps.with_columns(rarity=-nw.coalesce(nw.col("times"), nw.lit(0)))
    place = nw.col("target").cum_count().over(*LINE, order_by=["rarity", "fee", "target"])
    return rarest.with_columns(place=place).filter(nw.col("place") == 1)


def _dearest(held: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Of each customer's lines of a product on a landmark, the one with the highest fee."""
    ranked = held.with_columns(dearest=-nw.col("monthly_fee"))
    order = ["dearest", "subscription_id"]
    place = nw.col("subscription_id").cum_count().over(*LINE, order_by=order)
    first = ranked.with_columns(place=place).filter(nw.col("place") == 1)
    return first.select(*LINE, "until", "account_id", "plan", "customer_type", "area_id", "monthly_fee")
