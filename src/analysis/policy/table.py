"""The policy table as data: for whom, what is done, by which team, at what cost, and what it is taken to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.measures.class_rules import SUFFIX


@dataclass(frozen=True)
class Policy:
    """What is done for customers of some classes, perhaps with one reason of being at risk only.

    who : dimension → the classes it is for; a customer must be in one of each.
    reason : family of the first reason, or None for any.
    marketing : whether it needs consent for its channel.
    cost, offer_cost : of the contact, and of the offer as expected, per customer approached; source's currency.
    effect : share of the risk of leaving by choice that it takes away.
    campaign : name of the campaign whose measured effect replaces `effect`, if there is one.
    days : until when it is due.
    """

    name: str
    action: str
    offer: str
    team: str
    channel: str
    effect: float
    days: int
    who: Mapping[str, tuple[str, ...]]
    reason: str | None = None
    marketing: bool = True
    cost: float = 0.0
    offer_cost: float = 0.0
    campaign: str | None = None

    @property
    def costs(self) -> float:
        """What approaching a customer costs, the offer among it."""
        return self.cost + self.offer_cost

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of `customers` it reads, and the classes it is for."""
        return {f"{dimension}{SUFFIX}": classes for dimension, classes in self.who.items()}

    def may_be_for(self, dimension: str, klass: str) -> bool:
        """Whether customers of a class can be among those it is for."""
        return dimension not in self.who or klass in self.who[dimension]


@dataclass(frozen=True)
class Team:
    """Who does it: `owner` answers for it, `capacity` is how many actions a quarter it can do (None: any number)."""

    name: str
    owner: str
    capacity: int | None = None
