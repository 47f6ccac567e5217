"""Penetration: the share of customers who hold each product, how it grows, and where broadband is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.holders import GROUPS, PLACES, bases, holders
from analysis.frames.observation import Observation
from analysis.measures.disclosure import masked
from analysis.measures.interval import share_interval, standard_normal_quantile

Rows = nw.LazyFrame[Any]

BACK = {"before": 1, "year": 4}  # quarters
BROADBAND = "broadband"
FIGURES = ("share", "low", "high", "before", "before_low", "before_high", "year", "year_low", "year_high")
COLUMNS = ("group", "product", "customers", "holders", *FIGURES, "masked")
WHERE = ("dimension", "class", "customers", "share", "low", "high", "masked")


def penetration(
    tables: Mapping[str, Rows], spells: Rows, observation: Observation, *, engine: Engine, smallest: int
) -> pd.DataFrame:
    """The share of everyone on the books who holds each product, now, and by how much more than earlier.

    The change counts who was on the books at both dates by what they changed themselves, so that its interval is that
    of two samples that share customers. Lines suspended by now count: of earlier dates it is not known whose were.

    Returns
    -------
    Table, one row per group (all, households, businesses) and product, most held first: `customers`, `holders`,
    `share`, `low`, `high` (Wilson's 95 %), `before` and `year` (change of the share since then, with `_low` and
    `_high`), `masked` (too few hold it, or do not, now or then). Without rows where the source tells no products.
    """
    days = {"now": observation.as_of} | _earlier(observation)
    if "subscriptions" not in tables:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"masked": bool})
    there = engine.table(bases(tables, spells, observation, list(days.values())))
    held = engine.table(holders(tables, list(days.values())))
    counted = to_pandas(there.group_by("landmark", "group").agg(customers=nw.len()).sort("landmark", "group"))
    parts = []
    for name in ("all", *GROUPS):
        chosen = there if name == "all" else there.filter(nw.col("group") == name)
        known = counted if name == "all" else counted[counted["group"] == name]
        if len(known):
            parts += [one.assign(group=name) for one in _products(chosen, held, days)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"masked": bool})
    return _published(pd.concat(parts, ignore_index=True), smallest)


def _earlier(observation: Observation) -> dict[str, Any]:
    """The ends of the quarter before and of that a year ago, where the source reaches so far."""
    seen = list(observation.quarters)
    return {
        name: seen[-1 - back].last_day
        for name, back in BACK.items()
        if len(seen) > back and seen[-1 - back].last_day >= observation.covered_from("subscriptions")
    }


def _products(chosen: Rows, held: Rows, days: Mapping[str, Any]) -> list[pd.DataFrame]:
    """A row per product: counts now and then, and change with interval."""
    rows = chosen.select("customer_id", "landmark")
    sizes = to_pandas(rows.group_by("landmark").agg(customers=nw.len()))
    size = dict(zip(pd.to_datetime(sizes["landmark"]).dt.date, sizes["customers"], strict=True))
    now = int(size.get(days["now"], 0))
    if not now:
        return []
    both = rows.join(held, on=["customer_id", "landmark"], how="inner")
    counts = to_pandas(both.group_by("landmark", "product").agg(holders=nw.len()).sort("landmark", "product"))
    counts["landmark"] = pd.to_datetime(counts["landmark"]).dt.date
    wide = counts.pivot(index="product", columns="landmark", values="holders").fillna(0)
    wide = wide.reindex(columns=list(days.values()), fill_value=0)
    table = pd.DataFrame({"product": wide.index, "holders": wide[days["now"]].to_numpy(), "customers": now})
    low, high = share_interval(table["holders"], table["customers"])
    table = table.assign(share=table["holders"] / now, low=low, high=high)
    for name in BACK:
        table = table.assign(**_change(name, days, size, wide, _stayed(rows, both, days, name)))
    return [table]


def _stayed(rows: Rows, both: Rows, days: Mapping[str, Any], name: str) -> pd.DataFrame:
    """Customers at both dates, in `there`, and by product those who held it at both, in `kept`."""
    if name not in days:
        return pd.DataFrame({"product": [], "kept": []})
    keys = [rows.filter(nw.col("landmark") == days[one]).select("customer_id") for one in ("now", name)]
    there = keys[0].join(keys[1], on="customer_id", how="inner")
    lines = [both.filter(nw.col("landmark") == days[one]).select("customer_id", "product") for one in ("now", name)]
    number = int(to_pandas(there.select(n=nw.len()))["n"].iloc[0])
    kept = lines[0].join(lines[1], on=["customer_id", "product"], how="inner")
    inside = [line.join(there, on="customer_id", how="semi") for line in lines]
    counts = [to_pandas(one.group_by("product").agg(n=nw.len())).set_index("product")["n"] for one in (kept, *inside)]
    found = pd.DataFrame(dict(zip(("kept", "now", "then"), counts, strict=True))).fillna(0)
    return found.assign(there=number).rename_axis("product").reset_index()


def _change(
    name: str, days: Mapping[str, Any], size: Mapping[Any, int], wide: pd.DataFrame, stayed: pd.DataFrame
) -> dict[str, Any]:
    """Change of the share since a date, with its interval, and the counts of then."""
    missing = np.full(len(wide), np.nan)
    then = int(size.get(days[name], 0)) if name in days else 0
    if not then:
        return {name: missing, f"{name}_low": missing, f"{name}_high": missing, f"{name}_n": 0, f"{name}_holders": 0}
    n = int(size[days["now"]])
    p, q = wide[days["now"]].to_numpy() / n, wide[days[name]].to_numpy() / then
    found = stayed.set_index("product").reindex(wide.index).fillna(0)
    there = float(stayed["there"].iloc[0]) if len(stayed) else 0.0
    shared = found["kept"] - p * found["then"] - q * found["now"] + p * q * there
    variance = p * (1 - p) / n + q * (1 - q) / then - 2 * shared.to_numpy() / (n * then)
    reach = standard_normal_quantile(0.95) * np.sqrt(np.clip(variance, 0, None))
    gap = p - q
    told = {name: gap, f"{name}_low": gap - reach, f"{name}_high": gap + reach}
    return told | {f"{name}_n": then, f"{name}_holders": wide[days[name]].to_numpy()}


def _published(table: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Products of whom too few hold them, or do not, hidden group by group; what would give them away as well."""
    sides = {"without": table["customers"] - table["holders"]}
    for name in BACK:
        sides[f"{name}_without"] = table[f"{name}_n"] - table[f"{name}_holders"]
    table = table.assign(**sides)
    counts = ["holders", "without", *(f"{name}_{what}" for name in BACK for what in ("holders", "without"))]
    parts = []
    for _, rows in table.groupby("product", sort=True):
        parts.append(_hidden(rows, counts, smallest))
    order = table[table["group"] == "all"].set_index("product")["holders"]
    told = pd.concat(parts, ignore_index=True)
    told = told.assign(place=told["group"].map({"all": 0, GROUPS[0]: 1, GROUPS[1]: 2}), most=told["product"].map(order))
    ordered = told.sort_values(["place", "most", "product"], ascending=[True, False, True], ignore_index=True)
    return ordered[list(COLUMNS)]


def _hidden(rows: pd.DataFrame, counts: list[str], smallest: int) -> pd.DataFrame:
    """The rows of one product: the whole is hidden by itself, the groups together with what is left of it."""
    whole, groups = rows[rows["group"] == "all"], rows[rows["group"] != "all"]
    rest = whole[counts].sum() - groups[counts].sum()
    cells = pd.concat([groups, pd.DataFrame([{**rest, "group": "rest"}])]) if len(groups) else groups
    values = [*FIGURES]
    parts = [masked(whole, by=["group"], count=counts, values=values, minimum=smallest)]
    if len(groups):
        parts.append(masked(cells, by=["group"], count=counts, values=values, minimum=smallest))
    found = pd.concat(parts, ignore_index=True)
    return found[found["group"] != "rest"]


def broadband_places(
    tables: Mapping[str, Rows], spells: Rows, observation: Observation, *, engine: Engine, smallest: int
) -> pd.DataFrame:
    """The share of everyone on the books who holds broadband, by region and by kind of area.

    Returns
    -------
    Table, one row per dimension and class: `customers`, `share`, `low`, `high` (Wilson's 95 %), `masked`.
    """
    if "subscriptions" not in tables:
        return pd.DataFrame(columns=list(WHERE)).astype({"masked": bool})
    day = [observation.as_of]
    there = bases(tables, spells, observation, day)
    line = holders(tables, day).filter(nw.col("product") == BROADBAND).select("customer_id", has=nw.lit(1))
    joined = engine.table(there.join(line, on="customer_id", how="left"))
    parts = [_of_place(joined, place, smallest) for place in PLACES]
    found = pd.concat(parts, ignore_index=True)
    return found if len(found) else found.astype({"masked": bool})


def _of_place(joined: Rows, place: str, smallest: int) -> pd.DataFrame:
    known = joined.filter(~nw.col(place).is_null()).with_columns(has=nw.coalesce(nw.col("has"), nw.lit(0)))
    counted = known.group_by(place).agg(customers=nw.len(), holders=nw.col("has").sum()).sort(place)
    rows = to_pandas(counted).rename(columns={place: "class"}).astype({"class": object})
    rows = rows.astype({"customers": "int64", "holders": "int64"})
    low, high = share_interval(rows["holders"], rows["customers"])
    told = rows.assign(share=rows["holders"] / rows["customers"], low=low, high=high, dimension=place)
    told["without"] = told["customers"] - told["holders"]
    counts = ["customers", "holders", "without"]
    return masked(told, by=["class"], count=counts, values=["share", "low", "high"], minimum=smallest)[list(WHERE)]


def penetration_kpis(told: pd.DataFrame) -> list[Kpi]:
    """The share of each product among all, households and businesses."""
    return [
        Kpi(
            "penetration", row["share"], int(row["customers"]), row["low"], row["high"],
            None if pd.isna(row["before"]) else row["share"] - row["before"],
            "product" if row["group"] == "all" else f"product of {row['group']}", row["product"],
        )
        for row in told[~told["masked"].astype(bool)].to_dict("records")
    ]  # fmt: skip
