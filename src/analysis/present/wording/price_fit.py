"""Sentences about plans against use: who buys too much or too little, and price gaps that demand does not match."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.measures.plan_gaps import LESS, MORE, SAME
from analysis.measures.price_fit import FEWEST, FITS, NEAR, NOT_TOLD, OVER, UNDER
from analysis.models.price_study import Fit, Study
from analysis.present import numbers
from analysis.present.numbers import MINUS, decimal, finite, money, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, counted, listed

NAMES = {
    OVER: "Uses less than the plan is for",
    FITS: "Fits",
    UNDER: "Uses more than the plan is for",
    NEAR: "Near the cap",
    NOT_TOLD: "Not told",
}
SHORT = {OVER: "uses less", FITS: "fits", UNDER: "uses more", NEAR: "near the cap"}
LACKS = {
    "subscriptions": "the source gives no subscriptions, and without them nobody knows who holds which plan",
    "usage": "the source gives no usage",
    "plans": "no line held tells its plan, its fee, and a speed or a data cap",
    "use": "nobody’s data use is known for three whole months",
}
VERDICTS = {MORE: "matched", SAME: "not matched", LESS: "not matched: used less"}
MOST_PLANS = 12  # bars of a chart


def bottom_line(study: Study, *, currency: str) -> str:
    """How many customers hold a plan that does not fit, or why that cannot be told."""
    if study.fit is None:
        return f"Whether plans fit what is used cannot be told: {LACKS[study.lack]}."
    shares = _shares(study.fit.groups)
    parts = [
        f"{percent(shares[name])} {said}"
        for name, said in (
            (OVER, "use less than their plan is for"),
            (UNDER, "use more"),
            (NEAR, "are near their data cap"),
        )
        if name in shares
    ]
    if not parts:
        return (
            "Of how many customers the plan does not fit cannot be told: the groups are too small, or there are none."
        )
    return f"Of the customers with a data plan {listed(parts)}.{_at_stake(study.fit.groups, currency)}"


def _shares(groups: pd.DataFrame) -> dict[str, float]:
    return {
        str(row.fit): float(row.share) for row in groups.itertuples() if finite(row.share) is not None and row.share
    }


def _at_stake(groups: pd.DataFrame, currency: str) -> str:
    """What moving all of them would change."""
    down, up = _change(groups, [OVER]), _change(groups, [UNDER, NEAR])
    if down is None or up is None or down >= 0 or up <= 0:
        return ""
    least, most = ("more", "than") if -down > up else ("less", "than")
    return (
        f" Moved to plans that fit, the first would cost {money(-down, currency, 0)} of fees a month: {least} {most} "
        f"the {money(up, currency, 0)} that the others would bring."
    )


def _change(groups: pd.DataFrame, names: list[str]) -> float | None:
    rows = groups[groups["fit"].isin(names)]
    return float(rows["change"].sum()) if len(rows) and rows["change"].notna().all() else None


def plan_rows(fit: Fit) -> pd.DataFrame:
    """The plans of the chart, the worst fitting first: `plan`, `name`, `share`."""
    rows = fit.plans.assign(name=fit.plans["fit"].map(SHORT))
    worst = rows[rows["fit"] != FITS].groupby(["product", "plan"])["share"].sum()
    order = worst.sort_index().sort_values(ascending=False, kind="stable").index[:MOST_PLANS]
    return pd.concat(
        [rows[(rows["product"] == product) & (rows["plan"] == plan)] for product, plan in order] or [rows.iloc[:0]],
        ignore_index=True,
    )


def plan_words(fit: Fit, *, asked_low: float, asked_high: float) -> Words:
    """What stands around the chart of plans."""
    rows = plan_rows(fit)
    subtitle = (
        "Share of each plan’s customers with known use, last three months; uses less: below "
        f"{_quantile(asked_low)} of the next smaller plan, uses more: above {_quantile(asked_high)} of the own plan. "
        "Plans on which everybody fits, or with a part too small to tell, are left out"
    )
    if rows.empty:
        return Words(finding="On no plan is there a group that is large enough to be told", subtitle=subtitle, alt="")
    first = rows.iloc[0]
    own = rows[(rows["plan"] == first["plan"]) & (rows["fit"] != FITS)]
    parts = [f"{percent(row.share, 0)} {_verb(str(row.fit))}" for row in own.itertuples()]
    finding = f"Plans fit least on {first['plan']}, where {listed(parts)}"
    return Words(
        finding=finding, subtitle=subtitle, alt=f"Bars of 100 %, one per plan, by how its customers fit. {finding}."
    )


def _verb(fit: str) -> str:
    return {OVER: "use less than it is for", UNDER: "use more than it is for", NEAR: "are near the cap"}[fit]


def _quantile(share: float) -> str:
    return "the median" if share == 0.5 else f"what {percent(share, 0)} use at most"


def group_rows(fit: Fit, *, currency: str) -> pd.DataFrame:
    """The table of ways to fit."""
    rows = fit.groups.assign(name=fit.groups["fit"].map(NAMES))
    signed = [
        _signed(row.change, currency) if row.fit in (OVER, UNDER, NEAR) and finite(row.change) is not None else MISSING
        for row in rows.itertuples()
    ]
    hidden = rows["masked"].astype(bool)
    return rows.assign(
        change=signed, rate_masked=rows["rate_masked"].astype(bool) & (hidden | rows["rate"].isna()) & False
    )


def _signed(value: float, currency: str) -> str:
    return ("+" if value > 0 else MINUS if value < 0 else "") + money(abs(value), currency, 0)


def group_words(fit: Fit) -> Captions:
    """What stands above that table."""
    subtitle = (
        "Active customers with a data plan, by use of the last three months; left by choice within three months, of "
        "those so placed at the quarter ends of the year before; fees before discounts"
    )
    rows = fit.groups.dropna(subset=["rate"]).set_index("fit")
    clear = [
        name for name in (OVER, UNDER, NEAR)
        if name in rows.index and FITS in rows.index and _apart(rows.loc[name], rows.loc[FITS])
    ]  # fmt: skip
    if FITS not in rows.index or not len(rows.index.intersection([OVER, UNDER, NEAR])):
        return Captions(finding="Whether it makes customers leave cannot be told: too few left", subtitle=subtitle)
    if not clear:
        finding = "Customers whose plan does not fit did not clearly leave more or less than others"
        return Captions(finding=finding, subtitle=subtitle)
    name = clear[0]
    way = "more" if rows.loc[name, "rate"] > rows.loc[FITS, "rate"] else "less"
    beside = f"{percent(rows.loc[name, 'rate'])} a quarter, {percent(rows.loc[FITS, 'rate'])} where the plan fits"
    return Captions(finding=f"{capital(_whose(name))} left {way} often: {beside}", subtitle=subtitle)


def _whose(name: str) -> str:
    return {OVER: "over-buyers", UNDER: "under-buyers", NEAR: "customers near their cap"}[name]


def _apart(one: pd.Series, other: pd.Series) -> bool:
    return bool(one["rate_low"] > other["rate_high"] or one["rate_high"] < other["rate_low"])


def cap_rows(fit: Fit) -> pd.DataFrame:
    """The table of months near the cap."""
    names = {1: "one or more", 2: "two or more", 3: "all three"}
    return fit.caps.assign(name=fit.caps["months"].map(names)) if len(fit.caps) else fit.caps.assign(name="")


def cap_words(fit: Fit, *, near_cap: float) -> Captions:
    """What stands above that table, or why there is none."""
    if fit.caps.empty:
        return Captions(finding="No customer’s use can be held against a data cap", subtitle="")
    last = fit.caps.iloc[-1]
    whole = finite(last["customers"])
    who = "the customers" if whole is None else counted(whole, "customer", "customers")
    subtitle = f"Share of {who} with a data cap and no other data line; near: {percent(near_cap, 0)} of the cap or more"
    share = finite(last["near_share"])
    if share is None:
        return Captions(
            finding="How long customers stay near their cap cannot be told: the groups are too small", subtitle=subtitle
        )
    between = spread(last["near_low"], last["near_high"], partial(percent, places=1))
    finding = (
        f"{percent(share, 0)} of the customers with a cap were near it in all of the last three months ({between})"
    )
    return Captions(finding=finding, subtitle=subtitle)


def stakes(study: Study, *, currency: str) -> list[str]:
    """What right-sizing would cost or bring, how many take the step by themselves, and what the figures do not say."""
    if study.fit is None:
        return []
    fit = study.fit
    said = []
    down, up = _change(fit.groups, [OVER]), _change(fit.groups, [UNDER, NEAR])
    if down is not None and down:
        said.append(
            f"If all over-buyers took the next smaller plan, fees would fall by {money(-down, currency, 0)} a month, "
            f"{money(-12 * down, currency, 0)} a year: what an offer to them has to be weighed against."
        )
    if up is not None and up:
        said.append(
            f"If all under-buyers and customers near their cap who can have a bigger plan took it, fees would rise by "
            f"{money(up, currency, 0)} a month.{_taken(fit.taken)}"
        )
    edge = study.asked.rules.high_use
    said.append(
        f"By the rule some {percent(1 - edge, 0)} of a plan’s customers use more than {percent(edge, 0)} of them do: "
        "what tells is whether a bigger plan can be had, and whether they leave."
    )
    said.append(
        "Data volume says little about the speed somebody needs at a time: of plans that differ by speed, low use is a "
        "reason to ask, not to move anybody. Where the network is slower than the plan promises, the plan is not to "
        "blame."
    )
    return said


def _taken(taken: tuple[float, float]) -> str:
    asked, took = taken
    if not asked > 0 or min(took, asked - took) < FEWEST:
        return ""
    return f" Within a quarter {percent(took / asked)} of such customers took a dearer plan by themselves."


def gap_rows(fit: Fit, *, currency: str) -> pd.DataFrame:
    """The table of neighbouring plans."""
    del currency
    rows = fit.gaps
    points = [_points(value) for value in rows["churn_gap"]]
    between = [spread(low, high, _points) for low, high in zip(rows["churn_low"], rows["churn_high"], strict=True)]
    return rows.assign(
        size=[
            f"+{decimal(size, 0)}{numbers.NO_BREAK}{unit}" if finite(size) is not None else MISSING
            for size, unit in zip(rows["size_gap"], rows["size_unit"], strict=True)
        ],
        use=[
            f"×{numbers.NO_BREAK}{decimal(one, 2)}" if finite(one) is not None else MISSING for one in rows["use_ratio"]
        ],
        churn=points,
        churn_between=between,
        told=rows["verdict"].map(VERDICTS).fillna(MISSING),
    )


def _points(value: numbers.Number) -> str:
    """A difference of shares in points: "+0.4", "−1.7"."""
    number = finite(value)
    if number is None:
        return MISSING
    size = decimal(abs(number) * 100, 1)
    return size if size == decimal(0, 1) else ("+" if number > 0 else MINUS) + size


def gap_words(fit: Fit, *, currency: str) -> Captions:
    """What stands above that table: where the price gap is not matched by demand."""
    subtitle = (
        "Each plan and the next dearer one; use: typical use of the dearer plan’s customers as a multiple; leavers: "
        "share of its customers who left by choice in a quarter, less that of the cheaper plan’s, in points"
    )
    rows = fit.gaps
    if rows.empty:
        finding = "No two neighbouring plans have enough customers with known use to be held side by side"
        return Captions(finding=finding, subtitle=subtitle)
    odd = rows[rows["verdict"].isin([SAME, LESS])].sort_values(["fee_gap", "plan"], ascending=[False, True])
    if odd.empty:
        finding = "Every dearer plan is used more than its cheaper neighbour: the price gaps are matched by demand"
        return Captions(finding=finding, subtitle=subtitle)
    first = odd.iloc[0]
    more = f"; so it is with {counted(len(odd) - 1, 'other pair', 'other pairs')}" if len(odd) > 1 else ""
    finding = (
        f"{first['target']} costs {money(first['fee_gap'], currency)} more than {first['plan']} and is not clearly "
        f"used more{more}"
    )
    return Captions(finding=finding, subtitle=subtitle)
