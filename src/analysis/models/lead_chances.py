"""When leads become customers, and with what chance one that is still open does."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.disclosure import masked
from analysis.models.still_to_come import Half, chance_left, chances, half_time, last_seen
from analysis.models.survival import kaplan_meier

Rows = nw.LazyFrame[Any]
Floats = npt.NDArray[np.float64]

LONGEST = 366  # the day of being made is day one: a lead is looked at for a year
LEAST = 30  # that became customers, and that did not, for a channel or a segment of it to have a curve of its own
AGES = (0, 7, 14, 30, 60, 90)  # days
COARSER: tuple[tuple[str, ...], ...] = (("channel", "segment"), ("channel",), ())


@dataclass(frozen=True)
class LeadCourse:
    """Leads by the day on which they became customers, or to which they were followed.

    `counts`: one row per channel, segment, `exit` (days since being made, that day counted) and `event`, with `n`;
    `horizon`: the day to which enough were followed; `half`: by when half of those that ever do have become customers;
    `curve`: share by day. Nothing is told (`horizon` 0) where too few became customers, or did not.
    """

    counts: pd.DataFrame
    horizon: float
    half: Half
    curve: pd.DataFrame


def lead_course(leads: Rows, *, smallest: int) -> LeadCourse:
    """How many leads have become customers by each day since they were made; open ones are followed as far as they are.

    Parameters
    ----------
    leads : table of `frames.leads.followed_leads`.

    Returns
    -------
    LeadCourse, its `curve` with `days` (since being made), `share`, `low`, `high`.
    """
    keys = ["channel", "segment", "exit", "event"]
    rows = leads.select("channel", "segment", exit=nw.col("days") + 1, event=nw.col("converted"))
    counts = to_pandas(rows.group_by(keys).agg(n=nw.len()).sort(keys)).astype({"exit": "float64"}).assign(entry=0.0)
    horizon = last_seen(counts, longest=LONGEST, smallest=smallest)
    told = counts["event"].eq(1) & (counts["exit"] <= horizon)
    won = int(counts.loc[told, "n"].sum())
    if min(won, int(counts["n"].sum()) - won) < smallest:
        none = pd.DataFrame(columns=["days", "share", "low", "high"], dtype="float64")
        return LeadCourse(counts, 0.0, Half(*(float("nan"),) * 3), none)
    return LeadCourse(counts, horizon, half_time(counts, horizon=horizon, smallest=smallest), _curve(counts, horizon))


def _curve(counts: pd.DataFrame, horizon: float) -> pd.DataFrame:
    curve = kaplan_meier(counts)
    kept = curve[(curve["time"] >= 1) & (curve["time"] <= horizon)]
    ends = {"share": "survival", "low": "high", "high": "low"}
    told = pd.DataFrame({name: 1 - kept[end].fillna(1.0) for name, end in ends.items()})
    return told.assign(days=kept["time"] - 1).reset_index(drop=True)[["days", "share", "low", "high"]]


def open_lead_chances(course: LeadCourse, open_leads: pd.DataFrame) -> tuple[Floats, Floats]:
    """Of each open lead the chance that it still becomes a customer, and that of a new one of its kind.

    (F(h) - F(a)) / (1 - F(a)), F(h) with F by channel and segment where enough of those became customers, else by
    channel, else of all leads

    Parameters
    ----------
    open_leads : table, one row per open lead: `channel`, `segment`, `days` (since it was made, day of making not
        counted).
    """
    chance, fresh = np.zeros(len(open_leads)), np.zeros(len(open_leads))
    if not course.horizon:
        return chance, fresh
    own = {key: _own(course, *key) for key in set(zip(open_leads["channel"], open_leads["segment"], strict=True))}
    for (channel, segment), counts in own.items():
        here = (open_leads["channel"].eq(channel) & open_leads["segment"].eq(segment)).to_numpy()
        seen = open_leads["days"].to_numpy("float64")[here] + 1
        chance[here] = chance_left(counts, seen, horizon=course.horizon)
        fresh[here] = chance_left(counts, np.zeros(1), horizon=course.horizon)[0]
    return chance, fresh


def _own(course: LeadCourse, channel: str, segment: str) -> pd.DataFrame:
    """The counts of the finest group of a lead in which enough became customers, and did not."""
    wanted = {"channel": channel, "segment": segment}
    for by in COARSER:
        rows = course.counts
        for name in by:
            rows = rows[rows[name] == wanted[name]]
        won = rows["event"].eq(1) & (rows["exit"] <= course.horizon)
        if min(rows.loc[won, "n"].sum(), rows.loc[~won, "n"].sum()) >= LEAST:
            return rows
    return course.counts


def chances_by_age(course: LeadCourse, ages: pd.Series, *, smallest: int) -> pd.DataFrame:
    """How many leads are open by their age, and the chance of one so old that it still becomes a customer.

    Parameters
    ----------
    ages : of each open lead, days since it was made.

    Returns
    -------
    Table, one row per band of ages: `first`, `last` (days; missing where the band is open), `open` (leads),
    `chance`, `low`, `high` (of a lead of the band's first day, 95 %), `masked` (too few are open), `chance_masked`,
    `unfollowed` (no lead of that age was followed so long that it can be told).
    """
    known = [age for age in AGES if age + 1 < course.horizon or age == 0]
    bands = [*pairwise([*known, None])]
    told = chances(course.counts, [(age + 1 if age else 0.0, course.horizon) for age in known], smallest=smallest)
    table = pd.DataFrame(bands, columns=["first", "last"]).astype({"first": "int64", "last": "float64"})
    upper = table["last"].fillna(np.inf)
    table["open"] = [int(((ages >= age) & (ages < end)).sum()) for age, end in zip(table["first"], upper, strict=True)]
    table["last"] -= 1
    shown = told.reset_index(drop=True)
    table = table.assign(chance=shown["chance"], low=shown["low"], high=shown["high"], chance_masked=shown["masked"])
    return masked(table, by=["first"], count="open", values=[], minimum=smallest)
