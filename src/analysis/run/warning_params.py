"""The key `warnings` of params/policy.yml: of whom is warned, within what, and when an order counts as closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import Field

from analysis.policy.table import Policy
from analysis.run.keys import Keys, NotNegative, Share
from analysis.run.policy_params import Fault

CHECK = "check"


class CheckKeys(Keys):
    """What is done for who is warned of where no policy's action brings more than it costs; nobody is contacted."""

    action: str = Field(default="account check", min_length=1)
    team: str = "retention"
    cost: NotNegative = 1
    effect: Share = 0.05
    days: int = Field(default=7, ge=0, le=365)

    def policy(self) -> Policy:
        """The check as a line of the policy table: for everyone, without consent."""
        return Policy(CHECK, offer="", channel="none", who={}, marketing=False, **self.model_dump())


class WarningKeys(Keys):
    """From which chance on a customer is warned of, what a month's orders may cost, and how long an order is open."""

    chance: Share = 0.03
    budget: NotNegative | None = 1_000
    open_days: int = Field(default=30, ge=0, le=365)
    check: CheckKeys = CheckKeys()


def check_faults(keys: WarningKeys, *, of: Collection[str]) -> Iterator[Fault]:
    """A check by a team that there is not."""
    if keys.check.team not in of:
        do = f"There are: {', '.join(of)}."
        yield Fault(("warnings", CHECK, "team"), "a team for warnings.check", keys.check.team, do)
