"""The columns of the tables of what customers pay, and what they cost to win."""

from __future__ import annotations

from analysis.present.table import Column

BRIDGE = (
    Column("name", "Part"),
    Column("shown", "A customer and month", "figure"),
    Column("interval", "95 % interval", "figure"),
)
