"""The key `warnings` of params/policy.yml: of whom is warned, and when an order of ours counts as closed."""

from __future__ import annotations

from pydantic import Field

from analysis.run.keys import Keys, NotNegative, Share


class WarningKeys(Keys):
    """From which chance on a customer is warned of, what a month's orders may cost, and how long an order is open."""

    chance: Share = 0.03
    budget: NotNegative | None = 1_000
    open_days: int = Field(default=30, ge=0, le=365)
