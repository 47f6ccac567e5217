"""What is asked whether it moves leaving, each with the step its hazard ratio is told for.

The list is fixed before anybody's leaving is seen: nothing enters or goes for its p-value. Where there are too few
leavers for all of it, its later part goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.models.counts import Floats

Of = Mapping[str, Floats]
SOON = 3.0  # months ahead that a customer feels
LESS = 2 / 3  # of the use before, at which it has fallen
NO_PROMOTER = 6  # highest score of who would not recommend
UNPAID = "non_payment"


@dataclass(frozen=True)
class Mover:
    """A yes or no, or a number, known at a landmark.

    `needs` are columns of the features (the first decides the family); `value` makes 1 or 0, or a number of steps, and
    is missing where it is not known. It is left out where the source gives the column `unless`, which says it better,
    and of leavers of the kind `part_of`, whose leaving it is itself the beginning of. `held` is held constant and not
    told: who is contacted was chosen for it, and what contacts do is a matter of trials.
    """

    words: str
    needs: tuple[str, ...]
    value: Callable[[Of], npt.NDArray[Any]]
    unless: str | None = None
    part_of: str | None = None
    held: bool = False


@dataclass(frozen=True)
class Group:
    """A column of levels, each compared with the commonest."""

    words: str
    column: str


def _when(known: Floats, true: npt.NDArray[Any]) -> Floats:
    """1 where it is true and 0 where not, missing where `known` is."""
    return np.where(np.isnan(known), np.nan, true.astype(np.float64))


def _any(*names: str) -> Callable[[Of], Floats]:
    def happened(of: Of) -> Floats:
        total = np.sum([of[name] for name in names], axis=0)
        return _when(total, total > 0)

    return happened


def _plain(name: str, step: float = 1.0) -> Callable[[Of], Floats]:
    return lambda of: of[name] / step


def _unbound(of: Of) -> Floats:
    return _when(of["contract_bound"], of["contract_bound"] == 0)


def _monthly(of: Of) -> Floats:
    return _when(of["contract_months"], of["contract_months"] <= 1)


def _ends_soon(of: Of) -> Floats:
    return _when(of["contract_bound"], of["contract_months_left"] <= SOON)


def _use_fell(of: Of) -> Floats:
    now, before = of["download_gb_3m"], of["download_gb_previous_3m"]
    return _when(now + before, (before > 0) & (now <= LESS * before))


def _doublings(of: Of) -> Floats:
    fee = of["monthly_fee"]
    return np.log2(fee, out=np.full(len(fee), np.nan), where=fee > 0)


def _detractor(of: Of) -> Floats:
    return _when(of["nps_score"], of["nps_score"] <= NO_PROMOTER)


_RISES = tuple(f"price_rise_{month}m" for month in (1, 2, 3))
_LOST = tuple(f"promotion_lost_{month}m" for month in (1, 2, 3))
_LEFT = "promotion_months_left"
_USE = ("download_gb_3m", "download_gb_previous_3m")

# In the order in which they are kept where there are too few leavers for all.
MOVERS: tuple[Mover | Group, ...] = (
    Mover("no contract running", ("contract_bound",), _unbound),
    Mover("monthly terms", ("contract_months",), _monthly, unless="contract_bound"),
    Mover("contract ends within 3 months", ("contract_months_left", "contract_bound"), _ends_soon),
    Mover("promotion ended, last 3 months", _LOST, _any(*_LOST)),
    Mover("promotion ends within 3 months", (_LEFT,), lambda of: (of[_LEFT] <= SOON) * 1.0),
    Mover("promotion runs on for longer", (_LEFT,), lambda of: (of[_LEFT] > SOON) * 1.0),
    Mover("a bill overdue", ("overdue_bills",), _any("overdue_bills"), part_of=UNPAID),
    Mover("price rise, last 3 months", _RISES, _any(*_RISES)),
    Mover("spoke of a competitor, last 3 months", ("mentions_3m",), _any("mentions_3m")),
    Mover("complained, last 3 months", ("complaints_3m",), _any("complaints_3m")),
    Mover("download down by a third or more", _USE, _use_fell, part_of=UNPAID),
    Mover("each product more", ("products",), _plain("products")),
    Mover("monthly fee twice as high", ("monthly_fee",), _doublings),
    Mover("each hour of outage a month", ("outage_minutes_3m",), _plain("outage_minutes_3m", 60.0)),
    Mover("would not recommend the company", ("nps_score",), _detractor),
    Mover("each contact with the service desk", ("tickets_3m",), _plain("tickets_3m")),
    Mover("left before and came back", ("returner",), _plain("returner")),
    Group("customer type", "customer_type"),
    Group("technology", "technology"),
    Group("area", "area_type"),
    Group("came by", "acquisition_channel"),
    Mover("contacted by a campaign", ("contacted_3m",), _any("contacted_3m"), held=True),
)


def needed_columns() -> list[str]:
    """Every column of the features that the list asks for, in alphabetical order."""
    named = [(one.column,) if isinstance(one, Group) else one.needs for one in MOVERS]
    return sorted({name for names in named for name in names})
