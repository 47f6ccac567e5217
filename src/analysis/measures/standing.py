"""How good a table or a column is in one respect, where that stops being good, and which chapters it touches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

import pandas as pd

Status = Literal["good", "watch", "bad", "unknown"]
Edges = tuple[float, float]  # from the first on it is to be watched, from the second it is bad

DIMENSIONS = ("completeness", "validity", "uniqueness", "consistency", "freshness", "volume", "distribution")
WORST = ("bad", "watch", "unknown", "good")  # in this order a reader wants to know
OF_CUSTOMERS = ("customers", "subscriptions")  # their rows of a quarter tell who joined, and with the base who left
ROUNDED, OLDEST = 10, 60  # rows and days of these tables: to the nearest ten rows, and no more days than that
FILES = "files"  # stands in place of a table for what is wrong with a file before its rows are anybody's
EVERY_CHAPTER = ("20_base", "30_segments", "40_churn", "50_value", "60_service")
CHAPTERS: dict[str, tuple[str, ...]] = {
    FILES: EVERY_CHAPTER,
    "customers": EVERY_CHAPTER,
    "subscriptions": EVERY_CHAPTER,
    "invoices": EVERY_CHAPTER,
    "usage": ("20_base", "30_segments", "40_churn", "60_service"),
    "tickets": ("30_segments", "40_churn", "50_value", "60_service"),
    "surveys": ("40_churn", "50_value", "60_service"),
    "network": ("40_churn", "60_service"),
    "contacts": ("40_churn", "60_service"),
    "work_orders": ("60_service",),
    "consents": ("60_service",),
}
COLUMN_CHAPTERS: dict[tuple[str, str], tuple[str, ...]] = {  # where a column is used in fewer chapters than its table
    ("customers", "churn_kind"): ("40_churn",),
    ("customers", "churn_reason"): ("40_churn",),
    ("customers", "household_id"): ("60_service",),
    ("customers", "parent_id"): ("60_service",),
    ("customers", "industry"): ("20_base", "40_churn"),
    ("customers", "employees"): ("40_churn",),
    ("customers", "birth_year"): ("20_base", "40_churn"),
    ("customers", "region"): ("20_base", "40_churn", "60_service"),
    ("customers", "area_type"): ("20_base", "40_churn"),
    ("customers", "acquisition_channel"): ("20_base", "40_churn", "50_value"),
    ("customers", "acquisition_cost"): ("50_value",),
    ("customers", "account_role"): (),
    ("subscriptions", "discount"): ("30_segments", "40_churn", "50_value", "60_service"),
    ("subscriptions", "discount_end_date"): ("30_segments", "40_churn", "50_value", "60_service"),
    ("subscriptions", "contract_end_date"): ("40_churn",),
    ("subscriptions", "payment_method"): ("20_base", "30_segments", "40_churn", "60_service"),
    ("subscriptions", "data_cap_gb"): ("40_churn", "60_service"),
    ("invoices", "amount"): ("20_base", "30_segments", "50_value", "60_service"),
    ("invoices", "kind"): ("20_base", "30_segments", "50_value"),
    ("invoices", "tax"): ("60_service",),
    ("invoices", "due_date"): ("30_segments", "40_churn", "60_service"),
    ("invoices", "paid_date"): ("30_segments", "40_churn", "60_service"),
    ("tickets", "cost"): ("50_value", "60_service"),
    ("tickets", "text"): ("60_service",),
    ("work_orders", "action"): (),
    ("work_orders", "outcome"): (),
}


@dataclass(frozen=True)
class Limits:
    """Edges of what is watched and what is bad.

    `lost`: share of rows or values that are missing, wrong, double or orphaned; `fall`: points of share by which a
    column is filled less than the quarter before; `drift`: population stability index; `disagree`: share of cases in
    which two tables contradict each other.
    """

    lost: Edges = (0.001, 0.01)
    fall: Edges = (0.05, 0.25)
    drift: Edges = (0.1, 0.25)
    disagree: Edges = (0.02, 0.1)


@dataclass(frozen=True)
class Measure:
    """One table or column (empty: the whole table) in one respect.

    `rule` names the check in findings' vocabulary; `value` and `previous` (the quarter before) are its figure,
    `threshold` the figure from which it is no longer good, `rows` the rows, values or cases concerned; `month` the
    month (2026-09) that it is about, where it is about one.
    """

    table: str
    column: str
    dimension: str
    rule: str
    value: float
    status: Status
    rows: int
    threshold: float = math.nan
    previous: float = math.nan
    month: str = ""


def discreet(one: Measure) -> Measure:
    """A measure of rows dated in a quarter as it may be told: of `OF_CUSTOMERS`, counts to the nearest ten.

    The base less the joiners would tell of few leavers. An age beyond `OLDEST` would tell that nobody joined at all.
    Values that are outliers are counted as they are: they tell of no joiner.
    """
    if one.table not in OF_CUSTOMERS or one.rule == "outlier":
        return one
    told = replace(one, rows=int(_to_tens(one.rows)))
    if one.rule == "row_count":
        value, previous, threshold = (_to_tens(count) for count in (one.value, one.previous, one.threshold))
        return replace(told, value=value, previous=previous, threshold=threshold)
    return replace(told, value=min(one.value, OLDEST)) if one.rule == "last_row" else told


def _to_tens(count: float) -> float:
    return count if math.isnan(count) else ROUNDED * math.floor(count / ROUNDED + 0.5)


def judged(figure: float, edges: Edges) -> Status:
    """`good` below the first edge, `bad` from the second; not-a-number is unknown."""
    if math.isnan(figure):
        return "unknown"
    return "bad" if figure >= edges[1] else "watch" if figure >= edges[0] else "good"


def lost(measured: tuple[str, str, str, str], rows: int, of: int, edges: Edges) -> Measure:
    """The share of `of` that is kept when `rows` are lost; a single loss is no longer good only from the first edge."""
    share = rows / of if of else math.nan
    return Measure(*measured, value=1 - share, status=judged(share, edges), rows=rows, threshold=1 - edges[0])


def chapters(table: str, column: str) -> tuple[str, ...]:
    """Names of the chapters that use the column; of any column of the table where it is empty."""
    named = column if "," not in column else ""
    return COLUMN_CHAPTERS.get((table, named), CHAPTERS.get(table, ()))


def quality_table(measures: Sequence[Measure]) -> pd.DataFrame:
    """Table, one row per table, column, dimension, rule and month, in the order given (`place`).

    Columns `table`, `column`, `dimension`, `rule`, `value`, `previous`, `threshold`, `status` (good, watch, bad,
    unknown), `rows`, `month` (empty where it is about no single one), `chapters` (names, comma-separated; empty where
    no chapter uses it).
    """
    names = ["table", "column", "dimension", "rule", "value", "previous", "threshold", "status", "rows", "month"]
    rows = [asdict(one) | {"chapters": ", ".join(chapters(one.table, one.column))} for one in measures]
    table = pd.DataFrame(rows, columns=[*names, "chapters"])
    return table.assign(place=range(len(table)))


def grid(quality: pd.DataFrame) -> pd.DataFrame:
    """The worst status of each table in each dimension: one row per table and dimension measured, with its `rows`.

    `checks` counts the measures behind it that could be judged; where none could, the status is unknown.
    """
    ranked = quality.assign(rank=quality["status"].map({name: place for place, name in enumerate(WORST)}))
    found = []
    for table in quality["table"].unique():
        for dimension in DIMENSIONS:
            part = ranked[(ranked["table"] == table) & (ranked["dimension"] == dimension)]
            if len(part):
                worst = part[part["rank"] == part["rank"].min()]
                judged = int((part["status"] != "unknown").sum())
                found.append((table, dimension, worst["status"].iloc[0], len(worst), judged))
    return pd.DataFrame(found, columns=["table", "dimension", "status", "struck", "checks"])
