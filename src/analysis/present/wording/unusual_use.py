"""Sentences about customers whose own use jumps or falls."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.frames.usual_use import FEWEST, LOOK_BACK
from analysis.measures.unusual_figures import DOWN, UP
from analysis.present.numbers import count, decimal, finite, percent
from analysis.present.wording.phrase import Captions, capital, counted, listed

MEASURES = {"download_gb": "download", "upload_gb": "upload", "voice_minutes": "voice minutes"}
MEANS = {
    UP: "malware, resale or use by others",
    DOWN: "leaving, or a fault nobody told of",
}
GROUPS = {UP: "Use had jumped", DOWN: "Use had fallen", "usual": "Use as usual"}
EXPLAINED = (
    "Explained, and not counted: the customer’s own season (the same month a year ago did the same), a product begun "
    "or given up within the year, and for less use a suspended line."
)


def absent(given: bool, counts: pd.DataFrame) -> str:
    """Why nothing can be told, or nothing."""
    if not given:
        return "Unusual use cannot be told: the source does not give use."
    if counts.empty:
        return f"Unusual use cannot be told yet: a customer needs {count(FEWEST)} earlier months of use."
    return ""


def bottom_line(counts: pd.DataFrame, *, given: bool) -> str:
    """How many customers' use jumped and fell, or why that cannot be told."""
    if lack := absent(given, counts):
        return lack
    told = [_told(counts, side, verb) for side, verb in ((UP, "jumped"), (DOWN, "fell"))]
    return f"{capital(listed([one for one in told if one]) or 'whose use stands out is masked: too few customers')}."


def _told(counts: pd.DataFrame, side: str, verb: str) -> str:
    rows = counts[(counts["direction"] == side) & ~counts["customers_masked"].astype(bool)]
    if rows.empty:
        return ""
    row = rows.sort_values("customers", ascending=False).iloc[0]
    if not row["customers"]:
        return f"nobody’s use {verb} without a reason on record"
    by_chance = f"at most {count(round(row['by_chance']))} of them by chance"
    name = MEASURES[row["measure"]]
    many = counted(row["customers"], "customer", "customers")
    return f"{name} of {many} {verb} without a reason on record ({by_chance})"


def count_rows(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts as the table shows them."""
    named = {UP: "Jumped", DOWN: "Fell"}
    return counts.assign(
        name=counts["measure"].map(MEASURES).map(capital),
        side=counts["direction"].map(named),
        per_thousand=1000 * counts["share"],
    )


def count_words(counts: pd.DataFrame, quarter: Quarter) -> Captions:
    """Above the table of counts."""
    subtitle = "Customers whose use stands out"
    if counts.empty:
        return {"finding": "Nobody’s use could be judged", "subtitle": subtitle}
    rows = counts[~counts["customers_masked"].astype(bool) & (counts["customers"] > counts["by_chance"])]
    finding = "More customers stand out than chance explains" if len(rows) else "No more stand out than chance explains"
    return {
        "finding": finding,
        "subtitle": (
            f"Customers with a month of {quarter} far from their own last {count(LOOK_BACK)} months, by the limit that "
            "one quiet customer in a thousand passes a month, over all measures together"
        ),
    }


def means(counts: pd.DataFrame) -> list[str]:
    """What a jump and a fall may mean."""
    if counts.empty:
        return ["Neither, here: nobody’s use could be judged."]
    return [
        f"A jump may be {MEANS[UP]}; it is a reason to ask, not to accuse. A fall may be {MEANS[DOWN]}.",
        EXPLAINED,
        (
            "The list lies in the run’s table “usage_anomalies”, not in this report. How often it is wrong was "
            "checked on simulated customers: fewer than one false alarm per thousand and month."
        ),
    ]


def left_line(left: pd.DataFrame, counts: pd.DataFrame) -> str:
    """Whether a fall foretold leaving in the quarters before."""
    if counts.empty:
        return "Whether a fall in use foretells leaving cannot be told: nobody’s use could be judged."
    row = left[left["group"] == DOWN].iloc[0]
    usual = left[left["group"] == "usual"].iloc[0]
    if finite(row["rate"]) is None or finite(usual["rate"]) is None:
        return "Whether a fall foretells leaving cannot be told: too few customers whose use fell left or stayed."
    first = f"Of customers whose use had fallen, {percent(row['rate'])} left within the next quarter"
    beside = f"of those whose use was as usual {percent(usual['rate'])}"
    low, high = finite(row["ratio_low"]), finite(row["ratio_high"])
    if low is None or high is None:
        return f"{first}, {beside}."
    between = f"{decimal(row['ratio'])} times as many ({decimal(low)} to {decimal(high)})"
    if low > 1:
        return f"A fall in use foretells leaving: {first[0].lower()}{first[1:]}, {beside}, {between}."
    return f"A fall in use does not clearly foretell leaving: {first[0].lower()}{first[1:]}, {beside}, {between}."


def left_rows(left: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """The groups as the table shows them; none where nobody's use could be judged."""
    return left.assign(name=left["group"].map(GROUPS)).iloc[: 0 if counts.empty else None]


def left_words(left: pd.DataFrame, quarters: Sequence[Quarter]) -> Captions:
    """Above the table of who left afterwards."""
    row = left[left["group"] == DOWN].iloc[0]
    low = finite(row["ratio_low"])
    finding = "Whether a fall in use foretells leaving cannot be told yet"
    if low is not None:
        finding = f"After a fall in use {decimal(row['ratio'])} times as many left by choice"
        finding = finding if low > 1 else "A fall in use does not clearly foretell leaving"
    last = f"{quarters[0]} to {quarters[-1]}" if len(quarters) > 1 else f"{quarters[-1]}"
    return {
        "finding": finding,
        "subtitle": (
            f"Customers on the books at the start of a quarter, {last}, by their use in the quarter before; "
            "who left by choice in it"
        ),
    }
