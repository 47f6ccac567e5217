"""Sentences about who may become a customer: how many leads do, when, and what a lead is worth."""

from __future__ import annotations

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.lead_conversion import WITHIN, YEAR
from analysis.models.lead_chances import LeadCourse
from analysis.models.lead_study import LeadStudy
from analysis.models.still_to_come import Half
from analysis.present.numbers import count, finite, interval, money, percent, quarter
from analysis.present.wording.phrase import Captions, Words, capital, counted, extremes, moved

HEADS = {"channel": "By channel", "segment": "By segment"}
ALONG = "Days since the lead was made"
NEARLY = 0.99
MOST = 12  # channels and segments that are shown, of each the largest
SAME = "Not told, for the reason given above."
NONE = "The source gives no leads: who may become a customer is not known."
UNRIPE = f"No leads have been followed for {WITHIN} days yet: how many become customers is not told."
FEW = "Too few leads became customers, or did not, to tell how many do."


def bottom_line(quarters: pd.DataFrame, course: LeadCourse, *, smallest: int) -> str:
    """How many leads of the newest quarter became customers, whether that moved, and how soon they do."""
    if quarters.empty or not quarters["leads"].sum():
        return UNRIPE
    row = quarters.iloc[-1]
    if min(row["converted"], row["leads"] - row["converted"]) < smallest:
        return FEW
    before = quarters.iloc[-2] if len(quarters) > 1 else None
    change = "" if before is None else moved(row["share"], row["leads"], before["share"], before["leads"])
    said = (
        f"{percent(row['share'])} of the leads made in {quarter(row['quarter'])} became customers within "
        f"{count(WITHIN)} days ({interval(row['low'], row['high'], percent)})"
    )
    return f"{said}{', ' + change if change else ''}. {_half(course.half)}".strip()


def _half(half: Half) -> str:
    if finite(half.time) is None:
        return ""
    between = f"{_days(half.low)} to {_days(half.high)}"
    return f"Half of those who ever do have done so after {counted(half.time - 1, 'day', 'days')} ({between})."


def _days(time: float) -> str:
    """A day of being followed as days since the lead was made."""
    return count(time - 1)


def value_rows(values: pd.DataFrame) -> pd.DataFrame:
    """Conversion and value by channel and segment as table and picture show them: of each the largest."""
    kept = values.groupby("dimension", sort=False).head(MOST).reset_index(drop=True)
    names = kept["class"].where(kept["dimension"] != "all", "all leads").map(capital)
    return kept.assign(name=names, head=kept["dimension"].map(HEADS).fillna(""))


def share_words(values: pd.DataFrame, quarters: pd.DataFrame) -> Words:
    """Around conversion by channel and segment."""
    subtitle = (
        f"Share of the leads made in {_period(quarters)} that became customers within {count(WITHIN)} days, with the "
        "95 % interval"
    )
    finding = _ends(_told(values, "channel"), "Leads of no channel become customers clearly more often than another’s")
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. Dots with intervals by channel and segment."}


def _told(values: pd.DataFrame, dimension: str) -> pd.DataFrame:
    return values[(values["dimension"] == dimension) & ~values["masked"].astype(bool) & values["share"].notna()]


def _ends(channels: pd.DataFrame, otherwise: str) -> str:
    ends = extremes(channels, "share")
    if ends is None:
        return "Which channels’ leads become customers most often is not told"
    most, least = ends
    if most["low"] <= least["high"]:
        return otherwise
    return (
        f"Leads by {most['class']} become customers most often ({percent(most['share'], 0)}), "
        f"by {least['class']} least ({percent(least['share'], 0)})"
    )


def _period(quarters: pd.DataFrame) -> str:
    told = [quarter(Quarter.parse(one)) for one in quarters["quarter"].tail(YEAR)]
    return told[0] if len(told) == 1 else f"{told[0]} to {told[-1]}" if told else "the year before"


def curve_rows(course: LeadCourse) -> pd.DataFrame:
    """The course as it is drawn: to the day on which nearly all have become customers who ever do."""
    curve = course.curve
    reached = curve.loc[curve["share"] >= NEARLY * curve["share"].iloc[-1], "days"].iloc[0]
    return curve[curve["days"] <= max(reached, WITHIN)]


def curve_words(course: LeadCourse) -> Words:
    """Around the course of becoming a customer."""
    finding = "When leads become customers is not told: too few did, or did not"
    if course.horizon:
        end = course.curve["share"].iloc[-1]
        finding = f"{percent(end)} of leads become customers in the end"
        if finite(course.half.time) is not None:
            finding += f", half of them within {counted(course.half.time - 1, 'day', 'days')}"
    subtitle = (
        "Share of all leads on record that have become customers, by days since they were made; open leads count as "
        "far as they are followed, with the 95 % interval"
    )
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. A curve that rises and levels off."}


def value_words(values: pd.DataFrame, *, currency: str) -> Captions:
    """Above the table of values."""
    whole = values[values["dimension"] == "all"]
    known = whole[whole["value"].notna()]
    finding = "What a lead is worth is not told: too few customers were won from leads, or none has a value"
    if len(known):
        row = known.iloc[0]
        between = interval(row["value_low"], row["value_high"], lambda end: money(end, currency, 0))
        finding = f"A new lead is worth {money(row['value'], currency, 0)} ({between})"
    return {
        "finding": finding,
        "subtitle": (
            "Share that becomes a customer × mean lifetime value of the customers won from leads in the last year, who "
            "left again counting with nothing; intervals leave out what the model of value itself does not know"
        ),
    }


def age_rows(ages: pd.DataFrame) -> pd.DataFrame:
    """Open leads by age as the table shows them."""
    return ages.assign(name=[_band(row["first"], row["last"]) for row in ages.to_dict("records")])


def _band(first: float, last: float) -> str:
    return f"{count(first)} days or more" if finite(last) is None else f"{count(first)} to {count(last)} days"


def age_words(ages: pd.DataFrame) -> Captions:
    """Above the table of open leads."""
    known = ages[ages["chance"].notna()]
    finding = "What becomes of open leads is not told"
    later = known[(known["first"] > 0) & (known["chance"] > 0)]
    if len(known) and len(later):
        first, last = known.iloc[0], later.iloc[-1]
        finding = (
            f"Of new leads {percent(first['chance'])} become customers, of those still open after "
            f"{count(last['first'])} days {percent(last['chance'])}"
        )
    return {
        "finding": finding,
        "subtitle": (
            "Leads open at the as-of date by how long they have been, and the chance that one so old (at the first day "
            "of the line) still becomes a customer within a year of being made, or as far as leads are followed"
        ),
    }


def counted_how(study: LeadStudy | None) -> list[str]:
    """What the figures rest on, and what is not known."""
    if study is None:
        return [SAME]
    return [
        (
            "Leads are no customers and in no class of them. What customers of a channel cost to win is told in the "
            "chapter on value; here is what its leads are worth."
        ),
        (
            "Chances are those of leads as they are handled today, calls of sales among them. What a call adds is an "
            "assumption of the policy table until enough leads held out by lot tell it."
        ),
        "Whether a lead may be called is not on record here: sales checks it first.",
    ]
