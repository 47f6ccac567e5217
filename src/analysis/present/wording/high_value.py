"""A sentence about whether customers of high value stay."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.high_value import BAND
from analysis.present.numbers import finite, interval, percent
from analysis.present.wording.phrase import moved


def retention_told(kpis: list[Kpi], rates: pd.DataFrame) -> str:
    """How many of the high margin band stayed, beside the quarter before and a year ago; or why that is not told."""
    if not kpis:
        why = "too few are in it, left or stayed" if BAND in set(rates["dimension"]) else "there are no margin bands"
        return f"Whether customers of the high margin band stay cannot be told: {why}."
    one = kpis[0]
    change = moved(one.value, one.n or 0, one.previous, one.n or 0)
    year = finite(one.year_before)
    said = (
        f"{percent(one.value)} of the customers of the high margin band, by the band held when the quarter began or on "
        f"joining, were still there at its end ({interval(one.low, one.high, percent)})"
    )
    then = "" if year is None else f"; a year ago it was {percent(year)}"
    return f"{said}{', ' + change if change else ''}{then}."
