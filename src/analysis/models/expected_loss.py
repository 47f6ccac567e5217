"""What of the money owed will never be paid, told from what became of the money owed a year ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.quarter import months_later
from analysis.extracts.engine import to_pandas
from analysis.frames.open_bills import OVERDUE
from analysis.measures.ageing import CELLS, LEFT, LEFT_LONG
from analysis.measures.interval import share_interval
from analysis.models.resampling import canonical_order, percentile_interval, resamples

Rows = nw.LazyFrame[Any]
Floats = npt.NDArray[np.float64]

DRAWS, SEED = 200, 60
FOLLOWED = (12, 6)  # months after which a bill that is still open counts as never paid, the longest that history allows
FEWEST = 5  # customers without whom a cell has no share of its own
WARM_UP = 4  # months after which bills can be more than 90 days overdue
COHORTS = 12  # month ends whose debts are followed: a year, so that no season counts twice


class Losses(NamedTuple):
    """The share never paid of each kind of debt: `table` for reading, `draws` (a row per draw, a column per cell)."""

    table: pd.DataFrame
    draws: Floats

    @property
    def rates(self) -> dict[str, float]:
        """Share never paid, by cell; only cells of which it is known."""
        known = self.table.dropna(subset=["rate"])
        return dict(zip(known["cell"], known["rate"].astype(float), strict=True))


def cohort_days(as_of: dt.date, begins: dt.date) -> tuple[list[dt.date], int] | None:
    """Month ends whose open bills can be followed by a day, the last first, and for how many months; None without."""
    for months in FOLLOWED:
        ends = [months_later(as_of, -months - back) for back in range(COHORTS)]
        kept = [end for end in ends if end >= months_later(begins, WARM_UP)]
        if kept:
            return kept, months
    return None


def cohort_sums(bills: Rows) -> pd.DataFrame:
    """What each customer owed in the cohorts, and what of it was never paid.

    Parameters
    ----------
    bills : table of `placed`, with `unpaid`.

    Returns
    -------
    Table, one row per customer and cell: `customer_id`, `cell`, `owed`, `unpaid` (money, summed over month ends).
    """
    known = bills.filter(~nw.col("cell").is_null() & (nw.col("owed") > 0))
    sums = known.group_by("customer_id", "cell").agg(owed=nw.col("owed").sum(), unpaid=nw.col("unpaid").sum())
    return to_pandas(sums.sort("customer_id", "cell")).astype({"owed": "float64", "unpaid": "float64"})


def loss_rates(sums: pd.DataFrame, *, draws: int = DRAWS) -> Losses:
    """The share of the money in each cell that was never paid, with its interval from draws of customers.

    A cell of fewer than five customers takes the share of all overdue debts beside it, of who is here or of who has
    left; where these are fewer, too, nothing is told of it.

    Parameters
    ----------
    sums : table of `cohort_sums`.

    Returns
    -------
    `table`, one row per cell: `cell`, `customers`, `rate`, `low`, `high` (95 %; where nothing was lost, the upper end
    is Wilson's on customers).

    References
    ----------
    Efron (1979) for drawing customers with replacement.
    """
    owed, unpaid = _matrices(sums)
    own = (owed > 0).sum(axis=0)
    uses = _borrowed(own)
    owed, unpaid = owed @ uses, unpaid @ uses
    customers = (owed > 0).sum(axis=0)
    enough = customers >= FEWEST
    order, _ = canonical_order([*owed.T, *unpaid.T]) if len(owed) else (np.arange(0), None)
    both = np.hstack([owed, unpaid])[order]
    rate = np.where(enough, _ratio(both.sum(axis=0)), np.nan)
    counts = resamples(np.arange(len(both)), draws=draws, seed=SEED) if len(both) else iter(())
    drawn = np.array([_ratio(times @ both) for times in counts]).reshape(-1, len(CELLS))
    drawn = np.where(enough, drawn, np.nan)
    low, high = percentile_interval(drawn) if len(drawn) else np.full((2, len(CELLS)), np.nan)
    high = np.where(enough & (rate == 0), share_interval(0.0 * customers, customers)[1], high)
    columns = {"cell": list(CELLS), "customers": own, "rate": rate, "low": low, "high": high}
    return Losses(pd.DataFrame(columns), drawn)


def _borrowed(customers: npt.NDArray[np.int64]) -> Floats:
    """Which cells (rows) make the share of each (columns): itself, or the overdue ones beside it where it has few."""
    uses = np.eye(len(CELLS))
    for group in (OVERDUE, (LEFT, LEFT_LONG)):
        places = [CELLS.index(cell) for cell in group]
        for place in places:
            if customers[place] < FEWEST:
                uses[places, place] = 1.0
    return uses


def _matrices(sums: pd.DataFrame) -> tuple[Floats, Floats]:
    """A row per customer, a column per cell: what was owed, and what was not paid."""
    row, known = pd.factorize(sums["customer_id"], sort=True)
    column = sums["cell"].map({cell: place for place, cell in enumerate(CELLS)}).to_numpy("int64")
    found = np.zeros((2, len(known), len(CELLS)))
    for part, name in enumerate(("owed", "unpaid")):
        found[part, row, column] = sums[name].to_numpy("float64")
    return found[0], found[1]


def _ratio(both: Floats) -> Floats:
    owed, unpaid = np.split(both, 2)
    return np.asarray(unpaid / np.where(owed > 0, owed, np.nan))


def owed_by_cell(bills: Rows) -> dict[str, float]:
    """What is owed in each cell, of bills of one day; credits are left out."""
    known = bills.filter(~nw.col("cell").is_null() & (nw.col("owed") > 0))
    rows = to_pandas(known.group_by("cell").agg(owed=nw.col("owed").sum()))
    return dict(zip(rows["cell"], rows["owed"].astype(float), strict=True))


def expected_loss(
    owed: Mapping[str, float], losses: Losses, cells: Sequence[str] = CELLS
) -> tuple[float, float, float]:
    """What is expected never to be paid of what is owed in `cells`, with its interval.

    sum over cells of money owed × share never paid

    Missing where there is no rate for any of the money. The interval is that of the rates.
    """
    places = [place for place, cell in enumerate(CELLS) if cell in cells and cell in losses.rates]
    amounts = np.array([owed.get(CELLS[place], 0.0) for place in places])
    if not places:
        return float("nan"), float("nan"), float("nan")
    drawn = np.nan_to_num(losses.draws[:, places]) @ amounts
    low, high = percentile_interval(drawn[:, None])
    value = float(sum(amount * losses.rates[CELLS[place]] for amount, place in zip(amounts, places, strict=True)))
    return value, float(low[0]), float(high[0])


def rated(bills: Rows, rates: Mapping[str, float]) -> Rows:
    """The bills with `expected`: what of each will never be paid; nothing of credits, and of cells without a rate."""
    rate = nw.lit(0.0)
    for cell, share in rates.items():
        rate = nw.when((nw.col("cell") == cell) & (nw.col("owed") > 0)).then(nw.lit(share)).otherwise(rate)
    amount = nw.col("owed").cast(nw.Float64) * nw.coalesce(rate, nw.lit(0.0))
    # To a hundredth of a cent: a sum of floats would differ in its last bit from run to run.
    return bills.with_columns(expected=amount.round(4).cast(nw.Decimal(38, 4)))
