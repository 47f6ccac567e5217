"""The columns of the tables that call a forecast to account."""

from __future__ import annotations

from analysis.present.table import Column

# No table counts leavers: those of the opening base, taken from all of the quarter, would leave the few who joined.
RATIO = (
    Column("ratio", "Left ÷ foretold", "decimal", 2),
    Column(("low", "high"), "95 % interval", "decimal", 2),
)

TOTALS = (
    Column("name", "Leaving"),
    Column("customers", "Customers", "count"),
    Column("foretold", "Foretold", "percent"),
    Column("gone", "Left", "percent"),
    *RATIO,
)

ARMS = (Column("name", "Customers"), Column("customers", "How many", "count"), *RATIO)

CLASSES = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("customers", "Customers", "count"),
    *RATIO,
    Column("said", "Beyond chance"),
)

MOST_CLASSES = 10  # rows: those of whom chance explains the difference least
