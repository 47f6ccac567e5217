"""The columns of the tables about areas, calls about faults, and unusual use."""

from __future__ import annotations

from analysis.present.table import Column

AREAS = (
    Column("area_id", "Area"),
    Column("state", "Signal"),
    Column("evidence", "Evidence", "prose"),
    Column("customers", "Customers", "count"),
    Column("speed", "Speed", "percent", 0),
    Column("latency_ms", "Latency, ms", "decimal", 0),
    Column("outage_minutes", "Outage, minutes", "count"),
    Column("times", "Complaints, ×", "decimal"),
)

STEPS = (
    Column("name", "Customers"),
    Column("customers", "Number", "count"),
)

UNUSUAL = (
    Column("side", "Use", once=True),
    Column("name", "Of"),
    Column("judged", "Judged", "count"),
    Column("customers", "Stand out", "count"),
    Column("by_chance", "By chance, at most", "decimal", 0),
    Column("explained", "Explained", "count"),
    Column("share", "Share", "percent", 2),
    Column(("low", "high"), "95 % interval", "percent", 2),
)

LEFT_AFTER = (
    Column("name", "Customers"),
    Column("customers", "Number", "count"),
    Column("rate", "Left", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("ratio", "Times as many", "decimal"),
    Column(("ratio_low", "ratio_high"), "95 % interval", "decimal"),
)
