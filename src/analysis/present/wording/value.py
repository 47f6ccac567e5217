"""Sentences of the value chapter: what are the customers worth, and on what does that rest?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.measures.churn import by_spread, clearest
from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.present.columns import MOST_CLASSES
from analysis.present.numbers import Number, count, day, decimal, finite, money, months, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import (
    Captions,
    Words,
    at_least_few,
    capital,
    counted,
    cut_at,
    extremes,
    inside,
    listed,
    whole_or_part,
)

ITEMS = {  # label, and whether it is an amount of money
    "gross_margin": ("Gross margin of the products held", False),
    "realisation": ("Billed of the fees", False),
    "drift": ("Revenue of the same products a year later", False),
    "contact_cost": ("Service contacts, a customer and month", True),
    "service_cost": ("Other cost to serve, a customer and month", True),
}
BASIS = {"measured": "measured", "params": "set in the params", "assumed": "assumed"}
ENDLESS = "share of all discounts that run today, in money"
TENTH = "tenth"
EVEN = 0.9  # of the first tenth's share: with as much in the last, the tenths hold about as much
ORDINALS = ("most valuable", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "least valuable")


def bottom_line(whole: Mapping[str, float], *, scored: int, horizon: int, currency: str) -> str:
    """What the base is expected to bring; `whole` has `customers`, `total`, `low`, `high` (95 %) and `mean`.

    `scored` are the customers with a forecast of how long they stay.
    """
    if not scored:
        return "What customers are worth cannot be told: no forecast says how long they will stay."
    if finite(whole["total"]) is None or not whole["customers"]:
        return "What customers are worth cannot be told: no active customer has a product with a fee or a bill."
    amount = partial(money, currency=currency, places=0)
    between = spread(whole["low"], whole["high"], amount)
    known = "" if between == MISSING else f" ({between})"
    return (
        f"The {counted(whole['customers'], 'active customer is', 'active customers are')} expected to bring "
        f"{amount(whole['total'])} of margin in the next {months(horizon, 0)}{known}, "
        f"{money(whole['mean'], currency)} each on average."
    )


def unseen(parts: pd.DataFrame, *, followed: float) -> list[str]:
    """How much of the value rests on what nobody was observed to do; `parts` has the `share` of each `part`."""
    share = parts.set_index("part")["share"]
    if finite(share["later"]) is None:
        return ["There is no value to divide."]
    back = months(followed, 0)
    told = [
        (
            f"{whole_or_part(share['first_year'])} of the value is that of the first year, which the forecast speaks "
            f"of; {whole_or_part(share['later'])} comes later and rests on the life table of all customers."
        )
    ]
    if share["later"] > 0:
        told.append(_of_the_later(share["later_beyond_tenure"] / share["later"]))
    further = (
        f"{whole_or_part(share['beyond_history'])} of the value lies further ahead than the {back} that the extracts "
        "look back on: no customer was followed for so long."
    )
    none = f"None of the value lies further ahead than the {back} that the extracts look back on."
    return [*told, further if share["beyond_history"] > 0 else none]


def _of_the_later(law: float) -> str:
    """How much of what the life table tells was observed, and for how much of it the table is continued by a law."""
    onward = "where leaving is taken to go on as at the last tenures observed"
    if not law > 0:
        return "All of that later part falls on tenures at which enough customers were observed."
    if not law < 1:
        return (
            "None of that later part falls on tenures at which enough customers were observed: all lies beyond, "
            f"{onward}."
        )
    return (
        f"Of that later part {whole_or_part(1 - law)} falls on tenures at which enough customers were observed, and "
        f"{whole_or_part(law)} on longer ones, {onward}."
    )


def not_in_it(received: float, *, since: dt.date, currency: str) -> list[str]:
    """What was received so far: part of no figure."""
    so_far = (
        f"Margin received: today's active customers have brought {money(received, currency, 0)} since {day(since)}."
        if finite(received) is not None
        else "Margin received: it is not told, for want of bills, or of customers with a forecast."
    )
    return [
        f"{so_far} It is shown apart and is part of no other figure: what was received does not leave with a customer.",
    ]


def basis_rows(
    figures: pd.DataFrame, *, discounts: pd.DataFrame, discount_rate: float, horizon: int, currency: str
) -> pd.DataFrame:
    """What the value is computed from: `what`, `shown`, `interval`, `how` (measured, assumed, set) and `remark`.

    `figures` are those of the margin: `item`, `value`, `low`, `high`, `basis`, `remark`; so are `discounts`, of which
    those without `months` until their end are told where there are any.
    """
    rows = [_basis(row, currency) for row in figures.to_dict("records")]
    endless, whole = discounts.loc[discounts["months"].isna(), "discount"].sum(), discounts["discount"].sum()
    if endless > 0:
        share = whole_or_part(float(endless) / float(whole))
        rows.append(("Discounts without an end date go on", share, MISSING, BASIS["assumed"], ENDLESS))
    rows += [
        ("Discount rate, a year", percent(discount_rate), MISSING, BASIS["params"], "discount_rate"),
        ("Months looked ahead", count(horizon), MISSING, BASIS["params"], "value_horizon_months"),
    ]
    return pd.DataFrame(rows, columns=["what", "shown", "interval", "how", "remark"])


def _basis(row: Mapping[Hashable, Any], currency: str) -> tuple[str, str, str, str, str]:
    label, is_money = ITEMS[row["item"]]
    written: Callable[[Number], str] = partial(money, currency=currency) if is_money else percent
    between = spread(row["low"], row["high"], written)
    return label, written(row["value"]), between, BASIS[row["basis"]], row["remark"]


def basis_words(rows: pd.DataFrame) -> Captions:
    """Above the table of what the value is computed from."""
    counts = {how: int((rows["how"] == how).sum()) for how in BASIS.values()}
    told = listed([f"{count(number)} {how}" for how, number in counts.items() if number])
    return {
        "finding": f"What the value is computed from: {told}",
        "subtitle": "Measured in the extracts, set in the params, or assumed because the extracts do not tell it",
    }


def class_value_words(values: pd.DataFrame, *, horizon: int, currency: str, smallest: int) -> Words:
    """Around the picture of value per customer by class; `values` is a table of `class_values`."""
    subtitle = f"Expected margin of the next {months(horizon, 0)} per active customer, with the 95 % interval"
    if clearest(values, value="mean")["masked"].any():
        subtitle += f"; classes masked to protect groups of fewer than {count(smallest)}"
    even = "No class is clearly worth more than another" if len(values) else "What a class is worth cannot be told"
    finding = _widest_gap(values, currency) or even
    known = values.dropna(subset=["mean"]).head(12).to_dict("records")
    told = listed([f"{row['class']} {money(row['mean'], currency, 0)}" for row in known])
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {told or 'No class can be shown'}."}


def _widest_gap(values: pd.DataFrame, currency: str) -> str:
    """What customers of the highest and the lowest class are worth; empty where no dimension tells them apart."""
    ends = _ends(values)
    if ends is None:
        return ""
    best, least = ends
    return (
        f"Value differs most by {inside(best['label'])}: a customer of “{best['class']}” is worth "
        f"{money(best['mean'], currency, 0)}, of “{least['class']}” {money(least['mean'], currency, 0)}"
    )


def _ends(values: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """Highest and lowest class of the dimension that spreads the mean most; None where their intervals touch."""
    telling = by_spread(values, value="mean")
    if not telling:
        return None
    ends = extremes(values[(values["dimension"] == telling[0]) & (values["class"] != NOT_AVAILABLE)], "mean")
    return ends if ends is not None and ends[0]["low"] > ends[1]["high"] else None


def class_value_table_words(values: pd.DataFrame) -> Captions:
    """Above the table of value by class."""
    subtitle = "Share of the active customers, of the expected value, and the value of one customer"
    subtitle += "; its interval is that of model and margin, for these customers as they are"
    if cut_at(values, MOST_CLASSES):
        subtitle += f"; of a dimension with more, the {count(MOST_CLASSES)} largest classes are shown"
    finding = "Value by class" if len(values) else "No value by class can be told"
    return {"finding": finding, "subtitle": subtitle}


def tenth_rows(tenths: pd.DataFrame) -> pd.DataFrame:
    """The tenths as the picture names them: `name` added."""
    return tenths.assign(name=[f"{ORDINALS[int(place) - 1].capitalize()} {TENTH}" for place in tenths["tenth"]])


def tenth_words(tenths: pd.DataFrame, *, horizon: int, currency: str) -> Words:
    """Around the picture of how value is spread over customers; `tenths` is a table of `value_tenths`."""
    subtitle = f"Share of the expected margin of the next {months(horizon, 0)}, customers in order of their value"
    if tenths.empty:
        finding = "The value cannot be divided into tenths: too few customers have one, or it is not above zero"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    first, last = tenths.iloc[0], tenths.iloc[-1]
    times = decimal(first["mean"] / last["mean"]) if last["mean"] > 0 else MISSING
    finding = f"The most valuable tenth holds {percent(first['share'], 0)} of the value"
    beside = f", {times} times as much as the least valuable" if times != MISSING else ""
    if last["share"] >= EVEN * first["share"] > 0:
        finding, beside = "The value is spread evenly: every tenth of the customers holds about as much", ""
    alt = (
        f"{finding}{beside}: {money(first['mean'], currency, 0)} per customer in the first, "
        f"{money(last['mean'], currency, 0)} in the last."
    )
    return {"finding": finding + beside, "subtitle": f"{subtitle}; with the 95 % interval", "alt": alt}


def below_nothing(worth: pd.Series, *, smallest: int) -> str:
    """Whether active customers are worth less than nothing, and what that means; `worth` is the value of each."""
    known = worth.dropna()
    below = int((known < 0).sum())
    if known.empty:
        return "Nobody has a value."
    if not below:
        return "No active customer is worth less than nothing."
    who = at_least_few(below, "active customer is", "active customers are", smallest=smallest)
    if 0 < len(known) - below < smallest:  # the number would tell that of the few others
        who = "Nearly all active customers are"
    return (
        f"{capital(who)} worth less than nothing: serving them is expected to cost more than their products bring "
        "after discounts and their own costs. That speaks of price, discount or cost to serve, and the totals count it."
    )


def stay_words(stay: pd.DataFrame, *, horizon: int, stays: tuple[float, float, float]) -> Words:
    """Around the picture of the months that customers of each class are expected to stay.

    `stay` is a table of `class_values`, `stays` the mean of all with its interval.
    """
    ahead = months(horizon, 0)
    subtitle = f"Mean months an active customer is expected to stay within the next {ahead}, with the 95 % interval"
    known, ends = stay.dropna(subset=["mean"]), _ends(stay)
    if finite(stays[0]) is None:
        finding = "How long customers will stay cannot be told"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    finding = f"A customer is expected to stay {decimal(stays[0])} of the next {ahead}"
    if ends is not None:
        finding += f"; “{ends[0]['class']}” {decimal(ends[0]['mean'])}, “{ends[1]['class']}” {decimal(ends[1]['mean'])}"
    told = listed([f"{row['class']} {decimal(row['mean'])}" for row in known.head(12).to_dict("records")])
    between = spread(stays[1], stays[2], months)
    whole = "" if between == MISSING else f"All: {between}. "
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {whole}{told or 'No class can be shown'}."}
