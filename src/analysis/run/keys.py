"""Kinds of keys that several params share, and the keys of quality and of groups in params/standards.yml."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

KeysT = TypeVar("KeysT", bound=BaseModel)
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class Keys(BaseModel):
    """Keys of a params file: unknown ones are refused, types are not guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _rising(keys: KeysT, low: float, high: float) -> KeysT:
    if low > high:
        raise ValueError(f"expected a lower edge that is not above the upper, found {low:g} above {high:g}. Swap them.")
    return keys


class QualityEdges(Keys):
    """From which figure on a measure of quality is watched, and from which it is bad; shares, but for `drift` (PSI)."""

    lost_watch: Share = 0.001
    lost_bad: Share = 0.01
    fall_watch: Share = 0.05
    fall_bad: Share = 0.25
    drift_watch: Positive = 0.1
    drift_bad: Positive = 0.25
    disagree_watch: Share = 0.02
    disagree_bad: Share = 0.1

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for low, high in self.pairs.values():
            _rising(self, low, high)
        return self

    @property
    def pairs(self) -> dict[str, tuple[float, float]]:
        """The two edges of each kind of figure."""
        names = ("lost", "fall", "drift", "disagree")
        return {name: (getattr(self, f"{name}_watch"), getattr(self, f"{name}_bad")) for name in names}


class Groups(Keys):
    """Groups by behaviour: how variables are put on one scale."""

    scaling: Literal["z_score", "robust", "sigmoid"] = "z_score"
    keep: bool = False
