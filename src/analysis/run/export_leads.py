"""The files of the leads to call, and an account of them for the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.policy.actions import HOLD_OUT
from analysis.policy.handover import HELD_OUT
from analysis.policy.handover_leads import NAME, csv_leads, fit_leads, fxiaoke_leads, leads_to_call, zoho_leads
from analysis.policy.handover_names import UNFIT
from analysis.policy.handover_shapes import Shape
from analysis.run.export_write import HandOver, most_rows, slices, written

PSEUDONYMS = "ids of leads that no key leads back from"


def lead_shape(over: HandOver) -> Shape:
    """How the files of leads look; a template of Fxiaoke is that of customers."""
    if over.to == "csv":
        return csv_leads()
    if over.to == "zoho":
        return zoho_leads(over.run.params.export.zoho.lead_key, over.zoho.fields, over.zoho.limits)
    return fxiaoke_leads(over.fxiaoke.fields, over.fxiaoke.limits)


def write_leads(over: HandOver, *, folder: Path) -> list[dict[str, Any]]:
    """Writes the files of the leads to call; returns what the manifest says of them: nothing where there is no list.

    Under pseudonyms no lead could be found again, so that none is handed over.
    """
    if not over.run.has(NAME):
        return []
    leads = over.run.read(NAME)
    held = int(to_pandas(leads.filter(nw.col("arm") == HOLD_OUT).select(n=nw.len()))["n"].iloc[0])
    rows = over.run.engine.table(leads_to_call(leads).with_row_index("n", order_by="__place"))
    many = int(to_pandas(rows.select(n=nw.len()))["n"].iloc[0])
    left_out, shape = {HELD_OUT: held}, lead_shape(over)
    files: list[dict[str, Any]] = []
    if over.run.key:
        left_out[PSEUDONYMS] = many
    else:
        files = written(shape, _fit(slices(rows, most_rows(over)), shape), over, folder=folder)
        left_out[UNFIT] = many - sum(file["records"] for file in files)
    return [
        {
            "list": NAME,
            "kind": "leads",
            "records": sum(file["records"] for file in files),
            "left_out": {why: n for why, n in sorted(left_out.items()) if n},
            "changed": {},
            "files": files,
        }
    ]


def _fit(parts: Iterator[pd.DataFrame], shape: Shape) -> Iterator[pd.DataFrame]:
    """Each slice under the CRM's headers, without ids that cannot be written."""
    return (shape.table(fit_leads(rows, swaps=shape.swaps)) for rows in parts)
