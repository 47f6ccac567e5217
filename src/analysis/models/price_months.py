"""Episodes cut at the months' ends and at price rises, each stretch with the rises that are felt in it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.models.counts import Floats, Integers

LAGS = 6  # calendar months, that of the rise included, by which a stretch may lie after a rise
RISES = tuple(f"rise_{lag}" for lag in range(LAGS))
CHOSEN = "voluntary"


def price_months(episodes: pd.DataFrame, rises: pd.DataFrame, *, covered: dt.date) -> pd.DataFrame:
    """The stretches of the episodes, a calendar month each, cut once more where a fee rises within the month.

    A rise counts from the day after its own: who left on that day had none on record. Months before which it is not
    known whether there was a rise within `LAGS` months are left out.

    Parameters
    ----------
    episodes : table of episodes with the columns of `analysis.frames.episodes`, and `kind`.
    rises : table of `analysis.frames.price_rises.price_rises`.
    covered : the first day from which rises are known.

    Returns
    -------
    Table, one row per stretch: `place` (of its episode), `ahead` (whole months since its landmark), `entry`, `exit`
    (months since the first day of all; at risk in between), `left` (1 when the customer left by choice at its end),
    `rise_0` to `rise_5` (shares of the fees by which they rose in its month, the month before, …).
    """
    months = _months(episodes)
    told = months[months["month"] >= _first_told(covered)]
    cut = _cut(_with_rises(told, episodes["customer_id"], rises))
    days = _first_day(cut["month"] + 1) - _first_day(cut["month"])
    # Who leaves by choice was at risk for the whole month; who moves or dies, until then.
    until = np.where(cut["left"] == 1, _first_day(cut["month"] + 1) - 1, cut["end"])
    return cut.assign(part=(until - cut["begin"]) / days)[["place", "ahead", "month", "part", "left", *RISES]]


def _months(episodes: pd.DataFrame) -> pd.DataFrame:
    """A row per episode and calendar month that it touches."""
    landmark = _days(episodes["landmark"])
    lived = np.floor(episodes["stop"].to_numpy("float64") * DAYS_PER_MONTH + 1e-6).astype(np.int64)
    # Who left on the day of joining was there for half of it: it counts as the next day's.
    until = np.maximum(_days(episodes["spell_start"]) + lived, landmark + 1)
    first, last = _month_of(landmark + 1), _month_of(until)
    count = last - first + 1
    place = np.repeat(np.arange(len(episodes)), count)
    ahead = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    month = first[place] + ahead
    by_choice = (episodes["event"] == 1) & (episodes["kind"].isna() | (episodes["kind"] == CHOSEN))
    return pd.DataFrame(
        {
            "place": place,
            "ahead": ahead,
            "month": month,
            "begin": np.maximum(landmark[place], _first_day(month) - 1),
            "end": np.minimum(until[place], _first_day(month + 1) - 1),
            "left": by_choice.to_numpy()[place] * (month == last[place]).astype(np.int64),
        }
    )


def _with_rises(months: pd.DataFrame, customers: pd.Series, rises: pd.DataFrame) -> pd.DataFrame:
    """Adds the rise of the stretch's own month and its day, and those of the months before."""
    names = pd.Index(customers.unique())
    known = rises[rises["customer_id"].isin(names)]
    codes, own = names.get_indexer(known["customer_id"]), names.get_indexer(customers)[months["place"]]
    days = _days(known["day"])
    table = pd.DataFrame({"who": codes, "month": _month_of(days), "share": known["share"].to_numpy(), "day": days})
    keyed = table.set_index(["who", "month"])
    found = months.copy()
    for lag, name in enumerate(RISES):
        wanted = keyed.reindex(pd.MultiIndex.from_arrays([own, months["month"] - lag]))
        found[name] = np.nan_to_num(wanted["share"].to_numpy("float64", na_value=np.nan))
        if lag == 0:
            found["day"] = wanted["day"].to_numpy("float64", na_value=np.nan)
    return found


def _cut(months: pd.DataFrame) -> pd.DataFrame:
    """Each month with a rise in it as two stretches: up to its day, not dearer yet, and after it."""
    inside = (months["day"] < months["end"]).to_numpy()
    later = months[inside].assign(begin=np.maximum(months["begin"], months["day"])[inside].astype(np.int64))
    before = months.assign(
        end=np.where(inside, np.minimum(months["end"], months["day"].fillna(0)), months["end"]).astype(np.int64),
        left=np.where(inside, 0, months["left"]),
        rise_0=0.0,
    )
    both = pd.concat([before, later], ignore_index=True)
    return both[both["end"] > both["begin"]].sort_values(["place", "begin"], ignore_index=True)


def _first_told(covered: dt.date) -> int:
    """The first month of which all rises within `LAGS` months are known."""
    first = covered.year * 12 + covered.month - 1 - 1970 * 12
    return first + (covered.day > 1) + LAGS - 1


def _days(column: pd.Series) -> Integers:
    return pd.to_datetime(column).to_numpy().astype("datetime64[D]").astype(np.int64)


def _month_of(days: Integers) -> Integers:
    """Months since January 1970."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


def _first_day(months: Integers) -> Integers:
    return np.asarray(
        np.asarray(months, dtype=np.int64).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    )


def felt_share(months: pd.DataFrame, felt: int) -> Floats:
    """By how much fees rose in the month of each stretch and those before that are still felt."""
    return np.asarray(months[list(RISES[:felt])].sum(axis=1), dtype=np.float64)
