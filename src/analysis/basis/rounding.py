"""Rounding, done once and half up, at the end."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal


def half_up(value: float, places: int) -> float:
    """`value` rounded half away from zero at `places` decimals; not-a-number stays so."""
    if math.isnan(value) or math.isinf(value):
        return value
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
