"""What winning a customer costs, and how many times that a customer won brings, by channel."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.quarter import months_later
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import DEFAULT, EXACT
from analysis.measures.interval import mean_interval, standard_normal_quantile
from analysis.measures.margin import Costs

Rows = nw.LazyFrame[Any]
Floats = npt.NDArray[np.float64]
YEAR = 12
UNTOLD = "not told"
FIGURES = ("cost", "cost_low", "cost_high", "value", "value_low", "value_high", "ratio", "ratio_low", "ratio_high")


def received_margin(received: Rows, *, costs: Costs, gross_margin: float) -> Rows:
    """The margin received of each customer's month: revenue at a gross margin, less the cost to serve and of contacts.

    Parameters
    ----------
    received : table of `measures.received.received_months`.
    gross_margin : share of revenue that all products held now leave together; the default of the params where missing.

    Returns
    -------
    Table, one row per customer and month: `customer_id`, `month`, `margin` (money).
    """
    share = costs.gross_margin[DEFAULT] if np.isnan(gross_margin) else gross_margin
    revenue, months, contacts = (nw.col(name).cast(nw.Float64) for name in ("revenue", "share", "contacts"))
    margin = (revenue * share - months * costs.per_month - contacts).round(6).cast(EXACT)
    return received.select("customer_id", "month", margin=margin)


def with_channel(won: Rows) -> Rows:
    """Customers won whose cost is known, each with a channel: `not told` where the source does not say."""
    return won.filter(~nw.col("cost").is_null()).with_columns(channel=nw.coalesce(nw.col("channel"), nw.lit(UNTOLD)))


def cost_told(won: Rows) -> float:
    """Share of the customers won whose cost the source tells; missing where nobody was won."""
    counts = to_pandas(won.select(n=nw.len(), known=(~nw.col("cost").is_null()).cast(nw.Int64).sum())).iloc[0]
    return float(counts["known"]) / float(counts["n"]) if counts["n"] else float("nan")


def costs_nothing(won: Rows) -> bool:
    """Whether every cost on record is zero: a column that nobody filled, which tells no cost."""
    most = to_pandas(won.select(most=nw.col("cost").cast(nw.Float64).max()))["most"].iloc[0]
    return bool(most == 0)


def won_lately(won: Rows, margins: Rows, *, as_of: dt.date) -> pd.DataFrame:
    """Table, one row per customer won in the last four quarters, by id: `channel`, `cost`, `received` (margin)."""
    since = months_later(as_of, -YEAR)
    each = margins.group_by("customer_id").agg(received=nw.col("margin").sum())
    lately = won.filter(nw.col("start") > since).join(each, on="customer_id", how="left")
    filled = lately.with_columns(received=nw.coalesce(nw.col("received"), nw.lit(0).cast(EXACT)))
    return to_pandas(filled.select("customer_id", "channel", "cost", "received").sort("customer_id"))


def channel_values(lately: pd.DataFrame, *, customer_id: pd.Series, worth: Floats) -> pd.DataFrame:
    """The cost of winning a customer, and what a customer won is worth, by channel.

    value = Σ (margin received so far + expected margin of who is still there) ÷ customers won
    ratio = value ÷ (Σ cost ÷ customers won)

    Who left counts with what was received: the ratio is that of customers won, not of those who stayed.

    Parameters
    ----------
    lately : table of `won_lately`.
    customer_id, worth : active customers and their value: the estimate in the first row, a draw of the model in each
        further one. Without customers nothing is expected of anyone, and there is no value.

    Returns
    -------
    Table, all channels together first (`channel` missing), then the largest: `channel`, `customers`, `share` (of
    customers won), `cost`, `value`, `ratio`, each with `_low` and `_high` (95 %: Student's for the cost; for the others
    chance among customers won and the draws of the model, added).

    References
    ----------
    Cochran (1977) for the ratio of two sums; Gupta, Lehmann and Stuart (2004) for the value of customers won.
    """
    expected = _expected(lately["customer_id"], customer_id, worth)
    whole = lately["received"].to_numpy("float64") + expected
    cost = lately["cost"].to_numpy("float64")
    sizes = lately["channel"].value_counts()
    names = sorted(sizes.index, key=lambda name: (-sizes[name], name))
    places = [("", np.ones(len(lately), dtype=bool))]
    places += [(name, (lately["channel"] == name).to_numpy()) for name in names]
    rows = [_figures(cost[kept], whole[:, kept]) for _, kept in places] if len(lately) else []
    if not rows:
        return pd.DataFrame(columns=["channel", "customers", "share", *FIGURES])
    table = pd.DataFrame(rows).assign(channel=[None, *names], customers=[len(lately), *(sizes[name] for name in names)])
    table["share"] = table["customers"] / len(lately)
    return table[["channel", "customers", "share", *FIGURES]]


def _expected(won: pd.Series, customer_id: pd.Series, worth: Floats) -> Floats:
    """What is expected of each customer won, a row per draw: nothing of who left, or holds nothing with a fee."""
    if not len(customer_id):
        return np.full((1, len(won)), np.nan)
    place = pd.Index(customer_id).get_indexer(pd.Index(won))
    return np.where(place < 0, 0.0, np.nan_to_num(worth[:, place]))


def _figures(cost: Floats, whole: Floats) -> dict[str, float]:
    """Mean cost, mean value, and their ratio, with intervals; `whole` has the estimate first, then the draws."""
    n, z = len(cost), standard_normal_quantile(0.95)
    mean = float(cost.mean())
    low, high = mean_interval(mean, float(cost.std(ddof=1)) if n > 1 else float("nan"), n)
    value = float(whole[0].mean())
    drawn = whole[1:].mean(axis=1)
    spread = float(drawn.std(ddof=1)) if len(drawn) > 1 else 0.0
    reach = z * np.hypot(_error(whole[0] - value), spread)
    ratio = value / mean if mean > 0 else float("nan")
    ratio_reach = z * np.hypot(_error(whole[0] - ratio * cost), spread) / mean if mean > 0 else float("nan")
    return {
        "cost": mean, "cost_low": float(low), "cost_high": float(high),
        "value": value, "value_low": value - reach, "value_high": value + reach,
        "ratio": ratio, "ratio_low": ratio - ratio_reach, "ratio_high": ratio + ratio_reach,
    }  # fmt: skip


def _error(residuals: Floats) -> float:
    """Standard error of a mean over customers; missing with fewer than two."""
    n = len(residuals)
    return float(np.sqrt((residuals**2).sum() / (n - 1) / n)) if n > 1 else float("nan")
