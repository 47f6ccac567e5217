"""The drivers that are asked for, each with the step its effect is told for and the reason it is in the model.

The list is fixed before any answer is seen: nothing enters or leaves for its p-value. Where two say nearly the same,
or there are too few rows for all, the later one goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.models.counts import Floats

Stage = Literal["first", "second"]
Of = Mapping[str, Floats]


@dataclass(frozen=True)
class Driver:
    """A number that may drive an outcome.

    `needs` are columns of the features, `value` makes the number of them, `step` is what its effect is told for.
    `stage`: what customers meet is first; what they do and say about it comes second and stays out of the model that
    tells the effects of the first, or these would be told too small. `held` is held constant and not told.
    `component` names what makes the margin: a part of a sum does not drive it.
    """

    name: str
    needs: tuple[str, ...]
    value: Callable[[Of], Floats]
    step: float
    reason: str
    stage: Stage = "first"
    held: bool = False
    component: bool = False
    area: bool = False  # the same for everyone in an area and month


@dataclass(frozen=True)
class Group:
    """A column of levels: each is compared with the commonest."""

    name: str
    reason: str
    component: bool = False


def _plain(name: str) -> Callable[[Of], Floats]:
    return lambda of: of[name]


def _any(*names: str) -> Callable[[Of], Floats]:
    def risen(of: Of) -> Floats:
        total = np.sum([of[name] for name in names], axis=0)
        return np.where(np.isnan(total), np.nan, (total > 0) * 1.0)

    return risen


def _log2(name: str, unit: float = 1.0) -> Callable[[Of], Floats]:
    return lambda of: np.asarray(np.log2(1 + np.maximum(of[name], 0) / unit))


_RISES = tuple(f"price_rise_{month}m" for month in (1, 2, 3))
_LOST = tuple(f"promotion_lost_{month}m" for month in (1, 2, 3))

# In the order in which they are kept when not all can be.
DRIVERS = (
    Driver("outage_hours", ("outage_hours",), _plain("outage_hours"), 1.0, "Lines that fail annoy.", area=True),
    Driver("speed_share", ("speed_share",), _plain("speed_share"), 0.1, "Slow lines disappoint.", area=True),
    Driver(
        "net_fee", ("monthly_fee", "discount"), lambda of: of["monthly_fee"] - of["discount"], 10.0,
        "What is paid for the same products.", component=True,
    ),
    Driver("price_risen", _RISES, _any(*_RISES), 1.0, "A dearer bill annoys.", component=True),
    Driver("promotion_lost", _LOST, _any(*_LOST), 1.0, "A promotion's end is felt as a rise.", component=True),
    Driver("products", ("products",), _plain("products"), 1.0, "More products, more ties.", component=True),
    Driver(
        "bandwidth", ("bandwidth_mbps",), _plain("bandwidth_mbps"), 100.0, "Faster plans please.", component=True
    ),
    Driver(
        "outage_hours_earlier", ("outage_hours_earlier",), _plain("outage_hours_earlier"), 1.0,
        "Faults go on: what came before is not to be blamed on the last months.", held=True, area=True,
    ),
    Driver(
        "outage_hours_now", ("outage_hours_now",), _plain("outage_hours_now"), 1.0,
        "Faults go on: the month of the answer lies partly after it.", held=True, area=True,
    ),
    Driver(
        "price_rises_4_6m", ("price_rises_4_6m",), _plain("price_rises_4_6m"), 1.0,
        "Earlier rises are still felt.", held=True, component=True,
    ),
    Driver(
        "price_rises_7_12m", ("price_rises_7_12m",), _plain("price_rises_7_12m"), 1.0,
        "Earlier rises are still felt.", held=True, component=True,
    ),
    Driver("contract_bound", ("contract_bound",), _plain("contract_bound"), 1.0, "Who is bound may feel so."),
    Driver("tenure", ("tenure_months",), _log2("tenure_months", 12.0), 1.0, "Those who stayed are not all."),
    Driver("age", ("age",), _plain("age"), 10.0, "The old answer otherwise than the young."),
    Driver("year", ("year",), _plain("year"), 1.0, "Moods of the times are no driver.", held=True),
    Driver("complaints", ("complaints_3m",), _plain("complaints_3m"), 1.0, "Complaints tell of trouble.", "second"),
    Driver("tickets", ("tickets_3m",), _plain("tickets_3m"), 1.0, "Contacts cost patience.", "second"),
    Driver("overdue", ("overdue_bills",), _plain("overdue_bills"), 1.0, "Unpaid bills tell of trouble.", "second"),
    Driver("download", ("download_gb_3m",), _log2("download_gb_3m"), 1.0, "Who uses more relies on it.", "second"),
)  # fmt: skip

GROUPS = (
    Group("technology", "What the line is made of.", component=True),
    Group("customer_type", "Businesses expect other things than households."),
    Group("area_type", "Town and country differ in what is offered."),
    Group("acquisition_channel", "How customers came tells who they are."),
)
