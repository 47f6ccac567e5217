"""The columns of tables about how long classes stay and what moves leaving."""

from __future__ import annotations

from collections.abc import Collection

from analysis.present.table import Column

CLASS_MEANS = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("at_risk", "At risk", "count"),
    Column("after_12", "Of 12 months", "figure"),
    Column("after_24", "Of 24 months", "figure"),
    Column("after_36", "Of 36 months", "figure"),
    Column("difference", "Difference", "figure"),
)

WAYS = {
    "voluntary": "Leaving by choice",
    "non_payment": "For unpaid bills",
    "moved": "Moving away",
    "all": "Leaving",
}


def movers(names: Collection[str]) -> tuple[Column, ...]:
    """The columns of what moves leaving: one for each way among the `names` of a table."""
    ways = [Column(name, head, "figure") for name, head in WAYS.items() if name in names]
    return (Column("family", "Family", once=True), Column("what", "Who or what", "prose"), *ways)
