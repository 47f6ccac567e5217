"""The columns of the tables about what to do next."""

from __future__ import annotations

from analysis.present.table import Column

POLICIES = (
    Column("whom", "For whom", "prose"),
    Column("action", "Action"),
    Column("offer", "Offer", "prose"),
    Column("owner", "Owner"),
    Column("costs", "Cost each", "money"),
    Column("effect", "Effect", "percent"),
    Column(("low", "high"), "Between", "percent"),
    Column("known", "From"),
    Column("days", "Due in days", "count"),
)

LIST = (
    Column("name", "Action"),
    Column("customers", "On the list", "count"),
    Column("control", "Held out", "count"),
    Column("cost", "Cost", "sum"),
    Column("benefit", "To be kept or won", "sum"),
    Column("net", "Net", "sum"),
    Column("doubted", "At the low end", "sum"),
)

LEFT_OUT = (
    Column("name", "Why"),
    Column("customers", "Customers", "count"),
)
