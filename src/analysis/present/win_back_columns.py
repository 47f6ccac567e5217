"""The columns of the tables about who left and may come back."""

from __future__ import annotations

from analysis.present.table import Column

GONE = (
    Column("name", "Gone for"),
    Column("at_risk", "Customers", "count"),
    Column("chance", "Back within the next year", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)

KINDS = (
    Column("name", "Left by"),
    Column("at_risk", "Customers", "count"),
    Column("chance", "Back within a year", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)

REASONS = (
    Column("name", "Why they left"),
    Column("left", "Former customers", "count"),
    Column("askable", "May be asked", "count"),
    Column("worthwhile", "Worth it", "count"),
)
