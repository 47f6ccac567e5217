"""The price list as arrays: one entry per plan, and which plans a customer can choose from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.extracts.demo.parameters import BROADBAND, PRODUCTS, TECHNOLOGIES
from analysis.extracts.demo.shapes import Plan
from analysis.extracts.demo.state import Bools, Floats, Ints

NO_TECHNOLOGY = -1


@dataclass(frozen=True)
class Catalogue:
    """Plans by number; those one customer may choose between are neighbours, the smallest first."""

    product: Ints
    fee: Ints
    mbps: Floats  # nan for other products than broadband
    technology: Ints  # place in TECHNOLOGIES; NO_TECHNOLOGY for other products
    business: Bools
    first: Ints  # smallest plan, by (business, shelf); shelves are the technologies, then the products
    count: Ints

    def choice(self, product: Ints, technology: Ints, business: Bools, luck: Floats) -> Ints:
        """A plan for each; `luck` between 0 and 1 says how far up the shelf."""
        shelf = np.where(product == BROADBAND, technology, len(TECHNOLOGIES) + product)
        first, count = self.first[business.astype(int), shelf], self.count[business.astype(int), shelf]
        return first + np.minimum((luck * count).astype(np.int64), count - 1)

    def step(self, plan: Ints, up: int) -> Ints:
        """The neighbouring plan of the same shelf, or the same one at its end."""
        target = np.clip(plan + up, 0, len(self.fee) - 1)
        same = (self.product[target] == self.product[plan]) & (self.business[target] == self.business[plan])
        return np.where(same & (self.technology[target] >= 0), target, plan)


def _shelf(plans: tuple[Plan, ...], business: bool, shelf: int) -> list[int]:
    """Plans of a shelf; a business takes the household ones where there are none for it."""
    technologies = len(TECHNOLOGIES)

    def belongs(plan: Plan) -> bool:
        if shelf < technologies:
            return plan.product == BROADBAND and plan.technology == TECHNOLOGIES[shelf]
        return plan.product == shelf - technologies

    there = [number for number, plan in enumerate(plans) if belongs(plan)]
    own = [number for number in there if plans[number].business == business]
    return own or there


@cache
def catalogue(plans: tuple[Plan, ...]) -> Catalogue:
    """The arrays of a price list."""
    shelves = range(len(TECHNOLOGIES) + len(PRODUCTS))
    found = [[_shelf(plans, business, shelf) for shelf in shelves] for business in (False, True)]
    codes = {name: number for number, name in enumerate(TECHNOLOGIES)}
    return Catalogue(
        product=np.array([plan.product for plan in plans]),
        fee=np.array([plan.fee for plan in plans]),
        mbps=np.array([plan.mbps for plan in plans]),
        technology=np.array([codes.get(plan.technology, NO_TECHNOLOGY) for plan in plans]),
        business=np.array([plan.business for plan in plans]),
        first=np.array([[min(shelf) for shelf in row] for row in found]),
        count=np.array([[len(shelf) for shelf in row] for row in found]),
    )
