"""Sentences about what to do next: the list, what it is expected to bring, what stands against more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.policy.action_figures import NOT_ENOUGH, shown_money
from analysis.policy.actions import ACT, HOLD_OUT, Actions, Frame
from analysis.policy.effects import Effect
from analysis.policy.everyone import CUSTOMER, FORMER, POTENTIAL
from analysis.policy.limits import BUDGET
from analysis.policy.options import HARMED, HARMS, LATELY, NO_CONSENT, ORDERED, REFUSES
from analysis.policy.table import Policy
from analysis.present.numbers import count, decimal, money, percent
from analysis.present.wording.for_whom import whom
from analysis.present.wording.phrase import Captions, Words, at_least_few, capital, counted, listed, most_or_largest

WHY = {
    HARMS: "It would cost more than it brings",
    NOT_ENOUGH: "No money or time left for it",
    REFUSES: "Asked not to be contacted",
    NO_CONSENT: "No consent for the channel",
    LATELY: "Approached by a campaign lately",
    ORDERED: "A work order is open",
    HARMED: "A contact would make more of them leave",
}
ALONG = "Spent on actions in the quarter"


NAMES = {
    CUSTOMER: ("customer", "customers"), FORMER: ("former customer", "former customers"), POTENTIAL: ("lead", "leads"),
}  # fmt: skip


def bottom_line(
    actions: Actions, kinds: pd.Series, told: pd.DataFrame, frame: Frame, *, currency: str, smallest: int
) -> str:
    """For how many customers, former customers and leads, at what cost, for what.

    Money is that of the actions that are told one by one in `told`, the table of `everyone.by_kind`: see
    `action_figures.shown_money`.
    """
    sizes = kinds[actions.rows["arm"] == ACT].value_counts()
    if sizes.empty:
        return (
            "No action is proposed: none is open that is expected to bring more than it costs. Of whom nothing is "
            "foretold, or who has no value, nothing can be expected."
        )
    enough = [kind for kind in NAMES if sizes.get(kind, 0) >= smallest]
    few = [f"fewer than {count(smallest)} {NAMES[kind][1]}" for kind in NAMES if 0 < sizes.get(kind, 0) < smallest]
    if not enough:
        return f"Actions are proposed for {listed(few)}."
    named = listed([counted(sizes[kind], *NAMES[kind]) for kind in enough])
    beside = f" Beside them are actions for {listed(few)}." if few else ""
    shown = told[told["kind"].isin(enough)]
    return f"{_worth(named, shown, frame, currency=currency)}{beside}"


def _worth(named: str, told: pd.DataFrame, frame: Frame, *, currency: str) -> str:
    """What the actions that are told cost, and what they are expected to bring."""
    sums, hidden = shown_money(told), bool(told["masked"].any())
    of = "" if frame.budget is None else f" of {money(frame.budget, currency, 0)}"
    spent, net = f"{money(sums['cost'], currency, 0)}{of}", money(sums["net"], currency, 0)
    low = f"{money(sums['doubted'], currency, 0)} if every effect is at its low end."
    if not sums["customers"]:
        return f"Actions are proposed for {named}. Their cost is not told: it would tell of actions that few get."
    if hidden:
        return (
            f"Actions are proposed for {named}. The actions whose numbers may be told cost {spent}, and are "
            f"expected to bring {net} more than that; {low}"
        )
    return f"Actions for {named} at {spent} together are expected to bring {net} more than they cost; {low}"


def policy_rows(
    policies: Sequence[Policy], frame: Frame, effects: Mapping[str, Effect], rules: ClassRules
) -> pd.DataFrame:
    """The policy table as it is read: for whom, what, by whom, with the effect that the list reckons with."""
    rows = [
        {
            "whom": whom(policy, rules), "action": capital(policy.action), "offer": policy.offer,
            "owner": frame.teams[policy.team].owner, "costs": policy.costs,
            "effect": effects[policy.name].share, "low": effects[policy.name].low, "high": effects[policy.name].high,
            "known": _known(effects[policy.name]), "days": policy.days,
        }
        for policy in policies
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _known(effect: Effect) -> str:
    """Where an effect comes from; whether it is clearly more than nothing, where it was measured."""
    if not effect.measured:
        return "assumed"
    return "measured" if effect.low > 0 else "measured, not clear"


def policy_words(policies: Sequence[Policy], effects: Mapping[str, Effect]) -> Captions:
    """Above the policy table."""
    measured = sum(effects[policy.name].measured for policy in policies)
    many = counted(len(policies), "policy", "policies")
    return {
        "finding": f"{many}, {count(measured) if measured else 'none'} with a measured effect",
        "subtitle": (
            "As set for this report; cost of a contact and its offer per customer; effect: share of the risk of "
            "leaving by choice that it removes, or, of who left and of leads, the chance of winning them that it adds; "
            "measured by a campaign drawn by lot (95 % interval), or assumed (half of it, and half as much again)"
        ),
    }


def list_rows(told: pd.DataFrame, policies: Sequence[Policy]) -> pd.DataFrame:
    """The list by policy as the table shows it."""
    names = {policy.name: capital(policy.action) for policy in policies}
    return told.assign(name=told["policy"].map(names))


def list_words(told: pd.DataFrame, policies: Sequence[Policy], frame: Frame) -> Captions:
    """Above the list by policy."""
    shown = told[~told["masked"].astype(bool)]
    if shown.empty:
        finding = "The list is too small to be told by action" if len(told) else "No action is on the list"
    else:
        most = list_rows(shown, policies).sort_values(["net", "policy"], ascending=[False, True]).iloc[0]
        beside = " of the actions whose numbers may be told" if len(shown) < len(told) else ""
        finding = f"{most['name']} is expected to bring most{beside}"
    return {
        "finding": finding,
        "subtitle": (
            f"Those on the list and those held out by lot ({percent(frame.holdout, 0)} of all); to be kept: effect × "
            "risk of leaving by choice within three months × lifetime value; to be won: chance that it adds × what who "
            "is won is worth; net: less cost"
        ),
    }


def curve_words(curve: pd.DataFrame, whole: Actions, *, currency: str) -> Words:
    """Around the profit curve."""
    price, banded = whole.choice.prices.get(BUDGET, 0.0), bool((curve["low"] < curve["high"]).any())
    if len(curve) < 2:
        finding = "No money is needed for the list"
    elif price > 0:
        finding = f"One more {currency} would bring {decimal(price, 2)} net: the budget stops short of the best"
    else:
        finding = "More money would bring nothing: the budget is not what limits the list"
    subtitle = "Expected net benefit of the best list without those held out, by what is spent, currency of the source"
    dot = "; dot: this list; band: every effect at that end of its interval" if banded else ""
    return {
        "finding": finding,
        "subtitle": f"{subtitle}{dot}",
        "alt": f"{finding}. A curve that rises ever less steeply.",
    }


def out_words(told: pd.DataFrame) -> Captions:
    """Above the table of who is left out."""
    shown = told[~told["masked"].astype(bool)]
    most = shown.sort_values(["customers", "why"], ascending=[False, True]).head(1)
    finding = "Who is not on the list, though a policy is for them"
    if len(most) and most["customers"].iloc[0] > 0:
        why = WHY[most["why"].iloc[0]]
        finding = f"{most_or_largest(told['customers'])} those left out: {why[0].lower()}{why[1:]}"
    return {
        "finding": finding,
        "subtitle": "Active customers with a forecast for whom a policy is, by what stands against all of its actions",
    }


def out_rows(told: pd.DataFrame) -> pd.DataFrame:
    """Who is left out as the table shows it."""
    return told.assign(name=told["why"].map(WHY))


def limits(actions: Actions, frame: Frame, tables: Mapping[str, object], *, smallest: int) -> list[str]:
    """What limits the list, how near it is to the best, and what it is not."""
    teams = [name for name, price in actions.choice.prices.items() if name != BUDGET and price > 1e-9]
    owners = listed([frame.teams[name].owner for name in teams])
    held = int((actions.rows["arm"] == HOLD_OUT).sum())
    told = [
        "" if "consents" in tables else "The source gives no consents: nothing that needs one is proposed.",
        f"What limits the list besides money: the time of {owners}." if teams else "",
        ""
        if actions.rows.empty
        else (
            f"{_proven(actions.choice.gap)} Whom "
            "an action would cost more than it brings is left alone: that is where retention stops."
        ),
        (
            f"{at_least_few(held, 'customer', 'customers', smallest=smallest)} would be on the list and "
            "are held out by lot: the next report compares those on the list with them."
            if held
            else ""
        ),
        (
            "Lists are proposals: a person decides. They are not in this report but in the run’s tables "
            "“actions”, “win_back” and “open_leads”, with reason, owner, due date, cost and expected benefit of each."
        ),
    ]
    return [capital(text) for text in told if text]


def _proven(gap: float) -> str:
    """How far from the best the list can be."""
    if gap < 5e-5:
        return "No list within these limits can bring more."
    return f"No list within these limits can bring more than {percent(gap, 2)} beyond this one."


def marginal(actions: Actions, *, currency: str, smallest: int) -> str:
    """What the last customers on the list bring."""
    rows = actions.rows[(actions.rows["arm"] == ACT)].sort_values(["net", "customer_id"])
    if len(rows) < 2 * smallest:
        return "What the last customers on the list bring is not told: the list is too short."
    last = rows.head(smallest)
    return (
        f"The {count(smallest)} customers on the list that bring least are expected to bring "
        f"{money(last['net'].mean(), currency, 2)} each after their cost."
    )
