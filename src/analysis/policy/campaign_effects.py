"""What a campaign drawn by lot did: each variant against those held out, rounds as strata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.contacted import SEVERAL
from analysis.frames.outlook import BY_CHOICE
from analysis.frames.retention import CONTROL
from analysis.models.competing import aalen_johansen
from analysis.models.differences import NONE, Difference, Shares, detectable, share_difference, shares_of

Rows = nw.LazyFrame[Any]

FOLLOWED = 91  # days after a contact: three months
LEFT, CONVERTED, RESPONDED = "left_3m", "converted", "responded"
OTHERWISE = "other"
COLUMNS = [
    "campaign", "variant", "objective", "randomised", "outcome", "effect", "low", "high", "error", "detectable",
    "treated", "control", "share", "control_share", "events", "control_events", "days",
]  # fmt: skip


class Counts(NamedTuple):
    """Contacts added up: `arms`, a row per round and arm; `lives`, a row per round, arm, day and way of ending."""

    arms: pd.DataFrame
    lives: pd.DataFrame
    by_choice: bool


def counts(contacts: Rows) -> Counts:
    """Contacts of `analysis.frames.contacted.contacted`, added up; who was in several arms of a round is left out."""
    clear = contacts.filter(nw.col("arm") != SEVERAL)
    by = ["campaign", "objective", "randomised", "round", "arm"]
    arms = clear.group_by(by).agg(
        contacts=nw.len(), known=nw.col("responded").count(), responded=nw.col("responded").sum(),
        converted=nw.col("converted").sum(), cost=nw.col("cost").sum(), amount=nw.col("amount").sum(),
        costed=nw.col("costed").sum(), last=nw.col("day").max(),
    )  # fmt: skip
    whole = to_pandas(arms.sort("campaign", "round", "arm"))
    numbers = {name: whole[name].fillna(0).astype("float64") for name in _NUMBERS}
    return Counts(whole.assign(**numbers), *_lives(clear))


_NUMBERS = ("contacts", "known", "responded", "converted", "cost", "amount", "costed")


def _lives(contacts: Rows) -> tuple[pd.DataFrame, bool]:
    """By round, arm, day of ending (as far as `FOLLOWED` days), and whether and how they left by then."""
    there = contacts.filter(~nw.col("ahead_days").is_null())
    told = int(to_pandas(there.select(kinds=nw.col("kind").count()))["kinds"].iloc[0]) > 0
    left = (nw.col("left") == 1) & (nw.col("ahead_days") <= FOLLOWED)
    chosen = nw.coalesce(nw.col("kind") == BY_CHOICE, nw.lit(False)) if told else nw.lit(True)
    rows = there.select(
        "campaign",
        "round",
        "arm",
        exit=nw.min_horizontal(nw.col("ahead_days"), nw.lit(FOLLOWED)) + 1,
        event=nw.when(left).then(1).otherwise(0),
        kind=nw.when(chosen).then(nw.lit(BY_CHOICE)).otherwise(nw.lit(OTHERWISE)),
    )
    # Who left on a later day was still there on the last day looked at.
    keys = ["campaign", "round", "arm", "exit", "event", "kind"]
    table = to_pandas(rows.group_by(keys).agg(n=nw.len()).sort(keys))
    return table.assign(exit=table["exit"].astype("float64"), entry=0.0), told


def drawn_by_lot(arms: pd.DataFrame) -> list[str]:
    """Campaigns that are said to be randomised and have a control arm and another, by name."""
    said = arms[arms["randomised"].astype(bool) & (arms["contacts"] > 0)]
    kinds = said.assign(held=said["arm"] == CONTROL).groupby("campaign")["held"].nunique()
    return sorted(kinds.index[kinds == 2])


def primary(objective: object, *, followed: bool) -> str:
    """The outcome a campaign is judged by: leaving where it is to keep customers, else what it is to sell."""
    keeps = objective is None or objective != objective or objective == "retention"
    return LEFT if keeps and followed else CONVERTED


def effects(found: Counts) -> pd.DataFrame:
    """Effects of every variant of every campaign drawn by lot, on each outcome that is on record for both arms.

    Leaving within three months is told by choice where the source gives kinds, by cumulative incidence from the day
    of contact, which lets contacts of the last three months count as far as they are followed. Rounds are strata,
    weighted by their treated customers.

    Returns
    -------
    Table, one row per campaign, variant and outcome: see `COLUMNS`; shares from 0 to 1, `effect` treated less control,
    `days` those of leaving that are told (91, or fewer where no contact is that old).

    References
    ----------
    Aalen and Johansen (1978); Newcombe (1998); Zou and Donner (2008).
    """
    rows: list[dict[str, Any]] = []
    for campaign in drawn_by_lot(found.arms):
        own = found.arms[found.arms["campaign"] == campaign]
        lives = found.lives[found.lives["campaign"] == campaign]
        for variant in sorted(set(own["arm"]) - {CONTROL}):
            head = {"campaign": campaign, "variant": variant, "objective": own["objective"].iloc[0], "randomised": True}
            rows += [head | one for one in (_left(lives, variant), *_said(own, variant)) if one]
    return pd.DataFrame(rows, columns=COLUMNS)


def _said(own: pd.DataFrame, variant: str) -> list[dict[str, Any]]:
    """Responding and converting, where it is on record for both arms."""
    told = []
    for outcome, n in ((RESPONDED, "known"), (CONVERTED, "contacts")):
        by = own.pivot_table(index="round", columns="arm", values=[outcome, n], aggfunc="sum", fill_value=0.0)
        pairs = [by[name].reindex(columns=[variant, CONTROL], fill_value=0.0) for name in (outcome, n)]
        both = (pairs[1] > 0).all(axis=1).to_numpy()
        events, sizes = (pair.to_numpy("float64")[both] for pair in pairs)
        # Of a control arm without any answer on record nobody knows what it would have done by itself.
        if both.any() and (outcome == RESPONDED or _recorded(own)):
            shares = [shares_of(events[:, place], sizes[:, place]) for place in (0, 1)]
            told.append(_row(outcome, shares, sizes, events))
    return told


def _recorded(own: pd.DataFrame) -> bool:
    control = own[own["arm"] == CONTROL]
    return bool(control["known"].sum() > 0 or control["converted"].sum() > 0)


def _left(lives: pd.DataFrame, variant: str) -> dict[str, Any] | None:
    horizon = lives["exit"].max() - 1 if len(lives) else 0.0
    rounds = [number for number in sorted(lives["round"].unique()) if _reaches(lives, number, variant, horizon)]
    if not rounds or horizon < 1:
        return None
    shares, sizes, events = [], [], []
    for arm in (variant, CONTROL):
        own = [lives[(lives["round"] == number) & (lives["arm"] == arm)] for number in rounds]
        shares.append(_stacked([left_by(rows, horizon) for rows in own]))
        sizes.append([float(rows["n"].sum()) for rows in own])
        events.append([float(rows.loc[_chose(rows), "n"].sum()) for rows in own])
    return _row(LEFT, shares, np.array(sizes).T, np.array(events).T) | {"days": int(horizon)}


def _reaches(lives: pd.DataFrame, number: str, variant: str, horizon: float) -> bool:
    """Whether both arms of a round have contacts that are followed to the last day."""
    own = lives[(lives["round"] == number) & (lives["exit"] > horizon)]
    return {variant, CONTROL} <= set(own["arm"])


def _chose(rows: pd.DataFrame) -> pd.Series:
    return (rows["event"] == 1) & (rows["kind"] == BY_CHOICE)


def left_by(rows: pd.DataFrame, horizon: float) -> tuple[float, float, float]:
    """The share that left by choice within so many days, with its interval; Wilson's where nobody did."""
    n, gone = float(rows["n"].sum()), float(rows.loc[_chose(rows), "n"].sum())
    if gone == 0 or gone == n:
        one = shares_of(gone, n)
        return float(one.share[0]), float(one.low[0]), float(one.high[0])
    table = aalen_johansen(rows[["entry", "exit", "event", "kind", "n"]])
    last = table[(table["kind"] == BY_CHOICE) & (table["time"] <= horizon + 1)].iloc[-1]
    return float(last["incidence"]), float(last["low"]), float(last["high"])


def _stacked(found: Sequence[tuple[float, float, float]]) -> Shares:
    return Shares(*np.array(found, dtype="float64").T)


def _row(outcome: str, shares: Sequence[Shares], sizes: Any, events: Any) -> dict[str, Any]:
    w = sizes[:, 0] / sizes[:, 0].sum()
    one: Difference = share_difference(shares[0], shares[1], w) if len(w) else NONE
    return {
        "outcome": outcome, "effect": one.value, "low": one.low, "high": one.high, "error": one.error,
        "detectable": detectable(one.error), "treated": sizes[:, 0].sum(), "control": sizes[:, 1].sum(),
        "share": float(w @ shares[0].share), "control_share": float(w @ shares[1].share),
        "events": events[:, 0].sum(), "control_events": events[:, 1].sum(), "days": np.nan,
    }  # fmt: skip


def under_way(arms: pd.DataFrame, *, as_of: dt.date) -> list[str]:
    """Campaigns drawn by lot whose last contacts are younger than three months."""
    lately = pd.Timestamp(as_of) - pd.Timedelta(days=FOLLOWED)
    last = arms.groupby("campaign")["last"].max()
    return [name for name in drawn_by_lot(arms) if pd.Timestamp(last[name]) > lately]
