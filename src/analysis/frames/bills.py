"""Bills that were late before a landmark, as far as their payment was known then."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analysis.frames.observation import Observation
from analysis.frames.window import KEYS, QUARTER, counted, events_before, within

HALF_YEAR = 6
LATE = {"overdue_bills": QUARTER, "late_bills_6m": HALF_YEAR}


def late_bills(keys: nw.LazyFrame[Any], invoices: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Bills of the last three months that are due and unpaid, and those of the last six that were not paid in time.

    `overdue_bills` are past their due date and unpaid at the landmark; `late_bills_6m` are those and the ones
    paid after their due date. A payment after the landmark is not known yet. The lines of one bill are one.
    """
    issued = invoices.filter(~nw.col("due_date").is_null()).select(
        "customer_id", "invoice_id", "due_date", "paid_date", issued=nw.coalesce(nw.col("issued_on"), nw.col("month"))
    )
    recent = events_before(keys, issued, day="issued", months=HALF_YEAR)
    unpaid = nw.col("paid_date").is_null() | (nw.col("paid_date") > nw.col("landmark"))
    late = recent.filter(
        (nw.col("due_date") < nw.col("landmark")) & (unpaid | (nw.col("paid_date") > nw.col("due_date")))
    )
    overdue = (unpaid & (within("issued", months=QUARTER) == 1)).cast(nw.Int64)
    bills = late.with_columns(overdue=overdue).group_by(*KEYS, "invoice_id").agg(nw.col("overdue").max())
    window = bills.group_by(KEYS).agg(overdue_bills=nw.col("overdue").sum(), late_bills_6m=nw.len())
    return counted(keys, window, months=LATE, covered=observation.covered_from("invoices"))
