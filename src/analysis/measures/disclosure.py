"""What may be published: small groups are masked, and so is whatever would give them away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.errors import AnalysisFailed, ParamsError

FLOOR = 5
DETERMINED = 1e-9

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


def masked(
    table: pd.DataFrame, *, by: Sequence[str], count: str | Sequence[str], values: Sequence[str], minimum: int = 11
) -> pd.DataFrame:
    """Hide every cell of a table that is based on too few customers, or from which such a cell could be computed.

    A cell with 1 to `minimum` - 1 customers is hidden; 0 is no secret. Then further cells are hidden, the smallest
    first, until no hidden cell follows from the shown ones and the totals, and no total less the shown cells leaves
    fewer than `minimum` customers (but 0).

    Parameters
    ----------
    table : one row per cell. A row whose class in a `by` column is missing is the total over that column, as SQL's
        `GROUP BY CUBE` gives it. A total that is not in the table is taken as published elsewhere, unless it is
        small itself.
    by : the columns that make the cells; their classes divide the customers without overlap.
    count : the customers of a cell; or several counts that must each be safe, such as customers, leavers and stayers.
    values : the columns to hide along with the counts.
    minimum : customers a published cell needs, from params.

    Returns
    -------
    The same table, with counts and values missing where hidden, and a boolean column `masked`.

    Raises
    ------
    ParamsError
        `minimum` is below 5.
    AnalysisFailed
        A count is missing or negative, a cell has two rows, or a total is not the sum of its classes.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapter 4.
    """
    _refuse_low_minimum(minimum)
    names = [count] if isinstance(count, str) else list(count)
    counts = table[names].to_numpy("float64", na_value=np.nan)
    _refuse_unclear_cells(table, by=by, counts=counts)
    sums = _sums(table, by=by)
    _refuse_wrong_totals(sums, counts)
    hidden = withheld(sums, counts, hidden=_small(counts, minimum), minimum=minimum)
    columns = {name: table[name].mask(hidden) for name in [*names, *values]}
    return table.assign(**columns, masked=hidden)


def withheld(sums: Floats, counts: Floats, *, hidden: Truths, minimum: int, dear: Floats | None = None) -> Truths:
    """The cells to hide: those `hidden` already, and further ones until nothing that is shown gives one away.

    Parameters
    ----------
    sums : what a reader can add up, a row per sum, a column per cell: 1 for a part, -1 for the total where it is a
        cell itself; a total that is none is published elsewhere, unless it is small itself.
    counts : customers of each cell, a column per count.
    dear : what a cell is worth to the reader, the least hidden first; infinite for cells that other tables show or
        hide: they stay as they are, and `gives_away` may be true in the end.
    """
    worth = np.zeros(len(hidden)) if dear is None else dear
    found, told = hidden.copy(), _told(sums, counts, minimum)
    while (partner := _partner(told, counts, hidden=found, minimum=minimum, dear=worth)) is not None:
        found[partner] = True
    return found


def gives_away(sums: Floats, counts: Floats, *, hidden: Truths, minimum: int) -> bool:
    """Whether what is shown gives a hidden cell away all the same, for want of another that could be hidden."""
    told = _told(sums, counts, minimum)
    leaking = _leaking_sums(told, counts, hidden=hidden, minimum=minimum)
    return bool(leaking or _computable_cells(told, hidden))


def _told(sums: Floats, counts: Floats, minimum: int) -> Floats:
    """The sums whose total a reader knows."""
    return sums[(sums < 0).any(axis=1) | ~_small(sums @ counts, minimum)]


def _small(counts: Floats, minimum: int) -> Truths:
    """Whether any count of a row is one of 1 to minimum - 1 customers."""
    return np.asarray(((counts > 0) & (counts < minimum)).any(axis=1))


def _sums(table: pd.DataFrame, *, by: Sequence[str]) -> Floats:
    """The sums a reader can take: a row per sum, a column per cell, 1 for a part and -1 for the total, if given."""
    rows = []
    for column in by:
        sign = np.where(table[column].isna(), -1.0, 1.0)
        others = [table[name] for name in by if name != column]
        line = table.groupby([np.zeros(len(table)), *others], dropna=False, observed=True).ngroup().to_numpy()
        rows += [np.where(line == one, sign, 0.0) for one in np.unique(line)]
    kept = [row for row in rows if (row > 0).any()]
    return np.reshape(kept, (len(kept), len(table)))


def _partner(sums: Floats, counts: Floats, *, hidden: Truths, minimum: int, dear: Floats) -> int | None:
    """The next cell to hide, or None when nothing leaks that hiding could cure."""
    cures = [*_leaking_sums(sums, counts, hidden=hidden, minimum=minimum), *_computable_cells(sums, hidden)]
    for cells in cures:
        left = np.flatnonzero(cells & ~hidden & np.isfinite(dear))
        if len(left):
            # Zeros add nothing to a sum and are seldom a secret: they come last.
            order = np.lexsort((left, counts[left, 0], (counts[left] == 0).sum(axis=1), dear[left]))
            return int(left[order[0]])
    return None


def _leaking_sums(sums: Floats, counts: Floats, *, hidden: Truths, minimum: int) -> list[Truths]:
    """Cells of each sum that gives away its only hidden cell, or too small a group of them."""
    lonely = (sums[:, hidden] != 0).sum(axis=1) == 1
    closed = ~(sums[:, hidden] < 0).any(axis=1)
    left = np.where(sums > 0, sums, 0.0)[:, hidden] @ counts[hidden]
    return [line != 0 for line in sums[lonely | (closed & _small(left, minimum))]]


def _computable_cells(sums: Floats, hidden: Truths) -> list[Truths]:
    """For each hidden cell that several sums together give away: the cells beside it, then all."""
    given_away = np.flatnonzero(hidden)[_determined(sums[:, hidden])]
    beside = [(sums[sums[:, cell] != 0] != 0).any(axis=0) for cell in given_away]
    return [*beside, *(np.ones_like(hidden) for _ in beside)]


def _determined(sums: Floats) -> Truths:
    """Which unknowns of the sums have only one solution: those that no direction of the null space moves."""
    return np.asarray(1 - np.einsum("ij,ji->i", np.linalg.pinv(sums), sums) < DETERMINED)


def _refuse_low_minimum(minimum: int) -> None:
    if minimum < FLOOR:
        raise ParamsError(
            "smallest published group",
            expected=f"{FLOOR} customers or more",
            found=f"{minimum}",
            do=f"Set it to {FLOOR} or more; below that a published table can point at persons.",
        )


def _refuse_unclear_cells(table: pd.DataFrame, *, by: Sequence[str], counts: Floats) -> None:
    if not (counts >= 0).all():
        raise AnalysisFailed(
            "disclosure control",
            expected="a count of 0 or more in every cell",
            found=f"{int((~(counts >= 0)).any(axis=1).sum()):,} cells without one",
            do="Fill empty cells with 0.",
        )
    if table.duplicated(list(by)).any():
        first = table.loc[table.duplicated(list(by)), list(by)].iloc[0].to_dict()
        raise AnalysisFailed(
            "disclosure control",
            expected="one row per cell",
            found=f"two rows for {first}",
            do="Aggregate the table to its cells first.",
        )


def _refuse_wrong_totals(sums: Floats, counts: Floats) -> None:
    difference = np.abs(sums @ counts).max(axis=1, initial=0)
    wrong = (sums < 0).any(axis=1) & (difference > 0.5)
    if wrong.any():
        raise AnalysisFailed(
            "disclosure control",
            expected="a row without a class to be the total of its classes",
            found=f"{int(wrong.sum()):,} that differ, the first by {difference[wrong][0]:g} customers",
            do="Give customers whose class is unknown a class of their own, such as 'not available'.",
        )
