"""A sentence about what the campaigns of a year returned together."""

from __future__ import annotations

from analysis.policy.campaign_pooled import Yearly
from analysis.present.numbers import Number, count, finite, formatted, interval


def year_told(yearly: Yearly) -> str:
    """The return of all campaigns drawn by lot of the last four quarters; or that there is none."""
    if not yearly.kpis:
        return (
            "No campaign drawn by lot began in the last four quarters whose costs are on record and of whose contacts "
            "enough were followed for three months: there is no return of the year."
        )
    one = yearly.kpis[0]
    between = interval(one.low, one.high, _written) if finite(one.low) is not None else "too few to say how sure"
    before = finite(one.previous)
    then = "" if before is None else f" At the end of the quarter before {_written(before)} was known."
    return (
        f"All campaigns drawn by lot that began in the last four quarters returned {_written(one.value)} of their cost "
        f"together ({between}) within three months: nothing came back at {_written(-1)}, the cost at {_written(0)}. "
        f"{_behind(yearly)}{then}"
    )


def _behind(yearly: Yearly) -> str:
    """How many contacts stand behind it, where not all are followed yet."""
    if yearly.followed == yearly.made:
        return f"All {count(yearly.made)} contacts are followed for three months."
    return (
        f"So far {count(yearly.followed)} of {count(yearly.made)} contacts stand behind it; the others' three months "
        "are not billed yet."
    )


def _written(value: Number) -> str:
    return formatted(value, "return")
