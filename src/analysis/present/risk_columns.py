"""The columns of the tables about warning signs."""

from __future__ import annotations

from analysis.present.table import Column

SIGNS = (
    Column("label", "Sign"),
    Column("precision", "Flagged who left", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("precision_all", "In any way", "percent"),
    Column("recall", "Of leavers flagged", "percent", 0),
    Column(("recall_low", "recall_high"), "95 % interval", "percent", 0),
    Column("lift", "Times as many", "decimal", 1),
    Column(("lift_low", "lift_high"), "95 % interval", "decimal", 1),
    Column("said", "Verdict"),
)

NOW = (
    Column("label", "Sign"),
    Column("flagged", "Flagged now", "count"),
    Column("in_top", "Among the model’s first tenth", "percent", 0),
    Column("told", "What it flags", "prose"),
    Column("version", "Version"),
)
