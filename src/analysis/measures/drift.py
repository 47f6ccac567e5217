"""Whether what a column holds has changed since the quarter before, and whether any of it is implausible."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtri

from analysis.basis.quarter import Quarter
from analysis.extracts.contract import CONTRACT, Column
from analysis.extracts.engine import to_pandas
from analysis.extracts.known import known_at
from analysis.measures.arrival import own_date
from analysis.measures.standing import Edges, Limits, Measure, Status, judged

EARLIER, THEN, NOW, BOTH = 0, 1, 2, 3  # periods of a row: of neither quarter, of the previous one, of the report's
HELD = ("subscriptions",)  # rows that last: compared are those in force
DECIDED = ("campaigns", "contacts", "work_orders")  # what the company decides may change: no sign of a wrong extract
GRAIN = 1000  # cells per power of ten: values less than a quarter of a per cent apart are one
BINS = 10
SURE = 0.001  # drift that chance makes oftener than this is none
ENOUGH = 11  # values in either quarter, below which nothing is compared
JUMP = 30  # times the median, or a part of it: another unit, not another price
BEYOND = 1000  # times the median: nobody's value
FREE_TEXT = {("tickets", "text"), ("campaigns", "name"), ("work_orders", "outcome")}
NUMBERS = ("money", "number", "integer")
Counts = npt.NDArray[np.float64]


def by_period(name: str, table: nw.LazyFrame[Any], quarter: Quarter) -> nw.LazyFrame[Any] | None:
    """The rows of a table with their `period`; what was of the previous quarter, as it was known at its end.

    Rows are dated in a quarter; products are held on its last day, and those held on both days are of `BOTH`. Each row
    is there once. None where the contract dates no row.
    """
    day = own_date(name)
    if day is None:
        return None
    dated = table.with_columns(__day=day).filter(~nw.col("__day").is_null())
    then, now = (_of(name, one) for one in (quarter.previous, quarter))
    old = known_at(dated.filter(then & ~now), name, quarter.previous.last_day).with_columns(period=nw.lit(THEN))
    of_now = nw.when(then).then(nw.lit(BOTH)).otherwise(nw.lit(NOW))
    rest = dated.filter(~(then & ~now)).with_columns(period=nw.when(now).then(of_now).otherwise(nw.lit(EARLIER)))
    return nw.concat([old, rest])


def _of(name: str, quarter: Quarter) -> nw.Expr:
    """Whether a row belongs to a quarter."""
    if name in HELD:
        ended = nw.coalesce(nw.col("end_date") <= quarter.last_day, nw.lit(False))
        return (nw.col("start_date") <= quarter.last_day) & ~ended
    return (nw.col("__day") >= quarter.first_day) & (nw.col("__day") <= quarter.last_day)


def drift_measures(
    name: str, rows: nw.LazyFrame[Any], columns: Sequence[str], *, compare: bool, limits: Limits
) -> list[Measure]:
    """Distribution of each column against the quarter before; `compare` is false where that quarter is not covered.

    Parameters
    ----------
    rows : table of `by_period`.
    columns : contract columns the source gives.
    """
    compare = compare and name not in DECIDED
    measures = _filled(name, rows, columns, limits) if compare else []
    for column in (CONTRACT[name].column(one) for one in columns):
        if column.type in NUMBERS:
            cells = number_cells(rows, column.name)
            measures += _number(name, column, cells, limits.drift) if compare else []
            measures += _beyond(name, column, cells)
        elif compare and _is_code(name, column):
            measures += _code(name, column, rows, limits.drift)
    return measures


def stability_index(then: Counts, now: Counts) -> float:
    """Population stability index: how far the shares of bins have moved.

    PSI = Σ (now − then) · ln(now ÷ then), shares of bins; an empty bin counts as half a value.

    References
    ----------
    Lewis (1994), who reads less than 0.1 as no change worth a look and 0.25 or more as a great one.
    """
    if len(then) < 2:
        return 0.0
    old, new = (np.maximum(part, 0.5) / np.maximum(part, 0.5).sum() for part in (then, now))
    return float(((new - old) * np.log(new / old)).sum())


def by_chance(bins: int, then: float, now: float) -> float:
    """The index that two samples of one distribution exceed once in a thousand times.

    References
    ----------
    Yurdakul (2018): PSI ÷ (1/n + 1/m) is chi-squared with bins − 1 degrees of freedom.
    """
    return float(chdtri(bins - 1, SURE)) * (1 / then + 1 / now) if bins > 1 else 0.0


def number_cells(rows: nw.LazyFrame[Any], column: str) -> pd.DataFrame:
    """Values of a column counted in fine cells of their logarithm, ordered.

    Returns
    -------
    Table, one row per cell and period with any value: `low` (the cell's edge), `period`, `least` (the smallest value
    there), `n`.
    """
    value = nw.col(column).cast(nw.Float64)
    sign = nw.when(value < 0).then(nw.lit(-1)).otherwise(nw.when(value > 0).then(nw.lit(1)).otherwise(nw.lit(0)))
    size = nw.when(value != 0).then((value.abs().log(10) * GRAIN).round(6).floor()).otherwise(nw.lit(0.0))
    named = rows.filter(~nw.col(column).is_null()).select("period", sign=sign, size=size, value=value)
    cells = to_pandas(named.group_by("period", "sign", "size").agg(n=nw.len(), least=nw.col("value").min()))
    low = cells["sign"] * 10 ** (cells["size"] / GRAIN)
    return cells.assign(low=low).sort_values(["low", "period"], ignore_index=True)[["low", "period", "least", "n"]]


def median(cells: pd.DataFrame) -> float:
    """The smallest value of the cell in which the middle one lies; missing without values."""
    if not len(cells):
        return math.nan
    reached = cells["n"].cumsum() >= cells["n"].sum() / 2
    return float(cells["least"][reached].iloc[0])


def binned(cells: pd.DataFrame) -> tuple[Counts, Counts]:
    """Values of both quarters in bins that held a tenth of the values each in the quarter before, as far as cells go.

    A value that takes up more than its tenth is a bin of its own.
    """
    wide = both_quarters(cells, "low").sort_index()
    until = wide[THEN].cumsum() - wide[THEN] / 2
    place = np.floor(BINS * until / max(wide[THEN].sum(), 1)).clip(0, BINS - 1)
    both = wide.groupby(place.to_numpy()).sum()
    return both[THEN].to_numpy(float), both[NOW].to_numpy(float)


def both_quarters(counts: pd.DataFrame, value: str) -> pd.DataFrame:
    """Counts `n` of each value in the previous quarter and in the report's: columns `THEN` and `NOW`."""
    wide = counts.pivot_table(index=value, columns="period", values="n", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=[THEN, NOW, BOTH], fill_value=0)
    either = {THEN: wide[THEN] + wide[BOTH], NOW: wide[NOW] + wide[BOTH]}
    return pd.DataFrame(either)


def _number(name: str, column: Column, cells: pd.DataFrame, edges: Edges) -> list[Measure]:
    then, now = binned(cells)
    measures = [_drifted(name, column.name, then, now, edges)] if min(then.sum(), now.sum()) >= ENOUGH else []
    return measures + _jump(name, column, cells)


def _jump(name: str, column: Column, cells: pd.DataFrame) -> list[Measure]:
    """The median of what is new, where it is many times that of the quarter before, or a small part of it."""
    new, old = cells[cells["period"] == NOW], cells[cells["period"].isin([THEN, BOTH])]
    rows = int(new["n"].sum())
    if min(rows, old["n"].sum()) < ENOUGH:
        return []
    middle, before = median(new), median(old)
    if not (before > 0 and middle > 0) or 1 / JUMP < middle / before < JUMP:
        return []
    edge = before * (JUMP if middle > before else 1 / JUMP)
    return [Measure(name, column.name, "distribution", "jump", middle, "bad", rows, edge, before)]


def _beyond(name: str, column: Column, cells: pd.DataFrame) -> list[Measure]:
    """Values more than a thousand times the median."""
    middle = median(cells)
    if not middle > 0:
        return []
    rows = int(cells["n"][cells["least"] > BEYOND * middle].sum())
    largest = float(cells["least"].iloc[-1])
    return [Measure(name, column.name, "distribution", "outlier", largest, "watch", rows, BEYOND * middle)] * (rows > 0)


def _code(name: str, column: Column, rows: nw.LazyFrame[Any], edges: Edges) -> list[Measure]:
    """The most frequent values of the quarter before, and all others as one."""
    recent = rows.filter((nw.col("period") != EARLIER) & ~nw.col(column.name).is_null())
    named = recent.select("period", value=nw.col(column.name).cast(nw.String))
    wide = both_quarters(to_pandas(named.group_by("period", "value").agg(n=nw.len())), "value").reset_index()
    if min(wide[THEN].sum(), wide[NOW].sum()) < ENOUGH:
        return []
    ranked = wide.sort_values([THEN, "value"], ascending=[False, True], ignore_index=True)
    top, rest = ranked.head(BINS), ranked.iloc[BINS:]
    then, now = (np.append(top[part].to_numpy(float), rest[part].sum()) for part in (THEN, NOW))
    some = (then + now) > 0
    return [_drifted(name, column.name, then[some], now[some], edges)]


def _drifted(table: str, column: str, then: Counts, now: Counts, edges: Edges) -> Measure:
    index = stability_index(then, now)
    chance = by_chance(len(then), then.sum(), now.sum())
    status: Status = judged(index, (max(edges[0], chance), max(edges[1], chance)))
    return Measure(table, column, "distribution", "psi", index, status, int(now.sum()), max(edges[0], chance))


def _is_code(name: str, column: Column) -> bool:
    """Whether the column holds one of few values, neither a key nor somebody's words."""
    coded = column.type == "boolean" or (column.type == "text" and not column.name.endswith("_id"))
    return coded and (name, column.name) not in FREE_TEXT


def _filled(name: str, rows: nw.LazyFrame[Any], columns: Sequence[str], limits: Limits) -> list[Measure]:
    """Share of the quarter's rows in which each optional column is filled, beside the quarter before."""
    optional = [one for one in columns if not CONTRACT[name].column(one).required]
    old, new = (nw.col("period").is_in([period, BOTH]) for period in (THEN, NOW))
    counted = {"then": old.cast(nw.Int64).sum(), "now": new.cast(nw.Int64).sum()}
    for one in optional:
        filled = ~nw.col(one).is_null()
        counted[f"then {one}"] = (old & filled).cast(nw.Int64).sum()
        counted[f"now {one}"] = (new & filled).cast(nw.Int64).sum()
    counts = to_pandas(rows.filter(nw.col("period") != EARLIER).select(**counted)).fillna(0).astype(int).iloc[0]
    then, now = int(counts["then"]), int(counts["now"])
    if min(then, now) < ENOUGH:
        return []
    pairs = {one: ((counts[f"then {one}"], then), (counts[f"now {one}"], now)) for one in optional}
    return [_emptier(name, one, *pair, limits.fall) for one, pair in pairs.items()]


def _emptier(table: str, column: str, then: tuple[int, int], now: tuple[int, int], edges: Edges) -> Measure:
    """By how much a column is filled less than it was: filled and all rows of either quarter; chance is no fall."""
    before, share = then[0] / then[1], now[0] / now[1]
    chance = 3 * math.sqrt(max(before * (1 - before), 1 / then[1]) * (1 / then[1] + 1 / now[1]))
    first, second = (max(edge, chance) for edge in edges)
    status = judged(before - share, (first, second))
    empty = now[1] - now[0]
    return Measure(table, column, "completeness", "filled", share, status, empty, before - first, before)
