"""When the data is too wrong, or too early, to publish numbers from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypedDict

import narwhals as nw
import pandas as pd

from analysis.basis.errors import InputRefused, QualityGate
from analysis.basis.quarter import Quarter
from analysis.basis.rounding import half_up
from analysis.extracts.engine import to_pandas
from analysis.extracts.intake import Extracts
from analysis.extracts.mapping import Source
from analysis.extracts.rules import ORPHAN
from analysis.measures.arrival import silent_tables
from analysis.measures.lateness import provisional_months
from analysis.measures.whole_months import MONTH_RULES
from analysis.present.wording.phrase import listed
from analysis.present.wording.quality_rules import TOLD_BY_MONTH, WHAT, place
from analysis.run.params import Params

NO_ROWS = ("header", "total")  # rules of lines that were recognised as none


class Seen(TypedDict):
    """Between which days the data sees: the first day of leavers; a declared snapshot; the latest month with rows.

    And the last day that lies whole in the extract, where source.yml says when it was taken.
    """

    observed_from: dt.date
    snapshot: dt.date | None
    latest_month: dt.date | None
    extracted: dt.date | None


def period_notices(extracts: Extracts, source: Source, params: Params) -> list[str]:
    """What the report's head must say about its period.

    Raises
    ------
    InputRefused
        When the quarter is partial and may not be; when nothing of it was observed, whatever the params allow.
    """
    silent = silent_tables(extracts.tables, params.quarter)
    seen = seen_of(extracts.tables, source)
    check_observed(params.quarter, **seen)
    gap = missing_period(params.quarter, **seen) or silent_period(silent, params.quarter)
    notices = partial_notices(gap, params.quarter, allow_partial=params.allow_partial)
    return notices + late_notices(extracts, source, as_of=params.quarter.last_day)


def seen_of(tables: Mapping[str, nw.LazyFrame[Any]], source: Source) -> Seen:
    """Between which days the data of a source sees."""
    return Seen(
        observed_from=source.observed_from,
        snapshot=source.snapshot_date,
        latest_month=latest_month(tables),
        extracted=source.whole_until,
    )


def check_observed(
    quarter: Quarter,
    *,
    observed_from: dt.date,
    snapshot: dt.date | None,
    latest_month: dt.date | None,
    extracted: dt.date | None = None,
) -> None:
    """Raises InputRefused when the quarter lies wholly before or after the data: no option makes a report of that."""
    found = None
    if quarter.last_day < observed_from:
        found = f"leavers observed only from {observed_from} (observed_from in source.yml)"
    elif extracted is not None and extracted < quarter.first_day:
        found = f"an extract that ends on {extracted} (extracted_at in source.yml)"
    elif latest_month is not None and latest_month < quarter.first_day:
        found = f"no usage or invoices later than {latest_month:%Y-%m}"
    elif latest_month is None and snapshot is not None and snapshot < quarter.first_day:
        found = f"a snapshot of {snapshot}"
    if found:
        expected = f"data from {quarter.first_day} to {quarter.last_day}, or a part of it"
        do = "Choose a quarter the data covers, or bring other extracts: nothing of this one was observed."
        raise InputRefused(f"quarter {quarter}", expected=expected, found=found, do=do)


def check_shares(extracts: Extracts, params: Params) -> None:
    """Raises QualityGate when a file or a table lost a larger share of its rows than the params allow.

    Rows dated after the as-of date, and those of erased customers, count neither as lost nor as rows.
    """
    aside, orphan = params.quarantine_share_max, params.orphan_share_max
    erased = extracts.doors["table"].map(extracts.erased).fillna(0).astype(int)
    doors = extracts.doors.assign(
        known=extracts.doors["selected"] - extracts.doors["later"] - erased,
        set_aside=extracts.doors["set_aside"] - erased,
    )
    lost = [
        *too_many(
            without_recognised(extracts.raw, extracts.findings), row="file", lost="unreadable", of="lines", most=aside
        ),
        *too_many(doors, row="table", lost="set_aside", of="known", most=aside),
        *too_many(with_orphans(doors, extracts.findings), row="table", lost="orphans", of="known", most=orphan),
    ]
    check_codes(doors, extracts.findings, most=params.unknown_code_share_max)
    if lost:
        raise QualityGate(
            "the source's rows",
            expected=f"at most {percent(aside)} of a file or table set aside and {percent(orphan)} orphans",
            found="; ".join(lost),
            do="See the reasons with `linecard check`, correct the extracts or the SELECT, or raise "
            "quarantine_share_max or orphan_share_max in the params.",
        )


def check_drift(quality: pd.DataFrame, params: Params) -> None:
    """Raises QualityGate when a distribution drifted badly and the params are strict about it."""
    drifted = quality[(quality["dimension"] == "distribution") & (quality["status"] == "bad")]
    if not params.strict_drift or drifted.empty:
        return
    named = [f"{place(row)}: {WHAT[row['rule']](row)}" for row in drifted.to_dict("records")]
    raise QualityGate(
        "the source's values",
        expected="columns spread as the quarter before",
        found="; ".join(named),
        do="Ask what changed in the extracts and correct them or the SELECT, or set strict_drift: false in the params.",
    )


def check_codes(doors: pd.DataFrame, findings: pd.DataFrame, *, most: float) -> None:
    """Raises QualityGate when a larger share of a table's rows than `most` holds none of the codes of a column."""
    struck = findings[findings["rule"].astype(str).str.startswith("codes:")].merge(doors, on="table")
    struck = struck.assign(
        name=struck["table"] + "." + struck["rule"].astype(str).str.removeprefix("codes:"), unknown=struck["rows"]
    )
    lost = too_many(struck, row="name", lost="unknown", of="known", most=most)
    if lost:
        expected = f"at most {percent(most)} of a table's rows without one of the codes that source.yml declares"
        do = "Add new codes to `codes:` in source.yml, translate them in the SELECT, or raise unknown_code_share_max."
        raise QualityGate("the source's codes", expected=expected, found="; ".join(lost), do=do)


def too_many(table: pd.DataFrame, *, row: str, lost: str, of: str, most: float) -> list[str]:
    """One phrase for each row whose share `lost` ÷ `of` (counts of rows) is above `most` (0 to 1)."""
    struck = table[(table[of] > 0) & (table[lost] > most * table[of])]
    return [
        f"{name}: {int(count):,} of {int(rows):,} rows {lost.replace('_', ' ')} ({percent(count / rows)})"
        for name, count, rows in zip(struck[row], struck[lost], struck[of], strict=True)
    ]


def without_recognised(raw: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """The files without the lines that were never rows: a header repeated, a closing line of totals."""
    known = findings[findings["rule"].isin(NO_ROWS)].groupby("table")["rows"].sum().reindex(raw["file"], fill_value=0)
    less = known.to_numpy(dtype="int64")
    return raw.assign(lines=raw["lines"] - less, unreadable=raw["unreadable"] - less)


def with_orphans(doors: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """The doors with `orphans`: rows set aside because they name a customer, or another row, who is not there.

    Rows of a customer who is there, in a row that was set aside itself, are lost by that row, and not among them.
    """
    # A note may bear the same name: a customer without a subscription is there, and loses no row.
    aside = findings["severity"] == "set_aside"
    struck = findings[aside & findings["rule"].astype(str).str.startswith(ORPHAN)]
    orphans = struck.groupby("table")["rows"].sum().reindex(doors["table"], fill_value=0)
    return doors.assign(orphans=orphans.to_numpy(dtype="int64"))


def missing_period(
    quarter: Quarter,
    *,
    observed_from: dt.date,
    snapshot: dt.date | None,
    latest_month: dt.date | None,
    extracted: dt.date | None = None,
) -> tuple[str, str] | None:
    """What was expected and what was found when part of the quarter lies outside the data; None when none does.

    The data ends with the day it was extracted, where that is declared, and with the latest month of usage or
    invoices, else with the declared snapshot. Without any of them the end is unknown and counts as good.
    """
    if quarter.first_day < observed_from:
        return (
            f"data from the quarter's first day, {quarter.first_day}",
            f"leavers observed only from {observed_from} (observed_from in source.yml)",
        )
    if extracted is not None and extracted < quarter.last_day:
        expected = f"data up to the quarter's last day, {quarter.last_day}"
        return expected, f"an extract that ends on {extracted} (extracted_at in source.yml)"
    if latest_month is not None and latest_month < quarter.months[2]:
        return f"usage or invoices of {quarter.months[2]:%Y-%m}", f"none later than {latest_month:%Y-%m}"
    if latest_month is None and snapshot is not None and snapshot < quarter.last_day:
        return f"data up to the quarter's last day, {quarter.last_day}", f"a snapshot of {snapshot}"
    return None


def silent_period(silent: Mapping[str, dt.date], quarter: Quarter) -> tuple[str, str] | None:
    """What was expected and what was found when tables that run on end before the quarter; None when none does."""
    if not silent:
        return None
    named = "; ".join(f"{table} ends with {last}" for table, last in silent.items())
    return f"rows of {quarter} in {' and '.join(silent)}", f"an extract of an earlier quarter: {named}"


def partial_notices(gap: tuple[str, str] | None, quarter: Quarter, *, allow_partial: bool) -> list[str]:
    """One notice for a gap that `allow_partial` lets pass, none without a gap; else InputRefused."""
    if gap is None:
        return []
    expected, found = gap
    if not allow_partial:
        do = "Choose a quarter the data covers, bring newer extracts, or add --allow-partial for a marked report."
        raise InputRefused(f"quarter {quarter}", expected=expected, found=found, do=do)
    return [f"Partial quarter: for {quarter} this report needs {expected}, but the data has {found}."]


def incomplete_notices(quality: pd.DataFrame, quarter: Quarter) -> list[str]:
    """One notice for each quarter, this one and the one before, that holds months of which rows are missing."""
    rows = quality[quality["rule"].isin(MONTH_RULES) & (quality["status"] == "bad")]
    said = []
    for one in (quarter, quarter.previous):
        inside = rows[rows["month"].isin([f"{month:%Y-%m}" for month in one.months])]
        if len(inside):
            named = listed([place(row) for row in inside.to_dict("records")])
            told = listed([TOLD_BY_MONTH[table] for table in inside["table"].unique()])
            said.append(f"Incomplete: rows are missing from {named}, so what is told of {told} in {one} is not whole.")
    return said


def late_notices(extracts: Extracts, source: Source, *, as_of: dt.date) -> list[str]:
    """One notice when bills of the last months may still be coming in: what they brought is not complete."""
    if "issued_on" not in extracts.supplied.get("invoices", ()):
        return []
    until = min(as_of, source.whole_until or as_of)
    months, delay = provisional_months(extracts.tables["invoices"], until=until)
    if not months:
        return []
    named = " and ".join(f"{month:%Y-%m}" for month in months)
    days = f"{delay} day{'' if delay == 1 else 's'}"
    incomplete = f"Provisional: bills of {named} may still be coming in, so revenue and ARPU are not complete there."
    usual = f"The data sees until {until}, and 19 of 20 bills are issued up to {days} after their month ends."
    return [f"{incomplete} {usual}"]


def latest_month(tables: Mapping[str, nw.LazyFrame[Any]]) -> dt.date | None:
    """First day of the latest month in usage or invoices; None when both are absent or empty."""
    found = []
    for name in ("usage", "invoices"):
        if name in tables:
            latest = to_pandas(tables[name].select(nw.col("month").max()))["month"].iloc[0]
            found += [] if pd.isna(latest) else [pd.Timestamp(latest).date()]
    return max(found, default=None)


def percent(share: float) -> str:
    """A share as a message prints it: 0.005 is `0.5 %`."""
    return f"{half_up(100 * share, 2):g} %"
