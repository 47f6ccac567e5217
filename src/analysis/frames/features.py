"""What was known about a customer at a landmark: profile, products, use, service, bills and perception."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.frames.bills import late_bills
from analysis.frames.held import held_products
from analysis.frames.observation import Observation
from analysis.frames.prices import price_history
from analysis.frames.profile import profile
from analysis.frames.retention import contacted
from analysis.frames.service import answers, outages, tickets
from analysis.frames.use import use
from analysis.frames.window import KEYS

Tables = Mapping[str, nw.LazyFrame[Any]]
Part = Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]]  # one row per customer and landmark, of such keys


def features(
    points: nw.LazyFrame[Any], tables: Tables, observation: Observation, more: Sequence[Part] = ()
) -> nw.LazyFrame[Any]:
    """`points` with everything known at each landmark, and nothing that came later.

    A look-back window that reaches before its table is covered is missing, never zero; columns of tables
    that the source does not give are left out. Who holds nothing at a landmark (inside a bridged gap, before
    the first product) has no `products` and no terms there: models leave such rows out.

    Parameters
    ----------
    points : table, one row per customer and landmark: `customer_id`, `spell_start`, `landmark`, …; `returner` is
        told where `spell` is among its columns.
    more : what else is known at a landmark, each from the bare keys.

    Returns
    -------
    Table with the rows of `points` and the added columns; amounts per month in the source's currency,
    `*_1m`, `*_3m`, `*_6m` over so many months before the landmark, `*_previous_3m` over the three before those.
    """
    # Each part starts from the bare keys, not from the parts before it: lazy frames repeat what they stand on.
    keys = points.select("customer_id", "landmark").unique()
    parts = [profile(keys, tables["customers"], observation)]
    parts += [made(keys, tables[name], observation) for name, made in _PARTS if name in tables]
    if "contacts" in tables:
        parts.append(contacted(keys, tables, observation))
    if "network" in tables:
        parts.append(outages(parts[0].select(*KEYS, "area_id"), tables["network"], observation))
    parts += [made(keys) for made in more]
    known = _with_tenure(points)
    for part in parts:
        known = known.join(part, on=KEYS, how="left")
    return known


def _with_tenure(points: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    days = (nw.col("landmark") - nw.col("spell_start")).cast(nw.Int64)
    told = {"tenure_months": days / DAYS_PER_MONTH}
    if "spell" in points.collect_schema().names():
        told["returner"] = (nw.col("spell") > 1).cast(nw.Int64)
    return points.with_columns(**told)


_PARTS = (
    ("subscriptions", held_products),
    ("subscriptions", price_history),
    ("usage", use),
    ("tickets", tickets),
    ("invoices", late_bills),
    ("surveys", answers),
)
