"""The columns of the tables about campaigns."""

from __future__ import annotations

from analysis.present.table import Column

OUTCOMES = (
    Column("name", "Campaign and variant"),
    Column("what", "Outcome"),
    Column("treated", "Contacted", "count"),
    Column("control", "Held out", "count"),
    Column("share", "Of contacted", "percent"),
    Column("control_share", "Of held out", "percent"),
    Column("effect", "Difference", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("detectable", "Could be found", "percent"),
)

RETURNS = (
    Column("name", "Campaign and variant"),
    Column("contacts", "Contacts", "count"),
    Column("cost", "Cost", "money"),
    Column("margin", "Margin more", "money"),
    Column(("margin_low", "margin_high"), "95 % interval", "money"),
    Column("roi", "Return", "percent", 0),
    Column(("roi_low", "roi_high"), "95 % interval", "percent", 0),
    Column("per_won", "Cost of one kept or won", "sum"),
    Column(("won_low", "won_high"), "95 % interval", "sum"),
)

CLASSES = (
    Column("name", "Campaign and variant", once=True),
    Column("label", "By", once=True),
    Column("class", "Class"),
    Column("treated", "Contacted", "count"),
    Column("control", "Held out", "count"),
    Column("effect", "Kept or won more", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)

OBSERVED = (
    Column("name", "Campaign"),
    Column("what", "Outcome"),
    Column("treated", "Contacted", "count"),
    Column("others", "Others", "count"),
    Column("effective", "Count as", "figure"),
    Column("share", "Contacted", "figure"),
    Column("other_share", "Expected without", "figure"),
    Column("effect", "Difference", "figure"),
    Column("between", "95 % interval", "figure"),
    Column("e_value", "E-value", "figure"),
    Column("flags", "Doubtful"),
)

BALANCE = (
    Column("name", "What is on record"),
    Column("before", "Before", "decimal", 2),
    Column("after", "After", "decimal", 2),
)
