"""Every order that we handed out earlier: the action lists and warnings of this report, and of those before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.policy.actions import ACT
from analysis.policy.open_orders import HANDED
from analysis.run.store import Run

QUARTERS = 5  # back: an order is due within a year at most
ORDERS = "work_orders.parquet"  # of one `linecard warn`


def handed_out(run: Run, *, before: dt.date | None = None) -> pd.DataFrame:
    """The orders of the reports of earlier quarters; with `before` this report's own too, handed out before that day.

    Reports belong together whose names differ only in the quarter. Who was held out by lot got no order.

    Returns
    -------
    Table, one row per order: the columns of `analysis.policy.open_orders.HANDED`.
    """
    parts = list(_parts(run.engine, run.folder, run.quarter)) if before else []
    quarter = run.quarter
    for _ in range(QUARTERS):
        quarter = quarter.previous
        folder = run.folder.with_name(run.report.replace(str(run.quarter), str(quarter)))
        parts += _parts(run.engine, folder, quarter) if folder != run.folder else []
    if not parts:
        return pd.DataFrame(columns=list(HANDED)).astype({"handed_on": "datetime64[ns]", "due_date": "datetime64[ns]"})
    found = pd.concat(parts, ignore_index=True)
    limit = pd.Timestamp(before or run.as_of)
    kept = found[found["handed_on"] < limit] if before else found[found["handed_on"] <= limit]
    return kept.sort_values(["handed_on", "customer_id"], ignore_index=True)


def _parts(engine: Engine, folder: Path, quarter: Quarter) -> Iterator[pd.DataFrame]:
    """The orders that one report gave, and the warnings after it."""
    lists = [(folder / f"{name}.parquet", quarter.last_day) for name in ("actions", "warnings")]
    warned = sorted((folder / "warn").glob(f"*/{ORDERS}"))
    lists += [(file, dt.date.fromisoformat(file.parent.name)) for file in warned]
    for file, day in lists:
        if file.is_file():
            rows = to_pandas(engine.scan_parquet(file))
            acted = rows[rows["arm"] == ACT].assign(handed_on=pd.Timestamp(day))
            yield acted[list(HANDED)].astype({"due_date": "datetime64[ns]"})
