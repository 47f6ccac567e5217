"""Areas by months as matrices: what each area's month was, beside what was usual there and then.

Everything usual is told from the months before alone, so that a month is judged as it was at its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

LOOK_BACK = 24  # months that tell what is usual
FEWEST = 6  # of them with a figure, or nothing is usual yet
BESIDE = 5  # areas from which the move common to all of them is told
PRIOR_MONTHS = 12.0  # months of its own after which an area's spread counts half, beside that of all areas
SWEEPS = 4  # between areas and months: the fit of a table of two factors settles in as many
SPREAD, OUTER = 0.68, 0.95  # shares of the moves to the bad side: up to the first tells how far, the second how heavy
ENOUGH_FOR_TAIL = 100  # moves, or the tail is taken to be a heavy one
SLOWEST = 0.01  # share of the advertised speed: a line that does not work at all counts as so slow
FAULTY = 5.0  # usual moves: what lies farther out is a fault, and no part of the tail
DEGREES = np.array([4.0, 5.0, 6.0, 8.0, 12.0, 20.0, 40.0])  # of freedom, from heavy tails to nearly normal ones


@dataclass(frozen=True)
class Panel:
    """`areas` by `months`; matrices with a row per area, a column per month, not-a-number where nothing is known."""

    areas: Sequence[str]
    months: Sequence[pd.Timestamp]
    customers: Floats
    complaints: Floats
    measured: dict[str, Floats]  # the worse, the larger; logs

    @property
    def shape(self) -> tuple[int, int]:
        return self.customers.shape[0], self.customers.shape[1]


def panel(rows: pd.DataFrame) -> Panel:
    """The table of `frames.area_months` as matrices; nothing is known without customers, or before the first ticket."""
    span = (rows["month"].min(), rows["month"].max())
    months = pd.date_range(*span, freq="MS") if len(rows) else pd.DatetimeIndex([])
    wide = {
        name: rows.pivot(index="area_id", columns="month", values=name).reindex(columns=months).sort_index()
        for name in ("customers", "complaints", "speed_share", "latency_ms", "outage_minutes")
    }
    sheets = {name: table.to_numpy("float64", na_value=np.nan) for name, table in wide.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        measured = {
            "speed": -np.log(np.maximum(sheets["speed_share"], SLOWEST)),
            "latency": _finite(np.log(sheets["latency_ms"])),
            "outage": np.log1p(sheets["outage_minutes"] / 60),
        }
    told = np.where(sheets["customers"] > 0, sheets["complaints"], np.nan)
    return Panel(list(wide["customers"].index), list(months), sheets["customers"], told, measured)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def expected_complaints(panel: Panel, at: int, *, kept: Truths) -> tuple[Floats, Floats]:
    """What each area's complaints of a month were to be, and how far that itself is not known.

    expected = customers × the area's own rate × what the other areas' complaints are of theirs this month

    The area's rate comes from the months before, each month's common level taken out, and is pulled towards the mean
    of all areas as far as few complaints stand behind it (a gamma prior by the method of moments). Season, price rises
    and whatever else moves complaints everywhere cancel through the other areas of the same month.

    Parameters
    ----------
    at : the month's column.
    kept : area-months that may tell what is usual.

    Returns
    -------
    Expected complaints by area, and their relative variance; missing with fewer than six months before.

    References
    ----------
    Clayton and Kaldor (1987) for the prior.
    """
    before = slice(max(at - LOOK_BACK, 0), at)
    count, people = panel.complaints[:, before], panel.customers[:, before]
    used = kept[:, before] & ~np.isnan(count)
    count, people = np.where(used, count, 0.0), np.where(used, people, 0.0)
    rate, known = _own_rates(count, people)
    now, here = panel.complaints[:, at], np.nan_to_num(panel.customers[:, at])
    usual = rate * here
    seen = np.where(np.isnan(now) | ~np.isfinite(usual), 0.0, now)
    usual_seen = np.where(seen == now, usual, 0.0)
    others, others_usual = seen.sum() - seen, usual_seen.sum() - usual_seen
    # A prior of one complaint: without other areas the month is taken to be an ordinary one.
    level = (others + 1) / (others_usual + 1)
    enough = used.sum(axis=1) >= FEWEST
    return np.where(enough, usual * level, np.nan), 1 / np.maximum(known, 1e-9) + 1 / (others + 1)


def _own_rates(count: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Each area's complaints a customer and month, and the complaints that stand behind it, the prior's among them."""
    level = np.ones(count.shape[1])
    for _ in range(SWEEPS):
        exposure = (people * level).sum(axis=1)
        rate = count.sum(axis=1) / np.where(exposure > 0, exposure, np.nan)
        usual = (np.nan_to_num(rate)[:, None] * people).sum(axis=0)
        level = np.where(usual > 0, count.sum(axis=0) / np.where(usual > 0, usual, 1.0), 1.0)
    exposure = (people * level).sum(axis=1)
    total = exposure.sum()
    mean = count.sum() / total if total > 0 else np.nan
    behind = exposure / total if total > 0 else exposure
    own = np.where(exposure > 0, count.sum(axis=1) / np.where(exposure > 0, exposure, 1.0), mean)
    chance = (behind * mean / np.where(exposure > 0, exposure, np.inf)).sum()
    between = max(float((behind * (own - mean) ** 2).sum()) - float(chance), 1e-12)
    shape, rate_of = mean**2 / between, mean / between
    known = shape + count.sum(axis=1)
    return known / np.maximum(rate_of + exposure, 1e-12), known


def moves(values: Floats, at: int, *, kept: Truths) -> Floats:
    """How far each area's figure of a month lies on the bad side of its usual one, beside what all areas did.

    The usual figure is the median of the months before; the median move of all areas is taken off.
    """
    before = slice(max(at - LOOK_BACK, 0), at)
    past = np.where(kept[:, before], values[:, before], np.nan)
    enough = (~np.isnan(past)).sum(axis=1) >= FEWEST
    usual = np.full(len(values), np.nan)
    if enough.any():
        usual[enough] = np.nanmedian(past[enough], axis=1)
    moved = values[:, at] - usual
    told = moved[~np.isnan(moved)]
    return moved - (np.median(told) if len(told) >= BESIDE else 0.0)


def unlikely(moved: Floats, *, kept: Truths) -> Floats:
    """The chance of a move so far to the bad side, from a t distribution in units of an ordinary month's spread.

    The spread is that of all areas to the bad side, more or less as the area's own moves. How heavy the tails are is
    told from how much farther the outer moves lie than the usual ones; those so far out that they are faults rather
    than a tail are left out of it, or they would hide themselves.
    """
    told = np.where(kept & (moved > 0), moved, np.nan)
    pooled = told[~np.isnan(told)]
    if not len(pooled):
        return np.full(moved.shape, np.nan)
    spread = float(np.quantile(pooled, SPREAD)) * _own_share(np.where(kept, np.abs(moved), np.nan))
    units = moved / spread[:, None]
    degrees = _degrees((told / spread[:, None])[~np.isnan(told)])
    unit = stats.t.isf((1 - SPREAD) / 2, degrees)
    return np.asarray(stats.t.sf(units * unit, degrees))


def _own_share(sizes: Floats) -> Floats:
    """How far each area's moves to either side usually go, as a share of those of all areas.

    Both sides count, and the middle of them: a fault of many months must not widen what it is judged by.
    """
    known = (~np.isnan(sizes)).sum(axis=1)
    everyone = float(np.nanmedian(sizes))
    own = np.ones(len(sizes))
    if everyone > 0:
        own[known > 0] = np.nanmedian(sizes[known > 0], axis=1) / everyone
    variance = (known * own**2 + PRIOR_MONTHS) / (known + PRIOR_MONTHS)
    return np.asarray(np.sqrt(np.maximum(variance, 1e-18)))


def _degrees(units: Floats) -> float:
    inside = units[units < FAULTY]
    if len(inside) < ENOUGH_FOR_TAIL:
        return float(DEGREES[0])
    farther = np.quantile(inside, OUTER) / np.quantile(inside, SPREAD)
    usual = stats.t.isf((1 - OUTER) / 2, DEGREES) / stats.t.isf((1 - SPREAD) / 2, DEGREES)
    return float(np.interp(-farther, -usual, DEGREES))
