"""The columns of the tables about value tiers, groups and what the value depends on."""

from __future__ import annotations

from analysis.present.table import Column

TIERS = (
    Column("name", "Tier"),
    Column("customer_share", "Share of customers", "percent"),
    Column("share", "Share of value", "percent"),
    Column(("share_low", "share_high"), "95 % interval", "percent"),
    Column("revenue_share", "Share of revenue", "percent"),
    Column(("revenue_low", "revenue_high"), "95 % interval", "percent"),
    Column("mean", "Value per customer", "sum"),
    Column(("low", "high"), "95 % interval", "sum"),
)

TIER_MOVES = (
    Column("name", "Tier a quarter ago"),
    Column("customers", "Customers", "count"),
    Column("kept", "Kept it", "percent"),
    Column("rose", "Rose", "percent"),
    Column("fell", "Fell", "percent"),
)

MATRIX = (
    Column("name", "Group", once=True),
    Column("level", "Value"),
    Column("customer_share", "Customers", "percent"),
    Column("revenue_share", "Revenue", "percent"),
    Column("churn", "To leave", "percent"),
    Column(("churn_low", "churn_high"), "95 % interval", "percent"),
    Column("at_risk", "Value at risk", "percent"),
    Column(("at_risk_low", "at_risk_high"), "95 % interval", "percent"),
    Column("nps", "NPS", "decimal", 0),
    Column(("nps_low", "nps_high"), "95 % interval", "decimal", 0),
)

NEWCOMERS = (
    Column("name", "Whose"),
    Column("mean", "Value per customer", "sum"),
    Column(("low", "high"), "80 % interval", "sum"),
    Column("stay", "Months to stay", "decimal"),
)

RULES = (
    Column("name", "Told by"),
    Column("error", "Off, per customer", "money"),
    Column("difference", "More than the model", "money"),
    Column(("difference_low", "difference_high"), "95 % interval", "money"),
    Column("rank", "Rank correlation", "decimal", 2),
    Column("ratio", "Received ÷ told", "decimal", 2),
    Column(("ratio_low", "ratio_high"), "95 % interval", "decimal", 2),
)

CLASSES_CAME = (
    Column("label", "By", once=True),
    Column("class", "Class"),
    Column("customers", "Customers", "count"),
    Column("expected", "Expected", "sum"),
    Column("received", "Received", "sum"),
    Column("ratio", "Received ÷ expected", "decimal", 2),
    Column(("ratio_low", "ratio_high"), "95 % interval", "decimal", 2),
)

NEXT_QUARTER = (
    Column("name", "Figure"),
    Column("next", "Expected", "figure"),
    Column("next_between", "80 % interval", "figure"),
    Column("said", "Last: expected", "figure"),
    Column("said_between", "80 % interval", "figure"),
    Column("came", "Came", "figure"),
    Column("inside", "Inside"),
)
