"""What was known about a customer at a landmark: profile, products, use, service, bills and perception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.frames.held import held_products
from analysis.frames.observation import Observation
from analysis.frames.profile import profile
from analysis.frames.window import events_before, months_before, reaches, reaches_month

Tables = Mapping[str, nw.LazyFrame[Any]]
KEYS = ["customer_id", "landmark"]
QUARTER = 3  # months of a look-back window
USAGE = ("download_gb", "voice_minutes", "app_logins")


def features(points: nw.LazyFrame[Any], tables: Tables, observation: Observation) -> nw.LazyFrame[Any]:
    """`points` with everything known at each landmark, and nothing that came later.

    A look-back window that reaches before its table is covered is missing, never zero; columns of tables
    that the source does not give are left out.

    Parameters
    ----------
    points : table, one row per customer and landmark: `customer_id`, `spell_start`, `landmark`, ….

    Returns
    -------
    Table with the rows of `points` and the added columns; amounts per month in the source's currency,
    `*_3m` over the three months before the landmark.
    """
    # Each part starts from the bare keys, not from the parts before it: lazy frames repeat what they stand on.
    keys = points.select("customer_id", "landmark").unique()
    parts = [profile(keys, tables["customers"], observation)]
    parts += [made(keys, tables[name], observation) for name, made in _PARTS if name in tables]
    if "network" in tables:
        parts.append(_outages(parts[0].select(*KEYS, "area_id"), tables["network"], observation))
    known = _with_tenure(points)
    for part in parts:
        known = known.join(part, on=KEYS, how="left")
    return known


def _with_tenure(points: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    days = (nw.col("landmark") - nw.col("spell_start")).cast(nw.Int64)
    return points.with_columns(tenure_months=days / DAYS_PER_MONTH)


def _use(keys: nw.LazyFrame[Any], usage: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Monthly means of the last three whole months, and of the three before (`*_previous_3m`)."""
    covered = observation.covered_from("usage")
    filled = keys
    for suffix, months in (("3m", range(QUARTER)), ("previous_3m", range(QUARTER, 2 * QUARTER))):
        window = months_before(keys, usage, by="customer_id", values=USAGE, months=months)
        names = {name: f"{name}_{suffix}" for name in USAGE}
        inside = reaches_month(months.stop, covered)
        filled = (
            filled.join(window, on=KEYS, how="left")
            .with_columns(nw.when(inside).then(nw.col(name)).alias(new) for name, new in names.items())
            .drop(USAGE)
        )
    return filled


def _contacts(keys: nw.LazyFrame[Any], tickets: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Service contacts and complaints of the last three months; none is zero."""
    complaint = nw.coalesce(nw.col("is_complaint").cast(nw.Int64), nw.lit(0))
    dated = tickets.select("customer_id", day=nw.col("opened_at").dt.date(), complaint=complaint)
    made = events_before(keys, dated, day="day", months=QUARTER)
    window = made.group_by(KEYS).agg(tickets_3m=nw.len(), complaints_3m=nw.col("complaint").sum())
    return _counted(keys, window, names=("tickets_3m", "complaints_3m"), covered=observation.covered_from("tickets"))


def _campaigns(keys: nw.LazyFrame[Any], contacts: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Campaign contacts of the last three months; the control arm was not contacted."""
    dated = contacts.filter(nw.col("arm") != "control").select("customer_id", day=nw.col("contacted_at").dt.date())
    window = events_before(keys, dated, day="day", months=QUARTER).group_by(KEYS).agg(contacted_3m=nw.len())
    return _counted(keys, window, names=("contacted_3m",), covered=observation.covered_from("contacts"))


def _counted(
    keys: nw.LazyFrame[Any], window: nw.LazyFrame[Any], *, names: tuple[str, ...], covered: dt.date
) -> nw.LazyFrame[Any]:
    """Counts in a window: none is zero, and a window that reaches before the table is missing."""
    inside = reaches(QUARTER, covered)
    return keys.join(window, on=KEYS, how="left").with_columns(
        nw.when(inside).then(nw.coalesce(nw.col(name).cast(nw.Int64), nw.lit(0))).alias(name) for name in names
    )


def _outages(places: nw.LazyFrame[Any], network: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Mean monthly outage minutes of the customer's area over the last three whole months."""
    window = months_before(places, network, by="area_id", values=("outage_minutes",), months=range(QUARTER))
    inside = reaches_month(QUARTER, observation.covered_from("network"))
    joined = places.join(window, on=["area_id", "landmark"], how="left")
    return joined.select(*KEYS, nw.when(inside).then(nw.col("outage_minutes")).alias("outage_minutes_3m"))


def _overdue(keys: nw.LazyFrame[Any], invoices: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Bills of the last three months that are past their due date and unpaid at the landmark."""
    late = (nw.col("due_date") < nw.col("landmark")) & (
        nw.col("paid_date").is_null() | (nw.col("paid_date") > nw.col("landmark"))
    )
    issued = invoices.filter(~nw.col("due_date").is_null()).select(
        "customer_id", "invoice_id", "due_date", "paid_date", issued=nw.coalesce(nw.col("issued_on"), nw.col("month"))
    )
    unpaid = events_before(keys, issued, day="issued", months=QUARTER).filter(late)
    window = unpaid.group_by(KEYS).agg(overdue_bills=nw.col("invoice_id").n_unique())
    return _counted(keys, window, names=("overdue_bills",), covered=observation.covered_from("invoices"))


def _perception(keys: nw.LazyFrame[Any], surveys: nw.LazyFrame[Any], _: Observation) -> nw.LazyFrame[Any]:
    """The latest answers given by the landmark; missing when no survey was answered."""
    answered = surveys.filter(~nw.col("answered_at").is_null()).with_columns(day=nw.col("answered_at").dt.date())
    before = keys.join(answered, on="customer_id", how="inner").filter(nw.col("day") <= nw.col("landmark"))
    newest = nw.col("survey_id").cum_count().over(*KEYS, order_by=["answered_at", "survey_id"])
    last = before.with_columns(number=newest).with_columns(last=nw.col("number").max().over(*KEYS))
    return last.filter(nw.col("number") == nw.col("last")).select(*KEYS, "nps_score", "csat_score")


_PARTS = (
    ("subscriptions", held_products),
    ("usage", _use),
    ("tickets", _contacts),
    ("invoices", _overdue),
    ("surveys", _perception),
    ("contacts", _campaigns),
)
