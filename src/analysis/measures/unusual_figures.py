"""How many customers' use stands out, how many of them by chance, and whether those who fell left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter, months_later
from analysis.extracts.engine import to_pandas
from analysis.frames.changed_products import changed_products
from analysis.frames.usual_use import LOOK_BACK
from analysis.measures.disclosure import masked
from analysis.measures.interval import share_interval, standard_normal_quantile

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

SEASON, PRODUCTS, SUSPENDED = "season", "products", "suspended"
UP, DOWN = "up", "down"
VOLUNTARY = "voluntary"
METRICS = {UP: "usage_jumps", DOWN: "usage_falls"}


def explained(rows: pd.DataFrame, tables: Tables, customers: Rows, quarter: Quarter) -> pd.DataFrame:
    """Rows of unusual use, with what explains them: own season, a product begun or given up, a line suspended.

    A product counts within the year before the quarter and up to its end. A line that is suspended now explains less
    use, not more.

    Parameters
    ----------
    rows : table of `unusual_use`; `explained` there is `season` or missing.
    customers : table, one row per customer: `customer_id`, `state`.
    """
    changed: set[str] = set()
    if "subscriptions" in tables and len(rows):
        since = months_later(quarter.first_day - dt.timedelta(days=1), -LOOK_BACK)
        moved = changed_products(tables["subscriptions"], after=since, until=quarter.last_day)
        changed = set(to_pandas(moved)["customer_id"]) & set(rows["customer_id"])
    suspended = set(to_pandas(customers.filter(nw.col("state") == SUSPENDED).select("customer_id"))["customer_id"])
    fell = rows["direction"].eq(DOWN) & rows["customer_id"].isin(suspended)
    reason = rows["explained"].mask(fell, SUSPENDED).mask(rows["customer_id"].isin(changed), PRODUCTS)
    return rows.assign(explained=reason.mask(rows["explained"].eq(SEASON), SEASON))


def unusual_counts(rows: pd.DataFrame, judged: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Customers whose use stood out in any month of the quarter, by direction and measure.

    Parameters
    ----------
    rows : one row per customer, month, measure and direction, with `explained`.
    judged : one row per measure, direction and month: `customers`, `by_chance`.

    Returns
    -------
    Table, one row per direction and measure, jumps first: `direction`, `measure`, `judged` (customers, the most of any
    month), `customers` (unexplained), `explained` (customers all of whose months are), `by_chance` (quiet customers
    that pass the limit in a month or another, at most), `share`, `low`, `high` (of those judged; Wilson's interval),
    and `<name>_masked`.
    """
    keys = ["direction", "measure"]
    if judged.empty:
        return pd.DataFrame(columns=[*keys, *_COUNTS, *_MASKS])
    base = judged.groupby(keys).agg(judged=("customers", "max"), by_chance=("by_chance", "sum"))
    open_ = rows[rows["explained"].isna()].groupby(keys)["customer_id"].nunique()
    every = rows.groupby(keys)["customer_id"].nunique()
    told = base.join(open_.rename("customers")).join(every.rename("every")).fillna({"customers": 0, "every": 0})
    told["explained"] = told["every"] - told["customers"]
    told["share"] = told["customers"] / told["judged"]
    told["low"], told["high"] = share_interval(told["customers"], told["judged"])
    counted = told.astype({"customers": int, "explained": int, "judged": int}).reset_index()
    counted["direction"] = pd.Categorical(counted["direction"], [UP, DOWN], ordered=True)
    ordered = counted.sort_values(keys, ignore_index=True).astype({"direction": object})
    # Measures and directions overlap and have no total: each stands for itself.
    few = {name: ordered[name].between(1, smallest - 1) for name in ("customers", "explained")}
    hidden = dict.fromkeys(("customers", "share", "low", "high"), few["customers"]) | {"explained": few["explained"]}
    told = ordered.assign(**{name: ordered[name].mask(mask) for name, mask in hidden.items()})
    return told.assign(**{f"{name}_masked": mask for name, mask in hidden.items()})[[*keys, *_COUNTS, *_MASKS]]


_COUNTS = ["judged", "customers", "explained", "by_chance", "share", "low", "high"]
_MASKS = ["customers_masked", "share_masked", "low_masked", "high_masked", "explained_masked"]


def opening_groups(rows: pd.DataFrame, exposures: Rows) -> pd.DataFrame:
    """Everyone on the books at the start of a quarter by their use in the quarter before, and who left by choice in it.

    Parameters
    ----------
    rows : unusual use of the quarter before, of which the unexplained counts.
    exposures : table, everyone on the books in the quarter: `customer_id`, `event` (1 when they left in it), `kind`,
        `joined`. Who left without a kind on record is taken to have left by choice.

    Returns
    -------
    Table, one row per group (`up`, `down`, `usual`): `group`, `customers`, `leavers`. Who did both has fallen.
    """
    open_ = rows[rows["explained"].isna()]
    sides = {side: set(open_.loc[open_["direction"] == side, "customer_id"]) for side in (UP, DOWN)}
    chose = (nw.col("event") == 1) & (nw.coalesce(nw.col("kind"), nw.lit(VOLUNTARY)) == VOLUNTARY)
    began = exposures.filter(nw.col("joined") == 0).select("customer_id", event=chose.cast(nw.Int64))
    opening = to_pandas(began)
    held = opening["customer_id"]
    side = np.select([held.isin(sides[DOWN]), held.isin(sides[UP])], [DOWN, UP], "usual")
    counts = opening.groupby(side)["event"].agg(["size", "sum"]).reindex([UP, DOWN, "usual"], fill_value=0)
    return pd.DataFrame(
        {"group": [UP, DOWN, "usual"], "customers": counts["size"].to_numpy(), "leavers": counts["sum"].to_numpy()}
    )


def left_after(quarters: Sequence[pd.DataFrame], *, smallest: int) -> pd.DataFrame:
    """How many left within a quarter after their use stood out, beside those whose use did not.

    Parameters
    ----------
    quarters : tables of `opening_groups`, added up; a customer of several quarters counts in each.

    Returns
    -------
    Table, one row per group (`up`, `down`, `usual`): `group`, `customers`, `rate`, `low`, `high` (Wilson), `ratio`,
    `ratio_low`, `ratio_high` (to the usual ones; log interval), `masked`.
    """
    told = pd.concat(quarters).groupby("group", sort=False)[["customers", "leavers"]].sum().reset_index()
    told["stayers"] = told["customers"] - told["leavers"]
    told["rate"] = told["leavers"] / told["customers"].where(told["customers"] > 0)
    told["low"], told["high"] = share_interval(told["leavers"], told["customers"])
    told = told.assign(**_ratios(told))
    counts_ = ["customers", "leavers", "stayers"]
    values = ["rate", "low", "high", "ratio", "ratio_low", "ratio_high"]
    return masked(told, by=["group"], count=counts_, values=values, minimum=smallest)


def _ratios(told: pd.DataFrame) -> dict[str, pd.Series]:
    usual = told.set_index("group").loc["usual"]
    known = (told["leavers"] > 0) & (usual["leavers"] > 0) & told["group"].ne("usual")
    leavers, customers = told["leavers"].where(known), told["customers"].where(known)
    ratio = told["rate"].where(known) / usual["rate"]
    beside = 1 / max(usual["leavers"], 1) - 1 / max(usual["customers"], 1)
    reach = np.exp(standard_normal_quantile(0.95) * np.sqrt(1 / leavers - 1 / customers + beside))
    return {"ratio": ratio, "ratio_low": ratio / reach, "ratio_high": ratio * reach}


def unusual_kpis(counts: pd.DataFrame, left: pd.DataFrame) -> list[Kpi]:
    """Share of customers whose use jumped, and fell, by measure; and how many left after a fall."""
    found = []
    for row in counts[~counts["customers_masked"].astype(bool)].to_dict("records"):
        told = (row["share"], int(row["judged"]), row["low"], row["high"])
        found.append(Kpi(METRICS[row["direction"]], *told, dimension="measure", klass=row["measure"]))
    fell = left[(left["group"] == DOWN) & ~left["masked"].astype(bool) & left["rate"].notna()]
    return found + [
        Kpi("churn_after_fall", row["rate"], int(row["customers"]), row["low"], row["high"])
        for row in fell.to_dict("records")
    ]
