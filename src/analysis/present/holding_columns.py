"""The columns of the table about what customers hold."""

from __future__ import annotations

from analysis.present.table import Column

HELD = (
    Column("who", "Who", once=True),
    Column("name", "Product"),
    Column("holders", "Customers", "count"),
    Column("share", "Share", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("since_before", "Change since the quarter before", "figure"),
    Column("since_year", "Change since a year ago", "figure"),
    Column("year_between", "95 % interval", "figure"),
)
