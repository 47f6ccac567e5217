"""Why the fees of a customer changed from one quarter to the next: prices, discounts, plans, products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import Quarter
from analysis.frames.due import due_lines, last_day
from analysis.frames.fees import EXACT
from analysis.frames.observation import Observation
from analysis.frames.spells import ended_with_their_account

SHARES = nw.Decimal(38, 12)  # shares of months add up to whole ones
CHANGES = ("price", "discount", "plan", "added", "dropped")
LINE = ["customer_id", "product"]


def fee_changes(
    tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation, *, before: Quarter, now: Quarter
) -> nw.LazyFrame[Any]:
    """What each customer's fees less discounts of a quarter are more than those of another, and why.

    price = Δ(fee a month) · mean months held, of a plan held in both quarters
    discount = −Δ(discount a month) · mean months held, of the same
    added, dropped = Δ(months a product is held) · mean net fee a month, where it is held longer or shorter
    plan = the rest: another plan of a product that is held as long

    Prices count at the mean of the two quarters' quantities and quantities at the mean of their prices, so that the
    parts add up to the change and none depends on which quarter comes first (Bennet, 1920).

    Returns
    -------
    Table, one row per customer who held anything in either quarter: `customer_id`, `fees` (the change) and its parts
    `price`, `discount`, `plan`, `added`, `dropped`; money of the whole quarter, as decimals.
    """
    held = nw.concat([*_lines(tables, observation, before, later=0), *_lines(tables, observation, now, later=1)])
    sides = {f"{name}_{side}": _side(name, side) for name in ("months", "due", "off") for side in (0, 1)}
    plans = held.group_by(*LINE, "plan").agg(**sides).with_columns(**_of_a_plan())
    sums = [nw.col(name).sum() for name in (*sides, "price", "discount")]
    products = plans.group_by(LINE).agg(*sums).with_columns(fees=nw.col("due_1") - nw.col("due_0"))
    longer = nw.col("months_1") > nw.col("months_0")
    nothing = nw.lit(0).cast(EXACT)
    parts = products.with_columns(holding=_of_a_product()).with_columns(
        added=nw.when(longer).then(nw.col("holding")).otherwise(nothing),
        dropped=nw.when(longer).then(nothing).otherwise(nw.col("holding")),
    )
    rest = nw.col("fees") - nw.col("price") - nw.col("discount") - nw.col("holding")
    whole = parts.with_columns(plan=rest.cast(EXACT), fees=nw.col("fees").cast(EXACT))
    return whole.group_by("customer_id").agg(nw.col("fees", *CHANGES).sum())


def _lines(
    tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation, quarter: Quarter, *, later: int
) -> Iterable[nw.LazyFrame[Any]]:
    lines = tables["subscriptions"]
    if observation.leaving_told_by == "accounts":
        lines = ended_with_their_account(lines, tables["customers"])
    for month in quarter.months:
        rows = due_lines(lines, month).filter(~nw.col("due").is_null())
        share = (nw.col("days") / last_day(month).day).round(12).cast(SHARES)
        plan = nw.coalesce(nw.col("plan"), nw.lit(""))
        product = nw.coalesce(nw.col("product"), nw.lit("")).str.to_lowercase()
        yield rows.select("customer_id", "due", "off", months=share, plan=plan, product=product, later=nw.lit(later))


def _side(name: str, side: int) -> nw.Expr:
    """What a column adds up to in one of the quarters."""
    return nw.when(nw.col("later") == side).then(nw.col(name)).otherwise(nw.lit(0)).sum()


def _of_a_plan() -> dict[str, nw.Expr]:
    held = [nw.col(f"months_{side}").cast(nw.Float64) for side in (0, 1)]
    both = (held[0] > 0) & (held[1] > 0)

    def effect(amounts: list[nw.Expr]) -> nw.Expr:
        each = [amount.cast(nw.Float64) / months for amount, months in zip(amounts, held, strict=True)]
        change = (each[1] - each[0]) * (held[0] + held[1]) / 2
        return nw.when(both).then(change).otherwise(nw.lit(0.0)).round(6).cast(EXACT)

    gross = [nw.col(f"due_{side}") + nw.col(f"off_{side}") for side in (0, 1)]
    return {"price": effect(gross), "discount": effect([-nw.col(f"off_{side}") for side in (0, 1)])}


def _of_a_product() -> nw.Expr:
    """What holding a product longer or shorter changes: at its mean net fee of the quarters in which it is held."""
    held = [nw.col(f"months_{side}").cast(nw.Float64) for side in (0, 1)]
    each = [
        nw.when(months > 0).then(nw.col(f"due_{side}").cast(nw.Float64) / months) for side, months in enumerate(held)
    ]
    first, second = nw.coalesce(each[0], each[1]), nw.coalesce(each[1], each[0])
    return ((held[1] - held[0]) * (first + second) / 2).round(6).cast(EXACT)
