"""Sentences about the quality of the data: whether it can be trusted, and where care is needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.measures.arrival import GONE
from analysis.measures.standing import DIMENSIONS, FILES, OF_CUSTOMERS, OLDEST, ROUNDED, grid
from analysis.present.numbers import count, decimal, percent
from analysis.present.text import MISSING
from analysis.present.wording import data
from analysis.present.wording.phrase import Captions, Words, counted, listed
from analysis.present.wording.quality_rules import WHAT, place

CHAPTERS = {
    "20_base": "the base",
    "30_segments": "groups",
    "40_churn": "churn",
    "50_value": "value",
    "60_service": "service",
    "70_strategy": "strategy",
}
STATUS = {"good": "good", "watch": "watch", "bad": "bad", "unknown": "not known"}
HEADS = {
    "completeness": "complete", "validity": "valid", "uniqueness": "unique", "consistency": "agreeing",
    "freshness": "fresh", "volume": "volume", "distribution": "spread",
}  # fmt: skip
MOST_TOLD = 3  # findings of a table in the bottom line; the tables below hold all
FIGURES = {  # table → the figures that rest on it, as a manager calls them
    FILES: "whatever came from these files",
    "customers": "who counts as a customer, and so every count and rate",
    "subscriptions": "products, fees, and who left when",
    "invoices": "revenue, ARPU, margin and value",
    "usage": "use",
    "tickets": "service contacts",
    "surveys": "satisfaction",
    "network": "outages and speed",
    "contacts": "campaigns",
}
MOST_COMPARED = 12  # columns in the table of drift
RANKS = {"set_aside": 0, "fixed": 2, "note": 3}  # of what the doors found; between them, what the measures noticed
COUNTS = ("row_count", "month_rows", GONE)  # compared as numbers, not as shares


def verdict(quality: pd.DataFrame, doors: pd.DataFrame, *, as_of: dt.date) -> str:
    """The bottom line: whether to trust the rest, from the statuses; then what became of the rows."""
    rows = data.bottom_line(doors, as_of=as_of)
    judged = quality[quality["status"] != "unknown"]
    bad, watch = (judged[judged["status"] == status] for status in ("bad", "watch"))
    checks = counted(len(judged), "check", "checks")
    if bad.empty and watch.empty:
        return f"Yes: none of {checks} found anything to be careful about. {rows}"
    found = " and ".join(
        f"{count(len(part))} {word}" for part, word in ((bad, "bad"), (watch, "to be watched")) if len(part)
    )
    if bad.empty:
        return f"Yes, with care: of {checks}, {found}. {rows}"
    return f"Only with care: of {checks}, {found}{_where(bad)}. {rows}"


def _where(bad: pd.DataFrame) -> str:
    """The chapters touched by what is bad, and the tables that are gone."""
    named, gone = touched(bad), listed(list(bad.loc[bad["rule"] == GONE, "table"]))
    lost = f"; no row of {gone} is there any more" if gone else ""
    if named:
        return f", which touches the chapters on {listed(named)}{lost}"
    return lost or ", which touches no chapter"


def anything_bad(quality: pd.DataFrame) -> bool:
    """Whether the verdict is "only with care"."""
    return bool((quality["status"] == "bad").any())


def touched(quality: pd.DataFrame) -> list[str]:
    """The chapters that use these tables and columns, in the report's order."""
    names = {name for names in quality["chapters"] for name in names.split(", ")}
    return [title for name, title in CHAPTERS.items() if name in names]


def troubled(quality: pd.DataFrame) -> pd.DataFrame:
    """What is bad, then what is to be watched; of each, months that lack rows first, for they explain much of the rest.

    Then in the order of tables and dimensions.
    """
    rank = 2 * quality["status"].map({"bad": 0, "watch": 1}) + (quality["month"] == "")
    return quality.assign(rank=rank).dropna(subset=["rank"]).sort_values(["rank", "place"], ignore_index=True)


def cautions(quality: pd.DataFrame) -> list[str]:
    """What can be used as it stands; then, the worst first, one sentence per table: which figures, and what it is."""
    rows = troubled(quality)
    if rows.empty:
        return ["Nothing: every check is good."]
    used = rows[(rows["chapters"] != "") | (rows["rule"] == GONE)]
    said = [caution(part) for _, part in used.groupby("table", sort=False)]
    return [usable(quality), *said, *_unused(rows.drop(used.index))]


def usable(quality: pd.DataFrame) -> str:
    """The figures that rest on tables without anything bad, or that none do."""
    judged = [table for table in FIGURES if table in set(quality["table"]) and table != FILES]
    bad = quality[(quality["status"] == "bad") & (quality["chapters"] != "")]
    fine = [FIGURES[table] for table in judged if table not in set(bad["table"])]
    if bad.empty:
        return "Nothing bad was found: all figures can be used."
    if not fine:
        return "Something bad was found for all kinds of figures: use none without reading on."
    return f"These can be used, nothing bad was found for them: {'; '.join(fine)}."


def caution(rows: pd.DataFrame) -> str:
    """What is not good about one table, and the figures that rest on it."""
    worst = rows.iloc[0]
    told = [_told(row) for row in rows.head(MOST_TOLD).to_dict("records")]
    more = len(rows) - MOST_TOLD
    more_words = f"; and {count(more)} more" if more > 0 else ""
    figures = FIGURES.get(worst["table"], str(worst["table"]))
    grade = "Take care with" if worst["status"] == "bad" else "Keep an eye on"
    return f"{grade} {figures}: {'; '.join(told)}{more_words}."


def _told(row: Mapping[Any, Any]) -> str:
    return f"{WHAT[row['rule']](row)}, in {place(row)}"


def _unused(rows: pd.DataFrame) -> list[str]:
    """One sentence on what no chapter uses."""
    if rows.empty:
        return []
    named = listed(sorted({place(row) for row in rows.to_dict("records")}))
    return [f"No figure of this report rests on {named}, where something is not good either."]


def grid_words(overview: pd.DataFrame) -> Words:
    """Around the picture of tables and dimensions."""
    struck = overview[overview["status"].isin(["bad", "watch"])]
    checks = counted(overview["checks"].sum(), "check", "checks")
    finding = f"{checks}: all good" if struck.empty else f"Of {checks}, some in {_tables(struck)} are not good"
    subtitle = "The worst status of each table in each respect, with how many checks found it; – is not measured"
    named = [f"{row.table} {row.dimension} {STATUS[row.status]} ({row.struck})" for row in struck.itertuples()]
    respects = listed(list(DIMENSIONS))
    alt = f"Tables by {respects}. Not good: {listed(named) or 'none'}. Everything else measured is good."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}


def _tables(struck: pd.DataFrame) -> str:
    """The tables with anything that is not good, four by name."""
    names = [str(name) for name in struck["table"].unique()]
    more = [f"{count(len(names) - 4)} more tables"] if len(names) > 5 else names[4:]
    return listed([*names[:4], *more])


def measures_words(quality: pd.DataFrame, most: int) -> Captions:
    """Above the table of measures that are not good, of which `most` are shown; alone where there is none."""
    struck = len(troubled(quality))
    finding = f"{counted(struck, 'check is', 'checks are')} not good" if struck else "Every check is good"
    finding += f", the worst {count(most)} of them here" if struck > most else ""
    return {"finding": finding, "subtitle": "Value, the quarter before, and the edge of good; rows or cases concerned"}


def measures_shown(quality: pd.DataFrame, most: int) -> pd.DataFrame:
    """The measures that are not good as a table prints them, the bad ones first."""
    rows = [
        {
            "place": place(row),
            "dimension": row["dimension"],
            "status": STATUS[row["status"]],
            "value": figure(row, "value"),
            "previous": figure(row, "previous"),
            "threshold": figure(row, "threshold"),
            "rows": row["rows"],
            "chapters": listed([CHAPTERS[name] for name in row["chapters"].split(", ") if name in CHAPTERS]),
        }
        for row in troubled(quality).head(most).to_dict("records")
    ]
    names = ["place", "dimension", "status", "value", "previous", "threshold", "rows", "chapters"]
    return pd.DataFrame(rows, columns=names)


def figure(row: Mapping[Any, Any], name: str) -> str:
    """A figure of a measure in its own unit."""
    value = row[name]
    if row["rule"] in COUNTS:
        return count(value)
    if row["rule"] in ("psi", "jump", "outlier", "billed_of_due"):
        return decimal(value, 2)
    if row["rule"] == "last_row":
        return MISSING if pd.isna(value) else counted(value, "day", "days")
    return percent(value, 2)


def all_findings(findings: pd.DataFrame, notes: pd.DataFrame) -> pd.DataFrame:
    """What set rows aside, then what the measures noticed, then repairs and other notes of the doors.

    Lines that files alike but for the digits of their names have lost by the same rule are one row.
    """
    findings = data.files_alike(findings)
    parts = [findings.assign(rank=findings["severity"].map(RANKS)), notes.assign(rank=1)]
    ordered = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return ordered.sort_values("rank", kind="stable", ignore_index=True).drop(columns="rank")


def compared(quality: pd.DataFrame) -> pd.DataFrame:
    """The columns whose distribution moved most, as parts of what would be no longer good; at most twelve."""
    moved = quality[quality["rule"] == "psi"]
    part = (moved["value"] / moved["threshold"]).rename("part")
    ordered = moved.assign(part=part).sort_values(["part", "place"], ascending=[False, True], ignore_index=True)
    return ordered.head(MOST_COMPARED).assign(status=lambda rows: rows["status"].map(STATUS))


def compared_words(quality: pd.DataFrame) -> Captions:
    """Above the table of columns whose distribution moved; alone where nothing could be compared."""
    moved = quality[quality["rule"] == "psi"]
    if moved.empty:
        finding = "No column can be compared: the quarter before is not covered by the extracts, or holds too few rows"
    else:
        odd = int(moved["status"].isin(["watch", "bad"]).sum())
        finding = f"{count(len(moved))} columns compared with the quarter before: {_drifted(odd)}"
    subtitle = "Population stability index by column, the furthest first; chance alone stays below the edge"
    if len(moved) > MOST_COMPARED:
        subtitle += f"; {count(MOST_COMPARED)} of {count(len(moved))} are shown"
    return {"finding": finding, "subtitle": subtitle}


def _drifted(odd: int) -> str:
    return "none has drifted" if not odd else f"{count(odd)} {'has' if odd == 1 else 'have'} drifted"


def volumes(quality: pd.DataFrame) -> pd.DataFrame:
    """Rows of each table by quarter, and how fresh it is."""
    counts = quality[quality["rule"].isin(["row_count", GONE])].set_index("table")
    counts["previous"] = counts["previous"].mask(counts["rule"] == GONE)  # of all quarters, not of the one before
    fresh = quality[quality["rule"] == "last_row"].set_index("table")
    worst = grid(quality[quality["dimension"] == "volume"]).set_index("table")["status"]
    counts = counts.assign(status=[worst[table] for table in counts.index])
    tables = [name for name in quality["table"].unique() if name in counts.index or name in fresh.index]
    rows = pd.DataFrame({"table": tables})
    for name, part, column in (
        ("now", counts, "value"), ("before", counts, "previous"), ("volume", counts, "status"),
        ("age", fresh, "value"), ("usual", fresh, "threshold"), ("freshness", fresh, "status"),
    ):  # fmt: skip
        rows[name] = [part.at[table, column] if table in part.index else None for table in tables]
    return rows.assign(volume=rows["volume"].map(STATUS), freshness=rows["freshness"].map(STATUS))


def volumes_words(quality: pd.DataFrame) -> Captions:
    """Above the table of rows and freshness; alone where no table has dates enough."""
    shown = quality[quality["dimension"].isin(["volume", "freshness"])]
    odd = shown[shown["status"].isin(["watch", "bad"])]["table"].unique()
    finding = (
        "No table has enough dated rows to tell its rhythm"
        if shown.empty
        else f"{listed(list(odd))}: not as many rows, or not as fresh, as usual"
        if len(odd)
        else "Every table is as full and as fresh as it usually is"
    )
    subtitle = (
        "Rows dated in the quarter and the one before; days since the last row, and the longest usual gap. "
        f"Of {listed(list(OF_CUSTOMERS))} to the nearest {count(ROUNDED)} rows, and at most {count(OLDEST)} days, lest "
        "they tell how few joined or left"
    )
    return {"finding": finding, "subtitle": subtitle}
