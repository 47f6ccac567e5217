"""How a customer was served before a landmark, and what the customer said of it."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.frames.observation import Observation
from analysis.frames.window import KEYS, QUARTER, counted, events_before, months_before, within

TICKETS = {"tickets_3m": QUARTER, "complaints_3m": QUARTER, "mentions_3m": QUARTER, "tickets_1m": 1, "complaints_1m": 1}
OUTAGES = {f"outage_minutes_{months}m": ("outage_minutes", range(months)) for months in (QUARTER, 1)}


def tickets(keys: nw.LazyFrame[Any], opened: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Service contacts, complaints and mentions of a competitor in the last months; none is zero."""
    dated = opened.select(
        "customer_id",
        day=nw.col("opened_at").dt.date(),
        complaint=_true("is_complaint"),
        mention=_true("mentions_competitor"),
    )
    made = events_before(keys, dated, day="day", months=QUARTER).with_columns(late=within("day", months=1))
    window = made.group_by(KEYS).agg(
        tickets_3m=nw.len(),
        complaints_3m=nw.col("complaint").sum(),
        mentions_3m=nw.col("mention").sum(),
        tickets_1m=nw.col("late").sum(),
        complaints_1m=(nw.col("complaint") * nw.col("late")).sum(),
    )
    return counted(keys, window, months=TICKETS, covered=observation.covered_from("tickets"))


def outages(places: nw.LazyFrame[Any], network: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Mean monthly outage minutes of the customer's area over the last three whole months, and in the last."""
    covered = observation.covered_from("network")
    window = months_before(places, network, by="area_id", windows=OUTAGES, covered=covered)
    return places.join(window, on=["area_id", "landmark"], how="inner").select(*KEYS, *OUTAGES)


def answers(keys: nw.LazyFrame[Any], surveys: nw.LazyFrame[Any], _: Observation) -> nw.LazyFrame[Any]:
    """The latest answers given by the landmark, and their age in months; missing when no survey was answered."""
    answered = surveys.filter(~nw.col("answered_at").is_null()).with_columns(day=nw.col("answered_at").dt.date())
    before = keys.join(answered, on="customer_id", how="inner").filter(nw.col("day") <= nw.col("landmark"))
    newest = nw.col("survey_id").cum_count().over(*KEYS, order_by=["answered_at", "survey_id"])
    numbered = before.with_columns(number=newest).with_columns(last=nw.col("number").max().over(*KEYS))
    last = numbered.filter(nw.col("number") == nw.col("last"))
    age = (nw.col("landmark") - nw.col("day")).cast(nw.Int64) / DAYS_PER_MONTH
    return last.select(*KEYS, "nps_score", "csat_score", answer_age_months=age)


def _true(flag: str) -> nw.Expr:
    return nw.coalesce(nw.col(flag).cast(nw.Int64), nw.lit(0))
