"""Sentences about warning signs: which earn their place, whom they flag now, and what they find beside the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.measures.risk_figures import EARNS, FEW, FEWER, LITTLE, NOTHING, USEFUL
from analysis.measures.risk_overlap import ANY
from analysis.measures.risk_rules import FLAGGED, Unavailable
from analysis.models.families import label
from analysis.present.numbers import count, decimal, percent
from analysis.present.wording.class_rules import conditions_told
from analysis.present.wording.phrase import Captions, Words, capital, counted, listed

VERDICTS = {
    EARNS: "earns its place",
    LITTLE: "tells little",
    NOTHING: "tells nothing",
    FEWER: "its customers leave less",
    FEW: "too few to say",
}
SOME = "any of the signs"
JUDGING = (
    "A sign earns its place where clearly more of those it flags leave than of all customers, and at least "
    f"{decimal(USEFUL)} times as many; it tells nothing where that can be ruled out. Who is flagged at several quarter "
    "ends is one customer in the intervals. What a sign says is no cause: who is flagged differs in other ways, too."
)

Row = Mapping[str, Any]


def bottom_line(figures: pd.DataFrame, rules: ClassRules, *, by_choice: bool) -> str:
    """How many signs earn their place, and which of them does most."""
    if figures.empty:
        return "No warning sign can be judged: the source tells none of what they read."
    best, many = _best(figures), len(earning(figures))
    of = counted(len(figures), "warning sign that can be read", "warning signs that can be read")
    if figures["precision"].isna().all():
        return f"None of {of} can be judged: too few were flagged, or too few left."
    if best is None:
        return f"None of {of} has been shown to earn its place."
    verb = "earns its place" if many == 1 else "earn their place"
    return (
        f"{count(many)} of {of} {verb}; “{rules[best['rule']].label}” most: {percent(best['precision'])} of those "
        f"flagged {_left(by_choice)} within the quarter, {decimal(best['lift'])} times as many as of all."
    )


def _left(by_choice: bool) -> str:
    return "left by choice" if by_choice else "left"


def chart_rows(figures: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """The signs as the picture shows them, the highest share of leavers first: `label` added."""
    known = figures[figures["precision"].notna()].sort_values("precision", ascending=False, kind="stable")
    return known.drop(columns="masked").assign(label=[rules[str(name)].label for name in known["rule"]])


def earning(figures: pd.DataFrame) -> list[str]:
    """The signs that earn their place."""
    return [str(name) for name in figures.loc[figures["verdict"] == EARNS, "rule"]]


def named(signs: Sequence[str], rules: ClassRules) -> list[str]:
    """What the signs are called; a name that nothing bears where there is none, so that all turn grey."""
    return [rules[name].label for name in signs] or [""]


def usual(figures: pd.DataFrame) -> float | None:
    """The share of all customers who left, over the most quarter ends that a sign was known at."""
    known = figures[figures["usual"].notna()]
    return None if known.empty else float(known.loc[known["landmarks"].idxmax(), "usual"])


def chart_words(figures: pd.DataFrame, rules: ClassRules, *, by_choice: bool) -> Words:
    """Around the picture of the share who left of those whom each sign flagged."""
    known = chart_rows(figures, rules)
    ends = counted(figures["landmarks"].max() if len(figures) else 0, "past quarter end", "past quarter ends")
    subtitle = (
        f"Share of the customers flagged at {ends} who {_left(by_choice)} within the quarter after, with the 95 % "
        "interval; grey: not shown to earn its place"
    )
    told = listed([f"{row['label']} {percent(row['precision'])}" for row in known.to_dict("records")])
    whole, best = percent(usual(figures)), _best(figures)
    finding = "No warning sign has been shown to tell who leaves"
    if best is not None:
        label = rules[best["rule"]].label
        finding = (
            f"{label} tells most: {percent(best['precision'])} of those flagged {_left(by_choice)}, {whole} of all"
        )
    alt = f"{finding}. Of those flagged left: {told}; of all customers {whole}."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}


def _best(figures: pd.DataFrame) -> dict[str, Any] | None:
    """The sign that earns its place with the highest lift."""
    told = figures[figures["verdict"] == EARNS].sort_values("lift", ascending=False, kind="stable")
    return {str(name): value for name, value in told.iloc[0].items()} if len(told) else None


def sign_rows(figures: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """The figures of every sign for reading: `label` and `said` added."""
    return figures.assign(
        label=[rules[str(name)].label for name in figures["rule"]],
        said=[VERDICTS[str(verdict)] for verdict in figures["verdict"]],
    )


def sign_words(figures: pd.DataFrame, *, by_choice: bool) -> Captions:
    """Above the table of figures."""
    subtitle = (
        f"Of those flagged, how many {_left(by_choice)} within the quarter (and in any way); of those who left so, how "
        "many were flagged; times as many as of all customers"
    )
    if figures["masked"].any():
        subtitle += "; masked where too few were flagged, left or stayed"
    return {"finding": "The warning signs in figures", "subtitle": subtitle}


def now_rows(figures: pd.DataFrame, overlap: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """How many customers each sign flags now, and how it is told: in the order of the rules, all together last."""
    told = overlap.set_index("rule")
    rows = [
        _now(name, told, words=rules[name].label, flags=_flags(rules, name), version=str(rules[name].version))
        for name in figures["rule"]
    ]
    every = _now(ANY, told, words=capital(SOME), flags="Whoever one of them flags, each counted once.", version="–")
    columns = ["label", "flagged", "in_top", "flagged_masked", "in_top_masked", "told", "version"]
    return pd.DataFrame([*rows, every] if rows else [], columns=columns)


def _now(name: str, told: pd.DataFrame, *, words: str, flags: str, version: str) -> dict[str, Any]:
    none = {"flagged": 0, "in_top": float("nan"), "flagged_masked": False, "in_top_masked": False}
    found = told.loc[name].to_dict() if name in told.index else none
    return {"label": words, "told": flags, "version": version} | found


def _flags(rules: ClassRules, name: str) -> str:
    """What a sign says of itself, and its conditions."""
    one = rules[name]
    return f"{one.says} Flagged where {conditions_told(one.rules[FLAGGED], rules)}."


def now_words(overlap: pd.DataFrame) -> Captions:
    """Above the table of who is flagged now."""
    every = overlap[(overlap["rule"] == ANY) & overlap["in_top"].notna()].to_dict("records")
    finding = "Whom the signs flag now"
    if every:
        finding = (
            f"{counted(every[0]['flagged'], 'active customer is', 'active customers are')} flagged now, "
            f"{percent(every[0]['in_top'], 0)} of them among the tenth that the model ranks first"
        )
    return {"finding": finding, "subtitle": "Active customers; the model ranks by the probability of the next quarter"}


def beside_the_model(found: Mapping[str, float] | None, *, by_choice: bool) -> str:
    """What the signs that earn their place found last quarter beside the model's first tenth."""
    if found is None:
        return (
            "What the signs find that the model misses cannot be told: too few were flagged or left, or nobody was "
            "foretold to."
        )
    gone, extra = _left(by_choice), counted(found["extra"], "customer", "customers")
    return (
        f"Of the customers who {gone} in the last quarter, the model had {percent(found['held'], 0)} in the tenth it "
        f"ranked first. The signs that earn their place flagged {extra} "
        f"beside that tenth, of whom {percent(found['rate'])} {gone} ({percent(found['usual'])} of all): "
        f"{percent(found['found'], 0)} of the leavers, whom the model had not named. As many customers next in the "
        f"model’s own order held {percent(found['next'], 0)}."
    )


def not_available(found: Mapping[str, Unavailable], rules: ClassRules) -> list[str]:
    """One sentence for each sign that cannot be read here."""
    return [f"{rules[name].label}: not available, {_why(one)}" for name, one in found.items()]


def _why(one: Unavailable) -> str:
    named = listed([label(column) for column in one.columns])
    if one.refused:
        return f"for {named} cannot be believed. {one.refused}"
    return f"the source does not tell {named}."
