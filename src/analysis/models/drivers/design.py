"""Features as the columns of a regression, each with what it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.counts import Floats
from analysis.models.derived import number_columns
from analysis.models.drivers.catalogue import Driver, Group, Stage
from analysis.models.readings import coded
from analysis.models.terms import fitted_levels

FEWEST_KNOWN = 0.5  # share of rows that must know a driver
FEWEST = 10  # rows that must differ from the others


@dataclass(frozen=True)
class Column:
    """A column of the design: the driver or group it belongs to, its level (or missing), and the step it is told for.

    `told` is false for what is held constant only.
    """

    name: str
    driver: str
    level: str | None
    step: float
    stage: Stage
    told: bool
    area: bool = False


@dataclass(frozen=True)
class Design:
    """`values`: a column per entry of `columns`, a row per row of the features, no gaps; `left_out`: driver, reason."""

    columns: tuple[Column, ...]
    values: Floats
    left_out: tuple[tuple[str, str], ...]

    def kept(self, places: Sequence[int], left_out: Sequence[tuple[str, str]] = ()) -> Design:
        """The columns at some places only."""
        chosen = tuple(self.columns[place] for place in places)
        return Design(chosen, self.values[:, list(places)], (*self.left_out, *left_out))


def design(rows: pd.DataFrame, drivers: Sequence[Driver], groups: Sequence[Group]) -> Design:
    """The columns of all drivers and groups that the rows tell of, in their order.

    An unknown number is the median of the known ones, with a column that says so where it is unknown for many. What is
    unknown for half of the rows or more, or the same for nearly all, is left out with the reason.
    """
    columns: list[Column] = []
    values: list[Floats] = []
    left_out: list[tuple[str, str]] = []
    for driver in drivers:
        known = _numbers(rows, driver)
        reason = _why_not(known)
        if reason:
            left_out.append((driver.name, reason))
            continue
        for column, numbers in _number_columns(driver, known):
            columns.append(column)
            values.append(numbers)
    for group in groups:
        found = _level_columns(rows, group)
        if not found:
            left_out.append((group.name, ABSENT if group.name not in rows else "It is the same for nearly everyone."))
        columns += [column for column, _ in found]
        values += [flags for _, flags in found]
    table = np.column_stack(values) if values else np.zeros((len(rows), 0))
    return Design(tuple(columns), table, tuple(left_out))


ABSENT = "The source does not tell it."


def with_history(rows: pd.DataFrame, drivers: Sequence[Driver]) -> pd.DataFrame:
    """The rows that know what is only held constant, while half of all rows or more do.

    A median in place of a customer's own history would hold nothing constant: the effect of what came before would be
    told as that of something else.
    """
    kept = np.ones(len(rows), dtype=bool)
    for driver in drivers:
        known = kept & np.isfinite(_numbers(rows, driver))
        if driver.held and known.sum() >= FEWEST_KNOWN * len(rows):
            kept = known
    return rows[kept].reset_index(drop=True)


def _numbers(rows: pd.DataFrame, driver: Driver) -> Floats:
    of = number_columns(rows, driver.needs)
    return np.asarray(driver.value(of), dtype=np.float64)


def _why_not(values: Floats) -> str:
    """Why a number cannot have an effect; empty when it can."""
    known = values[np.isfinite(values)]
    if not len(known):
        return ABSENT
    if len(known) < FEWEST_KNOWN * len(values):
        return f"It is known for {len(known) / len(values):.0%} of the rows only."
    _, counts = np.unique(known, return_counts=True)
    if len(known) - counts.max() < FEWEST:
        return "It is the same for nearly everyone."
    return ""


def _number_columns(driver: Driver, values: Floats) -> list[tuple[Column, Floats]]:
    missing = ~np.isfinite(values)
    filled = np.where(missing, np.median(values[~missing]), values)
    made = [(Column(driver.name, driver.name, None, driver.step, driver.stage, not driver.held, driver.area), filled)]
    if FEWEST <= missing.sum() <= len(values) - FEWEST:
        unknown = Column(f"{driver.name} not known", driver.name, "not known", 1.0, driver.stage, False)
        made.append((unknown, missing.astype(np.float64)))
    return made


def _level_columns(rows: pd.DataFrame, group: Group) -> list[tuple[Column, Floats]]:
    if group.name not in rows:
        return []
    values = coded(rows[group.name])
    levels = fitted_levels(group.name, group.name, values, None)
    if levels is None:
        return []
    base = levels.levels[levels.base]
    names = [level for level in levels.levels if level != base]
    flags = [flag for _, flag in levels.design(values)]
    return [
        (Column(f"{group.name}: {name}", group.name, f"{name}, not {base}", 1.0, "first", True), flag)
        for name, flag in zip(names, flags, strict=True)
    ]
