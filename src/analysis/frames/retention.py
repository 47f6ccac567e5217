"""Contacts of retention campaigns: who was really approached, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.frames.observation import Observation
from analysis.frames.window import KEYS, QUARTER, counted, events_before, within

CONTACTED = {"contacted_3m": QUARTER, "contacted_previous_3m": 2 * QUARTER}
RETENTION = "retention"
CONTROL = "control"


def retention_contacts(tables: Mapping[str, nw.LazyFrame[Any]], *, held_out: bool = False) -> nw.LazyFrame[Any]:
    """The contacts of treated arms in retention campaigns; the control arm was not contacted.

    With `held_out` those of the control arm instead: who could have been contacted on that day, and by lot was not.

    Contacts whose campaign's objective the source does not give count as well: some contact is closer to
    the truth than none.

    Returns
    -------
    Table, one row per contact: `customer_id`, `day` (date).
    """
    control = nw.col("arm") == CONTROL
    arm = tables["contacts"].filter(control if held_out else ~control)
    dated = arm.select("campaign_id", "customer_id", day=nw.col("contacted_at").dt.date())
    if "campaigns" not in tables:
        return dated.select("customer_id", "day")
    objectives = tables["campaigns"].select("campaign_id", "objective").unique()
    aimed = dated.join(objectives, on="campaign_id", how="left")
    kept = aimed.filter(nw.col("objective").is_null() | (nw.col("objective") == RETENTION))
    return kept.select("customer_id", "day")


def contacted(
    keys: nw.LazyFrame[Any], tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation
) -> nw.LazyFrame[Any]:
    """Contacts of retention campaigns in the last three months, and in the three before; none is zero."""
    recent = events_before(keys, retention_contacts(tables), day="day", months=2 * QUARTER)
    late = within("day", months=QUARTER)
    window = (
        recent.with_columns(late=late)
        .group_by(KEYS)
        .agg(contacted_3m=nw.col("late").sum(), contacted_previous_3m=(1 - nw.col("late")).sum())
    )
    return counted(keys, window, months=CONTACTED, covered=observation.covered_from("contacts"))
