"""Sentences about whether a quarter is out of the ordinary, class by class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.measures.control import CHANCE, FEWEST_QUARTERS, Control
from analysis.present.numbers import count, decimal, interval, percent, quarter
from analysis.present.text import clean
from analysis.present.wording.churn import KINDS
from analysis.present.wording.phrase import Captions, Words, counted, listed

MOST_DRAWN = 5  # classes of the picture, beside the whole base
MOST_NAMED = 6  # classes that moved with the whole base, named in a sentence
RAREST = 0.001
EVERYONE = "All customers"
HOW = (
    "Limits are made of past quarters and of how the rest of the base moved in this one; a class’s own figures of the "
    "quarter take no part. They hold 19 of 20 ordinary quarters: they allow for chance among so many customers, for "
    "quarters that differ by more than that (learned from all classes together), and for season and drift as far as "
    "past quarters show them. A class has its customers as they were when the quarter began, or on joining. Limits of "
    "a past quarter are made of all the others."
)

TABLE_WORDS: Captions = {
    "finding": "Classes beyond their limits, the rarest first",
    "subtitle": (
        "Expected rate and limits from past quarters and from the rest of the base; how often chance alone takes an "
        "ordinary class as far"
    ),
}

Row = Mapping[str, Any]


def too_little(found: Control) -> str:
    """Why the quarter cannot be judged; empty where it can."""
    if not found.quarters:
        return "Whether this quarter is out of the ordinary cannot be told: nobody could be followed through one."
    if not found.whole:
        return "Whether this quarter is out of the ordinary cannot be told: part of it lies outside the data."
    if not found.enough:
        before = len(found.quarters) - 1
        return (
            f"Whether this quarter is out of the ordinary can be told once {count(FEWEST_QUARTERS)} quarters before it "
            f"are observed whole: so far {counted(before, 'is', 'are') if before else 'none is'}."
        )
    if found.judged.empty:
        return "Whether this quarter is out of the ordinary cannot be told: too few customers leave in a quarter."
    return ""


def bottom_line(found: Control) -> str:
    """The whole base against its limits, and how many classes are beyond theirs."""
    return too_little(found) or " ".join(part for part in (_base(found), _classes(found)) if part)


def _base(found: Control) -> str:
    if found.base.empty:
        return ""
    row, period = found.base.iloc[0], quarter(found.quarters[-1])
    edges = interval(row["low"], row["high"], percent)
    if not row["side"]:
        return f"The base as a whole is not: {percent(row['churn_rate'])} left in {period}, {edges} was to be expected."
    way = "more" if row["side"] == "rise" else "fewer"
    return (
        f"The base as a whole is: {percent(row['churn_rate'])} left in {period}, {way} than the {edges} to be "
        "expected. Classes are judged beside that."
    )


def _classes(found: Control) -> str:
    judged, signals = found.classes, found.signals
    if judged.empty:
        return "No class has leavers enough to be judged."
    chance = _by_chance(len(judged))
    of = counted(len(judged), "class", "classes")
    if signals.empty:
        return f"None of {of} judged is beyond its limits; by chance alone about {chance} would be."
    sides = [
        f"{counted(number, 'is', 'are')} {way}"
        for side, way in (("rise", "above"), ("fall", "below"))
        if (number := int((signals["side"] == side).sum()))
    ]
    return f"Of {of} judged {listed(sides)} the limits; by chance alone about {chance} would be beyond them."


def panels(rows: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """The rows of the picture, each with the `name` of its panel."""
    return rows.assign(name=[_name(row, rules) for row in rows.to_dict("records")])


def _name(row: Row, rules: ClassRules) -> str:
    return f"{rules[row['dimension']].label}: {row['class']}" if row["dimension"] else EVERYONE


def _quoted(row: Row, rules: ClassRules) -> str:
    return f"“{clean(row['class'])}” ({rules[row['dimension']].label})" if row["dimension"] else EVERYONE


def chart_words(found: Control, rules: ClassRules) -> Words:
    """Around the pictures of the whole base and of the classes that are signalled."""
    subtitle = (
        "Leavers ÷ (opening base + joiners) by quarter, by the class held when it began; the band holds 19 of 20 "
        "ordinary quarters"
    )
    drawn = found.signals.head(MOST_DRAWN)
    if len(found.signals) > MOST_DRAWN:
        subtitle += f"; of {count(len(found.signals))} classes beyond their limits the {count(MOST_DRAWN)} rarest cases"
    finding = _strongest(found, rules)
    told = [_told(row, rules) for row in pd.concat([found.base, drawn]).to_dict("records")]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {' '.join(told)}"}


def _strongest(found: Control, rules: ClassRules) -> str:
    """The title: the class that is signalled most clearly, or that none is."""
    if found.signals.empty:
        if found.base.empty or not found.base["side"].iloc[0]:
            return "Nothing in this quarter is out of the ordinary"
        return "The whole base moved, and no class beside it"
    row = found.signals.to_dict("records")[0]
    way = "more" if row["side"] == "rise" else "less"
    further = len(found.signals) - 1
    more = f", and {counted(further, 'class', 'classes')} more" if further else ""
    judged = len(found.classes)
    chance = f"; of {counted(judged, 'class', 'classes')} judged about {_by_chance(judged)} would stand out by chance"
    return f"{_quoted(row, rules)} left {way} often than expected{more}{chance}"


def _by_chance(judged: int) -> str:
    """How many classes would be beyond their limits in an ordinary quarter."""
    return decimal(CHANCE * judged, 0 if judged >= 100 else 1)


def _told(row: Row, rules: ClassRules) -> str:
    edges = interval(row["low"], row["high"], percent)
    return f"{_name(row, rules)}: {percent(row['churn_rate'])}, limits {edges}."


def table_rows(found: Control, rules: ClassRules) -> pd.DataFrame:
    """The classes beyond their limits, for reading: `label`, `way` and `often` added."""
    rows = found.signals
    return rows.assign(
        label=[rules[str(name)].label for name in rows["dimension"]],
        way=rows["side"],
        often=[_often(chance) for chance in rows["rarity"]],
    )


def _often(chance: float) -> str:
    if chance < RAREST:
        return f"less than 1 in {count(1 / RAREST)}"
    return f"1 in {count(1 / chance)}"


def sentences(found: Control, causes: pd.DataFrame, rules: ClassRules) -> list[str]:
    """One sentence per class beyond its limits: how far, and what grew or fell; then what moved with the whole base."""
    whole = found.base[found.base["side"] != ""]
    rows = pd.concat([whole, found.signals]).to_dict("records")
    return [_sentence(row, causes, rules) for row in rows] + _moved_along(found, rules)


def _sentence(row: Row, causes: pd.DataFrame, rules: ClassRules) -> str:
    rose = row["side"] == "rise"
    edges, far = interval(row["low"], row["high"], percent), decimal(row["churn_rate"] / row["expected"], 2)
    way, rate, expected = "a rise" if rose else "a fall", percent(row["churn_rate"]), percent(row["expected"])
    first = f"{_quoted(row, rules)}: {way} to {rate}, {far} times the {expected} expected; the limits are {edges}."
    own = causes[(causes["dimension"] == row["dimension"]) & (causes["class"] == row["class"])]
    return f"{first} {_why(own, rose=rose)}"


def _why(own: pd.DataFrame, *, rose: bool) -> str:
    if own.empty:
        return f"No kind of leaving, or stated reason, that can be told {'grew' if rose else 'fell'} clearly with it."
    told = listed([_cause(row) for row in own.to_dict("records")])
    return f"What {'grew' if rose else 'fell'} with it, as a share of its customers: {told}."


def _cause(row: Row) -> str:
    name = KINDS.get(row["cause"], row["cause"]) if row["told_by"] == "kind" else f"reason “{clean(row['cause'])}”"
    return f"{name} {percent(row['share'])}, usually {percent(row['usual'])}"


def _moved_along(found: Control, rules: ClassRules) -> list[str]:
    """What went beyond the limits of its own past, but only with the whole base."""
    rows = found.classes[found.classes["with_all"]]
    if rows.empty:
        return []
    names = [_quoted(row, rules) for row in rows.to_dict("records")]
    rest = [f"{count(len(names) - MOST_NAMED)} more"] if len(names) > MOST_NAMED else []
    told = listed([*names[:MOST_NAMED], *rest])
    what = "is" if len(names) == 1 else "are"
    return [f"{told} {what} beyond what the past alone lets expect, but moved as all did: no signal by itself."]
