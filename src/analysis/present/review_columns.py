"""The columns of the tables about what last quarter's actions did, and about thresholds."""

from __future__ import annotations

from analysis.present.table import Column

ACTIONS = (
    Column("name", "Action"),
    Column("customers", "To be approached", "count"),
    Column("control", "Held out", "count"),
    Column("share", "Left", "percent"),
    Column("control_share", "Left, held out", "percent"),
    Column("effect", "Kept", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("cost", "Cost", "sum"),
    Column("expected", "Expected to be kept", "sum"),
    Column("net", "Net, measured", "sum"),
    Column(("net_low", "net_high"), "95 % interval of it", "sum"),
    Column("said", "What that says"),
)

THRESHOLDS = (
    Column("label", "Warning sign"),
    Column("threshold", "Now"),
    Column("flagged", "Flagged a quarter", "count"),
    Column("precision", "Of them left", "percent"),
    Column("money", "Brought, less cost", "sum"),
    Column("tried", "Best before"),
    Column("gain", "Gain with it", "sum"),
    Column(("low", "high"), "Interval", "sum"),
    Column("said", "What follows", "prose"),
)
