"""What a plan, a price rise and a campaign are made of; their values are in `parameters`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """A plan on the price list: `names` in English and Chinese, monthly fee in cents."""

    product: int
    names: tuple[str, str]
    fee: int
    technology: str = ""
    mbps: float = float("nan")
    cap_gb: float = float("nan")
    business: bool = False


@dataclass(frozen=True)
class PriceRise:
    """A rise of the fees of a product every `every` years in a month of the year, in cents."""

    product: int
    calendar_month: int
    fee: int
    technologies: tuple[str, ...] = ()
    even_years: bool | None = None  # None: every year
    settled_months: int = 12  # only for spells at least this old


@dataclass(frozen=True)
class Arm:
    """What a campaign does to the log-hazard for three months, and half as much for three more."""

    name: str
    share: float
    effect: float = 0.0  # on everyone
    at_price: float = 0.0  # more on those near a promotion's end or on monthly terms
    at_complaint: float = 0.0  # more on those with a recent complaint
    asleep: float = 0.0  # more on those bound for half a year or longer: better not woken
    cost: int = 0
    response: float = 0.0
    discount: float = 0.0  # of the main fee, credited for three months to those who respond


@dataclass(frozen=True)
class Campaign:
    """A campaign that comes again every `every` months, from the `first` month of the window on."""

    key: str
    names: tuple[str, str]
    objective: str
    randomised: bool
    first: int
    every: int
    lasts: int
    reach: float  # monthly share of those who qualify
    fixed_cost: int
    arms: tuple[Arm, ...]
