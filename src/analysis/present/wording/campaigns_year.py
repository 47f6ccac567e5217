"""A sentence about what the campaigns of a year returned together."""

from __future__ import annotations

from analysis.basis.kpi import Kpi
from analysis.present.numbers import Number, decimal, finite, interval

PLACES = 2


def year_told(kpis: list[Kpi]) -> str:
    """The return of all campaigns drawn by lot of the last four quarters; or that there is none."""
    if not kpis:
        return (
            "No campaign drawn by lot began in the last four quarters whose costs are on record and whose contacts "
            "were followed for three months: there is no return of the year."
        )
    one = kpis[0]
    between = interval(one.low, one.high, _written) if finite(one.low) is not None else "too few to say how sure"
    before = finite(one.previous)
    then = "" if before is None else f" As of the quarter before it was {_written(before)}."
    return (
        f"All campaigns drawn by lot that began in the last four quarters returned {_written(one.value)} together "
        f"({between}) of each unit of cost within three months: nothing came back at {_written(-1)}, the cost at "
        f"{_written(0)}.{then}"
    )


def _written(value: Number) -> str:
    return decimal(value, PLACES)
