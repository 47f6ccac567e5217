"""Which leads to call, as a list for a CRM: no names and no ways to reach them, which the source does not give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.policy.actions import ACT
from analysis.policy.handover_shapes import ID, ZOHO_SWAPS, Limits, Shape, api_name, chinese
from analysis.policy.handover_text import unfit_ids

Rows = nw.LazyFrame[Any]

NAME, MODULE = "open_leads", "Leads"
COLUMNS = (
    "action", "reason", "priority", "cost", "expected_benefit", "due_date", "owner", "channel", "segment", "chance",
    "expected_value", "net",
)  # fmt: skip


def leads_to_call(open_leads: Rows) -> Rows:
    """The leads on the list, under `source_id`, with `__place`, their order; those held out by lot are not in it."""
    called = open_leads.filter(nw.col("arm") == ACT).with_columns(nw.col("lead_id").alias(ID))
    return called.select(ID, *COLUMNS).with_row_index("__place", order_by=["priority", ID])


def fit_leads(rows: pd.DataFrame, *, swaps: Mapping[str, str]) -> pd.DataFrame:
    """The rows whose id can be written as it is: an import would find no lead under another."""
    return rows[~unfit_ids(rows[ID], forbidden="".join(swaps))].reset_index(drop=True)


def csv_leads() -> Shape:
    """Plain CSV: our own names."""
    return Shape(NAME, (ID, *COLUMNS), ("lead_id", *COLUMNS), Limits())


def zoho_leads(key: str, fields: Mapping[str, str], limits: Limits) -> Shape:
    """Zoho's module Leads: updates of leads found by `key`, without a name, which an import would overwrite."""
    headers = (key, *(fields.get(name) or api_name(name) for name in COLUMNS))
    return Shape(f"{NAME}_{MODULE}", (ID, *COLUMNS), headers, limits, module=MODULE, swaps=ZOHO_SWAPS)


def fxiaoke_leads(fields: Mapping[str, str], limits: Limits) -> Shape:
    """Fxiaoke's leads (销售线索) under Chinese headers, or the tenant's."""
    ours = ("lead_id", *COLUMNS)
    return Shape(NAME, (ID, *COLUMNS), tuple(fields.get(name) or chinese(name, {}) for name in ours), limits)
