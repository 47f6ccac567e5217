"""The columns of the tables of what customers pay, and what they cost to win."""

from __future__ import annotations

from analysis.present.table import Column

BRIDGE = (
    Column("name", "Part"),
    Column("shown", "A customer and month", "figure"),
    Column("interval", "95 % interval", "figure"),
)

CHANNELS = (
    Column("name", "Channel"),
    Column("share", "Share of customers won", "percent"),
    Column("cost", "Cost of winning one", "money"),
    Column(("cost_low", "cost_high"), "95 % interval", "money"),
    Column("value", "Brings", "sum"),
    Column(("value_low", "value_high"), "95 % interval", "sum"),
    Column("ratio", "Times the cost", "decimal", 1),
    Column(("ratio_low", "ratio_high"), "95 % interval", "decimal", 1),
)

PAYBACK = (
    Column("by", "Customers by", once=True),
    Column("name", "Who"),
    Column("cost", "Cost of winning one", "money"),
    Column("paid", "Paid back after", "figure"),
    Column("interval", "95 % interval", "figure"),
    Column("followed", "Months followed", "count"),
    Column("net", "Net by then", "sum"),
    Column(("net_low", "net_high"), "95 % interval", "sum"),
)
