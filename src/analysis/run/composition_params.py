"""The key `composition` of params/standards.yml: how much of the revenue may hang on few."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from analysis.measures.exposure import Limits

Limit = float


class CompositionKeys(BaseModel):
    """Limits of what a single holding may bring, as shares of revenue, and of Herfindahl's index; all from 0 to 1."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    largest_account: float = Field(default=0.05, gt=0, le=1)
    largest_accounts: float = Field(default=0.2, gt=0, le=1)
    region: float = Field(default=0.4, gt=0, le=1)
    region_hhi: float = Field(default=0.25, gt=0, le=1)
    product: float = Field(default=0.7, gt=0, le=1)
    segment: float = Field(default=0.8, gt=0, le=1)
    near: float = Field(default=0.8, gt=0, le=1)

    @property
    def limits(self) -> Limits:
        """The limits as the measures take them."""
        return Limits(**self.model_dump())
