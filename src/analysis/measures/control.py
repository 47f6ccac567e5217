"""Whether a quarter is out of the ordinary: each class against limits made of past quarters and of the other classes.

The figures of a class in the quarter that is judged take no part in its own limits. How the rest of the base moved in
it does: what all share is no signal of a class's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.class_pace import Pace, class_paces, whole_pace
from analysis.measures.class_quarters import EVERYONE
from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.measures.control_limits import beyond, limits
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.quarter_pace import Floats

CHANCE = 0.05  # of an ordinary quarter to be signalled all the same
FEWEST_QUARTERS = 4  # past ones: a year
KEYS = ["dimension", "class"]
WHOLE = (EVERYONE, EVERYONE)
JUDGED = [*KEYS, "customers", "leavers", "churn_rate", "expected", "low", "high", "side", "with_all", "rarity"]
HISTORY = [*KEYS, "quarter", "churn_rate", "low", "high"]


@dataclass(frozen=True)
class Control:
    """The judgement of a quarter; tables without rows where it cannot be judged.

    quarters : those there are figures of, oldest first, the judged one last.
    whole : whether the judged quarter lies wholly in the data; of a part of it no limits hold.
    judged : one row per class that can be judged, the whole base first: `dimension`, `class` ("" for the whole base),
        `customers`, `leavers`, `churn_rate`, `expected`, `low`, `high` (shares of leavers: the expected one, and the
        limits), `side` ("rise" or "fall" beyond the limits, else ""), `with_all` (beyond what its own past lets expect,
        and not when the movement of the rest of the base is allowed for), `rarity` (chance to be as far out in an
        ordinary quarter, 0 to 1).
    history : one row per judged class and quarter: its rate and limits; those of a past quarter are made of the others.
    """

    quarters: tuple[str, ...]
    judged: pd.DataFrame
    history: pd.DataFrame
    whole: bool = True

    @property
    def enough(self) -> bool:
        """Whether there are quarters enough to judge by."""
        return len(self.quarters) > FEWEST_QUARTERS

    @property
    def classes(self) -> pd.DataFrame:
        """The judged classes, without the whole base."""
        return self.judged[self.judged["dimension"] != EVERYONE]

    @property
    def signals(self) -> pd.DataFrame:
        """The classes beyond their limits, the rarest first."""
        rows = self.classes[self.classes["side"] != ""]
        return rows.sort_values(["rarity", *KEYS], kind="stable", ignore_index=True)

    @property
    def moved(self) -> list[str]:
        """The dimensions of classes beyond their limits, that of the whole base ("") among them where it is."""
        return sorted(set(self.judged.loc[self.judged["side"] != "", "dimension"]))

    @property
    def base(self) -> pd.DataFrame:
        """The row of the whole base; none where it cannot be judged."""
        return self.judged[self.judged["dimension"] == EVERYONE]


def control(counts: pd.DataFrame, *, fewest: int, whole: bool = True) -> Control:
    """Judge the last quarter of `counts`, class by class.

    Limits hold all but 5 % of ordinary quarters: they allow for chance among so many customers, for quarters that
    differ by more than that, for season and drift. Where the rest of the base went beyond its own limits, a class is
    signalled only if it is beyond them also when all that movement is taken for common.

    Parameters
    ----------
    counts : table of `class_quarters`.
    fewest : leavers that must be expected of a class to judge it.
    whole : whether the last quarter lies wholly in the data.

    References
    ----------
    Shewhart (1931) and Laney (2002) for charts of rates; Harvey (1989) for levels, seasons and drifts.
    """
    quarters = tuple(sorted(counts["quarter"].unique()))
    wide = {name: _wide(counts, name) for name in ("customers", "leavers")}
    can_be = whole and len(quarters) > FEWEST_QUARTERS
    kept = _judgeable(wide["customers"], wide["leavers"], fewest=fewest) if can_be else []
    if not kept:
        return Control(quarters, pd.DataFrame(columns=JUDGED), pd.DataFrame(columns=HISTORY), whole)
    n, x = (wide[name].loc[kept].to_numpy(dtype=float) for name in ("customers", "leavers"))
    base, common = whole_pace(n[0], x[0])
    names = {dimension for dimension, _ in kept[1:]}
    beside = class_paces(n[1:], x[1:], whole=np.stack([n[0], x[0]]), common=common, dimensions=max(len(names), 1))
    paces = [base, *beside]
    judged = pd.concat([pd.DataFrame(kept, columns=KEYS), _judged(paces, n[:, -1], x[:, -1])], axis=1)
    parts = [_past(one, n[i], x[i], quarters).assign(place=i) for i, one in enumerate(paces)]
    past = pd.concat(parts).merge(judged[KEYS], left_on="place", right_index=True)
    return Control(quarters, judged, _with_last(past[HISTORY], judged, quarters[-1]))


def _wide(counts: pd.DataFrame, value: str) -> pd.DataFrame:
    """A row per dimension and class, a column per quarter; nobody where there is no row."""
    return counts.pivot_table(index=KEYS, columns="quarter", values=value, fill_value=0.0, sort=True)


def _judgeable(customers: pd.DataFrame, leavers: pd.DataFrame, *, fewest: int) -> list[tuple[str, str]]:
    """The whole base, then every class with enough leavers to be expected; none where the base has too few."""
    before, now = customers.iloc[:, :-1], customers.iloc[:, -1]
    expected = now * leavers.iloc[:, :-1].sum(axis=1) / before.sum(axis=1).where(lambda total: total > 0)
    enough = (expected >= fewest) & ((before > 0).sum(axis=1) >= FEWEST_QUARTERS)
    names = [(str(dimension), str(name)) for dimension, name in customers.index[enough]]
    if WHOLE not in names:
        return []
    part = customers.lt(customers.loc[WHOLE], axis=1).all(axis=1)  # a class of everybody is the whole base
    return [WHOLE, *(key for key in names if key[1] != NOT_AVAILABLE and part[key])]


def _judged(paces: Sequence[Pace], customers: Floats, leavers: Floats) -> pd.DataFrame:
    """The rows of the classes, in their order."""
    usual, opened, alone = (_Reading.of(paces, name) for name in ("usual", "open", "alone"))
    shared = np.array([pace.rest_out for pace in paces])  # then both readings have to agree
    (low, high), (wide_low, wide_high) = usual.limits(customers), opened.limits(customers)
    low, high = np.where(shared, np.minimum(low, wide_low), low), np.where(shared, np.maximum(high, wide_high), high)
    side = np.select([leavers > high, leavers < low], ["rise", "fall"], "")
    least, most = alone.limits(customers)
    rarity, other = usual.rarity(customers, leavers), opened.rarity(customers, leavers)
    return pd.DataFrame(
        {
            "customers": customers.astype(int),
            "leavers": leavers.astype(int),
            "churn_rate": leavers / customers,
            "expected": usual.rate,
            "low": low / customers,
            "high": high / customers,
            "side": side,
            "with_all": (side == "") & ((leavers > most) | (leavers < least)),
            "rarity": np.where(shared, np.maximum(rarity, other), rarity),
        }
    )


class _Reading(NamedTuple):
    """Median rate and deviation of its logarithm to be expected of each class."""

    rate: Floats
    deviation: Floats

    @classmethod
    def of(cls, paces: Sequence[Pace], name: str) -> _Reading:
        expected = np.array([getattr(pace, name) for pace in paces])
        levels = np.array([pace.level for pace in paces])
        return cls(levels * np.exp(expected[:, 0]), np.sqrt(expected[:, 1]))

    def limits(self, customers: Floats) -> tuple[Floats, Floats]:
        return limits(customers, rate=self.rate, deviation=self.deviation, chance=CHANCE)

    def rarity(self, customers: Floats, leavers: Floats) -> Floats:
        more = beyond(leavers, customers, rate=self.rate, deviation=self.deviation)
        return 2 * np.minimum(more, 1 - more)


def _past(pace: Pace, customers: Floats, leavers: Floats, quarters: Sequence[str]) -> pd.DataFrame:
    """Rate and limits of a class in every past quarter in which anybody was in it."""
    there = customers[:-1] > 0
    n, x, (mean, variance) = customers[:-1][there], leavers[:-1][there], pace.left_out[there].T
    reach = standard_normal_quantile(1 - CHANCE) * np.sqrt(variance)
    edges = {name: pace.level * np.exp(mean + way * reach) for name, way in (("low", -1), ("high", 1))}
    return pd.DataFrame({"quarter": np.array(quarters[:-1])[there], "churn_rate": x / n, **edges})


def _with_last(past: pd.DataFrame, judged: pd.DataFrame, quarter: str) -> pd.DataFrame:
    last = judged.assign(quarter=quarter)[HISTORY]
    return pd.concat([past, last], ignore_index=True).sort_values([*KEYS, "quarter"], ignore_index=True)
