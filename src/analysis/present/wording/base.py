"""Sentences of the base chapter: who are the customers?"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.measures.base import anybody_followed
from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.present.columns import MOST_CLASSES
from analysis.present.numbers import MINUS, change, count, decimal, interval, money, months, percent, quarter
from analysis.present.wording.phrase import Captions, Words, capital, churn_moved, counted, cut_at, inside, listed

COUNTS = ("opening", "joiners", "leavers", "closing")  # customers of a quarter


def bottom_line(base: pd.DataFrame) -> str:
    """How the base went in the last quarter."""
    if base.empty:
        return "No quarter was observed whole."
    last = base.iloc[-1]
    if last[["opening", "closing"]].isna().any():
        return f"The base is too small to be told in {quarter(last['quarter'])}."
    if not last[["opening", "joiners"]].any():
        return "Nobody can be followed: the data chapter says why."
    net = int(last["closing"] - last["opening"])
    grew = "stayed at" if net == 0 else f"{'grew' if net > 0 else 'shrank'} by {count(abs(net))} to"
    return (
        f"The base {grew} {counted(last['closing'], 'customer', 'customers')} in {quarter(last['quarter'])}"
        f"{_came_and_went(last)}."
    )


def _came_and_went(last: pd.Series) -> str:
    """How many joined and left; that they were too few to be told, where that is so."""
    if pd.isna(last["joiners"]):
        return "; too few joined, left or stayed to say how many"
    return f": {count(last['joiners'])} joined, {count(last['leavers'])} left"


def flow_words(base: pd.DataFrame) -> Words:
    """Around the chart of joiners and leavers."""
    if base.empty:
        return {"finding": "No quarter was observed whole", "subtitle": "Customers per quarter", "alt": "No data."}
    last = base.iloc[-1]
    if not anybody_followed(base):
        finding = "Nobody can be followed"
        return {"finding": finding, "subtitle": "Customers per quarter", "alt": f"{finding}."}
    net = base["closing"] - base["opening"]
    shrank = int((net < 0).sum())
    if len(base) == 1:
        finding = f"{capital(_came_and_went(last).lstrip(':; '))} in {quarter(last['quarter'])}"
    elif net.isna().any():
        finding = "Of some quarters too few customers can be told to say how the base moved"
    elif shrank == 0:
        finding = f"The base did not shrink in any of {count(len(base))} quarters"
    else:
        finding = f"The base shrank in {count(shrank)} of {count(len(base))} quarters"
    told = f"In {quarter(last['quarter'])}{_came_and_went(last)}; {count(last['closing'])} at the end."
    return {
        "finding": finding,
        "subtitle": "Customers who joined and left in each quarter, and customers at its end",
        "alt": f"{finding}. {told}",
    }


def churn_words(base: pd.DataFrame) -> Words:
    """Around the chart of quarterly churn rates."""
    known = base.dropna(subset=["churn_rate"])
    if known.empty:
        why = ": too few leave in a quarter" if base.get("churn_rate_masked", pd.Series()).any() else ""
        return {"finding": f"No churn rate can be given{why}", "subtitle": "Quarterly churn rate", "alt": "No data."}
    last = known.iloc[-1]
    finding = f"{percent(last['churn_rate'])} left in {quarter(last['quarter'])}"
    change = churn_moved(base.loc[: last.name])
    finding += f", {change}" if change else ""
    return {
        "finding": finding,
        "subtitle": "Leavers ÷ (opening base + joiners) per quarter, with the 95 % interval",
        "alt": f"{finding}; interval {interval(last['low'], last['high'], percent)}.",
    }


def arpu_words(arpu: pd.DataFrame, *, currency: str) -> Words:
    """Around the chart of ARPU."""
    subtitle = "ARPU (revenue per customer and month) per quarter, with the 95 % interval"
    if arpu.empty:
        none = "ARPU cannot be given: no whole quarter is billed, or to too few customers"
        return {"finding": none, "subtitle": subtitle, "alt": "No data."}
    last = arpu.iloc[-1]
    finding = f"A customer brought {money(last['arpu'], currency)} a month in {quarter(last['quarter'])}"
    if len(arpu) > 1:
        difference = change(last["arpu"], arpu["arpu"].iloc[-2], "money_per_month", currency=currency)
        finding += (
            ", as in the quarter before"
            if difference[0] not in f"+{MINUS}"
            else f" ({difference} on the quarter before)"
        )
    return {
        "finding": finding,
        "subtitle": subtitle,
        "alt": f"{finding}; interval {interval(last['low'], last['high'], lambda x: money(x, currency))}.",
    }


def revenue_basis(given: Collection[str]) -> str:
    """What revenue is computed from in this report."""
    if "invoices" in given:
        return "Revenue is computed from the source's invoices."
    if "subscriptions" in given:
        return "The source gives no invoices: revenue is computed from the fees of the products held, less discounts."
    return "The source gives neither invoices nor subscriptions: revenue is not known."


def product_words(products: pd.DataFrame, *, per_customer: float) -> Words:
    """Around the chart of products held."""
    subtitle = "Share of active customers who hold each product at quarter end"
    known = products.dropna(subset=["share"])
    if known.empty:
        return {"finding": "No products can be shown", "subtitle": subtitle, "alt": "No data."}
    first = known.iloc[0]
    finding = f"{percent(first['share'], 0)} hold {name(first['product'])}"
    if not pd.isna(per_customer):
        finding += f"; a customer holds {decimal(per_customer, 2)} products on average"
    shares = listed([f"{name(row.product)} {percent(row.share)}" for row in known.itertuples()])
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {shares}."}


def base_rows(base: pd.DataFrame) -> pd.DataFrame:
    """The quarters as a table prints them: nothing is known of any where nobody can be followed."""
    return base if anybody_followed(base) else base.assign(**dict.fromkeys(COUNTS, float("nan")))


def base_table_words(base: pd.DataFrame) -> Captions:
    """Above the table of quarters."""
    nobody = "" if anybody_followed(base) else " is not known: nobody can be followed"
    return {
        "finding": f"The base in {counted(len(base), 'quarter', 'quarters')}{nobody}",
        "subtitle": "Customers per quarter; churn rate = left ÷ (at its start + joined), with the 95 % interval",
    }


def class_table_words(sizes: pd.DataFrame, *, smallest: int) -> Captions:
    """Above the table of classes."""
    hidden = int(sizes["masked"].sum())
    subtitle = "Customers at quarter end, and their share of all"
    if hidden:
        subtitle += f"; {counted(hidden, 'class', 'classes')} masked to protect groups of fewer than {count(smallest)}"
    if cut_at(sizes, MOST_CLASSES):
        subtitle += f"; of a dimension with more, the {count(MOST_CLASSES)} largest classes are shown"
    if sizes.empty:
        return {"finding": "No customer can be shown in a class", "subtitle": subtitle}
    return {"finding": "Customers by class", "subtitle": subtitle}


def class_words(sizes: pd.DataFrame) -> Words:
    """Around the picture of all classes; `sizes` is a table of `class_table`."""
    subtitle = "Share of customers in each class at quarter end; rules in the methods chapter"
    known = sizes[sizes["class"] != NOT_AVAILABLE].dropna(subset=["share"])
    if known.empty:
        finding = "Every class is too small to be shown" if sizes["masked"].any() else "The source supports no class"
        return {"finding": finding, "subtitle": subtitle, "alt": "No data."}
    largest = known.sort_values("share", ascending=False, kind="stable").drop_duplicates("dimension")
    notable = largest[largest["share"] < 1].head(2)
    told = listed(
        [f"{percent(row['share'], 0)} {inside(row['label'])} “{row['class']}”" for row in notable.to_dict("records")]
    )
    finding = f"Largest classes: {told}" if told else "Every class holds all customers"
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}


def unsupported(sizes: pd.DataFrame) -> str:
    """Which dimensions have no class, and how many customers lack one elsewhere."""
    if sizes.empty:
        return "There is no customer at quarter end."
    supported = set(sizes.loc[sizes["class"] != NOT_AVAILABLE, "dimension"])
    missing = sizes[sizes["class"] == NOT_AVAILABLE]
    whole = [inside(row.label) for row in missing.itertuples() if row.dimension not in supported]
    part = [
        f"{inside(row.label)} ({'masked' if row.masked else count(row.closing)})"
        for row in missing.itertuples()
        if row.dimension in supported
    ]
    told = []
    if whole:
        told.append(f"The source does not support a class by {listed(whole)}.")
    if part:
        told.append(f"Customers without a class: {listed(part)}.")
    return " ".join(told) or "Every customer has a class in every dimension."


class TenureWords(Words):
    """Around the chart of tenure; `axis` names what stands under it."""

    axis: str


def tenure_words(bins: pd.DataFrame, median: float) -> TenureWords:
    """Around the chart of how long active customers have been there; `bins` has `low`, `high`, `customers` per bin."""
    subtitle = "Active customers by months since joining, in steps of half a year"
    if not bins.empty and pd.isna(bins["high"].iloc[-1]):
        subtitle += f"; the last is {months(bins['low'].iloc[-1], 0)} and more"
    subtitle += _masked_steps(bins)
    axis = "Months since joining"
    if pd.isna(median):
        finding = "Tenure cannot be shown: too few customers"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}.", "axis": axis}
    finding = f"Half of the active customers have been there for {months(median)} or longer"
    fullest = bins.dropna(subset=["customers"]).nlargest(3, "customers")
    told = listed([f"{count(row.customers)} from {count(row.low)}" for row in fullest.itertuples()])
    alt = f"Histogram. {finding}. The fullest steps hold {told} months."
    return {"finding": finding, "subtitle": subtitle, "alt": alt, "axis": axis}


def _masked_steps(bins: pd.DataFrame) -> str:
    """Which steps stand empty for being masked, neighbours as one; empty where none does."""
    stretches: list[tuple[float, float]] = []
    for step in bins[bins["masked"]].itertuples():
        begun = stretches.pop()[0] if stretches and stretches[-1][1] == step.low else step.low
        stretches.append((begun, step.high))
    told = [f"{count(low)} and more" if pd.isna(high) else f"{count(low)} to {count(high)}" for low, high in stretches]
    return f"; masked, to protect small groups: {listed(told)} months" if told else ""


def name(product: str) -> str:
    """A product's name as a reader writes it."""
    return {"tv": "TV", "smart_home": "smart home"}.get(product, product.replace("_", " "))
