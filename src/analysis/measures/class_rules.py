"""A rule of classification as data: what it reads, and which class it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.extracts.contract import PRODUCTS
from analysis.frames.bills import LATE
from analysis.frames.held import TERMS
from analysis.frames.prices import MONTHS
from analysis.frames.profile import PROFILE
from analysis.frames.retention import CONTACTED
from analysis.frames.rfm import RFM
from analysis.frames.service import TICKETS
from analysis.frames.use import WINDOWS

NOT_AVAILABLE = "not available"
SUFFIX = "_class"
SCORES = {"recency": "r_score", "frequency": "f_score", "monetary": "m_score"}
POTENTIAL = "potential"  # who is a lead and no customer yet: counted beside the classes, in none of them
OWN = "attr_"  # columns of the source's own

# What a rule may read: columns of the customer 360 that are known at a landmark, but no keys and no dates.
READABLE = frozenset(
    {
        "state", "age", "tenure_months", "spells", "returner", "products", "monthly_fee", "discount", "discount_share",
        "promotion_months_left", "contract_bound", "contract_months_left", "nps_score", "csat_score",
        "answer_age_months", "outage_minutes_1m", "outage_minutes_3m",
        "monthly_margin", *RFM, *SCORES.values(),
        *(name for name in PROFILE if name != "birth_year"), *TERMS, *WINDOWS, *LATE, *TICKETS, *CONTACTED,
        *(f"has_{name}" for name in PRODUCTS),
        *(f"{what}_{month}m" for what in ("price_rise", "promotion_lost") for month in MONTHS),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Percentile:
    """A threshold that the customers themselves set: so many of a hundred have less, or as much."""

    of_hundred: float


Threshold = float | Percentile


@dataclass(frozen=True)
class Condition:
    """What a column must be; every part that is given must hold, and of a missing value none does.

    one_of : its values.
    bounds : by name (below, at_least, at_most, above), numbers or percentiles of the customers at that date.
    of : column that the numbers are multiples of.
    missing : True where it must be missing, False where it must not.
    or_missing : whether a missing value counts as well.
    """

    one_of: tuple[str | float, ...] = ()
    bounds: Mapping[str, Threshold] = field(default_factory=dict)
    of: str | None = None
    missing: bool | None = None
    or_missing: bool = False


@dataclass(frozen=True)
class Dimension:
    """One way to divide the customers into classes.

    The first of `rules` whose conditions all hold gives the class; of who fits none, `bands` of `column` do, or the
    column's own value where there are no bands, or `otherwise`. Where nothing gives a class, or a column of `needs` is
    missing, it is "not available".

    bands : class → its lower edge, rising; None for no edge. Each ends where the next begins.
    order : classes in the order of tables; those not named are ordered by size.
    focus : class → what it is managed for.
    compared : whether survival curves by its classes are: no where it is itself a matter of tenure.
    only_describes : whether neither leaving nor value is told by it, as with age.
    shown : whether the chapters show it; a dimension that is not shown is in the tables of the run all the same.
    """

    name: str
    label: str
    says: str = ""
    version: int = 1
    column: str | None = None
    bands: Mapping[str, Threshold | None] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Condition]] = field(default_factory=dict)
    otherwise: str | None = None
    needs: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    focus: Mapping[str, str] = field(default_factory=dict)
    compared: bool = True
    only_describes: bool = False
    shown: bool = True

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns the rule reads, each once, in the order it names them."""
        conditions = [(column, one) for parts in self.rules.values() for column, one in parts.items()]
        named = [name for column, one in conditions for name in (column, one.of)]
        return tuple(dict.fromkeys(name for name in (self.column, *self.needs, *named) if name))

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes it names itself; those that are values of a column are not among them."""
        last = (self.otherwise,) if self.otherwise else ()
        return tuple(dict.fromkeys((*self.order, *self.rules, *self.bands, *last)))


ClassRules = Mapping[str, Dimension]


def shown(rules: ClassRules) -> ClassRules:
    """The dimensions that the chapters show."""
    return {name: one for name, one in rules.items() if one.shown}


def telling(rules: ClassRules) -> ClassRules:
    """The dimensions that leaving and value are told by: those that are shown, but for what only describes."""
    return {name: one for name, one in shown(rules).items() if not one.only_describes}
