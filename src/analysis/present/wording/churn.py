"""Sentences of the churn chapter: who leaves, and when?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from analysis.measures.base import anybody_followed
from analysis.measures.churn import CLEAR, by_spread, clearest
from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.models.by_class import FEWEST_EXPECTED
from analysis.present.block import Block
from analysis.present.columns import MOST_CLASSES
from analysis.present.numbers import count, day, decimal, interval, months, percent, quarter
from analysis.present.page import Caution, Note
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, churn_moved, counted, cut_at, extremes, inside, listed

KINDS = {
    "voluntary": "left by choice",
    "non_payment": "left for unpaid bills",
    "moved": "moved away",
    "deceased": "died",
    "other": "left for other reasons",
}
NO_KINDS = (
    "The source names reasons for leaving but not their kinds: map churn_kind (voluntary, non_payment, moved, deceased "
    "or other) from churn_reason to see them"
)
HONEST = "with late entry"
NAIVE = "naive reading"
MONTHS = (3, 12, 24, 36, 48, 72)
MOST_DRAWN = 6  # classes of a dimension in the picture of rates, the largest; the highest rate is drawn besides
SAME = 1e-9  # of survival: a smaller difference is that of floating-point sums


def horizon(curve: pd.DataFrame, *, smallest: int) -> float:
    """Months a picture of the curve reaches: the longest tenure with enough customers at risk, at most ten years."""
    enough = curve.loc[curve["at_risk"] >= smallest, "time"]
    return float(min(max(enough.max() if len(enough) else 0.0, 1.0), 120.0))


def bottom_line(base: pd.DataFrame, rates: pd.DataFrame) -> str:
    """The rate of the quarter and the class that stands out most."""
    if not base.empty and "churn_rate_masked" in base and base["churn_rate_masked"].iloc[-1]:
        return f"Too few left or stayed in {quarter(base['quarter'].iloc[-1])} to give a churn rate."
    if not anybody_followed(base):
        return "No churn rate can be given: nobody can be followed. The data chapter says why."
    if base.empty or pd.isna(base["churn_rate"].iloc[-1]):
        return "No churn rate can be given: no quarter with customers was observed whole."
    last = base.iloc[-1]
    change = churn_moved(base)
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
        f"Leaving differs most by {inside(known['label'].iloc[0])}: {percent(ends[0]['churn_rate'], 2)} of "
        f"“{ends[0]['class']}” left, "
        f"{percent(ends[1]['churn_rate'], 2)} of “{ends[1]['class']}”."
    )


def rate_words(rates: pd.DataFrame, *, period: str) -> Words:
    """Around the chart of rates by class; `rates` are those of all dimensions and classes."""
    subtitle = (
        f"Leavers ÷ (opening base + joiners) in {quarter(period)} by the class held when it began or on joining, "
        "with the 95 % interval"
    )
    if cut_at(clearest(rates), MOST_DRAWN):
        subtitle += "; of a dimension with many, the largest classes and the one with the highest rate"
    known = rates.dropna(subset=["churn_rate"])
    finding = widest_gap(rates) or _no_gap(rates)
    told = listed([f"{row['class']} {percent(row['churn_rate'])}" for row in known.head(12).to_dict("records")])
    alt = f"{finding} {told or 'No class large enough to show'}."
    return {"finding": finding.rstrip("."), "subtitle": subtitle, "alt": alt}


def _no_gap(rates: pd.DataFrame) -> str:
    telling = by_spread(rates)
    if telling and not rates["churn_rate"].fillna(0).any():
        return "Nobody left" if not rates["masked"].any() else "Nobody left of the classes that are not masked"
    if telling:
        label = inside(rates.loc[rates["dimension"] == telling[0], "label"].iloc[0])
        return f"No class stands clearly apart by {label}, the dimension in which rates differ most"
    if cut_at(rates[rates["class"] != NOT_AVAILABLE], 1):
        return "Too few leavers to compare classes"
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
    if cut_at(rates, MOST_CLASSES):
        subtitle += f"; of a dimension with more, the {count(MOST_CLASSES)} largest classes are shown"
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
    finding = f"After {months(row['time'], 0)} {percent(row['survival'])} are still there; " + (
        "both readings agree"
        if agree(honest, naive)
        else f"read as if everybody had been seen since signup it would be {percent(row['survival_naive'])}"
    )
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}


def agree(honest: pd.DataFrame, naive: pd.DataFrame) -> bool:
    """Whether both readings are the same at every month, as they are when nobody came under observation late."""
    both = pd.merge(honest, naive, on="time", how="outer", suffixes=("", "_naive"))
    one, other = both["survival"].astype(float), both["survival_naive"].astype(float)
    return bool((((one - other).abs() < SAME) | (one.isna() & other.isna())).all())


def why_naive_misleads(honest: pd.DataFrame, naive: pd.DataFrame, *, observed_from: dt.date) -> str:
    """One sentence on why the second reading misleads, or does not; both are tables of survival by month."""
    if honest["survival"].isna().all():
        return "Too few customers were at risk to compare the readings."
    if agree(honest, naive):
        return "Both readings agree at every month shown: late entry makes no difference here."
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


def readings_words(shown: pd.DataFrame, longest: float) -> Captions:
    """Above the table of both readings, as `readings` has them: where they are furthest apart."""
    subtitle = (
        "Share of customers still there (Kaplan–Meier); "
        f"beyond the longest tenure observed, {months(longest, 2)}, the last value is repeated; "
        "missing where too few were at risk"
    )
    apart = (shown["naive"] - shown["honest"]).abs()
    if not apart.gt(0).any():
        return {"finding": "Both readings agree", "subtitle": subtitle}
    far = shown.loc[apart.idxmax()]
    return {
        "finding": (
            f"The two readings are furthest apart after {months(far['months'], 0)}: {percent(far['honest'])} still "
            f"there, not {percent(far['naive'])}"
        ),
        "subtitle": subtitle,
    }


def median_sentence(curve: pd.DataFrame, median: tuple[float, float, float]) -> str:
    """The median life, or why there is none."""
    middle, low, high = median
    if not curve["at_risk"].any():
        return "Nobody was under observation: a median life cannot be given."
    if not curve["events"].sum():
        return "Nobody is known to have left while under observation: a median life cannot be given."
    if pd.isna(middle) and (curve["survival"] < 0.5).any():
        return "Too few customers were at risk when half had left: a median life cannot be given."
    if pd.isna(middle):
        return (
            "More than half of the customers are still there at the longest tenure observed: "
            "a median life cannot be given."
        )
    between = interval(low, high, months)
    known = f" (95 % interval {between})" if between != MISSING else ""
    return f"Half of the customers have left after {months(middle)}{known}."


def curve_words(label: str, at: Mapping[str, float], *, month: float, p_value: float) -> Words:
    """Around the chart of survival by class; `at` is the survival of each class at `month`."""
    label = inside(label)
    known = {name: value for name, value in at.items() if not pd.isna(value)}
    ordered = sorted(known, key=lambda name: (-known[name], name))
    if len(ordered) > 1:
        finding = (
            f"By {label}: after {months(month, 0)} {percent(known[ordered[0]])} of “{ordered[0]}” are still there, "
            f"{percent(known[ordered[-1]])} of “{ordered[-1]}”"
        )
    else:
        finding = f"By {label}: too few customers at risk to compare classes after {months(month, 0)}"
    told = listed([f"{name} {percent(known[name])}" for name in ordered])
    subtitle = (
        "Share still there by months since joining, by the class held at each landmark; "
        f"log-rank test of the whole dimension {p_text(p_value)}"
    )
    alt = f"{finding}. After {months(month, 0)}: {told or 'no class large enough to show'}."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}


def no_curves() -> str:
    """What stands in place of the pictures by class."""
    return f"In no dimension do classes that are large enough to draw differ clearly (p < {CLEAR:g})."


def log_rank_words(tests: pd.DataFrame) -> Captions:
    """Above the table of log-rank tests."""
    sure = [inside(str(label)) for label in tests.loc[tests["p_value"] < CLEAR, "label"]]
    finding = f"Leaving differs by {listed(sure)}" if sure else "Leaving does not clearly differ by class"
    if tests.empty:
        finding = "No two classes of a dimension have enough leavers to be tested"
    subtitle = (
        "Log-rank test with late entry, by the class held at each landmark; small p-values speak against equal "
        f"hazards; classes with fewer than {count(FEWEST_EXPECTED)} expected leavers are left out"
    )
    return {"finding": finding, "subtitle": subtitle}


def p_text(value: float) -> str:
    """A p-value as it is printed: never zero."""
    if pd.isna(value):
        return "not possible"
    return "p < 0.001" if value < 0.001 else f"p = {decimal(value, 3)}"


def kind_words(kinds: pd.DataFrame, *, period: str, reasons: bool, followed: bool = True) -> Words:
    """Around the chart of kinds of leaving; `reasons` says whether the source names reasons beside, or instead.

    `followed`: whether anybody can be followed, so that no leaver means that nobody left.
    """
    subtitle = f"Share of the leavers of {quarter(period)} by kind of leaving, with the 95 % interval"
    known = kinds.dropna(subset=["share"])
    if len(kinds) and (kinds["kind"] == "not known").all():
        finding = NO_KINDS if reasons else "The source does not say why customers left"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    if not followed:
        finding = "Who left in the quarter is not known: nobody can be followed"
        return {"finding": finding, "subtitle": subtitle, "alt": "No data."}
    if known.empty:
        finding = "Too few customers left to show why" if len(kinds) else "Nobody is known to have left in the quarter"
        return {"finding": finding, "subtitle": subtitle, "alt": "No data."}
    first = known.iloc[0]
    finding = f"{percent(first['share'], 0)} of the leavers {KINDS.get(first['kind'], 'left for reasons not known')}"
    rows = known.to_dict("records")
    told = listed([f"{percent(row['share'])} {KINDS.get(row['kind'], row['kind'])}" for row in rows])
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {told}."}


def kind(name: str) -> str:
    """A kind of leaving as a reader writes it."""
    return name.replace("_", "-")


def dating(snapshot: dt.date | None, *, followed: bool = True) -> Block:
    """How joining and leaving are dated, and what a source without dates cannot tell.

    `followed`: whether anybody can be followed.
    """
    if not followed:
        return Caution(
            "What the source gives dates nobody's joining and leaving: who left, and when, cannot be told. "
            "The data chapter says what is missing."
        )
    if snapshot is None:
        return Note("Joining and leaving are dated to the day by the source.")
    return Caution(
        f"The source has no dates: it is a snapshot of {day(snapshot)} with a flag for who left. "
        "The day of leaving inside the quarter is unknown, all leavers are dated to the snapshot, "
        "and no rate by month can be given."
    )
