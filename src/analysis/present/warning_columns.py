"""The columns of the tables about early warnings."""

from __future__ import annotations

from analysis.present.table import Column

ORDERS = (
    Column("by", "By", once=True),
    Column("name", "Orders"),
    Column("orders", "Number", "count"),
    Column("cost", "Cost", "sum"),
    Column("at_risk", "At risk", "sum"),
    Column("benefit", "To be kept", "sum"),
)

LEFT_OUT = (
    Column("name", "Why"),
    Column("customers", "Customers", "count"),
)

RECORD = (
    Column("of", "Of whom", once=True),
    Column("name", "Warned by"),
    Column("rate", "Of customers", "percent"),
    Column("precision", "Left within a month", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("recall", "Of a month’s leavers", "percent", 0),
    Column(("recall_low", "recall_high"), "95 % interval", "percent", 0),
    Column("precision_quarter", "Left within the quarter", "percent"),
    Column(("low_quarter", "high_quarter"), "95 % interval", "percent"),
    Column("recall_quarter", "Of a quarter’s leavers", "percent", 0),
    Column(("recall_low_quarter", "recall_high_quarter"), "95 % interval", "percent", 0),
)
