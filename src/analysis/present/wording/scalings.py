"""Sentences about the ways to scale what customers do."""

from __future__ import annotations

import pandas as pd

from analysis.present.numbers import count, decimal
from analysis.present.wording.phrase import Captions, counted, listed

SCALINGS = {
    "z_score": "Mean and standard deviation",
    "robust": "Median and quartiles",
    "sigmoid": "Median and quartiles, extremes drawn in",
}


def scaling_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `compared_scalings` with the methods in words."""
    return rows.assign(said=rows["method"].map(SCALINGS))


def scaling_words(rows: pd.DataFrame, *, used: str) -> Captions:
    """Above the table of scalings: whether the groups depend on how variables are scaled."""
    others = rows.iloc[1:]
    found = sorted(set(rows["groups"]))
    if found == [0]:
        finding = "No scaling leads to groups"
    elif len(found) > 1:
        finding = f"The number of groups depends on the scaling: {listed([count(one) for one in found])}"
    else:
        least = decimal(float(others["agreement"].min()), 2)
        finding = f"Every scaling leads to {counted(int(found[0]), 'group', 'groups')}, which agree to {least} at least"
    subtitle = f"In use: {SCALINGS[used].lower()}; agreement with the first by the adjusted Rand index, 1 is the same"
    return {"finding": finding, "subtitle": subtitle}
