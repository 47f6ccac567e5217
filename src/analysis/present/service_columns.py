"""The columns of the tables about service: what each is headed, and how its values are written."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.present.table import Column

FIGURES = (
    Column("name", "Measure"),
    Column("value", "Value", "figure"),
    Column("between", "95 % interval", "figure"),
    Column("before", "Quarter before", "figure"),
    Column("year", "A year ago", "figure"),
)

ASKED = (
    Column("dimension", "By", once=True),
    Column("group", "What"),
    Column("contacts", "Contacts", "count"),
    Column("complaints", "Complaints", "percent", 0),
    Column(("complaints_low", "complaints_high"), "95 % interval", "percent", 0),
    Column("self_service", "By self-service", "percent", 0),
    Column("cost", "Cost each", "money"),
    Column(("cost_low", "cost_high"), "95 % interval", "money"),
)

ANSWERED = (
    Column("dimension", "By", once=True),
    Column("group", "What"),
    Column("handling", "Minutes each", "decimal"),
    Column("at_once", "Resolved at once", "percent", 0),
    Column("lasting", "Resolved, stayed so", "percent", 0),
    Column(("lasting_low", "lasting_high"), "95 % interval", "percent", 0),
    Column("median", "Hours until half closed", "decimal"),
    Column("csat", "Satisfaction after", "decimal"),
)

CLASSES = (
    Column("label", "By", once=True),
    Column("class", "Class"),
    Column("rate", "Contacts per 100", "decimal"),
    Column(("low", "high"), "95 % interval", "decimal"),
    Column("lasting", "Resolved, stayed so", "percent", 0),
    Column("self_service", "By self-service", "percent", 0),
    Column("cost_month", "Cost a month", "money"),
)

GRADES = (
    Column("grade", "Grade"),
    Column("limit", "Limit, hours", "decimal", 0),
    Column("complaints", "Complaints", "count"),
    Column("in_time", "Closed in time", "percent", 0),
    Column(("low", "high"), "95 % interval", "percent", 0),
    Column("open", "Open now", "count"),
    Column("overdue", "Overdue", "count"),
    Column("median_hours", "Half open longer than, hours", "decimal", 0),
)

THEMES = (
    Column("theme", "Theme, by its words"),
    Column("tickets", "Tickets", "count"),
    Column("share", "Share", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("previous", "Quarter before", "percent"),
)


def theme_regions(themes: Sequence[str]) -> tuple[Column, ...]:
    """A column per theme beside the region and its tickets."""
    counts = [Column(name, name[:1].upper() + name[1:], "count") for name in themes]
    return (Column("region", "Region"), Column("tickets", "Tickets", "count"), *counts)
