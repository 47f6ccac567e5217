"""What limits a choice of actions, as numbers: the options, what they use, and how much of it there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
BUDGET = "budget"


@dataclass(frozen=True)
class Limits:
    """Names of the limits, and how much of each there is."""

    names: tuple[str, ...]
    amounts: Floats

    @classmethod
    def of(cls, options: pd.DataFrame, *, budget: float | None, capacity: Mapping[str, int]) -> Limits:
        """The limits that the options touch."""
        teams = sorted(name for name in capacity if (options["team"] == name).any())
        money = [] if budget is None else [(BUDGET, float(budget))]
        told = money + [(team, float(capacity[team])) for team in teams]
        return cls(tuple(name for name, _ in told), np.array([amount for _, amount in told], dtype=np.float64))


@dataclass(frozen=True)
class Options:
    """Options, those of one customer after each other: `first` is where each customer's begin.

    `net` is what each brings, `uses` what it takes of each limit (a column per limit), `customer` whose it is.
    """

    net: Floats
    uses: Floats
    customer: Integers
    first: Integers

    @classmethod
    def of(cls, options: pd.DataFrame, limits: Limits) -> Options:
        """The options of a table that is sorted by customer."""
        team = options["team"].to_numpy()
        columns = [
            options["cost"].to_numpy("float64") if name == BUDGET else (team == name).astype(np.float64)
            for name in limits.names
        ]
        uses = np.column_stack(columns) if columns else np.zeros((len(options), 0))
        codes = options["customer_id"].ne(options["customer_id"].shift()).cumsum().to_numpy("int64") - 1
        return cls(options["net"].to_numpy("float64"), uses, codes, np.flatnonzero(np.diff(codes, prepend=-1)))

    def part(self, customers: Integers) -> tuple[Options, Integers]:
        """The options of some customers (sorted), and where they are among all."""
        kept = np.flatnonzero(np.isin(self.customer, customers))
        codes = np.searchsorted(customers, self.customer[kept])
        part = Options(self.net[kept], self.uses[kept], codes, np.flatnonzero(np.diff(codes, prepend=-1)))
        return part, kept
