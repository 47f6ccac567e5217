"""Sentences about early warnings: how many orders, what limits them, who is left alone, and how well it warned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd

from analysis.models.families import FAMILIES
from analysis.policy.options import HARMS, ORDERED, REFUSES
from analysis.policy.warned import BY_BOTH, BY_MODEL, BY_SIGN, LIKELY
from analysis.policy.warning_figures import PRIORITY, REASON, TEAM, THIRDS, WARNED_BY, cost_told
from analysis.policy.warning_record import ALL, AS_MANY, WAYS
from analysis.policy.warnings import FULL, HELD, LISTED, UNVALUED, Month, Warnings
from analysis.present.numbers import Number, count, day, money, percent, spread
from analysis.present.wording.phrase import Captions, at_least_few, capital, counted, listed, most_or_largest

BY = {TEAM: "Team", PRIORITY: "Priority", REASON: "First reason", WARNED_BY: "Warned by"}
NAMES = {
    BY_SIGN: "A sign alone", BY_MODEL: "The model alone", BY_BOTH: "Both", LIKELY: "None is known",
    **{third: capital(third) for third in THIRDS},
}  # fmt: skip
WHY = {
    LISTED: "On the quarter’s action list",
    HELD: "Held out by lot",
    ORDERED: "A work order is open",
    REFUSES: "Asked not to be contacted",
    UNVALUED: "No forecast, or no value, is known",
    HARMS: "An order would cost more than it brings",
    FULL: "No time or money left",
}
SIZES = {ALL: "All with cause", AS_MANY: "As many as orders"}
PERIODS = {"month": "A month", "quarter": "The quarter"}
TOGETHER = {"sign": "the signs", "model": "the model", "both": "both together"}
RECORDED = {"sign": "Signs", "model": "Model", "both": "Both"}


def bottom_line(found: Warnings, *, currency: str, smallest: int) -> str:
    """How many orders, for whom of those warned of, what is at risk and what they cost."""
    rows = found.acted
    everyone = len(rows) + len(found.why)
    if not everyone:
        return (
            "Nobody gives cause for warning: no sign that earns its place flags anybody, and no chance that is known "
            "is high enough."
        )
    cause = (
        f"{capital(at_least_few(everyone, 'customer gives', 'customers give', smallest=smallest))} cause for warning"
    )
    if rows.empty:
        return f"{cause}; no order is handed out."
    if len(rows) < smallest:
        return f"{cause}; {at_least_few(len(rows), 'order is', 'orders are', smallest=smallest)} handed out."
    lost, cost = rows["at_risk"].sum(), rows["cost"].sum()
    return (
        f"{cause}; {counted(len(rows), 'work order goes', 'work orders go')} to those with most at risk: "
        f"{money(lost, currency, 0)} are expected to be lost with them within a month. "
        f"{_asked(rows, smallest=smallest)}"
        f"{f' The orders cost {money(cost, currency, 0)}.' if cost_told(found, smallest=smallest) else ''}"
    )


def _asked(rows: pd.DataFrame, *, smallest: int) -> str:
    """What the orders ask for: all of them the same, or so many, where enough get another."""
    sizes = rows["action"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    first, most, rest = str(sizes.index[0]), int(sizes.iloc[0]), int(sizes.iloc[1:].sum())
    if not rest:
        return f"All of them are the same: {first}."
    if most < smallest or most <= rest:
        return "They ask for different actions, of which none is that of more than half."
    return f"{count(most) if rest >= smallest else 'Most'} of them are: {first}."


def limits(found: Warnings, alone: pd.DataFrame, month: Month, *, chance: float, signs: Collection[str]) -> list[str]:
    """Of whom is warned, what limits the orders, and who is left alone; `alone` is the table of `left_alone`."""
    likely = f"the chance of leaving within a month is at least {percent(chance)}"
    earning = f"a sign that earns its place flags the customer ({listed(list(signs))}), or {likely}"
    check = f"the order is: {month.check.action}. Nobody is contacted; that it takes away"
    told = [
        f"There is cause where {earning if signs else f'{likely}; no sign earns its place'}.",
        _limit(found, month),
        _open(alone),
        _held(alone),
        (
            f"Where no policy’s action brings more than it costs, {check} {percent(month.check.effect, 0)} of the risk "
            "of leaving is an assumption."
        ),
        (
            "Orders are proposals: a person decides. They are not in this report but in the run’s table “warnings”. "
            "Between quarters the command “linecard warn” makes new ones."
        ),
    ]
    anybody = len(found.rows) + len(found.why) > 0
    return [text for text in told if text] if anybody else told[:1]


def _limit(found: Warnings, month: Month) -> str:
    """Which team is full, and whether the money is spent."""
    if not (found.why == FULL).any():
        return "Neither time nor money stops any order: all that bring more than they cost are handed out."
    done = found.acted["team"].value_counts()
    full = [month.teams[name].owner for name, most in month.time.items() if int(done.get(name, 0)) >= most and most]
    none = [month.teams[name].owner for name, most in month.time.items() if not most]
    if full:
        return f"What limits the orders: the month’s time of {listed(full)}."
    if none:
        return f"What limits the orders: the time of {listed(none)}, which was used up before."
    return "What limits the orders: the money of the month."


def _open(alone: pd.DataFrame) -> str:
    why = "because an order for them is still open"
    return _left(alone, ORDERED, why) or "Nobody who gives cause has an order that is still open."


def _held(alone: pd.DataFrame) -> str:
    told = _left(alone, HELD, "because the quarter’s lot holds them out, of the action list or of these orders")
    return f"{told} Beside them it will be told what orders do." if told else ""


def _left(alone: pd.DataFrame, why: str, said: str) -> str:
    """How many are left alone for that, where the table tells it: what it hides must not be told here either."""
    row = alone.set_index("why").loc[why]
    if row["masked"]:
        return f"How many got none {said}, is not told."
    return f"{counted(row['customers'], 'customer', 'customers')} got none, {said}." if row["customers"] else ""


def order_rows(groups: pd.DataFrame) -> pd.DataFrame:
    """The orders by their groups as the table shows them."""
    names = [NAMES.get(str(one), _reason(str(one))) for one in groups["class"]]
    return groups.assign(by=groups["kind"].map(BY), name=names)


def _reason(text: str) -> str:
    return capital(text) if text in FAMILIES else text


def order_words(groups: pd.DataFrame, *, as_of: dt.date) -> Captions:
    """Above the table of orders: what share of the value at risk the first third holds."""
    first = groups[(groups["kind"] == PRIORITY) & ~groups["masked"].astype(bool)]
    finding = "The warning orders by team, priority, reason and who warned"
    if groups.empty:
        finding = "There is no warning order to tell of"
    if len(first) == len(THIRDS) and first["at_risk"].sum() > 0:
        share = first["at_risk"].iloc[0] / first["at_risk"].sum()
        finding = f"The first third of the orders holds {percent(share, 0)} of the value at risk"
    return {
        "finding": finding,
        "subtitle": (
            f"Orders as of {day(as_of)}; at risk: chance of leaving within a month × lifetime value; to be kept: "
            "effect × risk of leaving by choice within three months × lifetime value"
        ),
    }


def out_rows(told: pd.DataFrame) -> pd.DataFrame:
    """Who got no order as the table shows it; no rows where that is nobody."""
    return told.assign(name=told["why"].map(WHY)).iloc[: 0 if _nobody(told) else None]


def _nobody(told: pd.DataFrame) -> bool:
    return not told["masked"].any() and not told["customers"].sum()


def out_words(told: pd.DataFrame) -> Captions:
    """Above the table of those without an order."""
    shown = told[~told["masked"].astype(bool)].sort_values(["customers", "why"], ascending=[False, True])
    finding = "Who gives cause for warning and gets no order"
    if _nobody(told):
        finding = "Nobody who gives cause for warning is left without an order"
    if len(shown) and shown["customers"].iloc[0] > 0:
        why = WHY[str(shown["why"].iloc[0])]
        finding = f"{most_or_largest(told['customers'])} those who get no order: {why[0].lower()}{why[1:]}"
    return {
        "finding": finding,
        "subtitle": "Active customers who give cause for warning, by the first reason that holds",
    }


def record_rows(record: pd.DataFrame) -> pd.DataFrame:
    """The past record as the table shows it: one row per period and way to warn."""
    order = [(period, size, way) for period in PERIODS for size in SIZES for way in WAYS]
    told = record.set_index(["within", "rule"]).loc[[(period, f"{way}_{size}") for period, size, way in order]]
    periods, sizes, ways = zip(*order, strict=True)
    names = {"period": [PERIODS[one] for one in periods], "of": [SIZES[one] for one in sizes]}
    return told.reset_index().drop(columns="masked").assign(**names, name=[RECORDED[one] for one in ways])


def record_words(record: pd.DataFrame, *, by_choice: bool) -> Captions:
    """Above the table of the past record."""
    left = "left by choice" if by_choice else "left"
    ends = int(record["landmarks"].max()) if len(record) else 0
    return {
        "finding": "What such warnings would have found in the past",
        "subtitle": (
            f"At {counted(ends, 'past quarter end', 'past quarter ends')}, by a model and signs that knew nothing "
            f"later: share of all customers; of those warned of, how many {left}; of those who {left}, how many were "
            "warned of. –: too few to tell"
        ),
    }


def record_sentence(record: pd.DataFrame, *, by_choice: bool) -> str:
    """How signs, model and both did with as many orders as now; whether both find more than the model alone."""
    left = "left by choice" if by_choice else "left"
    for within in ("month", "quarter"):
        told = record[record["within"] == within].set_index("rule")
        rows = {way: told.loc[f"{way}_{AS_MANY}"] for way in WAYS if f"{way}_{AS_MANY}" in told.index}
        known = {way: row for way, row in rows.items() if pd.notna(row["recall"])}
        if "both" not in known:
            continue
        parts = [
            f"{TOGETHER[way]} {percent(row['recall'], 0)} ({spread(row['recall_low'], row['recall_high'], _whole)})"
            for way, row in known.items()
        ]
        usual = known["both"]
        return (
            f"With warnings for {percent(usual['rate'])} of all customers, as many as orders now, this share of those "
            f"who {left} within the {within} would have been found: by {listed(parts)}. Of whom both together warn, "
            f"{percent(usual['precision'])} {left}; of all customers, {percent(usual['usual'])}. {_beside(known)}"
        ).strip()
    return "How well such warnings would have warned in the past cannot be told: too few were warned of, or left."


def _beside(known: dict[str, pd.Series]) -> str:
    """Whether the combination did clearly better than the model alone."""
    if "model" not in known:
        return ""
    both, model = known["both"], known["model"]
    if both["recall_low"] > model["recall"]:
        return "Both together find clearly more than the model alone."
    if both["recall"] == model["recall"]:
        return "With so few orders the signs add nothing: the likeliest to leave are the same with them and without."
    return "That both together find more than the model alone cannot be said."


def _whole(value: Number) -> str:
    return percent(value, 0)


COUNTED = (
    "The record counts all who would have been warned of, whether or not somebody contacted them then; the model’s "
    "order is by chance alone, since what customers were worth then is not kept. Who was warned of at several quarter "
    "ends is one customer in the intervals."
)
