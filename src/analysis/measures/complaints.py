"""Complaints by grade: how many, whether they were closed within their limit, and which are open too long."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.desk import NOT_GRADED, NOW, OPEN, ServiceRules
from analysis.measures.disclosure import masked
from analysis.measures.ratios_by import published_ratios, ratios_by

Rows = nw.LazyFrame[Any]

IN_TIME = {"in_time": ("in_time", "each"), "complaints": ("each", "each")}
WAITING = ("open", "overdue", "median_hours")
ALL = "all"


def complaints(contacts: Rows) -> Rows:
    """The complaints among the contacts, with what their limit says.

    `in_time` is 1 where it was closed within the limit, 0 where not; missing where it has no limit, was closed on a day
    nobody gives, or its limit had not run out by the as-of date: of such recent ones only the quick are closed, and
    they would make the share too good. `overdue` (of open ones with a limit) is 1 where it is open for longer.
    """
    own = contacts.filter(nw.coalesce(nw.col("complaint") == 1, nw.lit(False)))
    known = ~nw.col("hours").is_null() | (nw.col("state") == OPEN)
    run_out = (nw.col("age_hours") >= nw.col("limit")) & known
    within = nw.coalesce(nw.col("hours") <= nw.col("limit"), nw.lit(False)).cast(nw.Int64)
    late = (nw.col("hours_open") > nw.col("limit")).cast(nw.Int64)
    return own.with_columns(each=nw.lit(1), every=nw.lit(ALL), in_time=nw.when(run_out).then(within), overdue=late)


def in_time_by_period(rows: Rows) -> pd.DataFrame:
    """Complaints and the share closed within their limit, by period, see `ratios_by`."""
    return ratios_by(rows, IN_TIME, by="period", key="caller")


def by_grade(rows: Rows, rules: ServiceRules, *, smallest: int) -> pd.DataFrame:
    """The quarter's complaints by grade, and those open at the as-of date whenever they were opened.

    Returns
    -------
    Table, one row per grade that occurs, the gravest first: `grade`, `complaints`, `in_time` (share, with `low`,
    `high`), `limit` (hours; missing where it has none, and then nothing is in time or overdue), `open`, `overdue`,
    `median_hours` (open so far); each with its `<name>_masked`.
    """
    now = rows.filter(nw.col("period") == NOW)
    found = published_ratios(ratios_by(now, IN_TIME, by="grade", key="caller"), smallest=smallest, shares=["in_time"])
    waiting = _waiting(rows, smallest)
    present = [name for name in rules.grades if name in {*found["group"], *waiting["grade"]}]
    table = pd.DataFrame({"grade": present})
    for name, column in (("complaints", "bottom"), ("in_time", "value")):
        part = found[found["ratio"] == name].set_index("group").reindex(present)
        hidden = part["masked"].astype("boolean").fillna(False).astype(bool).to_numpy()
        table = table.assign(**{name: part[column].to_numpy(), f"{name}_masked": hidden})
        if name == "in_time":
            table = table.assign(low=part["low"].clip(lower=0).to_numpy(), high=part["high"].clip(upper=1).to_numpy())
    joined = table.astype({"grade": object}).merge(waiting.astype({"grade": object}), on="grade", how="left")
    nobody = joined["open_masked"].isna()  # no complaint of the grade is open
    flags = {
        f"{name}_masked": joined[f"{name}_masked"].astype("boolean").fillna(False).astype(bool) for name in WAITING
    }
    zeros = {name: joined[name].astype("float64").mask(nobody, 0.0) for name in ("open", "overdue")}
    limit = joined["grade"].map(dict(rules.limit_hours)).astype("float64")
    limited = zeros["overdue"].mask(limit.isna())
    return joined.assign(**flags | zeros | {"overdue": limited, "limit": limit})


def waiting_in_all(rows: Rows) -> dict[str, float]:
    """Complaints open at the as-of date: `open`, `overdue`, `open_people` and `overdue_people` (their customers).

    Beside them `median_hours` (open so far; missing where none is) and `limited` (those with a time limit).
    """
    told = _open_counts(rows, by="every")
    if told.empty:
        none = dict.fromkeys(("open", "overdue", "open_people", "overdue_people", "limited"), 0.0)
        return none | {"median_hours": float("nan")}
    return {str(name): float(value) for name, value in told.iloc[0].drop("every").items()}


def open_complaints(rows: Rows) -> Rows:
    """Open complaints of known customers, one row each: whom a strategy may want to call.

    Returns
    -------
    Table: `customer_id`, `ticket_id`, `opened_on`, `grade`, `hours_open` (until the end of the as-of date), `overdue`
    (1 where open for longer than its limit, 0 where not; missing where its grade has none).
    """
    chosen = rows.filter((nw.col("state") == OPEN) & ~nw.col("customer_id").is_null())
    return chosen.select("customer_id", "ticket_id", "opened_on", "grade", nw.col("hours_open").round(2), "overdue")


def complaint_counts(contacts: Rows, rows: Rows) -> dict[str, int]:
    """How many of the quarter's contacts are complaints, and what is known of these.

    `told` : contacts of which the source says whether they are one, in any quarter. `all` : complaints; `without` : not
    graded, of these `unknown` with a severity nobody knows; `repeated` : of a customer who complained shortly before;
    `limited` : with a time limit; `categorised` : with a category.
    """
    told = to_pandas(contacts.select(told=nw.col("complaint").count()))["told"].iloc[0]
    now = rows.filter(nw.col("period") == NOW)
    without = nw.col("grade") == NOT_GRADED
    counted = to_pandas(
        now.select(
            all=nw.len(),
            without=without.cast(nw.Int64).sum(),
            unknown=(without & ~nw.col("severity").is_null()).cast(nw.Int64).sum(),
            repeated=nw.col("repeated").sum(),
            limited=(~nw.col("limit").is_null()).cast(nw.Int64).sum(),
            categorised=nw.col("category").count(),
        )
    ).iloc[0]
    counts = {str(name): 0 if pd.isna(value) else int(value) for name, value in counted.items()}
    return {"told": int(told)} | counts


def _open_counts(rows: Rows, *, by: str) -> pd.DataFrame:
    waiting = rows.filter(nw.col("state") == OPEN)
    late = waiting.filter(nw.col("overdue") == 1)
    counted = waiting.group_by(by).agg(
        open=nw.len(), overdue=nw.coalesce(nw.col("overdue"), nw.lit(0)).sum(),
        median_hours=nw.col("hours_open").median(), open_people=nw.col("caller").n_unique(),
        limited=(~nw.col("limit").is_null()).cast(nw.Int64).sum(),
    )  # fmt: skip
    people = late.group_by(by).agg(overdue_people=nw.col("caller").n_unique())
    found = to_pandas(counted.join(people, on=by, how="left").sort(by))
    return found.assign(overdue_people=found["overdue_people"].fillna(0), overdue=found["overdue"].fillna(0))


def _waiting(rows: Rows, smallest: int) -> pd.DataFrame:
    """Open and overdue by grade, as they may be published."""
    found = _open_counts(rows, by="grade")
    kept = found.assign(**{f"{name}_masked": False for name in WAITING})
    if found.empty:
        return kept[["grade", *WAITING, *(f"{name}_masked" for name in WAITING)]]
    opened = masked(found, by=["grade"], count=["open_people"], values=["open"], minimum=smallest)
    late = found.assign(rest=found["open_people"] - found["overdue_people"])
    overdue = masked(late, by=["grade"], count=["overdue_people", "rest"], values=["overdue"], minimum=smallest)
    return found.assign(
        open=opened["open"], overdue=overdue["overdue"], median_hours=found["median_hours"].mask(opened["masked"]),
        open_masked=opened["masked"], overdue_masked=overdue["masked"], median_hours_masked=opened["masked"],
    )[["grade", *WAITING, *(f"{name}_masked" for name in WAITING)]]  # fmt: skip
