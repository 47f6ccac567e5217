"""How many customers of each class were there in each quarter, and how many left: the class held when it began."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH, Quarter
from analysis.extracts.engine import to_pandas
from analysis.measures.class_rules import SUFFIX, ClassRules

Rows = nw.LazyFrame[Any]

EVERYONE = ""  # dimension and class of the whole base
A_DAY = 0.75  # days: who stayed shorter joined and left on one day
COLUMNS = ["dimension", "class", "quarter", "customers", "leavers"]
CAUSES = ["dimension", "class", "quarter", "told_by", "cause", "leavers"]


def watched(dimensions: ClassRules) -> ClassRules:
    """The dimensions whose classes are followed from quarter to quarter: not those that are a matter of tenure."""
    return {name: one for name, one in dimensions.items() if one.compared}


def class_quarters(
    episodes: Rows, exposed: Rows, *, quarters: Sequence[Quarter], dimensions: ClassRules
) -> pd.DataFrame:
    """Customers and leavers of each class in each quarter, by the class held at its start or on joining.

    Parameters
    ----------
    episodes : table, one row per customer, spell and landmark, with class columns.
    exposed : table, one row per spell on the books in the last of `quarters`, with class columns: what the rates of
        that quarter are made of.

    Returns
    -------
    Table, one row per dimension, class and quarter in which anybody was in it: `dimension`, `class`, `quarter` (text),
    `customers`, `leavers`. The whole base is the class "" of the dimension "".
    """
    if not quarters:
        return pd.DataFrame(columns=COLUMNS)
    columns = {name: name + SUFFIX for name in watched(dimensions)}
    rows = _by_quarter(episodes, exposed, quarters, list(columns.values()))
    parts = [rows.group_by("quarter").agg(customers=nw.len(), leavers=nw.col("event").sum())]
    found = [to_pandas(parts[0]).assign(**{"dimension": EVERYONE, "class": EVERYONE})]
    for name, column in columns.items():
        counted = rows.group_by("quarter", column).agg(customers=nw.len(), leavers=nw.col("event").sum())
        found.append(to_pandas(counted).rename(columns={column: "class"}).assign(dimension=name))
    whole = pd.concat(found, ignore_index=True)
    names = {_number(quarter): str(quarter) for quarter in quarters}
    named = whole.assign(quarter=whole["quarter"].map(names))
    return named.sort_values(["dimension", "class", "quarter"], ignore_index=True)[COLUMNS]


def leavers_by_cause(
    episodes: Rows, exposed: Rows, customers: Rows, *, quarters: Sequence[Quarter], dimensions: Sequence[str]
) -> pd.DataFrame:
    """Leavers of each class by kind of leaving and by stated reason, in each quarter.

    Parameters
    ----------
    customers : table, one row per customer, with `spell` (the last) and `churn_reason`: no other spell has a reason.

    Returns
    -------
    Table, one row per dimension, class, quarter, and cause that anybody left for: `dimension`, `class`, `quarter`,
    `told_by` (kind, reason), `cause`, `leavers`. Whose cause is not known is in none; who came back left by choice.
    """
    if not (quarters and dimensions):
        return pd.DataFrame(columns=CAUSES)
    reasons = customers.select("customer_id", "spell", "churn_reason")
    columns = {name: name + SUFFIX for name in dimensions if name}
    known = episodes.with_columns(kind=nw.coalesce(nw.col("kind"), nw.col("left_kind")))
    rows = _by_quarter(known, exposed, quarters, ["customer_id", "spell", "kind", *columns.values()])
    left = rows.filter(nw.col("event") == 1).join(reasons, on=["customer_id", "spell"], how="left")
    names = {_number(quarter): str(quarter) for quarter in quarters}
    parts = []
    for dimension in dimensions:
        for told_by, cause in (("kind", "kind"), ("reason", "churn_reason")):
            keys = {"class": nw.col(columns[dimension]) if dimension else nw.lit(EVERYONE), "cause": nw.col(cause)}
            known = left.filter(~nw.col(cause).is_null()).select("quarter", **keys)
            counted = to_pandas(known.group_by("quarter", "class", "cause").agg(leavers=nw.len()))
            parts.append(counted.assign(dimension=dimension, told_by=told_by, quarter=counted["quarter"].map(names)))
    return pd.concat(parts, ignore_index=True).sort_values(CAUSES, ignore_index=True)[CAUSES]


def _by_quarter(episodes: Rows, exposed: Rows, quarters: Sequence[Quarter], columns: list[str]) -> Rows:
    """A row per spell and quarter it was on the books in: `quarter` (numbered), `event`, and `columns`.

    Who joins on the last day of a quarter has an episode from then on only, but is on the books in both quarters.
    """
    after = _number_of(nw.col("landmark").dt.offset_by("1d"))
    last_day = (nw.col("spell_start") == nw.col("landmark")) & (_number_of(nw.col("landmark")) < after)
    gone = (nw.col("event") == 1) & (nw.col("stop") - nw.col("start") < A_DAY / DAYS_PER_MONTH)
    numbers = [_number(quarter) for quarter in quarters]
    rows = episodes.with_columns(after=after, last_day=last_day, gone=gone)
    later = rows.filter(~(nw.col("last_day") & nw.col("gone")))
    joined = rows.filter(nw.col("last_day"))
    past = [
        later.select(*columns, "event", quarter=nw.col("after")),
        joined.select(
            *columns,
            nw.when(nw.col("gone")).then(nw.col("event")).otherwise(nw.lit(0)).alias("event"),
            quarter=_number_of(nw.col("landmark")),
        ),
    ]
    before = nw.concat(past).filter(nw.col("quarter").is_in(numbers[:-1]))
    now = exposed.select(*columns, "event", quarter=nw.lit(numbers[-1]).cast(nw.Int64))
    return nw.concat([before.with_columns(nw.col("quarter").cast(nw.Int64)), now])


def _number(quarter: Quarter) -> int:
    return quarter.year * 4 + quarter.number - 1


def _number_of(day: nw.Expr) -> nw.Expr:
    return day.dt.year().cast(nw.Int64) * 4 + ((day.dt.month() - 1) // 3).cast(nw.Int64)
