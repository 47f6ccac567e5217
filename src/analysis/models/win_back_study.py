"""Who left and may come back: how many do, by how long they are gone, and what one who does is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.frames.observation import Observation
from analysis.measures.former import worth_of_customers, worth_of_returners
from analysis.measures.ratio import Ratio
from analysis.measures.returners import return_counts_by_kind
from analysis.models.returns import YEAR, Returns, returned
from analysis.models.still_to_come import Half, chances, half_time
from analysis.models.survival import kaplan_meier, survival_at

Rows = nw.LazyFrame[Any]
Floats = npt.NDArray[np.float64]

GONE = (0, 3, 6, 12, 18, 24)  # months since leaving that the table shows
KNOWN = 0.95  # of those who came back: with the way of fewer on record, shares by way would be too low
UNTOLD = Half(float("nan"), float("nan"), float("nan"))
NOBODY = Ratio(float("nan"), float("nan"), float("nan"), 0)


class People(NamedTuple):
    """The population's `customers`, a row per account, and `customer_value`; None where nobody has a value."""

    accounts: Rows
    value: Rows | None


@dataclass(frozen=True)
class WinBackStudy:
    """What is told about customers who left.

    returns : share that is back within a year of leaving, see `models.returns`.
    course : share that is back, by months since leaving: `months`, `share`, `low`, `high`; empty where not told.
    gone : table of `chances`, one row per month of `GONE`: the chance to come back within the next twelve months.
    kinds : table of `chances` within a year of leaving by way of leaving (`kind`); empty where the ways of those who
        came back are not on record.
    kinds_known : share of those who came back whose way of leaving is on record.
    multiple : what who comes back is worth as a multiple of the monthly bill; `of_returners` whether of who did come
        back, or, for want of enough of those, of everybody on the books.
    half : months by which half of those who are back within a year have come back.
    counts : spells that ended, see `measures.returners`, all ways together.
    """

    returns: Returns
    course: pd.DataFrame
    gone: pd.DataFrame
    kinds: pd.DataFrame
    kinds_known: float
    multiple: Ratio
    of_returners: bool
    counts: pd.DataFrame
    half: Half


def win_back_study(
    spells: Rows, customers: Rows, people: People, observation: Observation, *, smallest: int
) -> WinBackStudy:
    """What is told about customers who left.

    Parameters
    ----------
    spells, customers : stage tables of these names.
    """
    ended = return_counts_by_kind(spells, people.accounts, as_of=observation.as_of, seen_after=observation.entry)
    keys = ["entry", "exit", "event"]
    counts = ended.groupby(keys, as_index=False)["n"].sum() if len(ended) else ended[[*keys, "n"]]
    back = returned(counts, smallest=smallest)
    multiple, own = _multiple(customers, people.value, observation, smallest)
    known = _known(ended)
    return WinBackStudy(
        back,
        _course(counts, smallest) if back.share == back.share else _course(counts.iloc[:0], smallest),
        chances(counts, [(float(month), float(month + YEAR)) for month in GONE], smallest=smallest),
        _by_kind(ended, smallest)
        if known >= KNOWN
        else chances(counts.iloc[:0], [], smallest=smallest).assign(kind=[]),
        known,
        multiple,
        own,
        counts,
        half_time(counts, horizon=float(YEAR), smallest=smallest) if back.share == back.share else UNTOLD,
    )


def _multiple(customers: Rows, value: Rows | None, observation: Observation, smallest: int) -> tuple[Ratio, bool]:
    if value is None or "monetary_month" not in customers.collect_schema().names():
        return NOBODY, False
    found = worth_of_returners(customers, value, as_of=observation.as_of)
    if found.customers >= smallest and found.value == found.value:
        return found, True
    return worth_of_customers(customers, value), False


def _known(ended: pd.DataFrame) -> float:
    """Share of those who came back whose way of leaving is on record; missing where nobody came back."""
    back = ended[ended["event"] == 1]
    n = float(back["n"].sum())
    return float(back.loc[back["kind"].notna(), "n"].sum()) / n if n else float("nan")


def _by_kind(ended: pd.DataFrame, smallest: int) -> pd.DataFrame:
    told = ended[ended["kind"].notna()]
    parts = [
        chances(rows, [(0.0, float(YEAR))], smallest=smallest).assign(kind=kind)
        for kind, rows in told.groupby("kind", sort=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _course(counts: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """The share that is back by months since leaving, as far as enough are followed."""
    if counts.empty:
        return pd.DataFrame(columns=["months", "share", "low", "high"], dtype="float64")
    curve = kaplan_meier(counts)
    kept = curve[(curve["at_risk"] >= smallest) & ((curve["events"] > 0) | (curve["time"] == 0))]
    ends = {"share": "survival", "low": "high", "high": "low"}
    told = pd.DataFrame({name: 1 - kept[end].fillna(1.0) for name, end in ends.items()})
    return told.assign(months=kept["time"]).reset_index(drop=True)[["months", "share", "low", "high"]]


def fading(study: WinBackStudy, months_since: pd.Series) -> Floats:
    """By how much less likely who has been gone for so long comes back within a year than who has just left; at most 1.

    Where too few came back to tell, it is 1 for who left within the last year, and 0 for others.
    """
    gone = months_since.to_numpy("float64")
    if study.returns.share != study.returns.share:
        return np.where(gone < YEAR, 1.0, 0.0)
    every = np.arange(int(gone.max(initial=0)) + 1, dtype="float64")
    curve = kaplan_meier(study.counts)
    # Past the last that was followed the curve is flat: nobody is taken to come back after so long.
    still, later = (survival_at(curve, times)["survival"].to_numpy() for times in (every, every + YEAR))
    ahead = np.where(still > 0, 1 - later / np.where(still > 0, still, 1.0), 0.0)
    return np.clip(ahead[gone.astype(int)] / ahead[0], 0.0, 1.0)
