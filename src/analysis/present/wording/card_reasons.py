"""Words on the page of one customer: why the customer is at risk, and what says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.models.families import family, label
from analysis.models.reasons.ranked import CARRIERS, NAMED
from analysis.present.numbers import decimal, finite, money, months, percent
from analysis.present.text import clean
from analysis.present.wording.phrase import capital
from analysis.present.wording.reasons import name

Facts = Mapping[str, Any]
ENDS = {
    "contract_months_left": ("no contract runs", "the contract ends in {}"),
    "promotion_months_left": ("no promotion runs", "a promotion ends in {}"),
}
NOTHING = {"discount": "no discount runs", "discount_share": "no discount runs"}  # what zero is called
SHARES = ("price_rise_", "promotion_lost_", "fee_rise_", "discount_share", "evening_share")
AMOUNTS = ("monthly_fee", "discount")
BEFORE = {"_1m": ("_3m", "last three months"), "_3m": ("_previous_3m", "the three months before")}


def why_at_risk(facts: Facts, *, currency: str) -> dict[str, str]:
    """The reasons in their order, each with what says so and by how much it raises the risk; then how sure that is.

    Nothing where no reason is known. "×": hazard of the next three months over that of the same customer, were this
    reason as in the mean of all.
    """
    told = {}
    for place, (reason, carrier) in enumerate(zip(NAMED, CARRIERS, strict=True), start=1):
        why = facts.get(reason)
        if not isinstance(why, str):
            continue
        said = carried(facts, facts.get(carrier), currency=currency)
        adds = finite(facts.get(f"adds_{why}"))
        times = "" if adds is None else f" (risk × {decimal(float(np.exp(adds)), 2)})"
        told[f"{place}. {name(why)}"] = f"{capital(said)}{times}"
    again = finite(facts.get("again"))
    if told and again is not None:
        told["How sure"] = f"The first reason is the same in {percent(again, 0)} of equally likely estimates"
    return told


def carried(facts: Facts, covariate: Any, *, currency: str) -> str:
    """What the covariate that carries a reason is for this customer."""
    if not isinstance(covariate, str):
        return "several together"
    value = facts.get(covariate)
    if covariate in ENDS:
        none, some = ENDS[covariate]
        return none if finite(value) is None else some.format(months(finite(value)))
    if covariate in NOTHING and finite(value) == 0:
        return NOTHING[covariate]
    if value is None or value != value:
        return f"{label(covariate)}: not known"
    return f"{label(covariate)}: {_written(covariate, value, currency=currency)}{_before(facts, covariate)}"


def _written(covariate: str, value: Any, *, currency: str) -> str:
    number = finite(value) if not isinstance(value, str) else None
    if number is None:
        return clean(value)
    if covariate in AMOUNTS:
        return money(number, currency)
    return percent(number) if covariate.startswith(SHARES) else decimal(number, 0 if number == int(number) else 1)


def _before(facts: Facts, covariate: str) -> str:
    """What use is compared with: that of more, or of earlier, months, where it is known."""
    for window, (other, words) in BEFORE.items():
        stem = covariate.removesuffix(window)
        value = finite(facts.get(f"{stem}{other}")) if stem != covariate and family(covariate) == "use" else None
        if value is not None:
            return f"; {words}: {decimal(value)}"
    return ""
