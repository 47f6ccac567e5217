"""How many of those who left come back, and after how long."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from analysis.models.survival import kaplan_meier, survival_at

YEAR = 12  # months after leaving
NAN = float("nan")


class Returns(NamedTuple):
    """`left` spells ended and `back` of them were followed by another; `share` of those who left is back within a year.

    `low`, `high`: its 95 % interval; `middle`: months by which half of those had come back. Missing where fewer than
    asked for have returned, have not, or could be watched for a year.
    """

    left: int
    back: int
    share: float
    low: float
    high: float
    middle: float


def returned(counts: pd.DataFrame, *, smallest: int = 11) -> Returns:
    """The share of those who left that is back within a year: 1 - S(12), by Kaplan–Meier over the time since leaving.

    Who left lately is followed to the as-of date and no further.

    Parameters
    ----------
    counts : table of `analysis.measures.returners.return_counts`.
    smallest : customers behind a figure.
    """
    left, back = int(counts["n"].sum()), int((counts["n"] * counts["event"]).sum())
    if min(back, left - back) < smallest:
        return Returns(left, back, NAN, NAN, NAN, NAN)
    curve = kaplan_meier(counts)
    at = survival_at(curve, [YEAR]).iloc[0]
    within = int((counts["n"] * counts["event"])[counts["exit"] <= YEAR].sum())
    if at["at_risk"] < smallest or within < smallest:
        return Returns(left, back, NAN, NAN, NAN, NAN)
    share = 1 - float(at["survival"])
    middle = curve.loc[curve["survival"] <= 1 - share / 2 + 1e-12, "time"].iloc[0]
    return Returns(left, back, share, 1 - float(at["high"]), 1 - float(at["low"]), float(middle))
