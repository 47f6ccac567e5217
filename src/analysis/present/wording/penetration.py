"""Sentences about what customers hold, and how that grows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.frames.holders import GROUPS
from analysis.present.columns import MOST_CLASSES
from analysis.present.numbers import change, decimal, finite, interval, percent, quarter
from analysis.present.text import MISSING
from analysis.present.wording.base import name
from analysis.present.wording.phrase import Captions, Words, capital, extremes

WHO = {"all": "All", GROUPS[0]: "Households", GROUPS[1]: "Businesses"}
MOST_NAMED = 3
DIMENSIONS = {"region": "Region", "area_type": "Kind of area"}
NOTHING = "The source gives no products: what customers hold cannot be told"
COUNTED = (
    "Everyone on the books counts, suspended lines included, for it is not known whose line was suspended earlier. A "
    "change compares the base of now with that of then: who joined, who left and who stayed all move it. "
    "Government and education count as businesses."
)


def bottom_line(told: pd.DataFrame) -> str:
    """The product most held, and those whose share clearly moved in a year, or since the quarter before."""
    whole = _whole(told)
    if whole.empty:
        return f"{NOTHING}." if told.empty else "What customers hold is not told, to protect small groups."
    first = whole.iloc[0]
    said = f"{capital(name(first['product']))} is held by most: {percent(first['share'])} of customers."
    return " ".join([said, _moved(whole)])


def _whole(told: pd.DataFrame) -> pd.DataFrame:
    return told[(told["group"] == "all") & ~told["masked"].astype(bool)]


def _moved(whole: pd.DataFrame) -> str:
    for column, when in (("year", "a year ago"), ("before", "the quarter before")):
        known = whole[whole[column].notna()]
        if known.empty:
            continue
        clear = known[(known[f"{column}_low"] > 0) | (known[f"{column}_high"] < 0)]
        if clear.empty:
            return f"No product's share is clearly different from {when}."
        row = clear.loc[clear[column].abs().idxmax()]
        return (
            f"{capital(name(row['product']))} moved most since {when}: {_points(row[column])} "
            f"({_between(row, column)})."
        )
    return "There is no earlier quarter to compare with."


def _points(value: float) -> str:
    return change(value, 0.0, "share")


def _between(row: Any, column: str) -> str:
    ends = (row[f"{column}_low"] * 100, row[f"{column}_high"] * 100)
    return f"{interval(*ends, decimal)} points"


def held_rows(told: pd.DataFrame) -> pd.DataFrame:
    """Products by group as the table writes them."""
    shown = told.assign(who=told["group"].map(WHO), name=[capital(name(one)) for one in told["product"]])
    for column in ("before", "year"):
        known = [finite(value) is not None for value in told[column]]
        values = [_points(value) if one else MISSING for value, one in zip(told[column], known, strict=True)]
        shown[f"since_{column}"] = values
    rows = told.to_dict("records")
    shown["year_between"] = [_between(row, "year") if finite(row["year"]) is not None else MISSING for row in rows]
    return shown


def held_words(told: pd.DataFrame, *, now: Quarter) -> Captions:
    """Above the table of products."""
    subtitle = f"Customers on the books at the end of {quarter(now)} who hold each product; changes in points"
    whole = _whole(told)
    if whole.empty:
        return {"finding": NOTHING if told.empty else "What customers hold is not told", "subtitle": subtitle}
    most = [f"{name(row['product'])} ({percent(row['share'], 0)})" for row in whole.head(MOST_NAMED).to_dict("records")]
    return {"finding": f"Most held: {', '.join(most)}", "subtitle": subtitle}


def place_rows(places: pd.DataFrame) -> pd.DataFrame:
    """Regions and kinds of area, as the picture draws them: of each the largest, in the order of their names."""
    ordered = places.sort_values(["customers", "class"], ascending=[False, True], kind="stable")
    largest = ordered.groupby("dimension", sort=False).head(MOST_CLASSES)
    shown = largest.sort_values(["dimension", "class"], ascending=[False, True], kind="stable", ignore_index=True)
    return shown.assign(label=shown["dimension"].map(DIMENSIONS))


def place_words(places: pd.DataFrame) -> Words:
    """Around broadband by place, of the rows that are drawn."""
    subtitle = "Share of customers on the books who hold broadband, with the 95 % interval; the largest places"
    known = places[~places["masked"].astype(bool) & places["share"].notna()]
    ends = extremes(known[known["dimension"] == "region"], "share")
    finding = "Broadband is not held clearly more in one region than in another"
    if known.empty:
        finding = "Where broadband is held cannot be told"
    elif ends is None:
        finding = "The regions of customers who hold broadband are not told"
    elif ends[0]["low"] > ends[1]["high"]:
        most, least = (f"{row['class']} ({percent(row['share'], 0)})" for row in ends)
        finding = f"Broadband is held most in {most}, least in {least}"
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. Dots with intervals by region and area."}
