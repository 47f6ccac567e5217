"""The stage table `next_product`: the best new product and the best step up of every active customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.disclosure import masked
from analysis.models.next_product import CELL, Method, Offers, offers, ranked
from analysis.models.product_rules import drawn_share

FIGURES = Offers._fields
COLUMNS = ("customer_id", "product", "kind", "plan", "basis", *FIGURES)
UP = ["product", "plan", "customer_type"]
NEW, UPGRADE = "new", "upgrade"
NOBODY, MOST_OFFERS = "", 8  # what stands for no offer; offers of a kind that are shown, the most frequent


def next_new(
    rows: nw.LazyFrame[Any], cells: pd.DataFrame, method: Method, *, products: Sequence[str], engine: Engine
) -> nw.LazyFrame[Any]:
    """The best product to add for each customer of the last landmark who could add one.

    Parameters
    ----------
    rows : table, one row per customer: the columns of a cell, at the landmark to choose for.
    cells : table of `basket_cells` with `added`, of all landmarks.

    Returns
    -------
    Table, one row per customer: the columns of `next_product`; `plan` is missing.
    """
    known = cells.dropna(subset=["added"]).astype({"added": "int64"})
    now = to_pandas(rows.group_by(list(CELL)).agg(customers=nw.len()).sort(list(CELL)))
    offered = offers(method, now, past=known, now=now, products=products)
    best = ranked(offered)[:, 0] if len(products) else np.full(len(now), -1)
    lines = np.flatnonzero(best >= 0)
    named = pd.Series([products[place] for place in best[lines]], index=lines, dtype=object)
    told = now.loc[lines, list(CELL)].assign(product=named, kind=NEW, basis=method)
    told = told.assign(plan=None, **{name: values[lines, best[lines]] for name, values in offered._asdict().items()})
    return rows.join(engine.table(told), on=list(CELL), how="inner").select(COLUMNS)


def next_upgrade(rows: nw.LazyFrame[Any], *, as_of: dt.date, engine: Engine) -> nw.LazyFrame[Any]:
    """The step up that each customer is likeliest to take.

    confidence = (upgrades + 2) / (customer-quarters + 2 / rate), by plan held and type of customer, where `rate` is
    that of the product: what few customers show is drawn to it

    Parameters
    ----------
    rows : table of `plan_steps`, of all landmarks.

    Returns
    -------
    Table, one row per customer who could take a step up, on the as-of date, of a product of which anybody did before:
    the columns of `next_product`; `plan` is the one to offer.
    """
    told = engine.table(upgrade_chances(rows).drop(columns=["count", "taken", "rate"]))
    now = rows.filter(nw.col("landmark") == as_of).join(told, on=UP, how="inner")
    ordered = now.with_columns(worst=-nw.col("confidence"), plan=nw.col("target"))
    place = nw.col("product").cum_count().over("customer_id", order_by=["worst", "product"])
    first = ordered.with_columns(place=place).filter(nw.col("place") == 1)
    return first.with_columns(kind=nw.lit(UPGRADE), basis=nw.lit("additions")).select(COLUMNS)


def upgrade_chances(rows: nw.LazyFrame[Any]) -> pd.DataFrame:
    """The chance of a step up within a quarter, by product, plan held and type of customer.

    Returns
    -------
    Table, one row per product, plan and type: `taken` of `count` customer-quarters, the product's `rate`, and
    `support`, `confidence`, `lift`, `low` and `high`; without products of which nobody took a step.
    """
    sums = {"count": nw.col("upgraded").count(), "taken": nw.col("upgraded").sum()}
    found = to_pandas(rows.group_by(UP).agg(**sums).sort(UP)).fillna({"taken": 0})
    whole = found.groupby("product")[["taken", "count"]].transform("sum")
    known = found.assign(rate=whole["taken"] / whole["count"].where(whole["count"] > 0))
    known = known[known["rate"] > 0]
    confidence, low, high = drawn_share(known["taken"], known["count"], known["rate"])
    support, lift = known["taken"] / found["count"].sum(), confidence / known["rate"]
    return known.assign(support=support, confidence=confidence, lift=lift, low=low, high=high)


def offer_counts(table: nw.LazyFrame[Any], *, active: nw.LazyFrame[Any], smallest: int) -> pd.DataFrame:
    """How many customers each new product and each better plan is the next one for.

    Parameters
    ----------
    table : the stage table `next_product`.
    active : table, one row per active customer.

    Returns
    -------
    Table, one row per kind and what is offered, the most customers first: `kind`, `what` (a product, or a plan;
    missing for the customers to whom nothing of the kind is offered), `customers`, and the means of `confidence`,
    `low`, `high` and `lift`; small groups are `masked`. At most eight of a kind, and those without an offer; no row of
    a kind that nobody is offered.
    """
    what = nw.when(nw.col("kind") == UPGRADE).then(nw.col("plan")).otherwise(nw.col("product"))
    means = {name: nw.col(name).mean() for name in ("confidence", "low", "high", "lift")}
    named = table.with_columns(what=what)
    counted = to_pandas(named.group_by("kind", "what").agg(customers=nw.len(), **means))
    everyone = int(to_pandas(active.select(n=nw.len()))["n"].iloc[0])
    parts = [counted[counted["kind"] == kind] for kind in (NEW, UPGRADE)]
    found = [_of_kind(part, everyone, smallest) for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else counted.assign(masked=False)


def _of_kind(counted: pd.DataFrame, everyone: int, smallest: int) -> pd.DataFrame:
    """The rows of one kind, masked with the customers to whom nothing is offered: together they are all customers."""
    ordered = counted.sort_values(["customers", "what"], ascending=[False, True])
    means = ["confidence", "low", "high", "lift"]
    rest = {"kind": counted["kind"].iloc[0], "what": NOBODY, "customers": everyone - int(counted["customers"].sum())}
    nothing = pd.DataFrame([rest | dict.fromkeys(means, float("nan"))])
    whole = pd.concat([ordered, nothing], ignore_index=True)
    told = masked(whole, by=["what"], count="customers", values=means, minimum=smallest)
    offered = told["what"] != NOBODY
    kept = pd.concat([told[offered].head(MOST_OFFERS), told[~offered]])
    return kept.assign(what=kept["what"].where(kept["what"] != NOBODY, None))
