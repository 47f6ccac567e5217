"""Whether customers of high value stay: those of the high margin band, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.frames.features import Part
from analysis.frames.window import KEYS
from analysis.measures.class_rules import ClassRules
from analysis.measures.class_table import class_table
from analysis.measures.classes import classified
from analysis.measures.interval import clearly_different

Rows = nw.LazyFrame[Any]

BAND, HIGH = "margin_band", "high"


def band_rates(
    exposed: Rows, customers: Rows, known: Sequence[Part], *, rules: ClassRules, smallest: int
) -> pd.DataFrame:
    """Churn of each margin band in an earlier quarter, by the band each customer had when it began, or on joining.

    Parameters
    ----------
    exposed : table of `frames.episodes.exposures` of that quarter.
    customers : table, one row per customer, with class columns.
    known : what tells the margin at a landmark (`measures.rfm.worth`).

    Returns
    -------
    Table of `class_table`, of the margin bands alone; empty where the params have no such classes.
    """
    own = {name: rule for name, rule in rules.items() if name == BAND}
    if not own:
        return pd.DataFrame(columns=["dimension", "class", "churn_rate", "rate_masked"])
    keys, points = exposed.select(*KEYS).unique(), exposed
    for part in known:
        points = points.join(part(keys), on=KEYS, how="left")
    return class_table(customers, classified(points, own), None, dimensions=own, smallest=smallest)


def retention_kpi(rates: pd.DataFrame, year: pd.DataFrame | None) -> list[Kpi]:
    """The share of customers of high value who stayed; none where it cannot be told.

    1 − churn rate of the high margin band

    Parameters
    ----------
    rates : table of `class_table.rates` of this quarter, with the quarter before.
    year : table of `band_rates` of the same quarter a year ago; None where that was not observed.
    """
    rows = rates[(rates["dimension"] == BAND) & (rates["class"] == HIGH) & ~rates["masked"].astype(bool)]
    if rows.empty or not rows["customers"].iloc[0] > 0:
        return []
    row = rows.iloc[0]
    left, before, n = float(row["churn_rate"]), float(row["previous"]), int(row["customers"])
    # The quarter before had about as many.
    moved = None if pd.isna(before) else clearly_different(left, n, before, n)
    kept = [1 - float(row[name]) for name in ("churn_rate", "high", "low", "previous")]
    value, low, high, previous = kept
    return [Kpi("high_value_retention", value, n, low, high, previous, year_before=_kept(year), moved=moved)]


def _kept(year: pd.DataFrame | None) -> float | None:
    """The retention of a year ago; None where it is not known, or may not be told."""
    if year is None or year.empty:
        return None
    rows = year[(year["dimension"] == BAND) & (year["class"] == HIGH) & ~year["rate_masked"].astype(bool)]
    return None if rows.empty or pd.isna(rows["churn_rate"].iloc[0]) else 1 - float(rows["churn_rate"].iloc[0])
