"""Every order that we handed out earlier: the action lists and warnings of this report, and of those before it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.policy.open_orders import ACTIONS, WARNINGS, WIN_BACK, as_handed, together
from analysis.run.store import Run

QUARTERS = 5  # back: an order is due within a year at most
ORDERS = "work_orders.parquet"  # of one `linecard warn`
WARN = "warn"  # folder of a run, and of the exports, that holds a folder per day
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
    found = together(*parts)
    days = found["handed_on"]
    return found[days < pd.Timestamp(before)] if before else found[days <= pd.Timestamp(run.as_of)]


def _parts(engine: Engine, folder: Path, quarter: Quarter) -> Iterator[pd.DataFrame]:
    """The orders that one report gave, and the warnings after it."""
    lists = [(folder / f"{name}.parquet", name, quarter.last_day) for name in (ACTIONS, WIN_BACK, WARNINGS)]
    warned = sorted((folder / WARN).glob(f"*/{ORDERS}"))
    lists += [(file, WARNINGS, day) for file in warned if (day := day_of(file.parent.name))]
    for file, origin, day in lists:
        if file.is_file():
            yield as_handed(to_pandas(engine.scan_parquet(file)), origin=origin, day=day)


def day_of(text: str) -> dt.date | None:
    """The day that a text names, year-month-day; None where it names none, as a copied folder does not."""
    try:  # fromisoformat also takes days of weeks, and dates without dashes
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
