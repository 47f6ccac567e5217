"""How long tickets stay open, those that are still open counted for as long as they have been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.desk import LABELS, NOW, OPEN, labelled
from analysis.models.survival import kaplan_meier, median_survival, survival_at

Rows = nw.LazyFrame[Any]

AT = (24.0, 168.0)  # hours: a day and a week
LEAST = 1 / 60  # hours that a ticket is open at least: what is closed at once would have no time at risk
COLUMNS = ("contacts", "still_open", "median", "low", "high", "day", "day_low", "day_high", "week")


def closing(contacts: Rows, *, by: str, smallest: int) -> pd.DataFrame:
    """Hours until half of the tickets are closed, and the shares closed within a day and a week, group by group.

    Tickets without a day of closing that are not open, and those closed before they were opened, are left out; nothing
    is told where the source gives no day of closing at all: what is open there may have been closed long ago.

    Returns
    -------
    Table, one row per group: `group`, `contacts`, `still_open`, `median` (hours, with `low` and `high`: missing where
    half are not closed yet, or fewer than the smallest published number were at risk then), `day` (share closed within
    24 hours, with `day_low` and `day_high`), `week`. Shares are missing where fewer were followed so far.

    References
    ----------
    Kaplan and Meier (1958).
    """
    lasted = nw.coalesce(nw.col("hours"), nw.col("hours_open"))
    dated = contacts.filter(~nw.col(by).is_null() & (nw.col("closings") > 0) & (lasted >= 0))
    known = dated.with_columns(
        exit=nw.when(lasted > LEAST).then(lasted.round(4)).otherwise(nw.lit(LEAST)),
        event=nw.when(nw.col("state") == OPEN).then(nw.lit(0)).otherwise(nw.lit(1)),
    )
    counts = to_pandas(known.group_by(by, "exit", "event").agg(n=nw.len()).sort(by, "exit", "event"))
    rows = [{"group": name} | _closed(part.assign(entry=0.0), smallest) for name, part in counts.groupby(by, sort=True)]
    return pd.DataFrame(rows, columns=["group", *COLUMNS])


def closing_by_group(contacts: Rows, *, smallest: int) -> pd.DataFrame:
    """The same of the quarter's tickets by channel, category and region: a column `dimension` beside the others."""
    now = contacts.filter(nw.col("period") == NOW)
    parts = [closing(labelled(now, name), by=name, smallest=smallest).assign(dimension=name) for name in LABELS]
    return pd.concat(parts, ignore_index=True)


def _closed(counts: pd.DataFrame, smallest: int) -> dict[str, float]:
    curve = kaplan_meier(counts[["entry", "exit", "event", "n"]])
    median = median_survival(curve, smallest=smallest)
    day, week = _shares(curve, AT, smallest)
    return {
        "contacts": float(counts["n"].sum()),
        "still_open": float(counts.loc[counts["event"] == 0, "n"].sum()),
        "median": median.median, "low": median.low, "high": median.high,
        "day": 1 - day["survival"], "day_low": 1 - day["high"], "day_high": 1 - day["low"],
        "week": 1 - week["survival"],
    }  # fmt: skip


def _shares(curve: pd.DataFrame, hours: Sequence[float], smallest: int) -> list[pd.Series]:
    """The curve at the hours; missing where fewer than the smallest group started, or all that is left was cut off."""
    read = survival_at(curve, hours)
    ends = float(curve["time"].max())
    few = float(curve["at_risk"].max()) < smallest
    unknown = few | ((read["time"] > ends) & (read["survival"] > 0))
    return [row for _, row in read.mask(unknown).iterrows()]
