"""The types of an order's columns, which a list of nobody has as well: what reads it meets text where text belongs."""

from __future__ import annotations

import pandas as pd

TEXT, AMOUNT = "object", "float64"
TYPES = {
    **dict.fromkeys(("customer_id", "action", "reason", "reasons", "signs", "warned_by"), TEXT),
    **dict.fromkeys(("policy", "owner", "team", "channel", "arm"), TEXT),
    **dict.fromkeys(("cost", "expected_benefit", "net", "benefit_low", "benefit_high", "chance", "at_risk"), AMOUNT),
    "due_date": "datetime64[ns]",
    "marketing": "bool",
    "priority": "int64",
}


def typed(orders: pd.DataFrame) -> pd.DataFrame:
    """The same orders, every known column in its type."""
    return orders.astype({name: kind for name, kind in TYPES.items() if name in orders.columns})
