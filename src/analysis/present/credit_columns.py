"""The columns of the tables about bills that are not paid, and about what the base rests on."""

from __future__ import annotations

from analysis.present.table import Column

PARTS = (
    Column("name", "What is owed"),
    Column("customers", "Customers", "count"),
    Column("owed", "Owed", "sum"),
    Column("rate", "Never paid", "percent"),
    Column(("rate_low", "rate_high"), "95 % interval", "percent"),
    Column("loss", "Expected loss", "sum"),
    Column(("loss_low", "loss_high"), "95 % interval", "sum"),
)

ROLLS = (
    Column("from_name", "Longest overdue bill", once=True),
    Column("to_name", "A month later"),
    Column("rate", "Share", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("rate_quarter", "Last quarter", "percent"),
    Column(("low_quarter", "high_quarter"), "95 % interval", "percent"),
)

WAYS = (
    Column("name", "Told by"),
    Column("auc", "AUC", "decimal", 2),
    Column(("auc_low", "auc_high"), "95 % interval", "decimal", 2),
    Column("brier", "Brier score", "decimal", 4),
    Column(("brier_low", "brier_high"), "95 % interval", "decimal", 4),
    Column("ratio", "Came ÷ foretold", "decimal", 2),
    Column(("ratio_low", "ratio_high"), "95 % interval", "decimal", 2),
)

TENTHS = (
    Column("name", "Customers by chance of default"),
    Column("customers", "Customers", "count"),
    Column("predicted", "Foretold", "percent"),
    Column("observed", "Came", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)

OVERDUE_CLASSES = (
    Column("label", "By", once=True),
    Column("class", "Class"),
    Column("customers", "Customers", "count"),
    Column("share", "With an overdue bill", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)

TOPS = (
    Column("name", "Accounts"),
    Column("share", "Share of revenue", "percent"),
    Column(("share_low", "share_high"), "95 % interval", "percent"),
)

EXPOSURES = (
    Column("name", "Holding"),
    Column("told", "Share of revenue", "figure"),
    Column("between", "95 % interval", "figure"),
    Column("limit", "Limit", "percent", 0),
    Column("status", "Against it"),
    Column("customers", "Customers", "count"),
    Column("customer_share", "Of customers", "percent"),
    Column("value_share", "Of expected value", "percent"),
)
