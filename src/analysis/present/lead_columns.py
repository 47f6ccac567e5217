"""The columns of the tables about leads."""

from __future__ import annotations

from analysis.present.table import Column

VALUES = (
    Column("name", "Leads"),
    Column("leads", "Made", "count"),
    Column("share", "Became customers", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("worth", "A customer brings", "sum"),
    Column(("worth_low", "worth_high"), "95 % interval", "sum"),
    Column("value", "A lead is worth", "sum"),
    Column(("value_low", "value_high"), "95 % interval", "sum"),
)

AGES = (
    Column("name", "Open since"),
    Column("open", "Open leads", "count"),
    Column("chance", "Still becomes a customer", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)
