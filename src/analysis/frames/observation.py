"""What a run can see: its as-of date, the day observation began, and since when each table is filled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from analysis.basis.quarter import Quarter

LeavingToldBy = Literal["products", "accounts", "nothing"]


@dataclass(frozen=True)
class Observation:
    """The time frame of one run.

    `observed_from` is the first day whose leavers are in the extract; `covers_from` names tables that
    begin on another day; `known_at` says from when a column is known (`signup`, `observed_from`,
    `snapshot` or the name of a date column); a gap of more than `grace_days` ends a spell. Leaving is told by
    the end dates of products where the source gives them, else by the churn dates of accounts, else by nothing.
    """

    as_of: dt.date
    observed_from: dt.date
    covers_from: Mapping[str, dt.date] = field(default_factory=dict)
    known_at: Mapping[str, str] = field(default_factory=dict)
    grace_days: int = 30
    snapshot_date: dt.date | None = None
    leaving_told_by: LeavingToldBy = "products"

    def informed(self, supplied: Mapping[str, Collection[str]]) -> Observation:
        """The same, knowing which columns of each contract table the source gives."""
        if "end_date" in supplied.get("subscriptions", ()):
            return replace(self, leaving_told_by="products")
        by_account = "churn_date" in supplied.get("customers", ())
        return replace(self, leaving_told_by="accounts" if by_account else "nothing")

    @property
    def begins(self) -> dt.date:
        """The first day of observation: `observed_from`, or later where subscriptions begin later.

        Who left before the first subscription row has none, and would be missing among the leavers.
        """
        return max(self.observed_from, self.covered_from("subscriptions"))

    @property
    def entry(self) -> dt.date:
        """The day at whose end everyone who joined earlier enters: the eve of observation."""
        return self.begins - dt.timedelta(days=1)

    def covered_from(self, table: str) -> dt.date:
        """The first day a table is filled from."""
        return self.covers_from.get(table, self.observed_from)

    @property
    def quarters(self) -> list[Quarter]:
        """Quarters observed whole, oldest first, and the one that ends on the as-of date even if in part."""
        quarter, found = Quarter.of(self.begins), []
        while quarter.last_day <= self.as_of:
            if quarter.first_day >= self.begins or quarter.last_day == self.as_of:
                found.append(quarter)
            quarter = quarter.next
        return found
