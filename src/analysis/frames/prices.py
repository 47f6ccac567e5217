"""What became dearer before a landmark: list prices that rose, and promotions that ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from analysis.frames.held import known_lines, running_discount
from analysis.frames.observation import Observation
from analysis.frames.window import KEYS, QUARTER, first_day, reaches

MONTHS = range(1, QUARTER + 1)
DAYS = range(QUARTER + 1)  # day_0 is the landmark, day_1 the day on whose end the last month begins


def price_history(
    keys: nw.LazyFrame[Any], subscriptions: nw.LazyFrame[Any], observation: Observation
) -> nw.LazyFrame[Any]:
    """By how much the products held at each landmark became dearer in each of the last three months.

    price_rise_km = Σ max(fee at the month's end − fee at its beginning, 0) ÷ Σ fee at its beginning
    promotion_lost_km = Σ max(discount running at its beginning − at its end, 0) ÷ Σ fee at its beginning

    Summed over all products held, not over the main one alone: who pays one bill feels what became of the bill,
    and a sum is not upset when the main product changes. A product counts where as many lines of the same plan
    were held on both days: who changes the plan chose the new price, and what is held for the first time did not
    become dearer. A cheaper line makes up for a dearer one of the same plan only.

    Returns
    -------
    Table, one row per customer and landmark who holds a product with a fee: shares of the fees (0.1 is ten per
    cent), zero where nothing became dearer; missing for months that begin before `subscriptions` is covered.
    """
    dated = keys.with_columns(_day(back).alias(f"day_{back}") for back in DAYS)
    pairs = dated.join(subscriptions, on="customer_id", how="inner")
    lately = (nw.col("start_date") <= nw.col("landmark")) & _lasts_beyond(f"day_{QUARTER}")
    priced = known_lines(pairs.filter(lately), observation).filter(~nw.col("monthly_fee").is_null())
    plans = priced.with_columns(plan=nw.coalesce(nw.col("plan"), nw.lit("")))
    prices = plans.group_by(*KEYS, "product", "plan").agg(**_each_day()).filter(nw.col("lines_0") > 0)
    changes = prices.with_columns(**_changes()).group_by(KEYS).agg(nw.col(*_changes()).sum())
    covered = observation.covered_from("subscriptions")
    return changes.select(*KEYS, *_shares("price_rise", covered), *_shares("promotion_lost", covered))


def _day(back: int) -> nw.Expr:
    """The day on whose end the last `back` months begin; the landmark for none."""
    return first_day(back).dt.offset_by("-1d").cast(nw.Date) if back else nw.col("landmark")


def _lasts_beyond(day: str) -> nw.Expr:
    return nw.col("end_date").is_null() | (nw.col("end_date") > nw.col(day))


def _each_day() -> dict[str, nw.Expr]:
    """How many lines were held on each day, their fees and their discounts."""
    found = {}
    for back in DAYS:
        day = f"day_{back}"
        held = (nw.col("start_date") <= nw.col(day)) & _lasts_beyond(day)
        found[f"lines_{back}"] = held.cast(nw.Int64).sum()
        found[f"fee_{back}"] = nw.when(held).then(nw.col("monthly_fee")).otherwise(0).sum()
        found[f"discount_{back}"] = nw.when(held).then(running_discount(nw.col(day))).otherwise(0).sum()
    return found


def _changes() -> dict[str, nw.Expr]:
    """Per month: the fees of what can be compared, and what was added to them or lost from their discounts."""
    found = {}
    for month in MONTHS:
        before, after = month, month - 1
        alike = nw.col(f"lines_{before}") == nw.col(f"lines_{after}")
        for name, change in (
            ("fees", nw.col(f"fee_{before}")),
            ("price_rise", nw.col(f"fee_{after}") - nw.col(f"fee_{before}")),
            ("promotion_lost", nw.col(f"discount_{before}") - nw.col(f"discount_{after}")),
        ):
            found[f"{name}_{month}m"] = nw.when(alike & (change > 0)).then(change).otherwise(0)
    return found


def _shares(name: str, covered: dt.date) -> list[nw.Expr]:
    found: list[nw.Expr] = []
    for month in MONTHS:
        fees, change = (nw.col(f"{part}_{month}m").cast(nw.Float64) for part in ("fees", name))
        share = nw.when(fees > 0).then(change / fees).otherwise(0.0)
        found.append(nw.when(reaches(month, covered)).then(share).alias(f"{name}_{month}m"))
    return found
