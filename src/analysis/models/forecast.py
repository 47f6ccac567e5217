"""Learning to forecast: what followed each landmark, as far as it was known on a given day.

Time ahead is counted in calendar months from the landmark: from 30 September, 31 October is 1 and 31 December is 3;
days between two such month ends count in proportion.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH, months_later
from analysis.extracts.engine import to_pandas
from analysis.models.counts import Floats, Integers, Truths

GRID = (1, 3, 6, 9, 12)  # months ahead that a forecast speaks of
HORIZON = GRID[-1]
QUARTER = 3  # months
KEYS = ["customer_id", "spell", "landmark"]
MOST_ROWS = 600_000  # landmark rows that are held in memory
CHOSEN = "voluntary"
OUTCOMES = ["landmark", "start", "stop", "event", "ahead_days", "left", "left_kind", "contact_days"]
SHORTEST = 0.5  # days: who leaves on the day of the landmark was at risk for half of it


class Step(NamedTuple):
    """What happened in the months (low, high] ahead: an entry per row still followed when they began."""

    low: int
    high: int
    rows: Integers  # places of the rows
    left: Integers  # 1 when the row left within the step
    share: Floats  # of the step that was seen (0 to 1); whole for those who left
    exposure: Floats  # of the step that was lived through (0 to 1): for those who left, until then


def learning_rows(episodes: nw.LazyFrame[Any], *, most: int = MOST_ROWS) -> pd.DataFrame:
    """The episodes as pandas, sorted by key: of every k-th customer where there are more than `most` rows.

    Customers are taken whole, in the order of their ids: errors cluster by customer, and ids are mostly given out
    in the order of joining, so that every k-th is spread evenly over the years.
    """
    counted = to_pandas(episodes.select(rows=nw.len()))
    every = -(-int(counted["rows"].iloc[0]) // most)
    if every > 1:
        ids = episodes.select("customer_id").unique()
        placed = ids.with_columns(place=nw.col("customer_id").cum_count().over(order_by="customer_id"))
        taken = placed.filter(nw.col("place") % every == 0).select("customer_id")
        episodes = episodes.join(taken, on="customer_id", how="semi")
    return to_pandas(episodes).sort_values(KEYS, ignore_index=True)


def holding_a_product(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that hold a product at their landmark; all of them where the source gives no products.

    A landmark inside a bridged gap knows its future: the spell goes on although nothing is held.
    """
    return rows[rows["products"].fillna(0) > 0] if "products" in rows.columns else rows


def in_order(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The rows sorted by their keys; not copied where they are already."""
    order = rows[list(keys)].reset_index(drop=True).sort_values(list(keys), kind="stable").index.to_numpy()
    return rows if (np.diff(order) > 0).all() else rows.iloc[order]


def validation_landmark(rows: pd.DataFrame, *, as_of: dt.date, months: int) -> dt.date | None:
    """The last quarter end whose outcome of `months` months is known on `as_of`; None when there is none.

    There must be an earlier landmark, of which something was known by then: else nothing can be learned.
    """
    ends = sorted({day.date() for day in rows.loc[rows["at_quarter_end"] == 1, "landmark"].unique()})
    past = [end for end in ends if months_later(end, months) <= as_of]
    return past[-1] if past and past[-1] > ends[0] else None


def came_of(rows: pd.DataFrame, landmark: dt.date, *, as_of: dt.date) -> pd.DataFrame:
    """The customers of a quarter end, with all that came of them by the as-of date, contacts included: `followed`."""
    there = rows[(rows["landmark"] == pd.Timestamp(landmark)) & (rows["at_quarter_end"] == 1)]
    return followed(there, until=as_of, contacts=True)


def known_at(rows: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """What could be learned on a day: the rows of earlier landmarks, followed until that day and no further.

    Forecasts are made for customers whom nobody contacts anew. So a new contact of a retention campaign ends what is
    seen, but not in quarters in which those about to leave were sought out: see `quarters_of_seeking`.
    """
    before = rows[rows["landmark"] < pd.Timestamp(day)]
    if "contact_days" not in before.columns:
        return followed(before, until=day)
    contacts = before["contact_days"]
    quarter = quarter_number(before["landmark"] + pd.to_timedelta(contacts.fillna(0) - 1, unit="D"))
    sought = np.isin(quarter, quarters_of_seeking(before, until=day))
    return _followed(before, until=day, contacts=contacts.mask(sought))


def quarters_of_seeking(rows: pd.DataFrame, *, until: dt.date) -> Integers:
    """The quarters in which the contacted left more often than others, whom nobody had contacted.

    A contact made by lot can only do good, and to end what is seen with it is fair to all. Who is sought out because
    of signs of leaving leaves more often all the same; to look away from then on would leave the loyal in sight
    only. Told by the share who left within a quarter, counted both ways.
    """
    ends = rows.loc[rows["at_quarter_end"] == 1, OUTCOMES]
    quarter = quarter_number(ends["landmark"])
    ways = [followed(ends, until=until, contacts=contacts) for contacts in (True, False)]
    shares = [
        [_share_left(way["ahead"].to_numpy()[quarter == one], way["leaves"].to_numpy()[quarter == one]) for way in ways]
        for one in np.unique(quarter)
    ]
    return np.unique(quarter)[[whole > seen for whole, seen in shares]]


def _share_left(ahead: Floats, leaves: Integers) -> float:
    """Hazard of leaving within a quarter, from customers followed for as long as they were."""
    left = ((leaves == 1) & (ahead <= QUARTER)).sum()
    return float(left / max(np.minimum(ahead, QUARTER).sum(), 1.0))


def quarter_number(landmarks: pd.Series) -> Integers:
    """Number of the quarter that each landmark begins, in order of time; four to a year."""
    following = landmarks + pd.Timedelta(days=1)
    return (following.dt.year * 4 + following.dt.quarter - 1).to_numpy("int64")


def followed(rows: pd.DataFrame, *, until: dt.date, contacts: bool = False) -> pd.DataFrame:
    """`rows` with what followed each landmark, for twelve months at most and no later than `until`.

    A new contact of a retention campaign (`contact_days`) ends what is seen; with `contacts` it does not, which tells
    what really happened.

    Returns
    -------
    Table with the rows in the same order and `ahead` (calendar months until leaving, or until nothing more is
    known), `leaves` (1 when the customer left then), `chose` (1 when by own choice; missing kinds count as 0);
    the episode's own `stop` (months of tenure), `event` and `voluntary` (1 or 0) are cut at the same moment.
    """
    given = "contact_days" in rows.columns and not contacts
    return _followed(rows, until=until, contacts=rows["contact_days"] if given else None)


def _followed(rows: pd.DataFrame, *, until: dt.date, contacts: pd.Series | None) -> pd.DataFrame:
    """The same, with the days until the contacts that end what is seen."""
    days = rows["ahead_days"].to_numpy("float64")
    limit = _days_until(rows["landmark"], until)
    end = limit if contacts is None else np.fmin(limit, contacts.to_numpy("float64", na_value=np.nan))
    cut = end < days
    ahead = months_ahead(rows["landmark"], np.maximum(np.where(cut, end, days), SHORTEST))
    leaves = (rows["left"].to_numpy("float64", na_value=0) == 1) & ~cut & (ahead <= HORIZON)
    chose = leaves & _by_choice(rows)
    seen = {"ahead": np.minimum(ahead, HORIZON), "leaves": leaves.astype(np.int64), "chose": chose.astype(np.int64)}
    return rows.assign(**seen, **_episode_cut(rows, end))


def _by_choice(rows: pd.DataFrame) -> Truths:
    return (rows["left_kind"] == CHOSEN).to_numpy(dtype=bool, na_value=False)


def _episode_cut(rows: pd.DataFrame, end: Floats) -> dict[str, npt.NDArray[Any]]:
    """The episode's stop, event and kind as seen `end` days after the landmark."""
    start, stop = rows["start"].to_numpy("float64"), rows["stop"].to_numpy("float64")
    # From whole days, as every tenure: a sum of months would tear equal days apart.
    last = (np.round(start * DAYS_PER_MONTH) + np.maximum(end, SHORTEST)) / DAYS_PER_MONTH
    cut = last < stop
    event = np.where(cut, 0, rows["event"].to_numpy("int64"))
    return {"stop": np.where(cut, last, stop), "event": event, "voluntary": np.where(_by_choice(rows), event, 0)}


def _days_until(landmarks: pd.Series, day: dt.date) -> Floats:
    return np.asarray((pd.Timestamp(day) - landmarks).dt.days, dtype=np.float64)


def months_ahead(landmarks: pd.Series, days: Floats) -> Floats:
    """Days after each landmark in calendar months, at most one more than the last of the grid."""
    codes, known = pd.factorize(landmarks, sort=True)
    ends = month_ends([moment.date() for moment in known])[codes] if len(known) else np.zeros((0, HORIZON + 2))
    whole = np.minimum((days[:, None] > ends[:, 1:]).sum(axis=1), HORIZON)
    row = np.arange(len(days))
    low, high = ends[row, whole], ends[row, whole + 1]
    return np.asarray(np.minimum(whole + (days - low) / (high - low), HORIZON + 1))


def month_ends(landmarks: Sequence[dt.date]) -> Floats:
    """Days from each landmark to the end of each of the months ahead: 0 in the first column, then one per month."""
    return np.array(
        [[(months_later(day, month) - day).days for month in range(HORIZON + 2)] for day in landmarks], dtype=np.float64
    ).reshape(len(landmarks), HORIZON + 2)


def steps(rows: pd.DataFrame, *, left: str = "leaves") -> Iterator[Step]:
    """The steps between the months of the grid, for rows of `followed`; `left` names whose leaving counts.

    Somebody followed for a part of a step without leaving counts with that part as weight: with a constant hazard
    within the step that is the exact likelihood.
    """
    ahead, leaves = rows["ahead"].to_numpy(), rows[left].to_numpy() == 1
    for low, high in zip((0, *GRID), GRID, strict=False):
        at_risk = np.flatnonzero(ahead > low)
        left_now = leaves[at_risk] & (ahead[at_risk] <= high)
        exposure = (np.minimum(ahead[at_risk], high) - low) / (high - low)
        share = np.where(left_now, 1.0, exposure)
        yield Step(low, high, at_risk, left_now.astype(np.int64), share, exposure)


def tenure_ahead(rows: pd.DataFrame) -> Floats:
    """The months of the grid as months of tenure (days / 30.4375): a row per row, a column per month of the grid."""
    codes, known = pd.factorize(rows["landmark"], sort=True)
    return month_ends([moment.date() for moment in known])[codes][:, list(GRID)] / DAYS_PER_MONTH
