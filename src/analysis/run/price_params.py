"""The key `price_fit` of params/standards.yml: when a plan fits its customer's use, and how long a rise is felt."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.measures.price_fit import FitRules


class PriceFitKeys(BaseModel):
    """Shares of a cap and of customers lie between 0 and 1; months are those of the last three, and after a rise."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    near_cap: float = Field(default=0.8, gt=0, le=1)
    near_cap_months: int = Field(default=2, ge=1, le=3)
    low_use: float = Field(default=0.5, gt=0, lt=1)
    high_use: float = Field(default=0.9, gt=0, lt=1)
    felt_months: int = Field(default=3, ge=1, le=5)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low_use >= self.high_use:
            found = f"{self.low_use:g} and {self.high_use:g}"
            raise ValueError(f"expected `low_use` below `high_use`, found {found}. Lower the one, or raise the other.")
        return self

    @property
    def rules(self) -> FitRules:
        """The rules as the measures take them."""
        return FitRules(self.near_cap_months, self.low_use, self.high_use)
