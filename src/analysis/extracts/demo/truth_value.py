"""What a customer's products bring in a month, and what serving costs: the margin behind the true value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.extracts.demo.billing import CREDIT, ONE_OFF, USAGE
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.parameters import PRODUCTS
from analysis.extracts.demo.state import Floats, State

GROSS_MARGINS = {
    "default": 0.60, "broadband": 0.62, "mobile": 0.50, "voice": 0.70, "tv": 0.35, "cloud": 0.70, "security": 0.80,
    "smart_home": 0.55,
}  # fmt: skip


@dataclass(frozen=True)
class Economics:
    """What the provider earns and spends, as the report assumes it by default."""

    gross_margin: dict[str, float] = field(default_factory=lambda: dict(GROSS_MARGINS))  # share of revenue, by product
    cost_per_month: float = 1.50  # euros, of serving a customer beside the tickets, which cost what they cost
    discount_rate: float = 0.08  # a year, effective
    horizon_months: int = 36

    def margins(self) -> Floats:
        """Gross margin by product, in the order of `PRODUCTS`."""
        return np.array([self.gross_margin.get(product, self.gross_margin["default"]) for product in PRODUCTS])

    def discounts(self) -> Floats:
        """What a euro at the end of each month of the horizon is worth at its start: (1 + d)^(-k / 12)."""
        months = np.arange(1, self.horizon_months + 1)
        return (1 + self.discount_rate) ** (-months / 12)


class Ledger(Book):
    """Keeps of a month only, by account: usage charges less credits, and what tickets cost; in cents."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.charges = np.zeros(size)
        self.tickets = np.zeros(size)

    def wants(self, table: str) -> bool:
        """Whether rows of a table are kept at all."""
        return table in ("invoices", "tickets")

    def add(self, table: str, **columns: Any) -> None:
        """Add up what counts and forget the rest."""
        size = len(self.charges)
        if table == "invoices" and columns["kind"] in (USAGE, CREDIT):
            self.charges += np.bincount(columns["customer"], weights=columns["amount"], minlength=size)
        elif table == "tickets":
            known = columns["customer"] >= 0
            self.tickets += np.bincount(columns["customer"][known], weights=columns["cost"][known], minlength=size)


class Receipts(Ledger):
    """Keeps of a month, by account: what is billed but for one-off charges, and what tickets cost; in cents. And what
    is taken.
    """

    def wants(self, table: str) -> bool:
        """Whether rows of a table are kept at all."""
        return table == "taken" or super().wants(table)

    def add(self, table: str, **columns: Any) -> None:
        """Add up what counts, keep what is taken, and forget the rest."""
        if table == "taken":
            Book.add(self, table, **columns)
        elif table == "invoices" and columns["kind"] != ONE_OFF:
            size = len(self.charges)
            self.charges += np.bincount(columns["customer"], weights=columns["amount"], minlength=size)
        elif table == "tickets":
            super().add(table, **columns)

    def received(self, kept: Floats) -> Floats:
        """What is billed, times each account's gross margin, less its tickets; cents."""
        return kept * self.charges - self.tickets


def kept_share(state: State, economics: Economics) -> Floats:
    """The gross margin of everything an account holds, as a share of its fees; nothing where it holds nothing."""
    paid = (state.fee - np.minimum(state.discount, state.fee)) * state.held
    total = paid.sum(axis=1)
    return (paid * economics.margins()).sum(axis=1) / np.where(total > 0, total, 1)


class Holding:
    """The products held at the window's end, for as long as they are held: plans stay, fees follow the price list.

    A plan changed by choice counts as kept; a discount runs, ends or comes with a renewed contract as on the path.
    """

    def __init__(self, state: State) -> None:
        self.held = state.held.copy()
        self.fee = state.fee.copy()
        self._before = state.fee.copy()
        self._main = state.main

    def follow_prices(self, state: State) -> None:
        """Take over the rises of the month's first day; to be called after them."""
        self.held &= state.held
        self.fee += state.fee - self._before

    def revenue(self, state: State, economics: Economics) -> Floats:
        """Fees less discounts of the month, times gross margin; cents."""
        paid = (self.fee - np.minimum(state.discount, self.fee)) * self.held
        return (paid * economics.margins()).sum(axis=1)

    def margin(self, revenue: Floats, ledger: Ledger, economics: Economics) -> Floats:
        """The month's margin: revenue, charges less credits at the main product's gross margin, less serving; cents."""
        charges = economics.margins()[self._main] * ledger.charges
        return revenue + charges - ledger.tickets - 100 * economics.cost_per_month

    def remember_prices(self, state: State) -> None:
        """Keep the fees as the month leaves them, so that the next month's rises can be told from them."""
        self._before = state.fee.copy()
