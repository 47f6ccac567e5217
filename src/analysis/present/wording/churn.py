"""Sentences of the churn chapter: who leaves, and when?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from analysis.measures.churn import by_spread
from analysis.measures.classes import DIMENSIONS, NOT_AVAILABLE
from analysis.present.block import Block
from analysis.present.numbers import count, day, decimal, interval, months, percent, quarter
from analysis.present.page import Caution, Note
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, counted, extremes, listed, moved

KINDS = {
    "voluntary": "left by choice",
    "non_payment": "left for unpaid bills",
    "moved": "moved away",
    "deceased": "died",
    "other": "left for other reasons",
}
HONEST = "with late entry"
NAIVE = "naive reading"
MONTHS = (3, 12, 24, 48, 72)


def horizon(curve: pd.DataFrame, *, smallest: int) -> float:
    """Months a picture of the curve reaches: the longest tenure with enough customers at risk, at most ten years."""
    enough = curve.loc[curve["at_risk"] >= smallest, "time"]
    return float(min(max(enough.max() if len(enough) else 0.0, 1.0), 120.0))


def bottom_line(base: pd.DataFrame, rates: pd.DataFrame) -> str:
    """The rate of the quarter and the class that stands out most."""
    if base.empty or pd.isna(base["churn_rate"].iloc[-1]):
        return "No churn rate can be given: no quarter with customers was observed whole."
    last = base.iloc[-1]
    before = base["churn_rate"].iloc[-2] if len(base) > 1 else None
    change = moved(last["churn_rate"], before)
    first = (
        f"{percent(last['churn_rate'])} of the customers left in {quarter(last['quarter'])}"
        f" ({interval(last['low'], last['high'], percent)}){', ' + change if change else ''}."
    )
    told = widest_gap(rates)
    return f"{first} {told}" if told else first


def widest_gap(rates: pd.DataFrame) -> str:
    """Highest and lowest rate in the dimension that tells most; empty when their intervals touch."""
    telling = by_spread(rates)
    dimension = telling[0] if telling else None
    known = rates[(rates["dimension"] == dimension) & (rates["class"] != NOT_AVAILABLE)]
    ends = extremes(known, "churn_rate")
    if ends is None or ends[0]["low"] <= ends[1]["high"]:
        return ""
    return (
        f"{DIMENSIONS[str(dimension)]} tells most: {percent(ends[0]['churn_rate'])} of “{ends[0]['class']}” left, "
        f"{percent(ends[1]['churn_rate'])} of “{ends[1]['class']}”."
    )


def rate_words(rates: pd.DataFrame, *, period: str) -> Words:
    """Around the chart of rates by class."""
    subtitle = (
        f"Leavers ÷ (opening base + joiners) in {quarter(period)} by the class held when it began or on joining, "
        "with the 95 % interval"
    )
    known = rates.dropna(subset=["churn_rate"])
    finding = widest_gap(rates) or _no_gap(known)
    told = listed([f"{row['class']} {percent(row['churn_rate'])}" for row in known.head(12).to_dict("records")])
    alt = f"{finding} {told or 'No class large enough to show'}."
    return {"finding": finding.rstrip("."), "subtitle": subtitle, "alt": alt}


def _no_gap(known: pd.DataFrame) -> str:
    compared = known[known["class"] != NOT_AVAILABLE].groupby("dimension")["class"].count()
    if (compared > 1).any():
        return "No two classes differ by more than chance allows"
    return "No two classes of a dimension are known and large enough to be compared"


def rate_table_words(rates: pd.DataFrame, *, smallest: int) -> Captions:
    """Above the table of rates by class."""
    hidden = int(rates["masked"].sum())
    subtitle = "Customers: opening base and joiners; shares in per cent, with the 95 % interval"
    if hidden:
        subtitle += (
            f"; {counted(hidden, 'class is', 'classes are')} masked for having fewer than {count(smallest)} customers, "
            "leavers or stayers, or to protect one that has"
        )
    return {"finding": "Churn of the quarter by class", "subtitle": subtitle}


def two_readings_words(honest: pd.DataFrame, naive: pd.DataFrame) -> Words:
    """Around the chart that shows the curve with late entry beside the naive one."""
    far = pd.merge(honest, naive, on="time", suffixes=("", "_naive")).dropna(subset=["survival", "survival_naive"])
    subtitle = (
        "Share of customers still there by months since joining, with the 95 % interval and the customers at risk"
    )
    if far.empty:
        return {"finding": "No survival curve can be given", "subtitle": subtitle, "alt": "No data."}
    row = far.iloc[(far["time"] - 24).abs().argmin()]
    finding = (
        f"After {months(row['time'], 0)} {percent(row['survival'])} are still there; read as if everybody had been "
        f"seen since signup it would be {percent(row['survival_naive'])}"
    )
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}


def why_naive_misleads(observed_from: dt.date) -> str:
    """One sentence on why the second reading misleads."""
    return (
        f"The second reading misleads because leavers are in the extract only from {day(observed_from)} on: it counts "
        "the months that today's customers had survived before that day as months in which nobody left, although those "
        "who left then are missing from the data."
    )


def readings(honest: pd.DataFrame, naive: pd.DataFrame) -> pd.DataFrame:
    """Both readings side by side: `months`, `honest`, `low`, `high`, `at_risk`, `naive`."""
    joined = honest.merge(naive[["time", "survival"]].rename(columns={"survival": "naive"}), on="time", how="outer")
    return joined.sort_values("time").rename(columns={"time": "months", "survival": "honest"})[
        ["months", "honest", "low", "high", "at_risk", "naive"]
    ]


def readings_words(longest: float) -> Captions:
    """Above the table of both readings."""
    subtitle = (
        "Share of customers still there (Kaplan–Meier); "
        f"beyond the longest tenure observed, {months(longest, 2)}, the last value is repeated"
    )
    return {"finding": "The two readings side by side", "subtitle": subtitle}


def median_sentence(curve: pd.DataFrame, median: tuple[float, float, float]) -> str:
    """The median life, or why there is none."""
    middle, low, high = median
    if not curve["events"].sum():
        return "Nobody left while under observation: a median life cannot be given."
    if pd.isna(middle):
        return (
            "More than half of the customers are still there at the longest tenure observed: "
            "a median life cannot be given."
        )
    between = interval(low, high, months)
    known = f" (95 % interval {between})" if between != MISSING else ""
    return f"Half of the customers have left after {months(middle)}{known}."


def curve_words(dimension: str, at: Mapping[str, float], *, month: float, p_value: float) -> Words:
    """Around the chart of survival by class; `at` is the survival of each class at `month`."""
    label = DIMENSIONS[dimension].lower()
    known = {name: value for name, value in at.items() if not pd.isna(value)}
    ordered = sorted(known, key=lambda name: (-known[name], name))
    if len(ordered) > 1:
        finding = (
            f"By {label}: after {months(month, 0)} {percent(known[ordered[0]])} of “{ordered[0]}” are still there, "
            f"{percent(known[ordered[-1]])} of “{ordered[-1]}”"
        )
    else:
        finding = f"Survival by {label}"
    told = listed([f"{name} {percent(known[name])}" for name in ordered])
    subtitle = (
        "Share still there by months since joining, by the class held at each landmark; "
        f"log-rank test {p_text(p_value)}"
    )
    alt = f"{finding}. After {months(month, 0)}: {told or 'no class large enough to show'}."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}


def log_rank_words(tests: pd.DataFrame) -> Captions:
    """Above the table of log-rank tests."""
    sure = tests[tests["p_value"] < 0.01]["label"].str.lower().tolist()
    finding = f"Leaving differs by {listed(sure)}" if sure else "Leaving differs by no class more than chance allows"
    subtitle = (
        "Log-rank test with late entry, by the class held at each landmark; small p-values speak against equal hazards"
    )
    return {"finding": finding, "subtitle": subtitle}


def p_text(value: float) -> str:
    """A p-value as it is printed: never zero."""
    if pd.isna(value):
        return "not possible"
    return "p < 0.001" if value < 0.001 else f"p = {decimal(value, 3)}"


def kind_words(kinds: pd.DataFrame, *, period: str) -> Words:
    """Around the chart of kinds of leaving."""
    subtitle = f"Share of the leavers of {quarter(period)} by kind of leaving, with the 95 % interval"
    known = kinds.dropna(subset=["share"])
    if known.empty:
        finding = "Too few customers left to show why" if len(kinds) else "Nobody left in the quarter"
        return {"finding": finding, "subtitle": subtitle, "alt": "No data."}
    first = known.iloc[0]
    finding = f"{percent(first['share'], 0)} of the leavers {KINDS.get(first['kind'], 'left for reasons not known')}"
    rows = known.to_dict("records")
    told = listed([f"{percent(row['share'])} {KINDS.get(row['kind'], row['kind'])}" for row in rows])
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {told}."}


def kind(name: str) -> str:
    """A kind of leaving as a reader writes it."""
    return name.replace("_", "-")


def dating(snapshot: dt.date | None) -> Block:
    """How joining and leaving are dated, and what a source without dates cannot tell."""
    if snapshot is None:
        return Note("Joining and leaving are dated to the day by the source.")
    return Caution(
        f"The source has no dates: it is a snapshot of {day(snapshot)} with a flag for who left. "
        "The day of leaving inside the quarter is unknown, all leavers are dated to the snapshot, "
        "and no rate by month can be given."
    )
