"""Sentences that call the last quarter's forecast to account."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.models.accountability import STORED, Account
from analysis.present.account_columns import MOST_CLASSES
from analysis.present.numbers import Number, count, day, decimal, interval, months, percent, quarter
from analysis.present.wording.phrase import Captions, Words, at_least_few, counted, listed

KINDS = {"all": "all", "voluntary": "by choice"}
ARMS = {
    "held_out": "Held out by lot",
    "contacted": "Contacted",
    "not_approached": "Not approached",
}
NONE = "No forecast of the quarter can be called to account: none was made, or too little was known when it began."


def bottom_line(totals: pd.DataFrame, *, period: str) -> str:
    """Which share of the customers was foretold to leave in the quarter, and which did."""
    if totals.empty:
        return NONE
    row = total_rows(totals).iloc[0]
    if pd.isna(row["ratio"]):
        return f"Too few left in {quarter(period)}, or stayed, to hold the forecast of it against what came."
    said = (
        f"Foretold was that {percent(row['foretold'])} of {counted(row['customers'], 'customer', 'customers')} would "
        f"leave in {quarter(period)}; {percent(row['gone'])} did"
    )
    ratio = f"{_two(row['ratio'])} times as many ({interval(row['low'], row['high'], _two)})"
    return f"{said}, {ratio}: {_verdict(row)}."


def _two(value: Number) -> str:
    return decimal(value, 2)


def _verdict(row: pd.Series) -> str:
    if row["low"] <= 1 <= row["high"]:
        return "within chance"
    return "more than chance explains" if row["ratio"] > 1 else "fewer than chance explains"


def which(account: Account, *, landmark: dt.date, smallest: int) -> str:
    """Which forecast is called to account, and of whom it spoke."""
    if account.rows.empty:
        return "Once a quarter has passed since a forecast, this section holds it against what came."
    made = "It is the forecast that the report of the quarter before printed."
    if account.basis != STORED:
        made = (
            "No report of the quarter before kept its forecast: the model of today learned anew from what was known on "
            f"{day(landmark)}, and from nothing later."
        )
    lost = account.scored - len(account.rows)
    unmet = at_least_few(lost, "customer", "customers", smallest=smallest)
    gaps = f" The extracts of today do not show {unmet} of it as they were then." if lost else ""
    return f"{made} It speaks of those who held a product on that day, not of who joined later.{gaps}"


def total_rows(totals: pd.DataFrame) -> pd.DataFrame:
    """The totals as the table shows them: `name`, and the shares `foretold` and `gone` of the customers."""
    shares = {
        name: totals[column] / totals["customers"] for name, column in (("foretold", "expected"), ("gone", "left"))
    }
    return totals.assign(name=totals["group"].map(KINDS), **shares)


def total_words(totals: pd.DataFrame, *, period: str) -> Captions:
    """Above the table of foretold and real leaving."""
    subtitle = "Shares of the customers at its start; left ÷ foretold: 1 is right, above it more left than was said"
    if totals.empty:
        return {"finding": "Nothing was foretold of the quarter", "subtitle": subtitle}
    return {"finding": f"The forecast of {quarter(period)} beside what came", "subtitle": subtitle}


def class_rows(classes: pd.DataFrame) -> pd.DataFrame:
    """The classes of whom chance explains the difference least, the clearest first; masked ones are left out."""
    told = classes[~classes["masked"].astype(bool)].dropna(subset=["p_value"])
    ordered = told.sort_values(["p_value", "dimension", "class"]).head(MOST_CLASSES)
    return ordered.assign(said=ordered["beyond"].map({1: "yes", 0: "no"})).drop(columns="masked")


def class_words(classes: pd.DataFrame) -> Captions:
    """Above the table of classes."""
    subtitle = (
        "The classes of whom chance explains the difference least, held at the quarter's start; beyond chance: at most "
        "one in twenty of those named yes is named wrongly"
    )
    told = classes[~classes["masked"].astype(bool)]
    if told.empty:
        return {"finding": "No class has enough leavers to hold the forecast against", "subtitle": subtitle}
    beyond = told[told["beyond"] == 1]
    if beyond.empty:
        finding = f"Of none of {counted(len(told), 'class', 'classes')} did more or fewer leave than chance explains"
        return {"finding": finding, "subtitle": subtitle}
    more = [f"“{row['class']}”" for row in beyond.sort_values("p_value").head(3).to_dict("records")]
    finding = f"The forecast missed {listed(more)} by more than chance" + " and others" * (len(beyond) > len(more))
    return {"finding": finding, "subtitle": subtitle}


def arm_rows(arms: pd.DataFrame) -> pd.DataFrame:
    """The arms as the table names them: `name` added."""
    return arms.assign(name=arms["arm"].map(ARMS))


def arm_words(arms: pd.DataFrame, *, landmark: dt.date | None, horizon: int | None) -> Captions:
    """Above the table of who was approached and who was not."""
    if arms.empty or landmark is None or horizon is None:
        return {"finding": "No retention campaign approached anybody", "subtitle": "Contacts since the forecast"}
    subtitle = (
        f"Forecast of {day(landmark)} for {months(horizon, 0)} without a new contact; each customer counts in an arm "
        "from the day of it"
    )
    told = arms[~arms["masked"].astype(bool)].set_index("arm")
    if told.empty:
        return {"finding": "Too few left to tell those approached from the others", "subtitle": subtitle}
    parts = [
        f"{ARMS[arm].lower()} {decimal(told.at[arm, 'ratio'], 2)}"
        for arm in ("held_out", "contacted", "not_approached")
        if arm in told.index
    ]
    apart = _apart(told)
    return {"finding": f"Left ÷ foretold{apart}: {listed(parts)}", "subtitle": subtitle}


def _apart(told: pd.DataFrame) -> str:
    """That the arms do not clearly differ, where every interval meets every other."""
    alike = len(told) > 1 and told["low"].max() <= told["high"].min()
    return ", no clear difference between who was called and who was not" if alike else ""


def held_out_note(arms: pd.DataFrame) -> str:
    """How the arms are to be read."""
    there = set(arms["arm"])
    if "held_out" in there:
        return (
            "Those held out by lot show whether the forecast is right: nobody called them. Where fewer of the "
            "contacted than of those held out left for each foretold, the contact did it; where their intervals meet, "
            "it may be chance. That all lie to one side of 1 is a matter of the forecast's level, not of the campaign."
        )
    if there:
        return (
            "Nobody was held out by lot in these months, so that a contact that works and a forecast that is too high "
            "cannot be told apart among the contacted."
        )
    return "With campaigns, this table would show whether the forecast is right of those held out of them by lot."


def ageing_rows(ageing: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The quarters as the picture names them: `quarter` (the one that followed each landmark) added.

    Without those in which too few left or stayed to be told.
    """
    stayed = ageing["customers"] - ageing["left"]
    told = ageing[(ageing["left"] >= smallest) & (stayed >= smallest)]
    return told.assign(quarter=[str(Quarter.of(pd.Timestamp(end).date()).next) for end in told["landmark"]])


def ageing_words(ageing: pd.DataFrame) -> Words:
    """Around the picture of a model that never learns anew."""
    subtitle = (
        "Left ÷ foretold by quarter for a model that never learned anew since; 1 is right; with the 95 % interval"
    )
    if ageing.empty:
        finding = "How fast the model ages cannot be told yet"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    off = int(((ageing["low"] > 1) | (ageing["high"] < 1)).sum())
    first, last = ageing.iloc[0], ageing.iloc[-1]
    of = counted(len(ageing), "quarter", "quarters")
    stays = f"A model learned {months(3 * len(ageing), 0)} ago still foretells as many as leave, within chance"
    finding = stays if not off else f"A model that never learns anew missed {count(off)} of {of} by more than chance"
    told = listed([f"{quarter(row['quarter'])} {decimal(row['ratio'], 2)}" for row in ageing.to_dict("records")])
    moved = f"From {decimal(first['ratio'], 2)} to {decimal(last['ratio'], 2)}"
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {moved}: {told}."}
