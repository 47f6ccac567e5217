"""Surveys that were sent, answered or not, and everyone who could have been asked, with what was known at that time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH, Quarter
from analysis.frames.held import held_products
from analysis.frames.observation import Observation
from analysis.frames.profile import profile
from analysis.frames.window import KEYS

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]


def sent_surveys(tables: Tables, spells: Rows, observation: Observation) -> Rows:
    """Surveys sent to customers who were on the books on the day before: that day is the landmark.

    An answer counts when it came by the end of the quarter in which the survey was sent: of the quarter of the report
    later answers are not known yet, and of earlier ones they would make the quarters unlike.

    Returns
    -------
    Table, one row per survey: `survey_id`, `customer_id`, `landmark`, `spell_start`, `spell_end`, `kind` (of leaving),
    `quarter` (its number, see `number_of`), `answered_on` (missing where not answered in time), `answered` (1 or 0),
    `nps`, `csat` (missing without an answer in time), and the columns of `known_then`.
    """
    day = nw.col("sent_at").dt.date()
    answer = nw.col("answered_at").dt.date()
    in_time = nw.coalesce(_number(answer) == _number(day), nw.lit(False))
    told = tables["surveys"].select(
        "survey_id", "customer_id",
        landmark=day.dt.offset_by("-1d").cast(nw.Date),
        quarter=_number(day),
        answered=nw.when(in_time).then(nw.lit(1)).otherwise(nw.lit(0)),
        answered_on=nw.when(in_time).then(answer),
        nps=nw.when(in_time).then(nw.col("nps_score")),
        csat=nw.when(in_time).then(nw.col("csat_score")),
    )  # fmt: skip
    here = spells.select("customer_id", "kind", spell_start="start", spell_end="end")
    paired = told.join(here, on="customer_id", how="inner").filter(nw.col("spell_start") <= nw.col("landmark"))
    points = paired.filter(nw.coalesce(nw.col("spell_end") > nw.col("landmark"), nw.lit(True)))
    return known_then(points, tables, observation)


def on_the_books(tables: Tables, spells: Rows, observation: Observation, days: Sequence[dt.date]) -> Rows:
    """Everyone on the books at the end of each day, with the columns of `known_then`; a row per customer and day."""
    there = [_there(spells, day) for day in days]
    return known_then(nw.concat(there), tables, observation)


def known_then(points: Rows, tables: Tables, observation: Observation) -> Rows:
    """`points` with profile, products held and `tenure_months` at their landmarks."""
    keys = points.select(*KEYS).unique()
    days = (nw.col("landmark") - nw.col("spell_start")).cast(nw.Int64)
    known = points.with_columns(tenure_months=days / DAYS_PER_MONTH)
    known = known.join(profile(keys, tables["customers"], observation), on=KEYS, how="left")
    if "subscriptions" in tables:
        known = known.join(held_products(keys, tables["subscriptions"], observation), on=KEYS, how="left")
    return known


def number_of(quarter: Quarter) -> int:
    """Quarters since the year 0, as sent surveys are numbered."""
    return quarter.year * 4 + quarter.number - 1


def _number(day: nw.Expr) -> nw.Expr:
    return (day.dt.year() * 4 + (day.dt.month() - 1) // 3).cast(nw.Int64)


def _there(spells: Rows, day: dt.date) -> Rows:
    there = spells.filter((nw.col("start") <= day) & (nw.col("end").is_null() | (nw.col("end") > day)))
    return there.select("customer_id", landmark=nw.lit(day), spell_start="start").unique(subset=["customer_id"])
