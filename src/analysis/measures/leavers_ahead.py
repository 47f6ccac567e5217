"""How many customers are expected to leave, and what of a forecast may be published about small groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.interval import standard_normal_quantile

Floats = npt.NDArray[np.float64]


class LeaversAhead(NamedTuple):
    """Expected leavers among `customers`, with the interval that is to hold their real number."""

    customers: int
    leavers: float
    low: float
    high: float

    @property
    def share(self) -> float:
        """Expected share of leavers; not-a-number without customers, as its interval."""
        return self._share(self.leavers)

    @property
    def share_low(self) -> float:
        return self._share(self.low)

    @property
    def share_high(self) -> float:
        return self._share(self.high)

    def _share(self, leavers: float) -> float:
        return leavers / self.customers if self.customers else float("nan")


def leavers_ahead(
    probability: npt.ArrayLike, *, draws: npt.ArrayLike, luck: float = 0.0, level: float = 0.95
) -> LeaversAhead:
    """Expected number of leavers, with an interval for the number that will really leave.

    sum p -+ z sqrt(sum p (1 - p) + variance over the draws of sum p + (luck · sum p)²)

    The first part is chance (each customer leaves or stays), the second what is unknown of the model, the third the
    luck that all customers of the quarters ahead have in common.

    Parameters
    ----------
    probability : per customer, of leaving within the horizon (0 to 1).
    draws : a row per draw of the model's coefficients, a column per customer; fewer than two tell of no uncertainty.
    luck : standard deviation of the logarithm of the number expected.

    Returns
    -------
    Customers and leavers; the interval stays within 0 and the number of customers.
    """
    chance = np.asarray(probability, dtype=float)
    sums = np.atleast_2d(np.asarray(draws, dtype=float)).sum(axis=1)
    unknown = float(sums.var(ddof=1)) if len(sums) > 1 else 0.0
    expected = float(chance.sum())
    unknown += (luck * expected) ** 2
    reach = standard_normal_quantile(level) * float(np.sqrt((chance * (1 - chance)).sum() + unknown))
    return LeaversAhead(len(chance), expected, max(expected - reach, 0.0), min(expected + reach, float(len(chance))))


def joined_groups(groups: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Neighbouring groups of customers joined until each has enough leavers and stayers to be published.

    Joined shares are means weighted by customers; the interval's half widths add as those of independent estimates.

    Parameters
    ----------
    groups : table, one row per group in order of risk: `customers`, `predicted`, `observed`, `low`, `high` (shares).
    smallest : leavers and stayers that a published group needs, or none of them.

    Returns
    -------
    The same columns, fewer rows; none when all groups together have too few.
    """
    rows = groups[["customers", "predicted", "observed", "low", "high"]].dropna(subset=["observed"]).astype(float)
    kept: list[pd.DataFrame] = []
    waiting = rows.iloc[:0]
    for _, one in rows.groupby(np.arange(len(rows))):
        waiting = pd.concat([waiting, one])
        if _publishable(waiting, smallest):
            kept, waiting = [*kept, waiting], rows.iloc[:0]
    while len(waiting) and kept and not _publishable(waiting, smallest):
        waiting = pd.concat([kept.pop(), waiting])
    if len(waiting) and _publishable(waiting, smallest):
        kept.append(waiting)
    return pd.DataFrame([_joined(part) for part in kept], columns=list(rows.columns))


def masked_lift(lift: pd.DataFrame, *, leavers: float, smallest: int) -> pd.DataFrame:
    """The table of customers most at risk with `masked` where the leavers it tells of are too few to be published.

    `lift` has `top` (share of customers) and `leavers_held` (share of all `leavers`).
    """
    held = lift["leavers_held"] * leavers
    few = ((held > 0.5) & (held < smallest - 0.5)) | ((leavers - held > 0.5) & (leavers - held < smallest - 0.5))
    return lift.assign(masked=few)


def _publishable(rows: pd.DataFrame, smallest: int) -> bool:
    left = float((rows["observed"] * rows["customers"]).sum())
    stayed = float(rows["customers"].sum()) - left
    return all(part < 0.5 or part >= smallest - 0.5 for part in (left, stayed))


def _joined(rows: pd.DataFrame) -> dict[str, float]:
    if len(rows) == 1:
        return {str(name): float(value) for name, value in rows.iloc[0].items()}
    weight = rows["customers"] / rows["customers"].sum()
    observed = float((weight * rows["observed"]).sum())
    below = float(np.sqrt(((weight * (rows["observed"] - rows["low"])) ** 2).sum()))
    above = float(np.sqrt(((weight * (rows["high"] - rows["observed"])) ** 2).sum()))
    return {
        "customers": float(rows["customers"].sum()),
        "predicted": float((weight * rows["predicted"]).sum()),
        "observed": observed,
        "low": max(observed - below, 0.0),
        "high": min(observed + above, 1.0),
    }


def as_table(expected: Mapping[str, LeaversAhead]) -> pd.DataFrame:
    """Table, one row per metric: `metric`, `customers`, `leavers`, `low`, `high` (95 %)."""
    rows = [{"metric": name, **one._asdict()} for name, one in expected.items()]
    return pd.DataFrame(rows, columns=["metric", *LeaversAhead._fields])
