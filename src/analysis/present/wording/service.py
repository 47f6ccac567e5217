"""Sentences about the service desk: how often it was asked, and how well it answered."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.basis.quarter import Quarter
from analysis.frames.desk import NOW
from analysis.models.served import Served
from analysis.present.numbers import count, decimal, finite, formatted, money, percent, quarter, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, at_least_few, capital, extremes, inside, listed

MOST_QUARTERS = 12  # in the picture
NO_TICKETS = "The source gives no tickets: how customers are served cannot be told"


def bottom_line(figures: pd.DataFrame, served: Served, *, now: Quarter, smallest: int) -> str:
    """How often the desk was asked, how often that was the end of it, and how complaints stand."""
    why = nothing(served, now=now, smallest=smallest)
    if why:
        return f"{why}."
    parts = [_asked(figures, served, now), *_answered(figures), *_more_complaints(figures), *_complained(figures)]
    return " ".join(parts)


def nothing(served: Served, *, now: Quarter, smallest: int) -> str:
    """Why nothing can be told of the quarter, or nothing."""
    if not served.given:
        return NO_TICKETS
    people = contacts_of(served)["people"]
    if not people:
        return f"No contact with the service desk is on record for {quarter(now)}"
    if people < smallest:
        few = f"Fewer than {smallest} customers contacted the service desk in {quarter(now)}"
        return f"{few}: nothing more is told of them"
    return ""


def contacts_of(served: Served) -> dict[str, float]:
    """The quarter's contacts (`bottom`), and the customers they are of (`people`)."""
    rows = served.periods[(served.periods["ratio"] == "contacts") & (served.periods["group"] == NOW)]
    return {name: float(rows[name].sum()) for name in ("bottom", "people")}


def figure(figures: pd.DataFrame, metric: str) -> pd.Series:
    """The row of one metric in the sheet of figures."""
    return figures[figures["metric"] == metric].iloc[0]


def told(figures: pd.DataFrame, metric: str) -> bool:
    """Whether the figure has a value."""
    return finite(figure(figures, metric)["value"]) is not None


def _asked(figures: pd.DataFrame, served: Served, now: Quarter) -> str:
    many = count(contacts_of(served)["bottom"])
    row = figure(figures, "contacts_per_100")
    if finite(row["value"]) is None:
        return f"{many} contacts with the service desk are on record for {quarter(now)}; {_no_rate(served)}."
    between = spread(row["low"], row["high"], decimal)
    known = "" if between == MISSING else f" ({between})"
    return f"In {quarter(now)} there were {decimal(row['value'])} contacts per 100 customers{known}{beside(row)}."


def _no_rate(served: Served) -> str:
    """Why contacts cannot be set against customers."""
    if not served.whose["all"]:
        return "no contact is on record for the quarter"
    if served.whose["unknown"] == served.whose["all"]:
        return "none names a customer, so that how many they are per 100 customers cannot be told"
    if not served.covered:
        return "how many they are per 100 customers cannot be told, for tickets do not cover the whole quarter"
    rows = served.rates[served.rates["ratio"] == "rate"]
    if len(rows) and bool(rows["masked"].iloc[-1]):
        return "how many they are per 100 customers is not told, to protect a small group"
    return "how many they are per 100 customers cannot be told, for want of customers who can be followed"


def beside(row: pd.Series) -> str:
    """How a figure moved against a year ago and the quarter before; where neither is clear, that it did not."""
    known, clear = [], []
    for column, moved, when in (("year_ago", "moved_year", "a year ago"), ("previous", "moved", "the quarter before")):
        old = finite(row[column])
        if old is not None:
            value = formatted(old, METRICS[str(row["metric"])].unit)
            known.append(f", not clearly different from {when} ({value})")
            if row[moved]:
                clear.append(f"{'up' if row['value'] > old else 'down'} from {value} {when}")
    if clear:
        return f", {listed(clear)}"
    return known[0] if known else ""


def _answered(figures: pd.DataFrame) -> list[str]:
    lasting, first = figure(figures, "lasting_resolution"), figure(figures, "first_contact_resolution")
    if finite(lasting["value"]) is not None:
        return [f"{percent(lasting['value'], 0)} were resolved at once and stayed so."]
    if finite(first["value"]) is not None:
        return [f"{percent(first['value'], 0)} were resolved at once, as the source says."]
    return []


def _more_complaints(figures: pd.DataFrame) -> list[str]:
    """Complaints per customer, where they moved clearly."""
    row = figure(figures, "complaints_per_100")
    if finite(row["value"]) is None or not (row["moved"] or row["moved_year"]):
        return []
    return [f"There were {decimal(row['value'])} complaints per 100 customers{beside(row)}."]


def _complained(figures: pd.DataFrame) -> list[str]:
    row = figure(figures, "complaints_in_time")
    if finite(row["value"]) is None:
        return []
    return [f"Of the complaints {percent(row['value'], 0)} were closed within their time limit{_beside_share(row)}."]


def _beside_share(row: pd.Series) -> str:
    old = finite(row["previous"])
    if old is None or percent(old, 0) == percent(row["value"], 0):
        return ""
    if not row["moved"]:
        return f", not clearly different from the quarter before ({percent(old, 0)})"
    return f", {'up' if row['value'] > old else 'down'} from {percent(old, 0)} the quarter before"


def rate_rows(served: Served) -> pd.DataFrame:
    """Contacts per 100 customers by quarter, as the picture draws them: `quarter`, `rate`, `low`, `high`."""
    rows = served.rates[served.rates["ratio"] == "rate"].tail(MOST_QUARTERS)
    rows = rows if rows["value"].notna().any() else rows.iloc[:0]
    return rows.rename(columns={"group": "quarter", "value": "rate"})[["quarter", "rate", "low", "high"]]


def rate_words(figures: pd.DataFrame, served: Served) -> Words:
    """Around the contacts by quarter."""
    row = figure(figures, "contacts_per_100")
    if finite(row["value"]) is None or not len(rate_rows(served)):
        finding = capital(_no_rate(served)) if served.given else "How often customers asked cannot be told"
        return {"finding": finding, "subtitle": "Contacts per 100 customers", "alt": f"{finding}."}
    finding = f"{decimal(row['value'])} contacts per 100 customers{beside(row)}"
    alt = f"{finding}. A line over {count(len(rate_rows(served)))} quarters, with its interval."
    subtitle = "Contacts with the service desk per 100 customers and quarter, with the 95 % interval"
    return {"finding": finding, "subtitle": subtitle, "alt": alt}


def asked_bullets(figures: pd.DataFrame, served: Served, *, smallest: int) -> list[str]:
    """Whose contacts they were, and by which way they came."""
    if contacts_of(served)["people"] < smallest:
        return ["There are no contacts to be told of."]
    return [*_whose(served, smallest), _by_themselves(figures, served)]


def _whose(served: Served, smallest: int) -> list[str]:
    whose, said = served.whose, []
    many = partial(at_least_few, one="contact", many="contacts", smallest=smallest)
    if whose["unknown"] == whose["all"]:
        return ["No contact names a customer: nothing is told by customer or by class of customers."]
    if whose["unknown"]:
        said.append(
            f"{capital(many(whose['unknown']))} of {count(whose['all'])} name no customer (unknown callers): they are "
            "in what is told of contacts, and in no rate per customer."
        )
    if whose["away"]:
        said.append(f"{capital(many(whose['away']))} are of customers who were not on the books in the quarter.")
    return said


def _by_themselves(figures: pd.DataFrame, served: Served) -> str:
    row = figure(figures, "self_service_share")
    named = served.groups[(served.groups["dimension"] == "channel") & (served.groups["self_service"] == 1)]
    own = served.periods[(served.periods["ratio"] == "self_service") & (served.periods["group"] == NOW)]
    if finite(row["value"]) is None and own["top"].sum() > 0:
        return "How many came by self-service is not told: too few customers did, or too few did not."
    if finite(row["value"]) is None:
        return (
            "How many came by self-service is not told: none of the source’s channels is named as such in the params."
        )
    ways = f" ({listed([str(name) for name in named['group']])})" if len(named) else ""
    return f"By self-service{ways} came {percent(row['value'])} of the contacts{beside(row)}."


def rate_of_all(figures: pd.DataFrame) -> float | None:
    """Contacts per 100 of all customers; None where not told."""
    return finite(figure(figures, "contacts_per_100")["value"])


def class_table_words(shown: pd.DataFrame, *, now: Quarter, currency: str) -> Captions:
    """Above the table of classes."""
    subtitle = (
        f"Contacts per 100 customers in {quarter(now)}, share resolved for good and by self-service, and cost of "
    )
    subtitle += "contacts per customer and month"
    if shown.empty:
        return {"finding": "There are no classes to compare", "subtitle": subtitle}
    known = shown[~shown["masked"].astype(bool)].dropna(subset=["cost_month"])
    ends = extremes(known, "cost_month")
    finding = "Contacts by class"
    if ends is not None:
        dear = ends[0]
        cost = money(dear["cost_month"], currency)
        finding = f"Contacts cost most in {inside(str(dear['label']))} “{dear['class']}”: {cost} per customer and month"
    return {"finding": finding, "subtitle": subtitle}


def _furthest(known: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Least and most of the dimension whose classes' intervals lie furthest apart; of all classes where none do."""
    pairs = [(rows.loc[rows["high"].idxmin()], rows.loc[rows["low"].idxmax()]) for _, rows in known.groupby("label")]
    least, most = max(pairs, key=lambda pair: float(pair[1]["low"] - pair[0]["high"]))
    if most["low"] > least["high"]:
        return least, most
    return known.loc[known["rate"].idxmin()], known.loc[known["rate"].idxmax()]


def class_words(classes: pd.DataFrame, shown: pd.DataFrame, *, now: Quarter) -> Words:
    """Around the classes that contact the desk most and least."""
    subtitle = f"Contacts per 100 customers in {quarter(now)}, by the class at the quarter’s start or on joining; 95 % "
    subtitle += "interval"
    told = shown[~shown["masked"].astype(bool)] if len(shown) else shown
    known = told.dropna(subset=["rate", "low", "high"]).reset_index(drop=True)
    if extremes(known, "rate") is None:
        finding = "Contacts by class cannot be told" if classes.empty else "No two classes can be compared"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    least, most = _furthest(known)
    label, unit = inside(str(most["label"])), "per 100 customers"
    finding = f"Contacts do not clearly differ by class: {decimal(least['rate'])} to {decimal(most['rate'])} {unit}"
    if most["low"] > least["high"]:
        span = f"{decimal(least['rate'])} (“{least['class']}”) to {decimal(most['rate'])} (“{most['class']}”) {unit}"
        finding = f"Contacts differ most by {label}: {span}"
        others = known.drop(index=most.name)
        if most["low"] > others.loc[others["label"] == most["label"], "high"].max():
            finding = f"Contacts are most frequent in {label} “{most['class']}”: {decimal(most['rate'])} {unit}"
    alt = f"{finding}. Least: {inside(str(least['label']))} {least['class']}, {decimal(least['rate'])}."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}
