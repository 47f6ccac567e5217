"""How overdue bills move from month to month: who pays, who falls further behind, and who leaves owing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.open_bills import CURRENT, OVERDUE
from analysis.measures.disclosure import withheld
from analysis.measures.interval import share_interval

Rows = nw.LazyFrame[Any]
Floats = npt.NDArray[np.float64]

LEFT_OWING, LEFT_PAID = "left owing", "left, nothing overdue"
STATES = (CURRENT, *OVERDUE)
NEXT = (*STATES, LEFT_OWING, LEFT_PAID)
QUARTER = 3  # of the steps, the last ones
FIGURES = ("rate", "low", "high", "rate_quarter", "low_quarter", "high_quarter")
_PAIR = ["state", "next"]


def monthly_steps(spells: Rows, worst: Rows, days: Sequence[dt.date]) -> Rows:
    """How often each customer went from a state at a month's end to another at the next.

    Who never has an overdue bill is counted from the spells alone: there are many, and nothing else to tell of them.

    Parameters
    ----------
    spells : table of `frames.spells.spells`.
    worst : table of `worst_bucket` for `days`, whoever has left included.
    days : month ends, the first one first.

    Returns
    -------
    Table, one row per customer, `state` and `next`: `moves`, `moves_quarter` (those of the last three steps).
    """
    late = worst.select("customer_id").unique()
    ever = spells.join(late, on="customer_id", how="semi")
    moved = [_step(ever, worst, pair, place >= len(days) - 1 - QUARTER) for place, pair in enumerate(_pairs(days))]
    counted = nw.concat([_never_late(spells.join(late, on="customer_id", how="anti"), days), *moved])
    sums = {name: nw.col(name).sum() for name in ("moves", "moves_quarter")}
    return counted.group_by("customer_id", *_PAIR).agg(**sums).filter(nw.col("moves") > 0)


def _pairs(days: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    return list(pairwise(days))


def _there(day: dt.date) -> nw.Expr:
    return (nw.col("start") <= day) & (nw.col("end").is_null() | (nw.col("end") > day))


def _step(spells: Rows, worst: Rows, days: tuple[dt.date, dt.date], lately: bool) -> Rows:
    """One step of everyone on the books at its beginning."""
    before, after = (worst.filter(nw.col("day") == day).select("customer_id", "state") for day in days)
    here = spells.filter(_there(days[0])).select("customer_id").unique()
    still = spells.filter(_there(days[1])).select("customer_id").unique().with_columns(still=nw.lit(1))
    rows = here.join(before, on="customer_id", how="left").join(still, on="customer_id", how="left")
    rows = rows.join(after.select("customer_id", then="state"), on="customer_id", how="left")
    gone = nw.when(nw.col("then").is_null()).then(nw.lit(LEFT_PAID)).otherwise(nw.lit(LEFT_OWING))
    stays = nw.coalesce(nw.col("then"), nw.lit(CURRENT))
    following = nw.when(nw.col("still").is_null()).then(gone).otherwise(stays)
    state = nw.coalesce(nw.col("state"), nw.lit(CURRENT))
    return rows.select("customer_id", state=state, next=following).with_columns(
        moves=nw.lit(1).cast(nw.Int64), moves_quarter=nw.lit(int(lately)).cast(nw.Int64)
    )


def _never_late(spells: Rows, days: Sequence[dt.date]) -> Rows:
    """Steps of customers without an overdue bill: months that they stayed, and in which they left."""
    zero, pairs = nw.lit(0).cast(nw.Int64), _pairs(days)
    stay = [(_there(a) & _there(b)).cast(nw.Int64) for a, b in pairs]
    leave = [(_there(a) & ~_there(b)).cast(nw.Int64) for a, b in pairs]
    parts = []
    for steps, following in ((stay, CURRENT), (leave, LEFT_PAID)):
        every, last = sum(steps, zero), sum(steps[-QUARTER:], zero)
        found = {"state": nw.lit(CURRENT), "next": nw.lit(following), "moves": every, "moves_quarter": last}
        parts.append(spells.select("customer_id", **found))
    return nw.concat(parts)


def roll_rates(steps: Rows, *, smallest: int) -> pd.DataFrame:
    """The share of customers in each state that is in each other one a month later; a state's shares sum to one.

    Intervals allow for a customer being met several times (Cochran, 1977), as shares have them (Wilson, 1927).

    Parameters
    ----------
    steps : table of `monthly_steps`.

    Returns
    -------
    Table, one row per state and next state that somebody took: `state`, `next`, `rate`, `low`, `high` (95 %, over all
    steps), the same with `_quarter` (over the last three), `masked`, `<figure>_quarter_masked`.
    """
    table = pair_rates(steps, "moves").merge(
        pair_rates(steps, "moves_quarter"), on=_PAIR, how="left", suffixes=("", "_quarter")
    )
    table = table.assign(rank=table["state"].map(STATES.index), column=table["next"].map(NEXT.index))
    table = table.sort_values(["rank", "column"], ignore_index=True).drop(columns=["rank", "column"])
    return _shown(table, smallest)


def pair_rates(steps: Rows, count: str) -> pd.DataFrame:
    """Rates by pair of states, with the customers behind each and its interval."""
    rows = steps.filter(nw.col(count) > 0).with_columns(t=nw.col(count).cast(nw.Int64))
    base = rows.group_by("customer_id", "state").agg(b=nw.col("t").sum().cast(nw.Int64))
    of = to_pandas(
        base.group_by("state").agg(all=nw.col("b").sum(), bb=(nw.col("b") * nw.col("b")).sum(), base=nw.len())
    )
    joined = rows.join(base, on=["customer_id", "state"], how="inner")
    sums = {"t": nw.col("t").sum(), "tt": (nw.col("t") * nw.col("t")).sum(), "tb": (nw.col("t") * nw.col("b")).sum()}
    pairs = to_pandas(joined.group_by(_PAIR).agg(**sums, customers=nw.len()))
    table = pairs.merge(of, on="state", how="left").astype(dict.fromkeys(("t", "tt", "tb", "all", "bb"), "float64"))
    rate = table["t"] / table["all"]
    low, high = _interval(rate.to_numpy(), table)
    kept = table[[*_PAIR, "customers", "t"]].assign(rate=rate, low=low, high=high)
    return kept.rename(columns={"t": "moves"})


def _interval(rate: Floats, table: pd.DataFrame) -> tuple[Floats, Floats]:
    """Wilson's interval on as many customers as the months of all of them are worth."""
    spread = (table["tt"] - 2 * rate * table["tb"] + rate**2 * table["bb"]).to_numpy() / table["all"].to_numpy() ** 2
    inside = (rate > 0) & (rate < 1) & (spread > 0)
    worth = np.where(inside, rate * (1 - rate) / np.where(inside, spread, 1.0), table["base"].to_numpy("float64"))
    return share_interval(np.clip(rate, 0, 1) * worth, worth)


def _shown(table: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """The rates without those of few customers, and without what would give them away, state by state."""
    late = table[["moves_quarter", "customers_quarter"]].fillna(0.0)
    table = table.assign(moves_quarter=late["moves_quarter"], customers_quarter=late["customers_quarter"])
    hidden = np.zeros((2, len(table)), dtype=bool)
    for _, part in table.groupby("state", sort=False):
        at = part.index.to_numpy()
        hidden[0, at] = _hidden(part[["moves"]], part["customers"], smallest)
        counts = part[["moves_quarter"]].assign(before=part["moves"] - part["moves_quarter"])
        hidden[1, at] = _hidden(counts, part["customers_quarter"], smallest) | hidden[0, at]
    figures = {name: table[name].mask(hidden[int(name.endswith("_quarter"))]) for name in FIGURES}
    quarter = {f"{name}_masked": hidden[1] for name in FIGURES if name.endswith("_quarter")}
    all_ = {f"{name}_masked": hidden[0] for name in FIGURES if not name.endswith("_quarter")}
    return table[_PAIR].assign(**figures, **all_, **quarter)


def _hidden(counts: pd.DataFrame, customers: pd.Series, smallest: int) -> npt.NDArray[np.bool_]:
    figures = counts.to_numpy("float64")
    small = ((figures > 0) & (figures < smallest)).any(axis=1) | ((customers > 0) & (customers < smallest)).to_numpy()
    if ((figures.sum(axis=0) > 0) & (figures.sum(axis=0) < smallest)).any():
        return np.ones(len(counts), dtype=bool)
    return withheld(np.ones((1, len(counts))), figures, hidden=small, minimum=smallest)
