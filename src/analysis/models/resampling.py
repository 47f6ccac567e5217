"""Bootstrap over customers: how often each row counts in each draw, and intervals from what the draws give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import Floats, Integers

FEWEST_DRAWS = 0.9  # share of the draws in which a figure must exist to have an interval


def canonical_order(columns: Sequence[Floats], *, cluster: npt.ArrayLike | None = None) -> tuple[Integers, Integers]:
    """An order of rows that depends on what they hold and not on how they came, and whose rows they are in it.

    Draws must fall on the same customers whichever way a table was sorted; rows that are equal throughout may swap.

    Parameters
    ----------
    columns : one array per column of the table.
    cluster : the customer of each row; each row is one of its own where not given.

    Returns
    -------
    Row numbers in order (by customer, then by the columns from the first on), and for each place in that order a whole
    number from 0 that rows of one customer share.

    Raises
    ------
    AnalysisFailed
        There are more or fewer clusters than rows, or a row has none.
    """
    rows = len(columns[0])
    if cluster is None:
        return np.lexsort(list(reversed(columns))).astype(np.int64), np.arange(rows)
    codes = pd.factorize(np.asarray(cluster), sort=True)[0].astype(np.int64)
    if len(codes) != rows or (codes < 0).any():
        raise AnalysisFailed(
            "bootstrap over customers",
            expected=f"a customer for each of {rows:,} rows",
            found=f"{int((codes >= 0).sum()):,}",
            do="Name the customer of every row.",
        )
    order = np.lexsort([*reversed(columns), codes]).astype(np.int64)
    return order, codes[order]


def resamples(members: Integers, *, draws: int, seed: int) -> Iterator[Floats]:
    """How often each row counts in each draw: customers drawn with replacement, as many as there are.

    Parameters
    ----------
    members : the customer of each row, whole numbers from 0 without gap.

    References
    ----------
    Efron (1979); Field and Welsh (2007) for drawing whole clusters.
    """
    generator, customers = np.random.default_rng(seed), int(members.max()) + 1
    for _ in range(draws):
        times = np.bincount(generator.integers(customers, size=customers), minlength=customers)
        yield times[members].astype(np.float64)


def percentile_interval(values: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Low and high percentile of each column over the draws (rows); missing where too few draws have the figure."""
    low, high = np.full((2, values.shape[1]), np.nan)
    for column, drawn in enumerate(values.T):
        found = drawn[np.isfinite(drawn)]
        if len(found) and len(found) >= FEWEST_DRAWS * len(drawn):
            low[column], high[column] = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return low, high
