"""What customers did in the months before a landmark: what groups by behaviour are looked for in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import Quarter
from analysis.frames.bills import late_bills
from analysis.frames.held import held_products
from analysis.frames.observation import Observation
from analysis.frames.service import tickets
from analysis.frames.window import KEYS, QUARTER, months_before

USED = ("download_gb", "upload_gb", "voice_minutes", "active_days", "app_logins", "evening_share")
BEFORE = "download_gb_previous"
DAYS = 365.25 / 12  # of a month of mean length


def behaviour(
    points: nw.LazyFrame[Any], tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation
) -> nw.LazyFrame[Any]:
    """How each customer used the service, what was held and how it was paid, as known at the landmark.

    Parameters
    ----------
    points : table, one row per customer and landmark: `customer_id`, `landmark`.

    Returns
    -------
    Table, one row per customer and landmark. Of use, over the last three whole months, a month: `download_gb`,
    `voice_minutes`, `app_logins`; `upload_share` (of all data), `evening_share`, `active_share` (of days), 0 to 1;
    `download_change` (÷ the three months before). Of products: the columns of `held_products`. Of service and bills:
    `tickets_3m`, `complaints_3m`, `late_bills_6m`. Missing where a window reaches before its table, and where nothing
    was downloaded of which a share could be taken; columns of tables that the source does not give are left out.
    """
    keys = points.select(*KEYS).unique()
    known = keys
    for name, made in _PARTS:
        if name in tables:
            known = known.join(made(keys, tables[name], observation), on=KEYS, how="left")
    return known


def landmark_points(spells: nw.LazyFrame[Any], day: dt.date) -> nw.LazyFrame[Any]:
    """Everyone on the books at the end of a day: `customer_id`, `landmark` (that day)."""
    there = spells.filter((nw.col("start") <= day) & (nw.col("end").is_null() | (nw.col("end") > day)))
    return there.select("customer_id", landmark=nw.lit(day)).unique()


def points_before(spells: nw.LazyFrame[Any], quarter: Quarter, *, quarters: int = 4) -> nw.LazyFrame[Any]:
    """Everyone on the books at the end of each of the quarters before one: `customer_id`, `landmark`."""
    days = [quarter.first_day - dt.timedelta(days=1)]
    while len(days) < quarters:
        days.append(Quarter.of(days[-1]).first_day - dt.timedelta(days=1))
    return nw.concat([landmark_points(spells, day) for day in days])


def _use(keys: nw.LazyFrame[Any], usage: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    windows = {name: (name, range(QUARTER)) for name in USED}
    windows |= {BEFORE: ("download_gb", range(QUARTER, 2 * QUARTER))}
    covered = observation.covered_from("usage")
    means = months_before(keys, usage, by=KEYS[0], windows=windows, covered=covered)
    return means.select(
        *KEYS,
        "download_gb",
        "voice_minutes",
        "app_logins",
        "evening_share",
        upload_share=_ratio("upload_gb", nw.col("upload_gb") + nw.col("download_gb")),
        active_share=nw.min_horizontal(nw.col("active_days") / DAYS, nw.lit(1.0)),
        download_change=_ratio("download_gb", nw.col(BEFORE)),
    )


def _ratio(part: str, whole: nw.Expr) -> nw.Expr:
    return nw.when(whole > 0).then(nw.col(part) / whole)


_PARTS = (
    ("usage", _use),
    ("subscriptions", held_products),
    ("tickets", tickets),
    ("invoices", late_bills),
)
