"""Sentences about which customers say what, why, and what comes of it."""

from __future__ import annotations

import pandas as pd

from analysis.models.after_answer import After
from analysis.present.numbers import count, decimal, finite, interval, percent
from analysis.present.wording.phrase import Captions, Words
from analysis.present.wording.survey_scores import KINDS, _signed

BESIDE = {"above": "clearly higher", "below": "clearly lower", "": ""}
COMPARED = (
    "A class is called clearly higher or lower only where its difference from all other answers stands with every "
    "class counted as a comparison; among many classes some look high or low by chance alone. Scores by class are "
    "those of who answered, the last answer of each customer over four quarters."
)
BACK = (
    "Extreme answers move towards the middle by themselves: that detractors say better things the next time, and "
    "promoters worse, is no effect of anything that was done."
)


def class_rows(classes: pd.DataFrame) -> pd.DataFrame:
    """Classes with what is said of them beside all others."""
    return classes.assign(said=classes["stands_out"].map(BESIDE).where(~classes["masked"].astype(bool), ""))


def class_words(classes: pd.DataFrame) -> Words:
    """Around the score by class."""
    subtitle = "Net promoter score of the answers of four quarters, with the 95 % interval"
    known = classes[classes["nps"].notna()]
    finding = _class_finding(known)
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {count(len(known))} classes with intervals."}


def _class_finding(known: pd.DataFrame) -> str:
    if known.empty:
        return "The score is not told by class: too few answered"
    out = known[known["stands_out"] != ""].sort_values(["nps", "dimension", "class"], kind="stable")
    if out.empty:
        return "No class of customers is clearly happier or unhappier than the others"
    worst, best = out.iloc[0], out.iloc[-1]
    said = {
        "below": f"lowest: {worst['class']} ({decimal(worst['nps'], 0)})",
        "above": f"highest: {best['class']} ({decimal(best['nps'], 0)})",
    }
    named = [words for side, words in said.items() if (out["stands_out"] == side).any()]
    return f"Clearly {', '.join(named)}"


def class_table_words(classes: pd.DataFrame) -> Captions:
    """Above the score by class in figures."""
    out = int((classes["stands_out"] != "").sum())
    known = int(classes["nps"].notna().sum())
    finding = f"{count(out)} of {count(known)} classes differ clearly from all other answers"
    subtitle = "Last answer of each customer over four quarters; surveys answered of those sent"
    return {"finding": finding if known else "The score is not told by class: too few answered", "subtitle": subtitle}


def drawn(classes: pd.DataFrame) -> pd.DataFrame:
    """The classes that may be published, as a picture draws them."""
    told = classes[classes["nps"].notna()].reset_index(drop=True)
    return told.assign(customers=told["answers"])


def standing_out(classes: pd.DataFrame) -> list[str]:
    """The classes that a finding may name."""
    return list(classes.loc[classes["stands_out"] != "", "class"])


def reason_bullets(kpis: pd.DataFrame) -> list[str]:
    """What goes with better answers, from what the chapter on groups has learned; a hint where to look."""
    told = kpis[kpis["class"].isna()].set_index("metric") if len(kpis) else pd.DataFrame()
    said = []
    if "nps_per_outage_hour" in told.index:
        row = told.loc["nps_per_outage_hour"]
        clear = not row["low"] <= 0 <= row["high"]
        effect = f"{_signed(row['value'], 'csat')} on the scale from 0 to 10"
        between = interval(row["low"], row["high"], lambda end: decimal(end, 2))
        said.append(
            f"One more hour of outage a month goes with {effect} ({between})"
            f"{'' if clear else ', which may be chance'}, all else being equal."
        )
    if "drivers_fit" in told.index:
        share = percent(told.loc["drivers_fit", "value"], 0)
        said.append(f"All that is on record of a customer foretells {share} of how answers differ.")
    where = "Every driver with its effect is in the chapter on groups, under what drives value and satisfaction."
    return [*said, where] if said else ["What drives the answers is not known of this run."]


def after_rows(after: After) -> pd.DataFrame:
    """Who left after an answer, as the table writes it."""
    rows = after.rates
    when = [f"{months} months" for months in rows["months"]]
    return rows.assign(when=when, name=rows["kind"].map(KINDS))


def after_words(after: After) -> Captions:
    """Above who left after an answer."""
    way = "by choice " if after.by_choice else ""
    subtitle = (
        f"Customers who left {way}after an answer, of those followed so long; a customer with several is one case"
    )
    hazards = after.hazards
    if finite(hazards.ratio) is None:
        finding = "Whether the answers foretell who leaves cannot be told"
        return {"finding": finding, "subtitle": subtitle}
    between = interval(hazards.low, hazards.high, lambda end: decimal(end, 2))
    if hazards.low <= 1 <= hazards.high:
        finding = "Detractors do not clearly leave faster or slower than promoters"
    else:
        finding = f"Detractors leave {decimal(hazards.ratio, 2)} times as fast as promoters ({between})"
    return {"finding": finding, "subtitle": subtitle}


def after_bullets(after: After) -> list[str]:
    """How much faster detractors left, at equal tenure and contract, and what follows."""
    hazards = after.hazards
    if finite(hazards.ratio) is None:
        return [f"How much faster detractors leave cannot be told: {hazards.reason}."]
    between = interval(hazards.low, hazards.high, lambda end: decimal(end, 2))
    said = (
        f"At equal time with the company and equal contract, detractors left {decimal(hazards.ratio, 2)} times as fast "
        f"as promoters in the year after the answer ({between}; {count(hazards.answers)} answers, "
        f"{count(hazards.left)} of them followed by leaving)."
    )
    if hazards.low <= 1 <= hazards.high:
        reach = max(hazards.high, 1 / hazards.low)
        use = (
            f"Nothing here says whom to call by the answer alone; a difference of more than {decimal(reach, 2)} times "
            "can be ruled out."
        )
        return [said, use]
    return [said, "The answer goes with leaving; that it causes it, or that a call would help, does not follow."]


def repeated_bullets(pairs: pd.DataFrame) -> list[str]:
    """How answers of the same customers changed."""
    whole = pairs[pairs["then"].isna()]
    if whole.empty:
        return ["Too few customers answered twice to tell how their own answers changed."]
    row = whole.iloc[0]
    between = interval(row["low"], row["high"], decimal)
    moved = "did not clearly change" if row["low"] <= 0 <= row["high"] else "changed"
    first = (
        f"{count(row['customers'])} customers who answered within the last four quarters had answered before: their "
        f"own score {moved} between the two answers ({_signed(row['change'], 'nps')}; {between})."
    )
    said = [first]
    kinds = pairs.dropna(subset=["then"]).set_index("then")
    if {"promoter", "detractor"} <= set(kinds.index):
        moves = {name: _signed(kinds.at[name, "change"], "nps") for name in ("detractor", "promoter")}
        said.append(
            f"Who was a detractor the first time moved by {moves['detractor']} points on average, who was a promoter "
            f"by {moves['promoter']}. {BACK}"
        )
    return said
