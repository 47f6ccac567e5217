"""What a campaign drawn by lot brought and cost: revenue and margin after a contact, return, cost per customer won."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.contacted import SEVERAL
from analysis.frames.retention import CONTROL
from analysis.models.differences import Means, mean_difference
from analysis.policy.campaign_effects import CONVERTED, LEFT, drawn_by_lot

Rows = nw.LazyFrame[Any]

AFTER = 3  # whole months after that of the contact, whose bills count
REVENUE, MARGIN = "revenue", "margin"
BILLS, AMOUNTS = "bills", "amounts"
INCREMENTS = [
    "campaign", "variant", "objective", "randomised", "outcome", "effect", "low", "high", "error", "treated", "control",
]  # fmt: skip
RETURNS = [
    "campaign", "variant", "contacts", "cost", "total_cost", "roi", "roi_low", "roi_high", "per_won", "won_low",
    "won_high", "break_even", "net", "net_low", "net_high",
]  # fmt: skip


class Rates(NamedTuple):
    """What is left of revenue (a share), what serving a customer costs a month, what a kept customer is worth."""

    gross_margin: float
    per_month: float
    value: float


def months_after(contacts: Rows, months: Rows, *, last: dt.date) -> Rows:
    """Contacts whose three months after are over by `last`, with `money` and `stayed` of them.

    `money` is what was billed for those months, credits not subtracted: what an offer credits is its cost, and counts
    there. Who is billed nothing brings nothing.

    Returns
    -------
    The contacts with `money` (cents) and `stayed` (months on the books, in hundredths).
    """
    windowed = contacts.with_columns(end=nw.col("month").dt.offset_by(f"{AFTER}mo").cast(nw.Date))
    over = windowed.filter(nw.col("end") <= last).drop("end")
    plain = nw.coalesce(nw.col("revenue"), nw.lit(0))
    if "credit" in months.collect_schema().names():
        plain = plain - nw.coalesce(nw.col("credit"), nw.lit(0))
    billed = months.select(
        "customer_id", "month", money=(plain * 100).round(0).cast(nw.Int64),
        stayed=(nw.coalesce(nw.col("share"), nw.lit(0.0)) * 100).round(0).cast(nw.Int64),
    )  # fmt: skip
    keys = over.select("round", "customer_id", "month")
    wanted = nw.concat(
        [keys.with_columns(month=nw.col("month").dt.offset_by(f"{k}mo").cast(nw.Date)) for k in range(1, AFTER + 1)]
    )
    sums = (
        wanted.join(billed, on=["customer_id", "month"], how="inner")
        .group_by("round", "customer_id")
        .agg(money=nw.col("money").sum().cast(nw.Int64), stayed=nw.col("stayed").sum().cast(nw.Int64))
    )
    return over.join(sums, on=["round", "customer_id"], how="left").with_columns(
        money=nw.coalesce(nw.col("money"), nw.lit(0)), stayed=nw.coalesce(nw.col("stayed"), nw.lit(0))
    )


def amounts(contacts: Rows) -> Rows:
    """The same from the amounts on record beside the contacts, where there are no bills."""
    return contacts.with_columns(money=nw.col("amount"), stayed=nw.lit(0).cast(nw.Int64))


def money_sums(rows: Rows, rates: Rates, *, by: Sequence[str] = ("campaign", "round", "arm")) -> pd.DataFrame:
    """Sums and squares of revenue and margin, a row per campaign, round and arm."""
    clear = rows.filter(nw.col("arm") != SEVERAL)
    kept = nw.col("money") * rates.gross_margin - nw.col("stayed") * rates.per_month
    told = clear.with_columns(revenue=nw.col("money"), margin=kept.round(0).cast(nw.Int64))
    parts = {f"{name}_total": nw.col(name).sum() for name in (REVENUE, MARGIN)}
    parts |= {f"{name}_squares": (nw.col(name) * nw.col(name)).sum() for name in (REVENUE, MARGIN)}
    table = to_pandas(told.group_by(*by).agg(n=nw.len(), **parts))
    numbers = {name: table[name].astype("float64") for name in ("n", *parts)}
    return table.assign(**numbers).sort_values(list(by), ignore_index=True)


def increments(sums: pd.DataFrame, arms: pd.DataFrame) -> pd.DataFrame:
    """What a contact brought more than being held out: a row per campaign, variant, and revenue or margin.

    Returns
    -------
    Table with the columns `campaign`, `variant`, `objective`, `randomised`, `outcome`, `effect`, `low`, `high`
    (money per contact), `treated`, `control`.
    """
    rows = []
    for campaign in drawn_by_lot(arms):
        own = sums[sums["campaign"] == campaign]
        objective = arms.loc[arms["campaign"] == campaign, "objective"].iloc[0]
        for variant in sorted(set(own["arm"]) - {CONTROL}):
            head = {"campaign": campaign, "variant": variant, "objective": objective, "randomised": True}
            rows += [head | _increment(own, variant, name) for name in (REVENUE, MARGIN)]
    told = [{"effect" if name == "value" else name: cell for name, cell in row.items()} for row in rows]
    return pd.DataFrame(told, columns=INCREMENTS)


def _increment(own: pd.DataFrame, variant: str, name: str) -> dict[str, Any]:
    columns = ["n", f"{name}_total", f"{name}_squares"]
    sides = [own[own["arm"] == arm].set_index("round")[columns] for arm in (variant, CONTROL)]
    both = sorted(set(sides[0].index) & set(sides[1].index))
    pair = [Means(*side.loc[both].to_numpy("float64").T) for side in sides]
    one = mean_difference(*(Means(m.n, m.total / 100, m.squares / 10_000) for m in pair))
    return {"outcome": name} | one._asdict() | {"treated": pair[0].n.sum(), "control": pair[1].n.sum()}


def returns(
    effects: pd.DataFrame, money: pd.DataFrame, arms: pd.DataFrame, rounds: pd.DataFrame, rates: Rates
) -> pd.DataFrame:
    """Cost and return of each variant of the campaigns drawn by lot.

    return = (margin per contact more than the control's - cost per contact) / cost per contact

    Cost is that of contacts and offers, and the fixed cost spread over all treated contacts; it is known, the margin is
    estimated. What is won after the three months looked at is not in the return; `break_even` says how large the effect
    must be for what a customer kept (or a sale) is worth to pay for the contact.

    Returns
    -------
    Table, one row per campaign and variant: `contacts`, `cost` (per contact), `total_cost`, `roi`, `roi_low`,
    `roi_high`, `per_won` (cost of a customer kept or won more), `won_low`, `won_high` (missing where the effect is not
    clear), `break_even` (share), `net`, `net_low`, `net_high` (per contact: what the effect is worth less cost).
    """
    gains = money[money["outcome"] == MARGIN].set_index(["campaign", "variant"])
    rows = []
    for (campaign, variant), own in effects.groupby(["campaign", "variant"], sort=True):
        spent = _cost(arms, rounds, str(campaign), str(variant))
        main = own[own["outcome"] == _primary(own)]
        worth = _worth(arms, str(campaign), str(variant), rates) if _primary(own) == CONVERTED else rates.value
        row = {"campaign": campaign, "variant": variant, **spent}
        row |= _roi(gains, (campaign, variant), spent["cost"])
        rows.append(row | _won(main, spent["cost"], worth))
    return pd.DataFrame(rows, columns=RETURNS)


def _primary(own: pd.DataFrame) -> str:
    keeps = own["objective"].iloc[0] in (None, "retention") or pd.isna(own["objective"].iloc[0])
    return LEFT if keeps and (own["outcome"] == LEFT).any() else CONVERTED


def _cost(arms: pd.DataFrame, rounds: pd.DataFrame, campaign: str, variant: str) -> dict[str, float]:
    own = arms[arms["campaign"] == campaign]
    treated, mine = own[own["arm"] != CONTROL], own[own["arm"] == variant]
    fixed = float(rounds.loc[rounds["round"].isin(own["round"]), "fixed_cost"].sum())
    n = float(mine["contacts"].sum())
    each = float(mine["cost"].sum()) / 100 / n + fixed / float(treated["contacts"].sum())
    if fixed == 0 and treated["costed"].sum() == 0:  # no cost on record is not a cost of nothing
        each = np.nan
    return {"contacts": n, "cost": each, "total_cost": each * n}


def _worth(arms: pd.DataFrame, campaign: str, variant: str, rates: Rates) -> float:
    """What a sale leaves: the mean amount on record of who converted, after the product's own costs."""
    mine = arms[(arms["campaign"] == campaign) & (arms["arm"] == variant)]
    sold = float(mine["converted"].sum())
    amount = float(mine["amount"].sum()) / 100
    return amount / sold * rates.gross_margin if sold > 0 and amount > 0 else np.nan


def _roi(gains: pd.DataFrame, key: Any, cost: float) -> dict[str, float]:
    if key not in gains.index or not cost > 0:
        return dict.fromkeys(("roi", "roi_low", "roi_high"), np.nan)
    gain = gains.loc[key]
    ends = {"roi": "effect", "roi_low": "low", "roi_high": "high"}
    return {name: (float(gain[end]) - cost) / cost for name, end in ends.items()}


def _won(main: pd.DataFrame, cost: float, worth: float) -> dict[str, float]:
    """Cost per customer kept or won more, the effect at which it pays, and what the effect is worth after cost."""
    nothing = dict.fromkeys(RETURNS[8:], np.nan)
    if main.empty:
        return nothing
    one = main.iloc[0]
    ends = [float(one["effect"]), float(one["low"]), float(one["high"])]
    if one["outcome"] == LEFT:  # fewer leavers are more customers kept
        ends = [-ends[0], -ends[2], -ends[1]]
    if cost > 0 and ends[1] > 0:
        nothing |= {"per_won": cost / ends[0], "won_low": cost / ends[2], "won_high": cost / ends[1]}
    if np.isfinite(worth) and worth > 0 and cost > 0:
        named = zip(("net", "net_low", "net_high"), ends, strict=True)
        nothing |= {"break_even": cost / worth} | {name: end * worth - cost for name, end in named}
    return nothing
