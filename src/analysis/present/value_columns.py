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
