"""Everything that is measured of a source before anybody believes a number made from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.contract import CONTRACT, OF_LEAVERS
from analysis.extracts.engine import to_pandas
from analysis.extracts.intake import Extracts
from analysis.frames.observation import Observation
from analysis.frames.spells import ended_with_their_account
from analysis.measures.arrival import freshness, gone, rows_by_day, volume
from analysis.measures.consistency import agreement, real
from analysis.measures.drift import DECIDED, by_period, drift_measures
from analysis.measures.lateness import provisional_months
from analysis.measures.standing import DIMENSIONS, FILES, Limits, Measure, discreet, quality_table
from analysis.measures.validity import door_measures, file_measures
from analysis.measures.whole_months import RUN_ON, Window, missing_months, month_measures


def data_quality(
    extracts: Extracts,
    observation: Observation,
    *,
    limits: Limits,
    until: dt.date | None = None,
    before: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Every measure of quality: the table of `quality_table`, by table in the contract's order, dimension and column.

    Rows dated after the as-of date are in none of them. `until` is the last day that lies whole in the extracts, where
    that is known and earlier: months that end later are not judged. `before` is table → rows accepted in the run of the
    quarter before, where there was one.
    """
    quarter, view = Quarter.of(observation.as_of), observation.informed(extracts.supplied)
    measures = file_measures(extracts.raw, limits)
    stayed = nobody_left(extracts.columns, extracts.tables.get("customers"))
    measures += door_measures(extracts.doors, extracts.columns, extracts.findings, limits, nobody_left=stayed)
    for name in (one for one in CONTRACT if one in set(extracts.doors["table"])):
        months = _by_month(name, extracts, view, limits, until=min(until or view.as_of, view.as_of))
        missing = missing_months(months)
        measures += [discreet(one) for one in [*months, *_over_time(name, extracts, view, limits, missing)]]
    measures += gone(before or {}, extracts.doors.set_index("table")["accepted"].to_dict())
    kinds = "kind" in extracts.supplied.get("invoices", ())
    measures += agreement(extracts.tables, quarter, view, kinds=kinds, edges=limits.disagree)
    return quality_table(sorted(measures, key=_order))


def nobody_left(columns: pd.DataFrame, customers: nw.LazyFrame[Any] | None) -> bool:
    """Whether no column that only leavers fill has a value, and no customer's `status` says churned.

    `columns` is the table of `Extracts`.
    """
    given = columns[columns["given"] > 0]
    if any(set(given.loc[given["table"] == table, "column"]) & set(names) for table, names in OF_LEAVERS.items()):
        return False
    if customers is None:
        return True
    gone = customers.filter(nw.col("status") == "churned")
    return not to_pandas(gone.select(rows=nw.len()))["rows"].iloc[0]


def _by_month(name: str, extracts: Extracts, view: Observation, limits: Limits, *, until: dt.date) -> list[Measure]:
    """Months of one table that are missing, or partly so."""
    if name not in RUN_ON:
        return []
    tables, first = dict(extracts.tables), view.covered_from(name)
    late: list[dt.date] = []
    if name == "invoices" and "issued_on" in extracts.supplied[name]:
        late, _ = provisional_months(tables[name], until=until)
    known = {one: real(tables[one], tables) for one in (name, "subscriptions") if one in tables and one != "network"}
    if "subscriptions" in known and view.leaving_told_by == "accounts":
        known["subscriptions"] = ended_with_their_account(known["subscriptions"], tables["customers"])
    return month_measures(name, tables | known, Window(first, until, late), edges=limits.disagree)


def _over_time(
    name: str, extracts: Extracts, view: Observation, limits: Limits, missing: list[dt.date]
) -> list[Measure]:
    """Freshness, volume and distribution of one table."""
    quarter = Quarter.of(view.as_of)
    table, first = extracts.tables[name], view.covered_from(name)
    days = rows_by_day(name, table)
    covered = [one for one in [*_back(quarter, 12), quarter] if one.first_day >= first]
    measures = freshness(name, days, as_of=view.as_of, missing=missing)
    measures += volume(name, days, covered) if name not in DECIDED else []
    rows = by_period(name, table, quarter)
    if rows is None:
        return measures
    columns = [one for one in extracts.supplied[name] if one not in CONTRACT[name].key]
    compare = first <= quarter.previous.first_day
    return measures + drift_measures(name, rows, columns, compare=compare, limits=limits)


def _back(quarter: Quarter, most: int) -> list[Quarter]:
    found = [quarter]
    for _ in range(most):
        found.insert(0, found[0].previous)
    return found[:-1]


def _order(one: Measure) -> tuple[int, int, int, str, str, str]:
    table = -1 if one.table == FILES else list(CONTRACT).index(one.table)
    columns = CONTRACT[one.table].names if one.table in CONTRACT else ()
    place = columns.index(one.column) if one.column in columns else -1
    return table, DIMENSIONS.index(one.dimension), place, one.column, one.rule, one.month
