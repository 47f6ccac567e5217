"""All warning signs at past quarter ends and today: those that can be used, and whom they flag."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.class_rules import ClassRules
from analysis.measures.risk_rules import Unavailable, flags, unavailable

Rows = nw.LazyFrame[Any]

QUARTERS = 8  # past ones that signs are judged by
OUTCOMES = ["customer_id", "landmark", "event", "chose"]


@dataclass(frozen=True)
class Watch:
    """Warning signs that can be used (`rules`) and those that cannot (`missing`), and whom the former flag.

    past : one row per customer and past quarter end: `customer_id`, `landmark`, `event`, `chose`, a column per rule.
    today : one row per active customer: `customer_id`, a column per rule.
    by_choice : whether it is known of anybody to have left by choice; else leaving in any way is what counts.
    """

    rules: ClassRules
    missing: Mapping[str, Unavailable]
    past: Rows
    today: Rows
    by_choice: bool

    @property
    def target(self) -> str:
        """The column of `past` with the leaving that counts."""
        return "chose" if self.by_choice else "event"

    def at(self, landmark: dt.date) -> pd.DataFrame:
        """Whom the signs flagged at one quarter end: `customer_id` and a column per rule."""
        return to_pandas(self.past.filter(nw.col("landmark") == landmark).select("customer_id", *self.rules))


def last_ends(quarters: Sequence[Quarter], *, whole: bool) -> list[dt.date]:
    """The quarter ends whose next quarter was observed to its end, the latest of them.

    `whole`: whether the last of the quarters lies wholly in the data.
    """
    seen = quarters if whole else quarters[:-1]
    return [quarter.previous.last_day for quarter in seen[-QUARTERS:]]


def watch(past: Rows, today: Rows, *, rules: ClassRules, refused: pd.DataFrame, engine: Engine) -> Watch:
    """Apply warning signs to past quarter ends and to today's customers.

    Parameters
    ----------
    past, today : tables of `landmark_rows` and `todays_rows`, with what was billed.
    refused : table of the columns that are refused as covariates.
    """
    reads = {column for one in rules.values() for column in one.reads}
    then = engine.table(_narrow(past, {*OUTCOMES, *reads}))
    now = engine.table(_narrow(today, {"customer_id", "landmark", *reads}))
    missing = unavailable(rules, known=_filled(then) & _filled(now), refused=refused)
    kept = {name: one for name, one in rules.items() if name not in missing}
    chosen = to_pandas(then.select(n=nw.col("chose").sum()))["n"].fillna(0).iloc[0]
    told = engine.table(flags(then, kept, keep=OUTCOMES))
    return Watch(kept, missing, told, engine.table(flags(now, kept, keep=["customer_id"])), bool(chosen > 0))


def _narrow(rows: Rows, columns: set[str]) -> Rows:
    return rows.select(sorted(columns & set(rows.collect_schema().names())))


def _filled(rows: Rows) -> set[str]:
    """The columns that are filled for anybody."""
    counts = to_pandas(rows.select(nw.col(name).count().alias(name) for name in rows.collect_schema().names()))
    return {str(name) for name, count in counts.iloc[0].items() if count}
