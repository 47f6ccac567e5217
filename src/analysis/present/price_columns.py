"""The columns of the tables about plans, use and prices."""

from __future__ import annotations

from analysis.present.table import Column

GROUPS = (
    Column("name", "Plan and use"),
    Column("customers", "Customers", "count"),
    Column("share", "Share", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("rate", "Left by choice in a quarter", "percent"),
    Column(("rate_low", "rate_high"), "95 % interval", "percent"),
    Column("change", "Fees if all moved, a month", "figure"),
)

CAPS = (
    Column("name", "Months of the last three"),
    Column("near_share", "Near the cap", "percent"),
    Column(("near_low", "near_high"), "95 % interval", "percent"),
    Column("over_share", "Above the cap", "percent"),
    Column(("over_low", "over_high"), "95 % interval", "percent"),
)

GAPS = (
    Column("plan", "Plan"),
    Column("target", "Next plan"),
    Column("size", "More of", "figure"),
    Column("fee_gap", "Dearer by", "money"),
    Column("use", "Use", "figure"),
    Column(("use_low", "use_high"), "95 % interval", "decimal", 2),
    Column("churn", "Leavers a quarter", "figure"),
    Column("churn_between", "95 % interval", "figure"),
    Column("told", "Use against price"),
)

PAYBACK = (
    Column("name", "Of a rise"),
    Column("value", "Value", "figure"),
    Column("between", "95 % interval", "figure"),
)
