"""Sentences about why customers are at risk: what each reason speaks of, how many have it, and how sure that is."""

from __future__ import annotations

import pandas as pd

from analysis.models.families import label
from analysis.models.reasons.groups import CLOSE, NONE, Stability
from analysis.models.reasons.ranked import HIGHEST, Reasons
from analysis.present.numbers import decimal, finite, interval, percent
from analysis.present.wording.phrase import Captions, Words, at_least_few, capital, counted

NAMES = {
    "price": "Price",
    "service": "Service and network",
    "competitor": "Competitor",
    "use": "Use",
    "contract": "Contract",
    "payment": "Payment",
    NONE: "None to act on",
}
SUBJECTS = {  # at the head of a sentence
    "price": "The price",
    "service": "Service or network",
    "competitor": "A competitor",
    "contract": "The contract",
    NONE: "Nothing that can be acted on",
}
MEANINGS = {
    "price": "The fee, a discount that ends soon or has ended, a price rise",
    "service": "Tickets, complaints, outages, and how content customers said they were",
    "competitor": "A competitor named to the service desk",
    "use": "How much is used, and whether that has fallen",
    "contract": "What binds: no contract, one that ends soon, a short term",
    "payment": "Bills overdue or paid late, and how they are paid",
    NONE: "Who somebody is, the season, or nothing known above the usual",
}
OTHERS = "Something else, or several together"
SMALLEST = 11  # customers of a published group
NOBODY = "No reasons are told: the forecast rests on time with the company alone, and that says nothing of why"


def name(family: str) -> str:
    """A family of reasons as a reader writes it."""
    return NAMES.get(family, capital(family))


def shown_rows(groups: pd.DataFrame) -> pd.DataFrame:
    """The groups as picture and table show them: `name` and `meaning` added."""
    return groups.assign(name=groups["reason"].map(name), meaning=groups["reason"].map(MEANINGS))


def carrier_rows(carriers: pd.DataFrame) -> pd.DataFrame:
    """What carries each reason as the table shows it: `name` and `what` added."""
    told = zip(carriers["carrier"], carriers["state"], strict=True)
    what = [OTHERS if pd.isna(carrier) else capital(carried(str(carrier), state)) for carrier, state in told]
    return carriers.assign(name=carriers["reason"].map(name), what=what)


def carried(covariate: str, state: str | None = None) -> str:
    """What carries a reason: the name of its value where it has one, else that of the covariate."""
    return label(covariate) if pd.isna(state) else str(state)


def group_words(groups: pd.DataFrame, why: Reasons | None) -> Words:
    """Around the picture of first reasons."""
    if why is None:
        return {"finding": NOBODY, "subtitle": "First reasons of customers", "alt": f"{NOBODY}."}
    subtitle = (
        f"Share of the {_who(why)} by the reason that raises their hazard of leaving{_whose(why)} most, against the "
        "mean of all active customers; with the 95 % interval of equally likely estimates of the model"
    )
    known = groups[~groups["masked"] & (groups["customers"] > 0)]
    if known.empty:
        finding = "Too few customers are at high risk to tell their reasons"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    first = known.iloc[0]
    share = f"{percent(first['share'], 0)} ({interval(first['low'], first['high'], lambda end: percent(end, 0))})"
    finding = f"{_subject(first['reason'])} is the first reason of {share} of the customers most at risk"
    told = ", ".join(f"{name(row['reason'])} {percent(row['share'])}" for row in known.to_dict("records"))
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {told}."}


def table_words(groups: pd.DataFrame, why: Reasons | None) -> Captions:
    """Above the table of first reasons."""
    if why is None:
        return {"finding": NOBODY, "subtitle": "First reasons"}
    known = groups.dropna(subset=["times"])
    strongest = known.sort_values("times", kind="stable").iloc[-1] if len(known) else None
    finding = (
        "How many have each reason, and how much it raises their risk"
        if strongest is None
        else f"{_subject(strongest['reason'])} raises the risk most where it comes first: to "
        f"{decimal(strongest['times'])} times the usual"
    )
    return {
        "finding": finding,
        "subtitle": (
            f"The {_who(why)}. Times the usual risk: hazard of the next three months over that of a customer of whom "
            "only this reason is as in the mean. Stays the same: share of equally likely estimates with the same "
            "first reason"
        ),
    }


def carrier_words(carriers: pd.DataFrame) -> Captions:
    """Above the table of what carries the reasons."""
    subtitle = (
        "Customers at the highest risk by the feature that adds most within their first reason, as it is for them"
    )
    known = carriers.dropna(subset=["carrier"])
    if known.empty:
        return {"finding": "Too few customers share a feature to tell what carries their reasons", "subtitle": subtitle}
    most = known.sort_values("customers", ascending=False, kind="stable").iloc[0]
    finding = (
        f"What raises the risk first is most often “{carried(most['carrier'], most['state'])}”: "
        f"{counted(most['customers'], 'customer', 'customers')}"
    )
    return {"finding": finding, "subtitle": subtitle}


def stability_sentence(sure: Stability, why: Reasons | None) -> str:
    """How far the first reasons can be relied on."""
    if why is None or finite(sure.again) is None:
        return "How sure the reasons are cannot be told."
    most = "at most " if why.trees else ""
    said = (
        "Under equally likely estimates of the model, the first reason of a customer at the highest risk is the same "
        f"in {most}{percent(sure.again)} of cases."
    )
    if finite(sure.close) is not None:
        said += (
            f" For {percent(sure.close)} of them the first reason hardly leads the second (by less than "
            f"{decimal(CLOSE)} of the log hazard): there it is the same in {percent(sure.again_close)} of cases, "
            f"elsewhere in {percent(sure.again_clear)}. Where the lead is that close, look at both reasons."
        )
    if why.trees:
        said += " What the trees' own error would change is not in these figures."
    return f"{said} What no column shows can be no reason here, though it may be the true one."


def _subject(family: str) -> str:
    return SUBJECTS.get(family, name(family))


def _who(why: Reasons) -> str:
    people = at_least_few(int(why.rows["highest"].sum()), "customer", "customers", smallest=SMALLEST)
    return f"{people} at the highest risk (the {percent(HIGHEST, 0)} likeliest to leave)"


def _whose(why: Reasons) -> str:
    return " by choice" if why.by_choice else ""
