"""What a plan, a price rise and a campaign are made of; their values are in `parameters`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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


@dataclass(frozen=True)
class Behaviour:
    """A way to use what one has: what it adds to the mean level of each measure, and who is likely to have it."""

    name: str
    share: float  # of households
    business: float = 0.0  # share of the other customers
    download: float = 0.0  # log
    upload: float = 0.0  # log of upload to download
    voice: float = 0.0  # log
    days: float = 0.0  # logit
    logins: float = 0.0  # log
    evening: float = 0.0  # logit
    speed: float = 0.0  # how much faster a plan is chosen at signup
    # log-odds of having it, beside the share
    young: float = 0.0  # younger than 30
    old: float = 0.0  # 65 or older
    mobile: float = 0.0  # mobile without broadband
    voice_only: float = 0.0


@dataclass(frozen=True)
class Newcomer:
    """A behaviour that nobody has before a day: some customers take it up on it, and joiners from then on."""

    behaviour: Behaviour
    begins: date  # first day of a quarter
    existing: float = 0.10  # customers who take it up in its first month
    joiners: float = 0.15  # of those who join, or change their behaviour, from then on


@dataclass(frozen=True)
class Affinity:
    """What something given adds to the log-odds of taking a product: a product held, a technology or a behaviour."""

    given: str
    product: str
    log_odds: float
