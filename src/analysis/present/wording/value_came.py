"""Sentences about last year's value and what came of it, and about what further sales are expected to bring."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.models.value_then import MODEL
from analysis.present.numbers import count, day, decimal, interval, money, months, percent
from analysis.present.wording.phrase import Captions, Words, counted, listed

NAMES = {
    MODEL: "Expected value (this chapter)",
    "average_life": "Average margin × average life",
    "last_year": "Last year's margin carried on",
    "rfm": "Mean of the same RFM fifths",
}
SAID = {
    "average_life": "the average margin times the average life",
    "last_year": "last year's margin carried on",
    "rfm": "the mean of the same RFM fifths",
}
WHY_NOT = (
    "Whether the value comes true cannot be told yet: it takes a forecast made a year before the end of the extracts, "
    "from a year of history before that, and the bills since."
)


def potential_told(potential: pd.Series, whole: pd.Series, clv: pd.Series, *, horizon: int, currency: str) -> str:
    """What further sales are expected to add; rows of `base_value`: `total`, `low`, `high` (95 %), `customers`."""
    if not potential["customers"]:
        return (
            "Potential value: what customers could bring by buying more cannot be told, for nothing in the extracts "
            "tells what anybody added to what they hold. The value is that of the products held now."
        )
    amount = partial(money, currency=currency, places=0)
    between = interval(potential["low"], potential["high"], amount)
    share = f", {percent(potential['total'] / whole['total'])} on top of those held now" if whole["total"] > 0 else ""
    return (
        f"Potential value: products and better plans that customers are expected to add in the next "
        f"{months(horizon, 0)}, at the pace of past quarters, bring {amount(potential['total'])} ({between}){share}. "
        f"Current and potential value together, the customer lifetime value, come to {amount(clv['total'])}."
    )


def bottom_line(beside: pd.DataFrame, *, landmark: dt.date | None, currency: str) -> str:
    """Whether the value of a year ago came true, and whether a simple rule would have been nearer."""
    if beside.empty:
        return WHY_NOT
    row = beside.set_index("rule").loc[MODEL]
    amount = partial(money, currency=currency, places=0)
    mean = row["mean"]
    part = f", {percent(row['error'] / mean, 0)} of what one brought" if mean > 0 else ""
    off = f"per customer the value was {amount(row['error'])} off on average{part}"
    return f"{_level(row, day(landmark))}; {off}. {_winner(beside)}"


def _level(row: pd.Series, since: str) -> str:
    """How what was received compares with what was expected in total."""
    ratio, low, high = row["ratio"], row["ratio_low"], row["ratio_high"]
    if low <= 1 <= high:
        between = interval(low, high, partial(decimal, places=2))
        return f"The year after {since} brought what was expected of it ({decimal(ratio, 2)} times; {between})"
    way = "more" if ratio > 1 else "less"
    least, most = sorted((abs(low - 1), abs(high - 1)))
    between = interval(least, most, percent)
    return f"The year after {since} brought {percent(abs(ratio - 1))} {way} than was expected of it ({between})"


def _winner(beside: pd.DataFrame) -> str:
    """Which simple rules were farther off than the model, and which were not."""
    rules = beside[beside["difference"].notna()]
    groups = {
        "farther": rules[rules["difference_low"] > 0],
        "nearer": rules[rules["difference_high"] < 0],
        "alike": rules[(rules["difference_low"] <= 0) & (rules["difference_high"] >= 0)],
    }
    names = {key: listed([SAID[rule] for rule in rows["rule"]]) for key, rows in groups.items()}
    told = []
    if names["nearer"]:
        told.append(f"A simple rule was nearer: {names['nearer']}.")
    if names["alike"]:
        told.append(f"It was no nearer than {names['alike']}, but for chance.")
    if names["farther"]:
        told.append(f"It was nearer than {names['farther']}.")
    return " ".join(told) or "There is no simple rule to compare it with."


def rule_rows(beside: pd.DataFrame) -> pd.DataFrame:
    """The table of the model and the rules: `name` beside the figures."""
    return beside.assign(name=[NAMES[rule] for rule in beside["rule"]])


def rule_words(beside: pd.DataFrame, *, landmark: dt.date | None) -> Captions:
    """Above that table."""
    if beside.empty:
        return {"finding": "There is nothing to compare yet", "subtitle": "Margin of twelve months"}
    known = beside.dropna(subset=["error"])
    best = NAMES[str(known.loc[known["error"].idxmin(), "rule"])]
    who = counted(int(beside["customers"].iloc[0]), "customer", "customers")
    told = f"margin of the twelve months after {day(landmark)} as foretold then, discounted; intervals are 95 %"
    return {
        "finding": f"Nearest to what customers brought: {best[:1].lower()}{best[1:]}",
        "subtitle": f"{who}; {told}",
    }


def whole_ratio(beside: pd.DataFrame) -> float | None:
    """Received ÷ expected of all customers."""
    return None if beside.empty else float(beside.set_index("rule").at[MODEL, "ratio"])


def tenth_rows(tenths: pd.DataFrame) -> pd.DataFrame:
    """Received ÷ expected of each tenth, named, with its interval."""
    if tenths.empty:
        return pd.DataFrame(columns=["name", "ratio", "low", "high"])
    positive = tenths["expected"].where(tenths["expected"] > 0)
    names = [
        "most valuable tenth" if tenth == 1 else "least valuable tenth" if tenth == len(tenths) else f"tenth {tenth}"
        for tenth in tenths["tenth"]
    ]
    parts = {"ratio": "received", "low": "low", "high": "high"}
    return pd.DataFrame({"name": names} | {new: tenths[old] / positive for new, old in parts.items()})


def tenth_words(rows: pd.DataFrame, *, landmark: dt.date | None) -> Words:
    """Around the picture of the tenths."""
    subtitle = f"Margin received in the year after {day(landmark)} ÷ expected, by what was expected; lines are 95 %"
    known = rows.dropna(subset=["ratio"])
    if known.empty:
        return {"finding": "There is nothing to draw yet", "subtitle": subtitle, "alt": "Nothing is drawn."}
    off = known[(known["low"] > 1) | (known["high"] < 1)]
    if off.empty:
        finding = "Rich or poor, every tenth brought what was expected of it"
    else:
        low, high = known["ratio"].min(), known["ratio"].max()
        finding = f"The tenths brought {decimal(low, 2)} to {decimal(high, 2)} times what was expected of them"
    told = listed([f"{row.name} {decimal(row.ratio, 2)}" for row in known.itertuples(index=False)])
    return {"finding": finding, "subtitle": subtitle, "alt": f"Received ÷ expected: {told}."}


def class_words(rows: pd.DataFrame) -> Captions:
    """Above the table of the classes."""
    known = rows.dropna(subset=["ratio"]) if len(rows) else rows
    subtitle = "By the class held when the value was foretold; margin per customer in the twelve months after it"
    if not len(known):
        return {"finding": "There are no classes to compare", "subtitle": subtitle}
    off = known[(known["ratio_low"] > 1) | (known["ratio_high"] < 1)]
    if off.empty:
        return {"finding": "Every class brought what was expected of it, but for chance", "subtitle": subtitle}
    edges = f"{decimal(off['ratio'].min(), 2)} to {decimal(off['ratio'].max(), 2)} times what was expected"
    which = f"{count(len(off))} of {count(len(known))} classes"
    return {"finding": f"{which} shown brought clearly more or less than expected: {edges}", "subtitle": subtitle}


def labelled(rows: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """The classes with the `label` of their dimension."""
    return rows.assign(label=[rules[str(name)].label for name in rows["dimension"]])
