"""What may move leaving as the columns of a Cox model, and which of them may be told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.models.counts import Floats, Integers, Truths
from analysis.models.derived import number_columns
from analysis.models.families import family
from analysis.models.movers.catalogue import MOVERS, Group, Mover
from analysis.models.readings import coded
from analysis.models.terms import fitted_levels

TAIL = 0.995  # of a number: beyond it all count as that high


@dataclass(frozen=True)
class Column:
    """A column of the design: its words, the mover it belongs to, that mover's family, and whether it may be told."""

    name: str
    mover: str
    family: str
    told: bool


Columns = list[tuple[Column, Floats]]


@dataclass(frozen=True, eq=False)
class Leaving:
    """Episodes (rows of `forecast.learning_rows`) in one way of leaving.

    `left` says whether the customer left so within the row, `quarter` numbers that of its landmark; `without` are
    columns that may not be used, and `smallest` is how many leavers a figure needs.
    """

    rows: pd.DataFrame
    kind: str | None
    left: Truths
    quarter: Integers
    without: Collection[str]
    smallest: int

    def gives(self, column: str | None) -> bool:
        """Whether a column is there and may be used."""
        return column in self.rows.columns and column not in self.without


def design(leaving: Leaving) -> tuple[tuple[Column, ...], pd.DataFrame, list[tuple[str, str]]]:
    """The columns of everything that the rows tell of, in the order of the catalogue.

    What is not known counts as no, or as the median, with a column of its own that says so; that one is never told.
    What too few of the leavers had, or all but too few, is left out; a level of a group is held constant, or it would
    be one with the commonest.

    Returns
    -------
    The columns; their values, a table with one row per row and no gaps; and what is not told, with the reason.
    """
    found, unknown = [], []
    for one in MOVERS:
        made, gaps = (_of_group(one, leaving), []) if isinstance(one, Group) else _of_mover(one, leaving)
        found += made
        unknown += gaps
    rare = {column.name: _rare(values, leaving) for column, values in [*found, *unknown]}
    levels = {one.words for one in MOVERS if isinstance(one, Group)}
    kept = [
        (replace(column, told=column.told and not rare[column.name]), values)
        for column, values in [*found, *unknown]
        if not rare[column.name] or column.mover in levels
    ]
    values = pd.DataFrame({column.name: values for column, values in kept}, index=pd.RangeIndex(len(leaving.rows)))
    untold = [(column.name, rare[column.name]) for column, _ in found if column.told and rare[column.name]]
    return tuple(column for column, _ in kept), values, untold


def _rare(values: Floats, leaving: Leaving) -> str:
    """Why a yes or no cannot be told: too few of the leavers had it, or had it not; empty for none, and for others."""
    if not np.isin(values, (0.0, 1.0)).all() or values.min() == values.max():
        return ""
    had = int(values[leaving.left].sum())
    if min(had, int(leaving.left.sum()) - had) >= leaving.smallest:
        return ""
    return f"Fewer than {leaving.smallest} of those who left so had it{'' if had < leaving.smallest else ' not'}."


def _of_mover(mover: Mover, leaving: Leaving) -> tuple[Columns, Columns]:
    """The column of a mover, and the one that says where it is not known."""
    gives = all(leaving.gives(name) for name in mover.needs)
    if not gives or leaving.gives(mover.unless) or (mover.part_of is not None and mover.part_of == leaving.kind):
        return [], []
    values = np.asarray(mover.value(number_columns(leaving.rows, mover.needs)), dtype=np.float64)
    missing = np.isnan(values)
    known = values[~missing]
    kin = family(mover.needs[0])
    column = Column(mover.words, mover.words, kin, not mover.held)
    if not len(known):
        return [(column, values)], []  # of which the pre-flight says so
    flag = bool(np.isin(known, (0.0, 1.0)).all())
    filled = np.where(missing, 0.0 if flag else np.median(known), values)
    bounded = filled if flag else np.minimum(filled, np.quantile(known, TAIL, method="higher"))
    if not _varies(missing, leaving):
        return [(column, bounded)], []
    name = f"{mover.words}: not known"
    return [(column, bounded)], [(Column(name, name, kin, told=False), missing.astype(np.float64))]


def _varies(missing: Truths, leaving: Leaving) -> bool:
    """Whether of those there when a quarter began some know it and others do not; who is compared is of one quarter."""
    there = leaving.rows["at_quarter_end"].to_numpy() == 1
    place = np.unique(leaving.quarter[there], return_inverse=True)[1]
    without, rows = np.bincount(place, missing[there]), np.bincount(place)
    return bool(((without > 0) & (without < rows)).any())


def _of_group(group: Group, leaving: Leaving) -> Columns:
    if not leaving.gives(group.column):
        return []
    values = coded(leaving.rows[group.column])
    levels = fitted_levels(group.column, group.words, values, leaving.left.astype(np.int64))
    kin = family(group.column)
    if levels is None:  # one level, or none: the pre-flight says so
        one = np.full(len(leaving.rows), 0.0 if values.names else np.nan)
        return [(Column(group.words, group.words, kin, told=True), one)]
    base = levels.levels[levels.base]
    names = [level for place, level in enumerate(levels.levels) if place != levels.base]
    return [
        (Column(f"{group.words}: {name}, not {base}", group.words, kin, told=True), flag)
        for name, (_, flag) in zip(names, levels.design(values), strict=True)
    ]
