"""The columns of the tables about reasons."""

from __future__ import annotations

from analysis.present.table import Column

GROUPS = (
    Column("name", "First reason"),
    Column("customers", "Customers", "count"),
    Column("times", "Times the usual risk", "decimal", 1),
    Column(("times_low", "times_high"), "95 % interval", "decimal", 1),
    Column("again", "Stays the same", "percent", 0),
    Column("meaning", "What it speaks of", "prose"),
)

CARRIERS = (
    Column("name", "First reason", once=True),
    Column("what", "Carried by"),
    Column("customers", "Customers", "count"),
    Column("share", "Share of the reason", "percent"),
)
