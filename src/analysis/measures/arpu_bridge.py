"""From the ARPU of one quarter to that of the next: who came and went, and why those who stayed pay another amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.rounding import half_up
from analysis.extracts.engine import to_pandas
from analysis.frames.fee_changes import CHANGES
from analysis.frames.fees import EXACT
from analysis.frames.observation import Observation
from analysis.measures.arpu import quarterly_arpu
from analysis.measures.bridge_customers import BILLED, JOINED, LEFT, REST, STAYED, bridge_customers
from analysis.measures.bridge_parts import OTHER, Behind, folded
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.rounded import rounded_parts

Rows = nw.LazyFrame[Any]
Why = Literal["", "one quarter", "not billed", "nobody stayed", "too few"]
PARTS = ("left", "joined", *CHANGES, *BILLED, REST, OTHER)
NOTICED = 0.05  # money in a quarter: what rounding single lines leaves of a part is nobody's change


@dataclass(frozen=True)
class Bridge:
    """How ARPU moved from the quarter `before` to the quarter `now`.

    parts : Table, one row per part in the order of `PARTS`: `part`, `value` (money per customer and month, not
        rounded), `shown` (rounded, adding up to the change of the rounded ARPU), `low`, `high` (95 % interval).
    before, now : ARPU of the two quarters, not rounded; missing where it cannot be told.
    change : of the rounded ARPU; `low`, `high` are its 95 % interval.
    why : why there is no bridge; empty where there is one.
    """

    parts: pd.DataFrame
    before: float = float("nan")
    now: float = float("nan")
    change: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    customers: int = 0
    why: Why = ""


class Printing(NamedTuple):
    """Decimals of an amount of money, and the customers that a published part needs."""

    places: int = 2
    smallest: int = 1


class Sums(NamedTuple):
    """Of one group of customers: how many, what was billed and the customer-months, in both quarters."""

    customers: int
    revenue: tuple[float, float]
    months: tuple[float, float]


def arpu_bridge(
    months: Rows,
    *,
    spells: Rows,
    tables: Mapping[str, Rows],
    observation: Observation,
    printing: Printing,
) -> Bridge:
    """The change of ARPU between the last two quarters, in parts that add up to it.

    ARPU₁ − ARPU₀ = Σ parts of stayers + joined + left
    part of stayers = Σ change of what is billed for a reason ÷ their customer-months
    joined, left = (M₁ᵍ / M₁) (aᵍ₁ − aˢ₁) − (M₀ᵍ / M₀) (aᵍ₀ − aˢ₀)

    with M customer-months, a revenue per customer and month, s the stayers: customers on the books on every day of both
    quarters. g are those who joined in either quarter, and those who left in one: they move ARPU by what they pay more
    or less than stayers, as far as they are there. The stayers' bills change by kind of line; what recurs changes with
    the fees of the products held (`frames.fee_changes`), and by `unexplained`: what was billed otherwise than the
    products held were due, in part because bills come before or after a change. Without subscriptions all that recurs
    is that. Parts of too few customers are one, `other`.

    Intervals take customers as drawn from many (each part is a smooth function of sums over customers, linearised).

    Returns
    -------
    `shown` and `change` are rounded by `rounded_parts`.

    References
    ----------
    Melitz and Polanec (2015) for who comes and goes beside who stays; Bennet (1920) for prices beside quantities;
    Cochran (1977) for the interval.
    """
    (places, smallest), quarters = printing, observation.quarters[-2:]
    if len(quarters) < 2:
        return _none("one quarter")
    before, now = quarters
    ends = quarterly_arpu(months, quarters).set_index("quarter")
    if not {str(before), str(now)} <= set(ends.index):
        return _none("not billed")
    rows = bridge_customers(months, spells=spells, tables=tables, observation=observation, quarters=(before, now))
    sums, behind = _sums(rows)
    if STAYED not in sums:
        return _none("nobody stayed")
    groups = folded(behind, rest=REST, order=PARTS, smallest=smallest)
    if sums[STAYED].customers < smallest or list(groups) == [OTHER]:
        return _none("too few")
    old, new = (float(ends["arpu"][str(quarter)]) for quarter in quarters)
    errors = _errors(rows, sums, behind, groups)
    values = [sum(_value(name, sums, behind) for name in names) for names in groups.values()]
    change = half_up(half_up(new, places) - half_up(old, places), places)
    shown = rounded_parts(values, total=change, places=places)
    reach = standard_normal_quantile(0.95) * np.array(errors)
    table = pd.DataFrame({"part": list(groups), "value": values, "shown": shown})
    table = table.assign(low=table["value"] - reach[:-1], high=table["value"] + reach[:-1])
    low, high = new - old - reach[-1], new - old + reach[-1]
    return Bridge(table, old, new, change, float(low), float(high), int(ends["customers"][str(now)]))


def _none(why: Why) -> Bridge:
    return Bridge(pd.DataFrame(columns=["part", "value", "shown", "low", "high"]), why=why)


def _sums(rows: Rows) -> tuple[dict[str, Sums], dict[str, Behind]]:
    """The sums of each group; and what each part comes to, with how many customers it rests on."""
    parts = (*CHANGES, *BILLED, REST)
    noticed = {f"n_{name}": (nw.col(name).abs() >= NOTICED).cast(nw.Int64).sum() for name in parts}
    totals = [nw.col(name).sum() for name in ("r_0", "r_1", "m_0", "m_1", *parts)]
    found = to_pandas(rows.group_by("group").agg(*totals, **noticed, n=nw.len())).set_index("group")
    sums = {
        str(group): Sums(int(row["n"]), (row["r_0"], row["r_1"]), (row["m_0"], row["m_1"]))
        for group, row in found.iterrows()
    }
    if STAYED not in sums:
        return sums, {}
    stayed = found.loc[STAYED]
    behind = {name: Behind(float(stayed[name]), int(stayed[f"n_{name}"])) for name in parts}
    for group in (JOINED, LEFT):
        if group in sums:
            behind[group] = Behind(_composition(group, sums), sums[group].customers)
    return sums, behind


def _value(name: str, sums: Mapping[str, Sums], behind: Mapping[str, Behind]) -> float:
    """A part, in money per customer and month."""
    amount = behind[name].amount
    return amount if name in (JOINED, LEFT) else amount / sums[STAYED].months[1]


def _whole_months(sums: Mapping[str, Sums], side: int) -> float:
    return float(sum(one.months[side] for one in sums.values()))


def _level(sums: Mapping[str, Sums], side: int) -> float:
    """What stayers bring per customer and month."""
    return sums[STAYED].revenue[side] / sums[STAYED].months[side]


def _gap(group: str, sums: Mapping[str, Sums], side: int) -> float:
    """By how much a group moves the ARPU of a quarter away from the stayers'."""
    one = sums[group]
    return (one.revenue[side] - one.months[side] * _level(sums, side)) / _whole_months(sums, side)


def _composition(group: str, sums: Mapping[str, Sums]) -> float:
    return _gap(group, sums, 1) - _gap(group, sums, 0)


def _errors(
    rows: Rows, sums: Mapping[str, Sums], behind: Mapping[str, Behind], groups: Mapping[str, tuple[str, ...]]
) -> list[float]:
    """Standard errors of the parts, and of the whole change in the last place."""
    n = sum(one.customers for one in sums.values())
    pulls = [sum((_pull(name, sums, behind) for name in names), nw.lit(0.0)) for names in groups.values()]
    pulls.append(sum((_pull(name, sums, behind) for name in behind), nw.lit(0.0)))
    # Times n they are amounts of money, which squares of six decimals hold; a float sum would differ in its last bit.
    scaled = [pull * n for pull in pulls]
    squares = {f"e{place}": (one * one).round(6).cast(EXACT).sum() for place, one in enumerate(scaled)}
    found = to_pandas(rows.select(**squares)).iloc[0]
    spread = n / (n - 1) if n > 1 else float("nan")
    return [float(np.sqrt(value * spread) / n) for value in found]


def _pull(name: str, sums: Mapping[str, Sums], behind: Mapping[str, Behind]) -> nw.Expr:
    """How far each customer pulls a part away from its value: the derivative by the customer's own sums."""
    stays = nw.col("group") == STAYED
    if name not in (JOINED, LEFT):
        value = _value(name, sums, behind)
        own = (nw.col(name).cast(nw.Float64) - nw.col("m_1").cast(nw.Float64) * value) / sums[STAYED].months[1]
        return nw.when(stays).then(own).otherwise(nw.lit(0.0))
    return _pull_of_gap(name, sums, 1) - _pull_of_gap(name, sums, 0)


def _pull_of_gap(group: str, sums: Mapping[str, Sums], side: int) -> nw.Expr:
    revenue, months = nw.col(f"r_{side}").cast(nw.Float64), nw.col(f"m_{side}").cast(nw.Float64)
    whole, more = _whole_months(sums, side), revenue - months * _level(sums, side)
    share = sums[group].months[side] / whole / sums[STAYED].months[side]
    own = nw.when(nw.col("group") == group).then(more / whole).otherwise(nw.lit(0.0))
    reference = nw.when(nw.col("group") == STAYED).then(more * share).otherwise(nw.lit(0.0))
    return own - reference - months * (_gap(group, sums, side) / whole)
