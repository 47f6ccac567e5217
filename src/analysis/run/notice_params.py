"""The key `fault_notices` of params/standards.yml: whom to call about a fault of the network."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class FaultNoticeKeys(BaseModel):
    """`tiers` of value that are called, unless they were spoken to within `quiet_days`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    tiers: list[Literal["high", "medium", "low"]] = Field(default=["high"], min_length=1)
    quiet_days: int = Field(default=30, ge=0, le=365)
