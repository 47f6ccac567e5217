"""Words on the page of one customer: what each fact is called, and what happened when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.present.numbers import count, day, decimal, interval, money, months, percent
from analysis.present.text import MISSING, clean
from analysis.present.wording.phrase import capital

Facts = Mapping[str, Any]
Writer = Callable[[Any], str]
EVENTS = {
    "joined": "joined", "account": "new account", "begins": "product begins", "ends": "product ends",
    "plan": "plan changed", "price": "price changed", "renewed": "renewed", "ticket": "ticket",
    "complaint": "complaint", "contact": "campaign contact", "answer": "survey answered", "work_order": "work order",
    "left": "left",
}  # fmt: skip
STATES = {"active": "active", "suspended": "suspended", "left": "has left"}


def bottom_line(facts: Facts, *, currency: str) -> str:
    """Who this is, in one sentence."""
    if facts.get("status") in ("test", "staff"):
        return f"A {facts['status']} line: in no figure of the report."
    if "state" not in facts:
        return "In no figure of the report: left before observation began, or cannot be followed."
    since = f"since {day(facts['signup_date'])}"
    if facts["state"] == "left":
        return f"Customer {since}; left on {day(facts['churn_date'])}."
    paid = _paid(facts)
    fee = "" if paid is None else f", pays {money(paid, currency)} a month"
    risk = facts.get("churn_3m")
    leaves = (
        "" if risk is None or pd.isna(risk) else f", leaves within three months with a probability of {percent(risk)}"
    )
    return f"Customer {since}{fee}{leaves}."


def profile(facts: Facts) -> dict[str, str]:
    """Who it is, without a name."""
    return _written(
        {**facts, "tenure_months": _tenure_reached(facts)},
        {
            "state": ("State", lambda state: STATES.get(state, clean(state))),
            "signup_date": ("Customer since", day),
            "tenure_months": ("Tenure of this spell", months),
            "customer_type": ("Type", clean),
            "industry": ("Industry", clean),
            "employees": ("Employees", count),
            "age": ("Age", count),
            "region": ("Region", clean),
            "area_id": ("Area", clean),
            "acquisition_channel": ("Came by", clean),
            "lifecycle_class": ("Life-cycle stage", clean),
            "rfm_class": ("RFM group", clean),
            "needs_class": ("Needs scenario", clean),
            "contract_class": ("Contract", clean),
            "contract_months_left": ("Contract still runs for", months),
            "churn_kind": ("Kind of leaving", clean),
            "churn_reason": ("Reason of leaving", clean),
        },
    )


def _tenure_reached(facts: Facts) -> object:
    """Months of the last spell: up to leaving, of who has left."""
    if facts.get("state") != "left" or pd.isna(facts.get("spell_start")):
        return facts.get("tenure_months")
    return (pd.Timestamp(facts["churn_date"]) - pd.Timestamp(facts["spell_start"])).days / DAYS_PER_MONTH


def _paid(facts: Facts) -> float | None:
    """Fees of the products held less the discounts that run; None where no fee is known."""
    fee, discount = facts.get("monthly_fee"), facts.get("discount")
    if fee is None or pd.isna(fee):
        return None
    return float(fee) - (0.0 if discount is None or pd.isna(discount) else float(discount))


def payments(facts: Facts, *, currency: str) -> dict[str, str]:
    """What is paid, and what it left."""
    amount = partial(money, currency=currency)
    return _written(
        {**facts, "paid": _paid(facts)},
        {
            "monthly_fee": ("Fees a month", amount),
            "discount": ("Discount on them", amount),
            "paid": ("Paid a month", amount),
            "received_value": ("Margin received since observation began", partial(money, currency=currency, places=0)),
            "overdue_bills": ("Bills overdue", count),
            "late_bills_6m": ("Bills paid late in six months", count),
            "payment_method": ("Pays by", clean),
        },
    )


def use_and_service(facts: Facts) -> dict[str, str]:
    """What is used and what was asked for, lately."""
    return _written(
        facts,
        {
            "usage_class": ("Usage", clean),
            "download_gb_3m": ("Download of the last three months", _gigabytes),
            "download_gb_previous_3m": ("Download of the three before", _gigabytes),
            "app_logins_3m": ("Log-ins to the app a month", decimal),
            "tickets_3m": ("Tickets in three months", count),
            "complaints_3m": ("Complaints in three months", count),
            "outage_minutes_3m": ("Outage of the area, minutes a month", decimal),
            "nps_score": ("Would recommend (0 to 10)", count),
            "csat_score": ("Satisfied (1 to 5)", count),
            "answer_age_months": ("Answered", lambda age: f"{months(age)} ago"),
        },
    )


def prospects(facts: Facts, *, currency: str) -> dict[str, str]:
    """How likely it is to leave, and what it is worth while it stays."""
    amount = partial(money, currency=currency, places=0)
    told = _written(
        facts,
        {
            "churn_1m": ("Leaves within a month", percent),
            "churn_3m": ("Leaves within three months", percent),
            "voluntary_3m": ("of own choice", percent),
            "churn_12m": ("Leaves within a year", percent),
            "months_left": (f"Stays, of the next {count(facts.get('months_left_horizon'))} months", months),
            "current_value": ("Current value", amount),
            "potential_value": ("Potential value", amount),
            "clv": ("Lifetime value", amount),
            "value_tier": ("Value tier", clean),
        },
    )
    low, high = (facts.get(f"current_value_{end}") for end in ("low", "high"))
    between = interval(low, high, amount)
    if "Current value" in told and between != MISSING:
        told["Current value"] += f" (80 % interval {between})"
    return told


def history(events: pd.DataFrame, *, currency: str) -> pd.DataFrame:
    """The timeline in words: `day`, `event`, `detail`."""
    details = [_detail(row, currency) for row in events.to_dict("records")]
    return pd.DataFrame(
        {"day": events["day"], "event": events["event"].map(EVENTS), "detail": pd.Series(details, dtype=object)}
    )


def shown_of(shown: int, all_events: int) -> str:
    """How much of the timeline is shown."""
    return "Newest first" if shown == all_events else f"The newest {count(shown)} of {count(all_events)}, newest first"


def _detail(row: Mapping[Any, Any], currency: str) -> str:
    event, what, before, after = (row[name] for name in ("event", "what", "before", "after"))
    amount = partial(money, currency=currency)
    if event in ("price", "plan"):
        write: Writer = amount if event == "price" else clean
        return f"{clean(what)}: {write(before)} → {write(after)}"
    if event == "begins":
        return _joined(what, before, f"{amount(after)} a month")
    if event == "renewed":
        return _joined(what, None if pd.isna(after) else months(after, 0))
    if event == "answer":
        scores = (("recommends", before), ("satisfied", after))
        return capital(_joined(*[f"{name} {count(score)}" for name, score in scores if pd.notna(score)]))
    if event == "contact":
        return _joined(what, before, {True: "responded", False: "no response"}.get(after))
    return _joined(what, before, after)


def _joined(*parts: object) -> str:
    """The parts that are known, with commas between them."""
    return ", ".join(clean(part) for part in parts if clean(part) != MISSING) or MISSING


def _gigabytes(amount: Any) -> str:
    return f"{decimal(amount)} GB a month"


def _written(facts: Facts, wanted: Mapping[str, tuple[str, Writer]]) -> dict[str, str]:
    """Label → text of the facts that are known."""
    return {
        label: writer(facts[name])
        for name, (label, writer) in wanted.items()
        if name in facts and facts[name] is not None and not pd.isna(facts[name])
    }
