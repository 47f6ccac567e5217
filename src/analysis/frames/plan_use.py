"""What customers use against the plan they hold: the next smaller and bigger plan that can be had, and the cap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import months_later
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.behaviour import landmark_points
from analysis.frames.held import known_lines, lines_held
from analysis.frames.observation import Observation
from analysis.frames.plan_steps import SIZES, STEP, THERE, steps_between
from analysis.frames.profile import profile
from analysis.frames.window import KEYS, QUARTER, months_before

FIXED = "broadband"  # a line that is built into the house: another technology is no step of its plans
LINE = [*KEYS, "product", "plan"]
MONTHS = tuple(f"gb_{month}" for month in range(1, QUARTER + 1))


def plan_use(
    days: Sequence[dt.date],
    tables: Mapping[str, nw.LazyFrame[Any]],
    observation: Observation,
    *,
    engine: Engine,
    near_cap: float,
) -> nw.LazyFrame[Any]:
    """The data line of every customer on each day, its use over the last three whole months, and the plans beside it.

    The data line is the broadband line, else the one with the highest fee, of those whose plan tells a speed or a cap.
    Use is data down and up, as far as the source tells; it is told of a customer and not of a line, so that a cap is
    compared only where there is no other data line. A plan beside it is dearer (cheaper) and faster or with more data
    (slower or with less), the nearest by fee, that somebody of the same type of customer holds in the same area; of a
    broadband line by the same technology.

    Parameters
    ----------
    tables : contract tables of customers only, and the stage table `spells`.
    near_cap : share of a cap from which a month's use is near it.

    Returns
    -------
    Table, one row per customer and day who holds such a line: `customer_id`, `landmark`, `product`, `plan`, `fee`
    (of the line), `bandwidth_mbps`, `data_cap_gb`, `use` (GB a month; missing without three whole months), `share` (of
    the cap), `near`, `over` (of the last three months, those at `near_cap` of the cap, above it), `up`, `up_fee`,
    `down`, `down_fee` (missing where there is none), `left`, `chose` (1 or 0: within the next three months, by choice;
    missing where they are not over).
    """
    points = nw.concat([landmark_points(tables["spells"], day) for day in days])
    held = known_lines(lines_held(points.join(tables["subscriptions"], on="customer_id", how="inner")), observation)
    told = ~nw.col("plan").is_null() & ~nw.col("monthly_fee").is_null()
    sized = ~nw.col("bandwidth_mbps").is_null() | ~nw.col("data_cap_gb").is_null()
    lines = engine.table(_placed(held.filter(told & sized), tables, observation))
    used = months_before(
        points, _data(tables["usage"]), by=KEYS[0], covered=observation.covered_from("usage"),
        windows={name: ("gb", range(place, place + 1)) for place, name in enumerate(MONTHS)},
    )  # fmt: skip
    main = engine.table(_main(lines).join(engine.table(used), on=KEYS, how="left"))
    pairs = neighbours(lines)
    with_plans = _beside(_beside(main, lines, pairs, engine=engine, up=True), lines, pairs, engine=engine, up=False)
    left = _with_leaving(with_plans, tables["spells"], days=days, as_of=observation.as_of)
    return engine.table(left.select(*LINE, *_figures(near_cap), "up", "up_fee", "down", "down_fee", "left", "chose"))


def neighbours(lines: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Pairs of plans of which the second is dearer and better, see `steps_between`; broadband by one technology only.

    Returns
    -------
    Table, one row per pair: `product`, `plan`, `target`, `fee` (of the target), `plan_fee` (of the plan).
    """
    pairs = steps_between(lines)
    names = ["product", "plan", "technology"]
    usual = to_pandas(lines.group_by(names).agg(rows=nw.len()).sort("rows", *names, descending=True))
    by = usual.drop_duplicates(["product", "plan"]).set_index(["product", "plan"])["technology"].fillna("")
    fees = to_pandas(lines.group_by("product", "plan", "monthly_fee").agg(rows=nw.len()))
    fees = fees.sort_values(["rows", "monthly_fee"], ascending=False).drop_duplicates(["product", "plan"])
    own = by.reindex(pd.MultiIndex.from_frame(pairs[["product", "plan"]])).to_numpy()
    other = by.reindex(pd.MultiIndex.from_frame(pairs[["product", "target"]])).to_numpy()
    kept = pairs[(pairs["product"] != FIXED) | (own == other)]
    known = fees.rename(columns={"monthly_fee": "plan_fee"})[["product", "plan", "plan_fee"]]
    typed = kept.merge(known, on=["product", "plan"], how="left").astype(STEP | {"plan_fee": float})
    return typed.sort_values(["product", "plan", "fee", "target"], ignore_index=True)


def _data(usage: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    gb = nw.col("download_gb") + nw.coalesce(nw.col("upload_gb"), nw.lit(0.0))
    return usage.select("customer_id", "month", gb=gb)


def _placed(
    held: nw.LazyFrame[Any], tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation
) -> nw.LazyFrame[Any]:
    """Lines with their customer's type and area; empty where unknown."""
    told = profile(held.select(*KEYS).unique(), tables["customers"], observation).select(
        *KEYS, "customer_type", "area_id"
    )
    return held.join(told, on=KEYS, how="left").with_columns(
        customer_type=nw.coalesce(nw.col("customer_type"), nw.lit("")),
        area_id=nw.coalesce(nw.col("area_id"), nw.lit("")),
    )


def _main(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The data line of each customer and day, and how many there are."""
    ranked = lines.with_columns(second=(nw.col("product") != FIXED).cast(nw.Int64), dearest=-nw.col("monthly_fee"))
    order = ["second", "dearest", "subscription_id"]
    placed = ranked.with_columns(
        place=nw.col("subscription_id").cum_count().over(*KEYS, order_by=order),
        lines=nw.col("subscription_id").count().over(*KEYS),
    )
    first = placed.filter(nw.col("place") == 1)
    return first.select(*LINE, "customer_type", "area_id", *SIZES, "lines", fee=nw.col("monthly_fee").cast(nw.Float64))


def _beside(
    main: nw.LazyFrame[Any], lines: nw.LazyFrame[Any], pairs: pd.DataFrame, *, engine: Engine, up: bool
) -> nw.LazyFrame[Any]:
    """Adds the nearest dearer (cheaper) plan that can be had where the customer is, and its fee."""
    name = "up" if up else "down"
    turned = pairs if up else pairs.rename(columns={"plan": "target", "target": "plan"})
    steps = turned[["product", "plan", "target"]].assign(price=pairs["fee" if up else "plan_fee"])
    here = lines.select(*THERE, "plan").unique()
    there = here.select(*THERE, target=nw.col("plan"))
    able = here.join(engine.table(steps), on=["product", "plan"], how="inner").join(
        there, on=[*THERE, "target"], how="semi"
    )
    nearest = able.with_columns(near=nw.col("price") if up else -nw.col("price"))
    place = nw.col("target").cum_count().over(*THERE, "plan", order_by=["near", "target"])
    first = nearest.with_columns(place=place).filter(nw.col("place") == 1)
    found = engine.table(
        first.select(*THERE, "plan", nw.col("target").alias(name), nw.col("price").alias(f"{name}_fee"))
    )
    return engine.table(main.join(found, on=[*THERE, "plan"], how="left"))


def _figures(near_cap: float) -> list[nw.Expr]:
    """Fee, sizes, use, and the months near the cap."""
    cap = nw.when((nw.col("data_cap_gb") > 0) & (nw.col("lines") == 1)).then(nw.col("data_cap_gb"))
    known = ~nw.col(MONTHS[0]).is_null() & ~nw.col(MONTHS[1]).is_null() & ~nw.col(MONTHS[2]).is_null()
    mean = (nw.col(MONTHS[0]) + nw.col(MONTHS[1]) + nw.col(MONTHS[2])) / len(MONTHS)
    # Beside another data line nobody can say how much of the use was this one's.
    alone = (nw.col("product") == FIXED) | (nw.col("lines") == 1)
    use = nw.when(known & alone).then(mean.round(6))

    def months(edge: nw.Expr, *, above: bool) -> nw.Expr:
        parts = [((nw.col(name) > edge) if above else (nw.col(name) >= edge)).cast(nw.Int64) for name in MONTHS]
        return nw.when(known & ~cap.is_null()).then(parts[0] + parts[1] + parts[2])

    return [
        nw.col("fee"), nw.col("bandwidth_mbps").cast(nw.Float64), cap.cast(nw.Float64).alias("data_cap_gb"),
        use.alias("use"), (use / cap).round(9).alias("share"),
        months(cap * near_cap, above=False).alias("near"), months(cap, above=True).alias("over"),
    ]  # fmt: skip


def _with_leaving(
    rows: nw.LazyFrame[Any], spells: nw.LazyFrame[Any], *, days: Sequence[dt.date], as_of: dt.date
) -> nw.LazyFrame[Any]:
    """Adds who left within three months of the day, and by choice; where kinds are not told, any leaving."""
    parts = []
    for day in days:
        until = months_later(day, QUARTER)
        gone = spells.filter((nw.col("start") <= day) & (nw.col("end") > day) & (nw.col("end") <= until))
        chose = nw.coalesce((nw.col("kind") == "voluntary").cast(nw.Int64), nw.lit(1)).max()
        here = rows.filter(nw.col("landmark") == day).join(
            gone.group_by("customer_id").agg(gone=nw.len(), by_choice=chose), on="customer_id", how="left"
        )
        over = nw.lit(as_of) >= nw.lit(until)
        parts.append(
            here.with_columns(
                left=nw.when(over).then((~nw.col("gone").is_null()).cast(nw.Int64)),
                chose=nw.when(over).then(nw.coalesce(nw.col("by_choice"), nw.lit(0))),
            )
        )
    return nw.concat(parts)
