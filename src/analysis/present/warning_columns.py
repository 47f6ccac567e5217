"""The columns of the tables about early warnings."""

from __future__ import annotations

from analysis.present.table import Column

ORDERS = (
    Column("by", "By", once=True),
    Column("name", "Group"),
    Column("orders", "Orders", "count"),
    Column("at_risk", "At risk", "sum"),
    Column("benefit", "To be kept", "sum"),
)

LEFT_OUT = (
    Column("name", "Why"),
    Column("customers", "Customers", "count"),
)

RECORD = (
    Column("period", "Within", once=True),
    Column("of", "Of whom", once=True),
    Column("name", "Warned by"),
    Column("rate", "Of all", "percent"),
    Column("precision", "Of them left", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("recall", "Leavers warned of", "percent", 0),
    Column(("recall_low", "recall_high"), "95 % interval", "percent", 0),
)
