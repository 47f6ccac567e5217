"""Counts by entry, exit and event: what every survival estimate starts from.

A row stands for `n` customers (or episodes of customers) who came under observation at `entry`, were last seen at
`exit`, and left then (`event` 1) or were still there (`event` 0). They are at risk in (entry, exit]: whoever enters at
the moment somebody leaves was not at risk of leaving then.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.errors import AnalysisFailed

COLUMNS = ("entry", "exit", "event", "n")
SHORTEST_STEP = 1e-6  # months, some three seconds

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


def checked_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts as numbers, after making sure that a survival estimate can be built on them.

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event) or finer
        `entry` and `exit` in months of tenure, `event` 0 or 1, `n` a whole number of customers.

    Returns
    -------
    Table with the same rows in the same order and only the four columns, all float64; rows with `n` 0 are kept.

    Raises
    ------
    AnalysisFailed
        A column is absent, nobody is counted, a value is missing or impossible, or two times differ by a rounding
        error.
    """
    absent = [column for column in COLUMNS if column not in counts.columns]
    if absent:
        raise AnalysisFailed(
            "survival counts",
            expected=f"columns {', '.join(COLUMNS)}",
            found=f"no {', '.join(absent)}",
            do="Count episodes by entry, exit and event first.",
        )
    rows = pd.DataFrame({column: counts[column].to_numpy("float64", na_value=np.nan) for column in COLUMNS})
    _refuse_impossible_rows(rows)
    if not rows["n"].sum() > 0:
        raise AnalysisFailed(
            "survival counts",
            expected="at least one customer under observation",
            found="none",
            do="Leave this curve out and say so.",
        )
    _refuse_almost_equal_times(rows)
    return rows


def event_totals(rows: pd.DataFrame, *, times: Floats, of: Floats, group: Integers | None = None) -> Floats:
    """Total `of` (customers per row of checked counts) over the rows that exit at each time.

    Returns
    -------
    Array, one row per group (one in all without `group`) and one column per time. `times` must contain every exit of
    a row whose `of` is not zero.
    """
    place = np.searchsorted(times, rows["exit"].to_numpy())
    return _spread(np.where(of > 0, place, 0), of, width=len(times), group=group)


def numbers_at_risk(rows: pd.DataFrame, *, times: Floats, group: Integers | None = None) -> Floats:
    """Customers under observation just before each time: the sum of `n` over entry < time <= exit.

    Returns
    -------
    Array, one row per group (one in all without `group`) and one column per time, in the order of `times` (ascending).
    """
    weight = rows["n"].to_numpy()
    come = _spread(np.searchsorted(times, rows["entry"].to_numpy(), "right"), weight, width=len(times) + 1, group=group)
    gone = _spread(np.searchsorted(times, rows["exit"].to_numpy(), "right"), weight, width=len(times) + 1, group=group)
    return np.asarray((come - gone).cumsum(axis=1)[:, :-1])


def _spread(place: Integers, weight: Floats, *, width: int, group: Integers | None) -> Floats:
    """Sum of `weight` by group and place. Sums of whole numbers below 2^53 are exact in float64, in any order."""
    row = np.zeros(len(place), dtype=np.int64) if group is None else group
    height = int(row.max()) + 1
    total = np.bincount(row * width + place, weights=weight, minlength=height * width)
    return total.astype(np.float64).reshape(height, width)


def _refuse_impossible_rows(rows: pd.DataFrame) -> None:
    entry, stop, event, n = (rows[column].to_numpy() for column in COLUMNS)
    _refuse(
        rows,
        ~np.isfinite(rows.to_numpy()).all(axis=1),
        expected="a number in each of entry, exit, event and n",
        do="Set rows without dates aside before counting.",
    )
    _refuse(rows, (entry < 0) | (stop < 0), expected="tenures of 0 or more", do="Check signup and churn dates.")
    _refuse(
        rows,
        stop <= entry,
        expected="an exit later than the entry",
        do="An episode covers (entry, exit]; leave out customers who left on or before the day they came in view.",
    )
    _refuse(rows, ~np.isin(event, (0, 1)), expected="event 0 or 1", do="Code leaving as 1 and anything else as 0.")
    _refuse(
        rows,
        (n < 0) | (n != np.floor(n)),
        expected="n as a whole number of customers",
        do="Weights are counts here; the intervals would be wrong for any other kind.",
    )


def _refuse(rows: pd.DataFrame, bad: Truths, *, expected: str, do: str) -> None:
    """Raise AnalysisFailed when a row is bad, naming the first by its place: its label could be a customer's key."""
    if not bad.any():
        return
    place = int(bad.argmax())
    found = ", ".join(f"{name} {rows[name].iloc[place]:g}" for name in COLUMNS)
    raise AnalysisFailed(
        f"survival counts, row {place + 1:,} of {len(rows):,}",
        expected=expected,
        found=f"{found}; rows like it: {int(bad.sum()):,}",
        do=do,
    )


def _refuse_almost_equal_times(rows: pd.DataFrame) -> None:
    """Raise AnalysisFailed when equal days became unequal floats, which would tear ties apart without a sign.

    Whole days divided by 30.4375 (487/16, exact in binary) are rounded once, so equal days give equal floats and
    nothing has to be rounded here; a tenure that was added up from months is the one that lands here.
    """
    times = np.unique(rows[["entry", "exit"]].to_numpy())
    close = np.diff(times) < SHORTEST_STEP
    if close.any():
        first = times[int(close.argmax())]
        raise AnalysisFailed(
            "survival counts",
            expected=f"times that are equal or at least {SHORTEST_STEP:g} months apart",
            found=f"pairs closer than that: {int(close.sum()):,}, the first near {first:.4f}",
            do="Compute every tenure as whole days / 30.4375, not from sums or differences of months.",
        )
