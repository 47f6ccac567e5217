"""Customers of high value in areas where the network fails, who have not been spoken to lately: whom to call first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.extracts.engine import to_pandas
from analysis.measures.disclosure import masked

Rows = nw.LazyFrame[Any]

STEPS = ("other tiers", "do not contact", "spoken to lately", "to call")
OTHER, NEVER, LATELY, CALL = STEPS
DO_NOT_CONTACT, CONTROL, ACTIVE = "do_not_contact", "control", "active"


@dataclass(frozen=True)
class Notices:
    """`rows`: a customer to call each, the most valuable first: `customer_id`, `area_id`, `since` (first month of the
    signals that still stand), `evidence`, `value_tier`, `clv`, `priority` (from 1).

    `steps`: what became of the active customers of these areas: `step`, `customers`, `masked`.
    """

    rows: pd.DataFrame
    steps: pd.DataFrame


@dataclass(frozen=True)
class CallRule:
    """Who is called: customers of these value tiers, not spoken to in the last days before the as-of date."""

    tiers: Sequence[str]
    quiet_days: int
    as_of: dt.date

    @property
    def after(self) -> dt.date:
        """The last day on which having been spoken to does not count."""
        return self.as_of - dt.timedelta(days=self.quiet_days)


def fault_notices(people: Rows, tables: Mapping[str, Rows], *, failing: Rows, rule: CallRule, smallest: int) -> Notices:
    """Whom to call about a fault.

    A notice of a fault is service: it needs no consent to marketing, but who asked not to be contacted is left alone.
    Spoken to lately is who called, was contacted by a campaign (the control arm was not), or had a work order opened.

    Parameters
    ----------
    people : table, one row per customer: `customer_id`, `state`, `area_id`, `value_tier`, `clv`.
    tables : contract tables; `consents`, `tickets`, `contacts` and `work_orders` where they are given.
    failing : table, one row per area that still has a signal with evidence of the network: `area_id`, `since`,
        `evidence`.
    """
    here = people.filter(nw.col("state") == ACTIVE).join(failing, on="area_id", how="inner")
    marked = here.join(_refusing(tables), on="customer_id", how="left").join(
        _spoken_to(tables, rule.after), on="customer_id", how="left"
    )
    step = (
        nw.when(~nw.col("value_tier").is_in(list(rule.tiers)) | nw.col("value_tier").is_null()).then(nw.lit(OTHER))
        .when(~nw.col("refuses").is_null()).then(nw.lit(NEVER))
        .when(~nw.col("spoken").is_null()).then(nw.lit(LATELY))
        .otherwise(nw.lit(CALL))
    )  # fmt: skip
    placed = marked.with_columns(step=step)
    counts = to_pandas(placed.group_by("step").agg(customers=nw.len())).set_index("step")["customers"]
    steps = pd.DataFrame({"step": STEPS, "customers": counts.reindex(STEPS, fill_value=0).to_numpy()})
    return Notices(_listed(placed), masked(steps, by=["step"], count="customers", values=[], minimum=smallest))


def call_kpis(notices: Notices, failing: int) -> list[Kpi]:
    """How many customers to call; none where no network fails."""
    return [Kpi("fault_calls", len(notices.rows), len(notices.rows))] if failing else []


def _listed(placed: Rows) -> pd.DataFrame:
    columns = ["customer_id", "area_id", "since", "evidence", "value_tier", "clv"]
    rows = to_pandas(placed.filter(nw.col("step") == CALL).select(columns))
    ordered = rows.sort_values(["clv", "customer_id"], ascending=[False, True], ignore_index=True)
    return ordered.assign(priority=range(1, len(ordered) + 1))


def _refusing(tables: Mapping[str, Rows]) -> Rows:
    """Who asked not to be contacted, by the latest word; of two at the same time the refusal counts."""
    if "consents" not in tables:
        return _nobody(tables, "refuses")
    said = tables["consents"].filter(nw.col("channel").str.to_lowercase() == DO_NOT_CONTACT)
    last = said.group_by("customer_id").agg(changed_at=nw.col("changed_at").max())
    latest = said.join(last, on=["customer_id", "changed_at"], how="inner")
    refused = latest.group_by("customer_id").agg(refuses=nw.col("granted").cast(nw.Int64).max())
    return refused.filter(nw.col("refuses") == 1)


def _spoken_to(tables: Mapping[str, Rows], after: dt.date) -> Rows:
    """Who was spoken to after a day, in whatever way."""
    days = {"tickets": "opened_at", "contacts": "contacted_at", "work_orders": "opened_at"}
    spoken = [
        (table.filter(nw.col("arm") != CONTROL) if name == "contacts" else table).select(
            "customer_id", day=nw.col(days[name]).dt.date()
        )
        for name, table in tables.items()
        if name in days
    ]
    if not spoken:
        return _nobody(tables, "spoken")
    lately = nw.concat(spoken).filter((nw.col("day") > after) & ~nw.col("customer_id").is_null())
    return lately.select("customer_id").unique().with_columns(spoken=nw.lit(1))


def _nobody(tables: Mapping[str, Rows], flag: str) -> Rows:
    return (
        tables["customers"]
        .filter(nw.col("customer_id").is_null())
        .select("customer_id")
        .with_columns(nw.lit(1).alias(flag))
    )
