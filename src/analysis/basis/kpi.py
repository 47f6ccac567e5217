"""What an entry of the KPI dictionary says, and what a published value is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "count", "share", "money", "money_each", "money_per_month", "months", "score", "ratio", "return", "error"
]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Metric:
    """One entry of the KPI dictionary."""

    name: str
    label: str
    unit: Unit
    definition: str
    better: Better = "neither"


@dataclass(frozen=True)
class Kpi:
    """One published value of a metric: the whole base, or one class of one dimension.

    `n` is the number of customers behind the value; `low` and `high` are its 95 % interval
    (None for counts and sums, which are not estimates); `previous` is the same value one quarter earlier,
    `year_before` in the same quarter of the year before. `moved` says whether the value is off the previous one by more
    than chance allows; None where the chapter did not test that.
    """

    metric: str
    value: float | None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    previous: float | None = None
    dimension: str | None = None
    klass: str | None = None
    year_before: float | None = None
    moved: bool | None = None
